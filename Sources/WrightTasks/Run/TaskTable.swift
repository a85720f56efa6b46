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
    /// What cleaning changed in the rows that are left.
    let changes: [TaskCleaning.Change]
    /// A number that names the rows that were read: equal rows have equal ones.
    public let fingerprint: UInt64

    /// Reads one file: see ``init(paths:_:dropsRows:isNeeded:)``.
    public init(
        _ path: String, _ config: DataConfig = DataConfig(), isNeeded: (String) -> Bool = { _ in true }
    ) throws(FileError) {
        try self.init(paths: [path], config, isNeeded: isNeeded)
    }

    /// Reads the columns that `isNeeded`; others are counted through and forgotten. The rules of `config.clean` that leave
    /// out rows are followed where `dropsRows` says so. Of more rows than `limit`, so many are kept by lot, in order, in
    /// memory that does not grow with the files (Vitter, *Random Sampling with a Reservoir*, 1985).
    ///
    /// - Throws: `FileError` when a file cannot be read, the files have different columns or there is no row.
    public init(
        paths: [String], _ config: DataConfig, dropsRows: Bool = false, limit: Int = .max,
        isNeeded: (String) -> Bool = { _ in true }
    ) throws(FileError) {
        for path in paths where !FileAccess.exists(path) {
            throw FileError(
                .missing, file: path, "there is no such file",
                remedy: "Check the path; in a task file a relative one is relative to that file")
        }
        let missing = Set(config.missing)
        var names: [String] = []
        var kept: [Int] = []
        var places: [Int] = []
        var columns: [[String?]] = []
        var cleaning: TaskCleaning?
        var files: [File] = []
        var lines: [Int] = []
        var report = DropReport(unit: "row")
        var hash: UInt64 = 0
        var (total, last) = (0, 0)
        var random = KeyedRandom(seed: 0, stream: .split)
        for path in paths {
            var reader = try Records.open(path, config.options)
            if files.isEmpty {
                names = reader.columns
                kept = names.indices.filter { isNeeded(names[$0]) }
                columns = kept.map { _ in [] }
                cleaning = TaskCleaning(config.clean, columns: names, dropsRows: dropsRows)
            }
            places = try Self.places(of: names, in: reader.columns, path, first: paths[0])
            let offset = last
            files.append(File(path: path, start: lines.count, lines: offset))
            func place(_ line: Int) -> String { paths.count == 1 ? "line \(line)" : "\(path), line \(line)" }
            while let record = try reader.next() {
                var fields = places.map { place in
                    record.fields[place].flatMap { missing.contains($0) ? nil : $0 }
                }
                for column in kept {
                    hash = stableHash((record.fields[places[column]] ?? "").utf8, salt: hash)
                }
                if let reason = cleaning?.clean(&fields) {
                    report.drop(reason, at: place(record.line))
                    continue
                }
                last = record.line + offset
                total += 1
                if lines.count < limit {
                    lines.append(last)
                    for (index, column) in kept.enumerated() { columns[index].append(fields[column]) }
                    continue
                }
                let place = random.integer(below: total)
                guard place < limit else { continue }
                lines[place] = last
                for (index, column) in kept.enumerated() { columns[index][place] = fields[column] }
            }
            report.addDropped(reader.report, in: paths.count == 1 ? nil : path)
        }
        report.keep(total)
        guard !lines.isEmpty else {
            throw FileError(
                .truncated, file: paths[0],
                report.dropped > 0
                    ? "no row is left. \(report)" : "it holds no row below its \(names.count) column names",
                remedy: "Check that the file was written whole")
        }
        if total > lines.count {
            let order = lines.indices.sorted { lines[$0] < lines[$1] }
            columns = columns.map { column in order.map { column[$0] } }
            lines = order.map { lines[$0] }
        }
        self.files = files
        self.columns = names
        self.total = total
        fields = Dictionary(zip(kept.map { names[$0] }, columns)) { first, _ in first }
        self.lines = lines
        self.report = report
        changes = cleaning?.changes ?? []
        fingerprint = hash
    }

    /// Where each of `names` stands among the columns of a file; they may have another order there.
    private static func places(
        of names: [String], in columns: [String], _ path: String, first: String
    ) throws(FileError) -> [Int] {
        let places = names.compactMap(columns.firstIndex)
        let foreign = Set(names).symmetricDifference(columns).sorted()
        guard foreign.isEmpty else {
            throw FileError(
                .invalid, file: path,
                "it does not have the columns of \(first): \(foreign.map(\.readable).joined(separator: ", ")) is not in both",
                remedy: "Files of one task have the same columns")
        }
        return places
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
    func missingColumn(_ name: String) -> String {
        let shown = columns.prefix(20).map(\.readable).joined(separator: ", ") + (columns.count > 20 ? " …" : "")
        return "\(file) has no column \(name.readable).\(Suggestion.text(for: name, among: columns)) It has \(shown)"
    }
}
