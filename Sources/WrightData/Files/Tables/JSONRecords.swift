public import WrightRuntime

/// The rows of JSON Lines (an object on every line) or of a JSON array of objects. Members are columns; texts are taken as
/// they are, everything else as it is written, `null` and what is missing as nothing.
///
/// What is no object is dropped and counted. The file is read once before, for the names of all members.
public struct JSONRecords: RecordReader {
    public let columns: [String]
    public private(set) var report = DropReport(unit: "row")
    public var guessedEncoding: TextEncoding? { objects.guessedEncoding }
    private let objects: any JSONObjects
    private let places: [String: Int]

    /// - Throws: `FileError` when the file cannot be read or holds no object at all.
    public init(_ path: String, _ options: Records.Options = Records.Options()) throws(FileError) {
        let isArray = try Self.isArray(path, options.encoding)
        func open() throws(FileError) -> any JSONObjects {
            isArray ? try JSONArrayReader(path, options.encoding) : try JSONLineReader(path, options.encoding)
        }
        let first = try open()
        var columns: [String] = []
        var places: [String: Int] = [:]
        while let element = try first.next() {
            for name in element.object(of: path)?.keys ?? [] where places[name] == nil {
                places[name] = columns.count
                columns.append(name)
            }
        }
        guard !columns.isEmpty else {
            throw FileError(
                .invalid, file: path, Message(.noObjects))
        }
        self.columns = columns
        self.places = places
        objects = try open()
    }

    public mutating func next() throws(FileError) -> Record? {
        while let element = try objects.next() {
            guard let object = element.object(of: objects.path) else {
                report.drop(element.defect(of: objects.path), at: "line \(element.line)")
                continue
            }
            var fields = [String?](repeating: nil, count: columns.count)
            for (name, value) in object { fields[places[name]!] = Self.text(of: value) }
            report.keep()
            return Record(line: element.line, fields: fields)
        }
        return nil
    }

    private static func text(of value: JSON) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .null: nil
        default: value.text()
        }
    }

    /// JSON Lines are told by their names; else the first character decides.
    private static func isArray(_ path: String, _ encoding: TextEncoding?) throws(FileError) -> Bool {
        let name = Records.bareName(path)
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return false }
        let start = try TextFileReader(path, encoding).read(1 << 12)
        return start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
    }
}

/// One value of a file, not yet read, and the line on which it starts.
struct JSONElement {
    var line: Int
    var bytes: [UInt8]

    func object(of path: String) -> JSON.Object? {
        do { return try JSON(parsing: bytes, file: path).object } catch {
            // Why: whoever asks counts what is no object, whatever the reason.
            return nil
        }
    }

    /// Why it is no object.
    func defect(of path: String) -> Phrase {
        do {
            _ = try JSON(parsing: bytes, file: path)
            return Phrase("that is no JSON object", "不是 JSON 对象")
        } catch {
            return Phrase("that is not valid JSON", "不是有效的 JSON")
        }
    }
}

/// What gives the values of a file one after the other.
protocol JSONObjects {
    var path: String { get }
    var guessedEncoding: TextEncoding? { get }
    func next() throws(FileError) -> JSONElement?
}

/// The lines that are not blank.
final class JSONLineReader: JSONObjects {
    private let lines: LineReader
    var path: String { lines.path }
    var guessedEncoding: TextEncoding? { lines.guessedEncoding }

    init(_ path: String, _ encoding: TextEncoding?) throws(FileError) { lines = try LineReader(path, encoding) }

    func next() throws(FileError) -> JSONElement? {
        while let bytes = try lines.next() {
            if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
                return JSONElement(line: lines.line, bytes: bytes)
            }
        }
        return nil
    }
}
