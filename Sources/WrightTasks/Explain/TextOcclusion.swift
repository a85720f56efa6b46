public import WrightRuntime

/// How much an answer changes when a word of a text is left out (Zeiler & Fergus, 2014; Li et al., *Understanding Neural
/// Networks through Representation Erasure*, 2016).
public struct TextOcclusion: Sendable {
    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    public let column: String
    public let prediction: Double
    /// The text's words, or its letters where words are not spaced, in order; above 0 it speaks for the answer.
    public let words: [(text: String, value: Double)]
    /// What stands between words; nothing between letters.
    public let separator: String

    public var json: JSON {
        [
            "output": .string(output), "answer": .string(answer.english), "column": .string(column),
            "prediction": .number(prediction),
            "words": .array(words.map { [.string($0.text), .number($0.value)] }),
        ]
    }
}

extension TaskModel {
    /// Words beyond so many are left together.
    private static let mostWords = 200

    /// What each word of a row's texts does for each output that says a single number.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    public func occlusion(row: Int, of table: TaskTable) throws -> [TextOcclusion] {
        precondition(row >= 0 && row < table.count, "row \(row) of \(table.count)")
        let own = try fields(table).map { $0[row] }
        var found: [TextOcclusion] = []
        for (column, input) in config.inputs.enumerated() {
            guard input.settings is TextInput.Settings, let text = own[column] else { continue }
            let (words, separator) = Self.words(text)
            guard words.count > 1 else { continue }
            let texts =
                [text]
                + words.indices.map { left in
                    words.indices.filter { $0 != left }.map { words[$0] }.joined(separator: separator)
                }
            let columns = own.indices.map { index in
                index == column ? texts.map(Optional.some) : texts.map { _ in own[index] }
            }
            for place in outputs.indices {
                guard let explained = try explained(place, row: own) else { continue }
                let answers = try answers(explained, columns)
                found.append(
                    TextOcclusion(
                        output: config.outputs[place].name, answer: explained.name, column: input.name,
                        prediction: answers[0],
                        words: words.indices.map { (text: words[$0], value: answers[0] - answers[$0 + 1]) },
                        separator: separator))
            }
        }
        return found
    }

    /// Words between blanks, or letters where there are hardly any blanks.
    private static func words(_ text: String) -> (words: [String], separator: String) {
        let spaced = text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
        let letters = text.unicodeScalars.count
        let isSpaced = spaced.count > 1 && letters / spaced.count <= 15
        let (parts, separator) = isSpaced ? (spaced, " ") : (text.unicodeScalars.map { String($0) }, "")
        guard parts.count > mostWords else { return (parts, separator) }
        return (parts.prefix(mostWords) + [parts.dropFirst(mostWords).joined(separator: separator)], separator)
    }
}
