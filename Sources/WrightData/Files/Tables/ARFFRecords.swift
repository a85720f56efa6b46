public import WrightRuntime

/// The rows of an ARFF file, plain or gzip, as Weka writes them: a header with types, then rows, also sparse ones. `?` is a
/// missing value, `%` begins a comment.
///
/// Rows of another length, or with a value that the header does not list, are dropped and counted.
public struct ARFFRecords: RecordReader {
    public let columns: [String]
    public let declaredTypes: [DeclaredType?]
    public private(set) var report = DropReport(unit: "row")
    public var guessedEncoding: TextEncoding? { lines.guessedEncoding }
    private let lines: LineReader
    /// The values of each nominal column.
    private let allowed: [Set<String>?]

    /// - Throws: `FileError` with the line of what is no ARFF header.
    public init(_ path: String, _ options: Records.Options = Records.Options()) throws(FileError) {
        let lines = try LineReader(path, options.encoding)
        var columns: [String] = []
        var types: [DeclaredType] = []
        func failure(_ message: Message) -> FileError {
            FileError(.invalid, file: path, at: .line(max(lines.line, 1), column: 1), message)
        }
        var hasData = false
        while !hasData, let bytes = try lines.next() {
            let text = try Self.text(bytes, path, lines.line)
            var scanner = ARFFScanner(text)
            guard let word = scanner.word() else { continue }
            switch word.text.lowercased() {
            case "@relation": continue
            case "@data": hasData = true
            case "@attribute":
                guard let name = scanner.word()?.text else { throw failure(Message(.arffNoName)) }
                guard let type = scanner.type() else {
                    throw failure(Message(.arffType, name.readable))
                }
                guard !columns.contains(name) else {
                    throw failure(Message(.arffTwice, name.readable))
                }
                columns.append(name)
                types.append(type)
            default:
                throw failure(Message(.arffHeader, word.text.readable))
            }
        }
        guard hasData, !columns.isEmpty else { throw failure(Message(.arffEnds)) }
        self.lines = lines
        self.columns = columns
        declaredTypes = types
        allowed = types.map { if case .category(let values) = $0 { Set(values) } else { nil } }
    }

    public mutating func next() throws(FileError) -> Record? {
        while let bytes = try lines.next() {
            var scanner = ARFFScanner(try Self.text(bytes, lines.path, lines.line))
            guard !scanner.isAtEnd else { continue }
            let place = "line \(lines.line)"
            guard let fields = scanner.isSparse ? sparse(&scanner) : scanner.fields() else {
                report.drop(
                    Phrase("with a quote that is not closed, or places that are none", "引号未闭合或位置无效"), at: place)
                continue
            }
            guard fields.count == columns.count else {
                report.drop(
                    Phrase(
                        "with \(fields.count) value\(fields.count == 1 ? "" : "s") instead of \(columns.count)",
                        "有 \(fields.count) 个值，应为 \(columns.count) 个"), at: place)
                continue
            }
            if let foreign = fields.indices.first(where: { column in
                fields[column].map { allowed[column]?.contains($0) == false } ?? false
            }) {
                let name = columns[foreign].readable
                report.drop(
                    Phrase("with a value of \(name) that the header does not list", "\(name) 的值未在文件头中列出"), at: place)
                continue
            }
            report.keep()
            return Record(line: lines.line, fields: fields)
        }
        return nil
    }

    /// `{0 5, 3 yes}`: what is not named is 0, or the first value that the header lists.
    private func sparse(_ scanner: inout ARFFScanner) -> [String?]? {
        guard let pairs = scanner.pairs() else { return nil }
        var fields: [String?] = declaredTypes.map { type in
            switch type {
            case .number: "0"
            case .category(let values): values.first
            default: nil
            }
        }
        for (place, value) in pairs {
            guard fields.indices.contains(place) else { return nil }
            fields[place] = value
        }
        return fields
    }

    private static func text(_ bytes: [UInt8], _ path: String, _ line: Int) throws(FileError) -> String {
        if let at = bytes.withUnsafeBytes({ $0.firstInvalidUTF8 }) {
            throw FileError(
                .invalid, file: path, at: .line(line, column: at + 1),
                Message(.byteNotUTF8, TextEncoding.remedy(for: bytes)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Words, quotes and separators of one line.
struct ARFFScanner {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        skipSpace()
    }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    /// Whether nothing but a comment is left.
    var isAtEnd: Bool { current == nil || current == "%" }
    var isSparse: Bool { current == "{" }

    private mutating func skipSpace() {
        while let scalar = current, scalar.properties.isWhitespace { index += 1 }
    }

    /// The next word, with or without quotes; nil at the end, or when a quote is not closed.
    mutating func word() -> (text: String, isQuoted: Bool)? {
        skipSpace()
        guard !isAtEnd, let first = current else { return nil }
        var text = String.UnicodeScalarView()
        guard first == "'" || first == "\"" else {
            while let scalar = current, !scalar.properties.isWhitespace, !",{}%".unicodeScalars.contains(scalar) {
                text.append(scalar)
                index += 1
            }
            return text.isEmpty ? nil : (String(text), false)
        }
        index += 1
        while let scalar = current {
            index += 1
            if scalar == first { return (String(text), true) }
            if scalar == "\\", let escaped = current {
                index += 1
                text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped == "r" ? "\r" : escaped)
            } else {
                text.append(scalar)
            }
        }
        return nil
    }

    /// The type of an attribute.
    mutating func type() -> DeclaredType? {
        skipSpace()
        if current == "{" {
            index += 1
            var values: [String] = []
            while let value = word() {
                values.append(value.text)
                guard skip(",") else { break }
            }
            return skip("}") && !values.isEmpty ? .category(values) : nil
        }
        switch word()?.text.lowercased() {
        case "numeric", "real", "integer": return .number
        case "string": return .text
        case "date": return .date(format: word()?.text)
        default: return nil
        }
    }

    /// The values of a row, separated by commas or tabs.
    mutating func fields() -> [String?]? {
        var fields: [String?] = []
        while true {
            guard let field = field(isSparse: false) else { return nil }
            fields.append(field.value)
            guard skip(",") || !isAtEnd else { return fields }
        }
    }

    /// A value that may be missing.
    private struct Field {
        var value: String?
    }

    /// One value; blanks inside of a value without quotes belong to it. Nil when a quote is not closed.
    private mutating func field(isSparse: Bool) -> Field? {
        skipSpace()
        guard let first = current, first != ",", first != "%" else { return Field() }
        if first == "'" || first == "\"" { return word().map { Field(value: $0.text.isEmpty ? nil : $0.text) } }
        var text = String.UnicodeScalarView()
        while let scalar = current, scalar != ",", scalar != "\t", scalar != "%", !isSparse || scalar != "}" {
            text.append(scalar)
            index += 1
        }
        while text.last?.properties.isWhitespace == true { text.removeLast() }
        return Field(value: text.isEmpty || String(text) == "?" ? nil : String(text))
    }

    /// The places and values of a sparse row.
    mutating func pairs() -> [(place: Int, value: String?)]? {
        guard skip("{") else { return nil }
        var pairs: [(place: Int, value: String?)] = []
        if skip("}") { return pairs }
        while true {
            guard let place = word().flatMap({ Int($0.text) }), let value = field(isSparse: true) else { return nil }
            pairs.append((place, value.value))
            if skip("}") { return pairs }
            guard skip(",") else { return nil }
        }
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == scalar else { return false }
        index += 1
        skipSpace()
        return true
    }
}
