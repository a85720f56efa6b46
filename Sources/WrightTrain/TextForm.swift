public import WrightRuntime

/// What a model of texts is given, and how texts become numbers. Saved with the model, beside its `tokenizer.json`.
public struct TextForm: Sendable, Hashable {
    /// The columns of a table that hold the texts; empty for plain text.
    public var columns: [String]
    /// The column that held the labels; nil when there are none.
    public var target: String?
    /// Longer texts are cut to so many tokens.
    public var maximumLength: Int

    public init(columns: [String] = [], target: String? = nil, maximumLength: Int) {
        self.columns = columns
        self.target = target
        self.maximumLength = maximumLength
    }

    public var json: JSON {
        var object = JSON.Object()
        object["kind"] = "text"
        if !columns.isEmpty { object["columns"] = .array(columns.map { .string($0) }) }
        if let target { object["target"] = .string(target) }
        object["maximum_length"] = JSON(maximumLength)
        return .object(object)
    }

    /// Reads what ``json`` wrote.
    ///
    /// - Throws: what is missing or something else, in words.
    public init(json: JSON) throws(InputForm.Problems) {
        guard let length = json["maximum_length"]?.integer, (1...(1 << 24)).contains(length) else {
            let received = String((json["maximum_length"]?.text() ?? "nothing").prefix(80))
            throw InputForm.Problems(problems: [
                Phrase(
                    "'maximum_length' must be a whole number above zero, not \(received)",
                    "'maximum_length' 应为大于零的整数，而不是 \(received)")
            ])
        }
        self.init(
            columns: json["columns"]?.array?.compactMap(\.string) ?? [], target: json["target"]?.string,
            maximumLength: length)
    }
}
