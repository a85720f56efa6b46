extension JSON {
    /// What a text may cost to read: deeper or larger ones are refused, so that no input can exhaust stack or memory.
    public struct Limits: Hashable, Sendable {
        /// How many arrays and objects may lie inside each other.
        public var depth = 100
        /// How many values the text may hold in all.
        public var values = 10_000_000

        public init() {}
    }

    /// Reads one JSON value (RFC 8259) and nothing after it but white space.
    ///
    /// Strict: keys must be unique, text well-formed UTF-8, and numbers finite as doubles. Errors carry the line and
    /// column; `file` is what they call the source.
    public init(parsing text: String, file: String = "JSON text", limits: Limits = Limits()) throws(FileError) {
        try self.init(parsing: Array(text.utf8), file: file, limits: limits)
    }

    /// Reads one JSON value from UTF-8 bytes.
    public init(parsing bytes: [UInt8], file: String, limits: Limits = Limits()) throws(FileError) {
        // The closure cannot carry a typed error through `withUnsafeBytes` of an array.
        let result = bytes.withUnsafeBytes { raw in
            Result { () throws(FileError) in try JSON(parsing: raw, file: file, limits: limits) }
        }
        self = try result.get()
    }

    /// Reads one JSON value from UTF-8 bytes in memory.
    public init(parsing bytes: UnsafeRawBufferPointer, file: String, limits: Limits = Limits()) throws(FileError) {
        var reader = JSONReader(bytes: bytes, file: file, limits: limits)
        self = try reader.document()
    }

    /// Reads the JSON file at `path`.
    public static func load(_ path: String, limits: Limits = Limits()) throws(FileError) -> JSON {
        try JSON(parsing: FileAccess.read(path), file: path, limits: limits)
    }
}

private struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    let file: String
    let limits: JSON.Limits
    var index = 0
    var values = 0

    /// The current byte; 0 at the end (a zero byte is never valid JSON, so it needs no care of its own).
    var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    mutating func document() throws(FileError) -> JSON {
        if let invalid = bytes.firstInvalidUTF8 {
            index = invalid
            throw failure(Message(.notUTF8))
        }
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw failure(Message(.jsonGoesOn)) }
        return value
    }

    mutating func value(depth: Int) throws(FileError) -> JSON {
        values += 1
        guard values <= limits.values else { throw failure(Message(.jsonValues, limits.values), .tooLarge) }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected(Phrase("a value", "一个值"))
        }
    }

    mutating func object(depth: Int) throws(FileError) -> JSON {
        try enter(depth)
        var object = JSON.Object()
        if skip("}") { return .object(object) }
        repeat {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw unexpected(Phrase("a key in double quotes", "双引号中的键")) }
            let start = index
            let key = try string()
            skipSpace()
            guard skip(":") else { throw unexpected(Phrase("a colon after the key", "键后的冒号")) }
            skipSpace()
            let value = try value(depth: depth + 1)
            guard object.append(key, value) else {
                index = start
                throw failure(Message(.jsonKeyTwice, key.readable))
            }
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw unexpected(Phrase("a comma or a closing brace", "逗号或右花括号")) }
        return .object(object)
    }

    mutating func array(depth: Int) throws(FileError) -> JSON {
        try enter(depth)
        var array: [JSON] = []
        if skip("]") { return .array(array) }
        repeat {
            skipSpace()
            array.append(try value(depth: depth + 1))
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw unexpected(Phrase("a comma or a closing bracket", "逗号或右方括号")) }
        return .array(array)
    }

    /// Steps over the opening bracket, when one more level is allowed.
    mutating func enter(_ depth: Int) throws(FileError) {
        guard depth < limits.depth else {
            throw failure(Message(.jsonDepth, limits.depth), .tooLarge)
        }
        index += 1
        skipSpace()
    }

    mutating func string() throws(FileError) -> String {
        index += 1
        let first = index
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""),
            bytes[index] != UInt8(ascii: "\\")
        {
            index += 1
        }
        // Nearly every string ends here; the text was checked to be UTF-8.
        if byte == UInt8(ascii: "\"") {
            index += 1
            return String(decoding: bytes[first..<(index - 1)], as: UTF8.self)
        }
        index = first
        var text: [UInt8] = []
        while true {
            let start = index
            while byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
            text.append(contentsOf: bytes[start..<index])
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape().utf8)
            case _ where index < bytes.count: throw failure(Message(.jsonControlCharacter))
            default: throw unexpected(Phrase("the end of the string", "字符串的结尾"))
            }
        }
    }

    mutating func escape() throws(FileError) -> String {
        index += 1
        guard index < bytes.count else { throw unexpected(Phrase("an escape", "转义符")) }
        index += 1
        switch bytes[index - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if 0xD800..<0xDC00 ~= value, byte == UInt8(ascii: "\\") {
                index += 1
                guard skip("u") else { throw failure(Message(.jsonHalfPair)) }
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else { throw failure(Message(.jsonHalfPair)) }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw failure(Message(.jsonHalfPair)) }
            return String(scalar)
        default:
            index -= 1
            throw failure(Message(.jsonEscape))
        }
    }

    mutating func hexadecimal() throws(FileError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected(Phrase("four hexadecimal digits", "四个十六进制数字"))
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    mutating func number() throws(FileError) -> JSON {
        let start = index
        var isInteger = true
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") {
            isInteger = false
            try digits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            index = start
            throw failure(Message(.jsonNumber, text.readable))
        }
        return .number(value)
    }

    mutating func digits() throws(FileError) {
        let start = index
        while case UInt8(ascii: "0")...UInt8(ascii: "9") = byte { index += 1 }
        guard index > start else { throw unexpected(Phrase("a digit", "数字")) }
    }

    mutating func word(_ word: StaticString, _ value: JSON) throws(FileError) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[offset] else { throw unexpected(Phrase("\(word)")) }
            index += 1
        }
        return value
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    mutating func skipSpace() {
        while byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    func unexpected(_ expected: Phrase) -> FileError {
        guard index < bytes.count else { return failure(Message(.jsonEnds, expected), .truncated) }
        let found =
            byte < 0x80
            ? Phrase(String(Unicode.Scalar(byte)).readable) : Phrase("a byte \(byte)", "字节 \(byte)")
        return failure(Message(.jsonUnexpected, expected, found))
    }

    func failure(_ message: Message, _ kind: FileError.Kind = .invalid) -> FileError {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - ((before.lastIndex(of: 0x0A) ?? -1) + 1) + 1
        return FileError(kind, file: file, at: .line(line, column: column), message)
    }
}
