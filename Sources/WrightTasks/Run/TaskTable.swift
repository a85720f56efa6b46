public import WrightData
public import WrightRuntime

/// The columns of one or several files that a task needs, as text; nil is a missing field.
public struct TaskTable: Sendable {
    /// One of the files.
    public struct File: Hashable, Sendable {
        public var path: String
        /// The first of its rows.
        public var start: Int
        /// The lines of the files before it.
        public var lines: Int
    }

    public let files: [File]
    /// Every column of the files, in order.
    public let columns: [String]
    private var fields: [String: [String?]]
    /// The line on which each row starts, counted through all files.
    public private(set) var lines: [Int]
    /// How many rows there are in the files; more than ``count`` when only some were asked for.
    public private(set) var total: Int
    /// What was left out when the files were read.
    public let report: DropReport
    /// How the first file is written, where its bytes look like it and nothing says so.
    public let guessedEncoding: TextEncoding?
    /// What cleaning changed in the rows that are left.
    let changes: [TaskCleaning.Change]
    /// A number that names the rows that were read: equal rows have equal ones.
    public let fingerprint: UInt64

    /// What people should know of how the rows were read: a guessed encoding, and rows that were left out.
    public var notes: [Phrase] {
        (guessedEncoding.map { [$0.guess(of: file)] } ?? [])
            + (report.dropped > 0 ? [Phrase("\(file): ", "\(file)：") + report.phrase] : [])
    }

    /// Reads one file: see ``init(paths:_:dropsRows:isNeeded:)``.
    public init(
        _ path: String, _ config: DataConfig = DataConfig(), isNeeded: (String) -> Bool = { _ in true }
    ) throws(FileError) {
        try self.init(paths: [path], config, isNeeded: isNeeded)
    }

    /// Reads the columns that `isNeeded`; others are counted through and forgotten. The rules of `config.clean` that leave
    /// out rows are followed where `dropsRows` says so. Of more rows than `limit`, or than fit into `maximumBytes`, so many
    /// are kept by lot, in order, in memory that does not grow with the files (Vitter, *Random Sampling with a Reservoir*,
    /// 1985). `isStopped` is asked now and then, and ends the table where it stands.
    ///
    /// - Throws: `FileError` when a file cannot be read, the files have different columns or there is no row.
    public init(
        paths: [String], _ config: DataConfig, dropsRows: Bool = false, limit: Int = .max, maximumBytes: Int = .max,
        isStopped: () -> Bool = { false }, isNeeded: (String) -> Bool = { _ in true }
    ) throws(FileError) {
        var rows = try CleanedRows(paths, config, dropsRows: dropsRows, isNeeded: isNeeded)
        var columns = rows.needed.map { _ in [String?]() }
        var lines: [Int] = []
        var (limit, bytes) = (limit, 0)
        var random = KeyedRandom(seed: 0, stream: .split)
        while let (line, fields) = try rows.next() {
            if rows.total % Self.rowsBetweenQuestions == 0, isStopped() { break }
            if lines.count < limit {
                lines.append(line)
                for (index, field) in fields.enumerated() { columns[index].append(field) }
                bytes += Self.byteCount(of: fields)
                if bytes >= maximumBytes { limit = lines.count }
                continue
            }
            let place = random.integer(below: rows.total)
            guard place < limit else { continue }
            lines[place] = line
            for (index, field) in fields.enumerated() { columns[index][place] = field }
        }
        try rows.checkHasRows()
        if rows.total > lines.count {
            let order = lines.indices.sorted { lines[$0] < lines[$1] }
            columns = columns.map { column in order.map { column[$0] } }
            lines = order.map { lines[$0] }
        }
        self.init(rows, columns, lines, total: rows.total)
    }

    private static let rowsBetweenQuestions = 4096

    /// The next rows, at most `count`; nil at the end.
    public init?(next count: Int, of rows: inout CleanedRows) throws(FileError) {
        var columns = rows.needed.map { _ in [String?]() }
        var lines: [Int] = []
        while lines.count < count, let (line, fields) = try rows.next() {
            lines.append(line)
            for (index, field) in fields.enumerated() { columns[index].append(field) }
        }
        guard !lines.isEmpty else { return nil }
        self.init(rows, columns, lines, total: lines.count)
    }

    private init(_ rows: CleanedRows, _ columns: [[String?]], _ lines: [Int], total: Int) {
        files = rows.files.map { file in
            File(path: file.path, start: lines.partitioningIndex { $0 > file.lines }, lines: file.lines)
        }
        self.columns = rows.columns
        self.total = total
        fields = Dictionary(zip(rows.needed, columns)) { first, _ in first }
        self.lines = lines
        report = rows.report
        guessedEncoding = rows.guessedEncoding
        changes = rows.changes
        fingerprint = rows.fingerprint
    }

    /// What the fields of a row take in memory: texts of more than 15 bytes lie elsewhere.
    private static func byteCount(of fields: [String?]) -> Int {
        fields.reduce(8) { bytes, field in
            let length = field?.utf8.count ?? 0
            return bytes + 16 + (length > 15 ? length + 32 : 0)
        }
    }

    /// Only these rows, in this order.
    func selecting(_ rows: [Int]) -> TaskTable {
        var table = self
        table.fields = fields.mapValues { column in rows.map { column[$0] } }
        table.lines = rows.map { lines[$0] }
        table.total = rows.count
        return table
    }

    public var count: Int { lines.count }

    /// What messages call the files.
    public var file: String { files.count == 1 ? files[0].path : "\(files[0].path) and \(files.count - 1) more" }

    /// `line 7`, with the file where there are several.
    public func place(of row: Int) -> String {
        guard files.count > 1, let file = files.last(where: { $0.start <= row }) else { return "line \(lines[row])" }
        return "\(file.path), line \(lines[row] - file.lines)"
    }

    /// The fields of a column that was needed; nil when the files have none of this name.
    public func column(_ name: String) -> [String?]? { fields[name] }

    /// The fields of an input's column, paths of files from the folder of the program; nil when the file has none of this
    /// name.
    func fields(of input: InputConfig) -> [String?]? {
        guard let fields = column(input.name), type(of: input.settings).namesFiles else { return column(input.name) }
        let bases = files.map { Records.base(of: $0.path) }
        return fields.enumerated().map { row, field in
            let file = files.lastIndex { $0.start <= row } ?? 0
            return field.map { $0.hasPrefix("/") ? $0 : "\(bases[file])/\($0)" }
        }
    }

    /// What to say of a column that is not there.
    func missingColumn(_ name: String, hint: Phrase = Phrase("")) -> Message {
        let shown = columns.prefix(20).map(\.readable).phrase + Phrase(columns.count > 20 ? " …" : "")
        return Message(
            .missingColumn, file, name.readable, Suggestion.phrase(for: name, among: columns), shown + hint)
    }
}

extension [Int] {
    /// The first place of an ascending list from which on `isBehind` holds.
    fileprivate func partitioningIndex(_ isBehind: (Int) -> Bool) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isBehind(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }
}
