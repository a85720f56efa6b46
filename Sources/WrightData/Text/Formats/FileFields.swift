import WrightRuntime

/// The members of a JSON object of a file, read with errors that say which field is wrong.
struct FileFields {
    let object: JSON.Object
    let file: String
    let path: String

    init(_ value: JSON, file: String, path: String) throws(FileError) {
        guard let object = value.object else {
            throw FileError(.invalid, file: file, at: .entry(path), "an object was expected")
        }
        self.object = object
        self.file = file
        self.path = path
    }

    /// The path of a member, for messages.
    func path(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    func failure(_ key: String, _ cause: String, _ kind: FileError.Kind = .invalid, remedy: String = "") -> FileError {
        FileError(kind, file: file, at: .entry(path(key)), cause, remedy: remedy)
    }

    /// The member, unless it is missing or null.
    func optional(_ key: String) -> JSON? {
        guard let value = object[key], value != .null else { return nil }
        return value
    }

    func required(_ key: String) throws(FileError) -> JSON {
        guard let value = optional(key) else { throw failure(key, "the field is missing") }
        return value
    }

    func fields(_ key: String) throws(FileError) -> FileFields {
        try FileFields(required(key), file: file, path: path(key))
    }

    private func read<Value>(
        _ key: String, _ what: String, _ standard: Value?, _ convert: (JSON) -> Value?
    ) throws(FileError) -> Value {
        guard let value = optional(key) else {
            if let standard { return standard }
            throw failure(key, "the field is missing; \(what) was expected")
        }
        guard let result = convert(value) else { throw failure(key, "\(what) was expected") }
        return result
    }

    func string(_ key: String, standard: String? = nil) throws(FileError) -> String {
        try read(key, "a text", standard) { $0.string }
    }

    func bool(_ key: String, standard: Bool? = nil) throws(FileError) -> Bool {
        try read(key, "true or false", standard) { $0.bool }
    }

    /// A number from 0 to `limit`.
    func integer(_ key: String, standard: Int? = nil, limit: Int = 1 << 31 - 1) throws(FileError) -> Int {
        try read(key, "a whole number from 0 to \(limit)", standard) { value in
            value.integer.flatMap { (0...limit).contains($0) ? $0 : nil }
        }
    }

    func array(_ key: String, standard: [JSON]? = nil) throws(FileError) -> [JSON] {
        try read(key, "a list", standard) { $0.array }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, standard: Choice? = nil
    ) throws(FileError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map { $0.rawValue.readable }.joined(separator: ", ")
        return try read(key, "one of \(names)", standard) { $0.string.flatMap(Choice.init) }
    }

    /// One Unicode scalar.
    func scalar(_ key: String) throws(FileError) -> UInt32 {
        try read(key, "a text of one character", nil) { value in
            guard let scalars = value.string?.unicodeScalars, scalars.count == 1 else { return nil }
            return scalars.first?.value
        }
    }

    /// The parts of a sequence, each read by `body`.
    func sequence<Part>(
        _ key: String, depth: Int, _ body: (FileFields) throws(FileError) -> Part
    ) throws(FileError) -> [Part] {
        guard depth < 20 else { throw failure(key, "sequences lie more than 20 deep", .tooLarge) }
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
    func unknown(_ what: String, _ type: String, _ known: [String]) -> FileError {
        failure(
            "type", "there is no \(what) \(type.readable) here", .unsupported,
            remedy: "Known are \(known.joined(separator: ", "))")
    }
}
