public import WrightRuntime

/// One row of a table: the text of each field, nil where there is none.
public struct Record: Hashable, Sendable {
    /// The line of the file, from 1, on which it starts.
    public var line: Int
    /// As many as there are columns. An empty field is nil.
    public var fields: [String?]

    public init(line: Int, fields: [String?]) {
        self.line = line
        self.fields = fields
    }
}

/// The rows of a table, one after the other: a file may be larger than the memory.
public protocol RecordReader {
    /// The names of the columns, all different.
    var columns: [String] { get }
    /// What was kept and dropped up to now.
    var report: DropReport { get }

    /// The next row; nil at the end.
    ///
    /// - Throws: `FileError` with the place of what cannot be read. Rows that do not fit the columns are not thrown but
    ///   dropped and counted in ``report``.
    mutating func next() throws(FileError) -> Record?
}

/// Opens tables by their names and first bytes.
public enum Records {
    /// What the file itself does not say.
    public struct Options: Hashable, Sendable {
        /// The names of the columns of a table without a header; nil where the first row names them.
        public var columns: [String]?
        /// What stands between the fields of delimited text, an ASCII character; nil to find out.
        public var delimiter: Unicode.Scalar?

        public init(columns: [String]? = nil, delimiter: Unicode.Scalar? = nil) {
            self.columns = columns
            self.delimiter = delimiter
        }
    }

    /// A reader for the table at `path`, plain or gzip.
    ///
    /// - Throws: `FileError` when there is no such file, it holds no rows, or its columns cannot be told apart.
    public static func open(_ path: String, _ options: Options = Options()) throws(FileError) -> any RecordReader {
        try CSVRecords(path, options)
    }
}

/// The rows of delimited text: RFC 4180 and what is met in practice (``CSVFormat``).
public struct CSVRecords: RecordReader {
    private let reader: CSVReader

    public init(_ path: String, _ options: Records.Options = Records.Options()) throws(FileError) {
        var format = CSVFormat()
        format.columns = options.columns
        format.delimiter = options.delimiter
        let name = path.lowercased()
        if name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz") {
            format.hasQuotes = try Self.quotesFields(path, delimiter: UInt8(ascii: "\t"))
        }
        reader = try CSVReader(path, format)
    }

    public var columns: [String] { reader.names }
    public var report: DropReport { reader.report }

    public mutating func next() throws(FileError) -> Record? {
        guard let row = try reader.next() else { return nil }
        return Record(line: row.line, fields: row.fields.map { $0.isEmpty ? nil : $0 })
    }

    /// Whether quotes stand around fields. Tab-separated files often have quotes that are ordinary text; then some field
    /// starts with one and does not end with one.
    private static func quotesFields(_ path: String, delimiter: UInt8) throws(FileError) -> Bool {
        let sample = try InflatingReader(path).read(1 << 16)
        // The last line may be cut off by the end of the sample.
        for line in sample.split(separator: 0x0A).dropLast() {
            let line = line.last == 0x0D ? line.dropLast() : line
            for field in line.split(separator: delimiter) where field.first == UInt8(ascii: "\"") {
                guard field.count > 1, field.last == UInt8(ascii: "\"") else { return false }
            }
        }
        return true
    }
}
