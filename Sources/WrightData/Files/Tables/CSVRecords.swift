public import WrightRuntime

/// The rows of delimited text: RFC 4180 and what is met in practice (``CSVFormat``).
///
/// Tab-separated files often have quotes that are ordinary text. There the first rows are read both ways, and the way that
/// loses fewer of them is taken.
public struct CSVRecords: RecordReader {
    private let reader: CSVReader

    public init(_ path: String, _ options: Records.Options = Records.Options()) throws(FileError) {
        var format = CSVFormat()
        format.columns = options.columns
        format.delimiter = options.delimiter
        format.encoding = options.encoding
        let reader = try CSVReader(path, format)
        guard reader.delimiter == "\t", let lost = try Self.lostRows(path, format) else {
            self.reader = reader
            return
        }
        var plain = format
        plain.hasQuotes = false
        plain.delimiter = "\t"
        let lostWithoutQuotes = try Self.lostRows(path, plain) ?? 0
        self.reader = lostWithoutQuotes < lost ? try CSVReader(path, plain) : reader
    }

    public var columns: [String] { reader.names }
    public var report: DropReport { reader.report }
    public var guessedEncoding: TextEncoding? { reader.guessedEncoding }

    public mutating func next() throws(FileError) -> Record? {
        guard let row = try reader.next() else { return nil }
        return Record(line: row.line, fields: row.fields.map { $0.isEmpty ? nil : $0 })
    }

    /// How many of the first rows do not fit when they are read this way; nil when all do.
    private static func lostRows(_ path: String, _ format: CSVFormat) throws(FileError) -> Int? {
        let reader = try CSVReader(path, format)
        do {
            while reader.report.kept + reader.report.dropped < 50_000, try reader.next() != nil {}
        } catch {
            // A quote that is never closed, unless bytes are wrong, and then both ways end here.
            guard error.kind == .truncated else { throw error }
            return .max
        }
        return reader.report.dropped == 0 ? nil : reader.report.dropped
    }
}
