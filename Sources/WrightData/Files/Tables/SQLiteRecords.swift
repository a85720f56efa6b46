import CWrightSQLite
public import WrightRuntime

/// The rows of one table or view of a SQLite database, in its own order; the line of a record is its number.
///
/// Numbers are written as Swift writes them, bytes in hexadecimal. The database is opened for reading only.
public struct SQLiteRecords: RecordReader {
    public let columns: [String]
    public private(set) var report = DropReport(unit: "row")
    private var isAtEnd = false
    private let database: Database
    private let path: String

    /// - Throws: `FileError` that lists the tables when `options` names none and there are several, or one that there is
    ///   not.
    public init(_ path: String, _ options: Records.Options = Records.Options()) throws(FileError) {
        let database = try Database(path)
        let list =
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        try database.query(list)
        var tables: [String] = []
        while try database.step() { tables.append(try database.text(0) ?? "") }
        guard let table = options.table ?? (tables.count == 1 ? tables[0] : nil), tables.contains(table) else {
            let names = tables.map(\.readable)
            throw FileError(
                .missing, file: path, at: options.table.map { .entry($0) } ?? .whole,
                tables.isEmpty
                    ? Message(.noTables)
                    : options.table != nil ? Message(.noTable, names) : Message(.severalTables, names))
        }
        try database.query("SELECT * FROM \"\(table.replacing("\"", with: "\"\""))\"")
        columns = database.columns
        self.database = database
        self.path = path
    }

    public mutating func next() throws(FileError) -> Record? {
        // A statement that is asked once more after its last row starts again.
        guard !isAtEnd else { return nil }
        guard try database.step() else {
            isAtEnd = true
            return nil
        }
        var fields: [String?] = []
        fields.reserveCapacity(columns.count)
        for column in columns.indices { fields.append(try database.text(column)) }
        report.keep()
        return Record(line: report.kept, fields: fields)
    }

    /// An open database.
    private final class Database {
        private let handle: OpaquePointer
        private let path: String

        init(_ path: String) throws(FileError) {
            self.path = path
            var message = [CChar](repeating: 0, count: 256)
            guard let handle = wright_database_open(path, &message, message.count) else {
                let cause = message.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
                throw FileError(
                    .inputOutput, file: path, Message(.database, Phrase("opened", "打开"), Self.phrase(cause)))
            }
            self.handle = handle
        }

        deinit { wright_database_close(handle) }

        func query(_ sql: String) throws(FileError) {
            guard wright_database_query(handle, sql) == 0 else { throw failure() }
        }

        func step() throws(FileError) -> Bool {
            let status = wright_database_step(handle)
            guard status >= 0 else { throw failure() }
            return status == 1
        }

        var columns: [String] {
            (0..<wright_database_column_count(handle)).map { column in
                wright_database_column_name(handle, column).map { String(cString: $0) } ?? "column \(column + 1)"
            }
        }

        /// A value of the current row as text; nil for NULL and an empty text.
        func text(_ column: Int) throws(FileError) -> String? {
            let value = wright_database_value(handle, Int32(column))
            let bytes = UnsafeRawBufferPointer(start: value.bytes, count: value.count)
            switch value.kind {
            case WRIGHT_VALUE_INTEGER: return String(value.integer)
            case WRIGHT_VALUE_REAL: return value.real.description
            case WRIGHT_VALUE_TEXT:
                guard bytes.firstInvalidUTF8 == nil else {
                    throw FileError(
                        .invalid, file: path, at: .entry(columns[column]),
                        Message(.columnNotUTF8))
                }
                return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
            case WRIGHT_VALUE_BYTES:
                return bytes.isEmpty
                    ? nil : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
            default: return nil
            }
        }

        private func failure() -> FileError {
            FileError(
                .invalid, file: path,
                Message(
                    .database, Phrase("read", "读取"), Self.phrase(String(cString: wright_database_message(handle)))))
        }

        /// What SQLite says: its own words, and those in Chinese where it is one of its common complaints.
        private static func phrase(_ problem: String) -> Phrase {
            let chinese = [
                "file is not a database": "文件不是数据库", "database disk image is malformed": "数据库已损坏",
                "unable to open database file": "无法打开数据库文件", "database is locked": "数据库已被锁定",
                "disk I/O error": "磁盘读写出错", "out of memory": "内存不足", "there is no memory for it": "内存不足",
                "file is encrypted or is not a database": "文件已加密或不是数据库",
            ]
            return Phrase(problem, chinese[problem] ?? problem)
        }
    }
}
