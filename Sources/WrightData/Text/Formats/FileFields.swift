import WrightRuntime

/// The members of a JSON object of a file, read with errors that say which field is wrong.
struct FileFields {
    let object: JSON.Object
    let file: String
    let path: String

    init(_ value: JSON, file: String, path: String) throws(FileError) {
        guard let object = value.object else {
            throw FileError(
                .invalid, file: file, at: .entry(path),
                Message(.tokenizerField, Phrase("an object was expected", "此处应为对象")))
        }
        self.object = object
        self.file = file
        self.path = path
    }

    /// The path of a member, for messages.
    func path(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    func failure(_ key: String, _ english: String, _ chinese: String) -> FileError {
        failure(key, Message(.tokenizerField, Phrase(english, chinese)))
    }

    func failure(_ key: String, _ message: Message, _ kind: FileError.Kind = .invalid) -> FileError {
        FileError(kind, file: file, at: .entry(path(key)), message)
    }

    /// The member, unless it is missing or null.
    func optional(_ key: String) -> JSON? {
        guard let value = object[key], value != .null else { return nil }
        return value
    }

    func required(_ key: String) throws(FileError) -> JSON {
        guard let value = optional(key) else { throw failure(key, "the field is missing", "缺少该字段") }
        return value
    }

    func fields(_ key: String) throws(FileError) -> FileFields {
        try FileFields(required(key), file: file, path: path(key))
    }

    private func read<Value>(
        _ key: String, _ what: Phrase, _ standard: Value?, _ convert: (JSON) -> Value?
    ) throws(FileError) -> Value {
        guard let value = optional(key) else {
            if let standard { return standard }
            throw failure(key, "the field is missing; \(what.english) was expected", "缺少该字段，应为\(what.chinese)")
        }
        guard let result = convert(value) else {
            throw failure(key, "\(what.english) was expected", "应为\(what.chinese)")
        }
        return result
    }

    func string(_ key: String, standard: String? = nil) throws(FileError) -> String {
        try read(key, Phrase("a text", "文本"), standard) { $0.string }
    }

    func bool(_ key: String, standard: Bool? = nil) throws(FileError) -> Bool {
        try read(key, Phrase("true or false", " true 或 false"), standard) { $0.bool }
    }

    /// A number from 0 to `limit`.
    func integer(_ key: String, standard: Int? = nil, limit: Int = 1 << 31 - 1) throws(FileError) -> Int {
        try read(key, Phrase("a whole number from 0 to \(limit)", " 0 到 \(limit) 的整数"), standard) { value in
            value.integer.flatMap { (0...limit).contains($0) ? $0 : nil }
        }
    }

    func array(_ key: String, standard: [JSON]? = nil) throws(FileError) -> [JSON] {
        try read(key, Phrase("a list", "列表"), standard) { $0.array }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, standard: Choice? = nil
    ) throws(FileError) -> Choice where Choice.RawValue == String {
        let names = Phrase("one of ", "以下之一：") + Choice.allCases.map { $0.rawValue.readable }.phrase
        return try read(key, names, standard) { $0.string.flatMap(Choice.init) }
    }

    /// One Unicode scalar.
    func scalar(_ key: String) throws(FileError) -> UInt32 {
        try read(key, Phrase("a text of one character", "单个字符的文本"), nil) { value in
            guard let scalars = value.string?.unicodeScalars, scalars.count == 1 else { return nil }
            return scalars.first?.value
        }
    }

    /// The parts of a sequence, each read by `body`.
    func sequence<Part>(
        _ key: String, depth: Int, _ body: (FileFields) throws(FileError) -> Part
    ) throws(FileError) -> [Part] {
        guard depth < 20 else { throw failure(key, Message(.sequencesTooDeep), .tooLarge) }
        var parts: [Part] = []
        for (index, value) in try array(key).enumerated() {
            parts.append(try body(FileFields(value, file: file, path: path(key) + "[\(index)]")))
        }
        return parts
    }

    /// `{"String": "x"}` or `{"Regex": "x"}`.
    func pattern(_ key: String) throws(FileError) -> TextPattern {
        let value = try fields(key)
        if let text = value.object["String"]?.string { return TextPattern(text: text) }
        return try TextPattern(expression: value.string("Regex"), file: file, field: value.path("Regex"))
    }

    /// The error for a kind of component that is not known.
    func unknown(_ what: Phrase, _ type: String, _ known: [String]) -> FileError {
        failure("type", Message(.unknownPart, what, type.readable, known), .unsupported)
    }
}
