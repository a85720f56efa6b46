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
    /// What the file says of each column's values; nil where it says nothing.
    var declaredTypes: [DeclaredType?] { get }
    /// How the file is written, where its bytes look like it and nothing says so; nil for what is sure.
    var guessedEncoding: TextEncoding? { get }

    /// The next row; nil at the end, however often it is asked for.
    ///
    /// - Throws: `FileError` with the place of what cannot be read. Rows that do not fit the columns are not thrown but
    ///   dropped and counted in ``report``.
    mutating func next() throws(FileError) -> Record?
}

extension RecordReader {
    public var declaredTypes: [DeclaredType?] { columns.map { _ in nil } }
    public var guessedEncoding: TextEncoding? { nil }
}

/// What a file declares a column's values to be.
public enum DeclaredType: Hashable, Sendable {
    case number
    /// One of these values.
    case category([String])
    case text
    /// Written by a pattern as Java has them; nil for ISO 8601.
    case date(format: String?)
}

/// Opens tables by their names and first bytes.
public enum Records {
    /// What the file itself does not say.
    public struct Options: Hashable, Sendable {
        /// The names of the columns of a table without a header; nil where the first row names them.
        public var columns: [String]?
        /// What stands between the fields of delimited text, an ASCII character; nil to find out.
        public var delimiter: Unicode.Scalar?

        /// How text files are written; nil to find out.
        public var encoding: TextEncoding?
        /// The table of a database; nil for the only one.
        public var table: String?

        public init(
            columns: [String]? = nil, delimiter: Unicode.Scalar? = nil, encoding: TextEncoding? = nil,
            table: String? = nil
        ) {
            self.columns = columns
            self.delimiter = delimiter
            self.encoding = encoding
            self.table = table
        }
    }

    /// What tables are written in.
    public enum Format: String, Hashable, Sendable {
        case delimited = "delimited text"
        case json = "JSON"
        case arff = "ARFF"
        case sqlite = "SQLite"
        case folder = "folders of files"
        case arrays = "NumPy arrays"
    }

    /// A reader for the table at `path`: delimited text, JSON Lines, JSON arrays of objects and ARFF, each plain or gzip,
    /// SQLite databases, folders of pictures and sounds (by their `metadata.csv` or `metadata.jsonl`, where there is one) and
    /// archives of NumPy arrays.
    ///
    /// - Throws: `FileError` when there is no such file, it holds no rows, its columns cannot be told apart, or an option
    ///   is given that its format has no use for.
    public static func open(_ path: String, _ options: Options = Options()) throws(FileError) -> any RecordReader {
        if FileAccess.isFolder(path), let table = FolderRecords.metadata(in: path) { return try open(table, options) }
        let format = try format(of: path)
        func refuse(_ option: String, unless isUsed: Bool, _ isGiven: Bool) throws(FileError) {
            guard isUsed || !isGiven else {
                throw FileError(
                    .invalid, file: path, Message(.idleOption, option, format.rawValue))
            }
        }
        try refuse("columns", unless: format == .delimited, options.columns != nil)
        try refuse("delimiter", unless: format == .delimited, options.delimiter != nil)
        try refuse("encoding", unless: [.delimited, .json, .arff].contains(format), options.encoding != nil)
        try refuse("table", unless: format == .sqlite, options.table != nil)
        return switch format {
        case .delimited: try CSVRecords(path, options)
        case .json: try JSONRecords(path, options)
        case .arff: try ARFFRecords(path, options)
        case .sqlite: try SQLiteRecords(path, options)
        case .folder: try FolderRecords(path)
        case .arrays: try ArrayRecords(path)
        }
    }

    /// The format of the file, by its name and, for databases, by its first bytes.
    ///
    /// - Throws: `FileError` when it cannot be read, or its first bytes are those of something that is no table.
    public static func format(of path: String) throws(FileError) -> Format {
        if FileAccess.isFolder(path) { return .folder }
        let name = bareName(path)
        if name.hasSuffix(".npz") { return .arrays }
        if [".jsonl", ".ndjson", ".json"].contains(where: name.hasSuffix) { return .json }
        if name.hasSuffix(".arff") { return .arff }
        let start = try InflatingReader(path).read(FileSignature.length)
        if start == Array("SQLite format 3\0".utf8) { return .sqlite }
        if let kind = FileSignature.kind(of: start) { throw FileError(.invalid, file: path, Message(.otherFile, kind)) }
        return .delimited
    }

    /// Where the files that fields of a table name lie: the folder of the table, or the folder or archive that is the table.
    public static func base(of path: String) -> String {
        FileAccess.isFolder(path) || bareName(path).hasSuffix(".npz") ? path : FileAccess.folder(of: path)
    }

    /// The name in lower case, without `.gz`.
    static func bareName(_ path: String) -> String {
        let name = path.lowercased()
        return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    }
}
