public import WrightData
public import WrightRuntime

/// The rows of a task's files, cleaned, one after the other: memory does not grow with the files.
public struct CleanedRows {
    /// Every column of the files, in order, and those of them that a row has.
    public let columns: [String]
    let needed: [String]
    /// The files that were opened up to now; where their rows start among those that are kept, only a table knows.
    private(set) var files: [TaskTable.File] = []
    /// Rows that were given.
    private(set) var total = 0
    private(set) var fingerprint: UInt64 = 0

    /// How the first file is written, where its bytes look like it and nothing says so.
    public let guessedEncoding: TextEncoding?

    private let paths: [String]
    private let config: DataConfig
    private let missing: Set<String>
    /// The longest of `missing`: most fields are longer, and need not be looked up.
    private let longestMissing: Int
    private let neededPlaces: [Int]
    private var reader: any RecordReader
    /// Where each of `columns` stands in the file that is read.
    private var places: [Int]
    private var cleaning: TaskCleaning
    private var dropped = DropReport(unit: "row")
    /// The line of the last row, counted through all files.
    private var last = 0

    /// Reads the columns that `isNeeded`; others are counted through and forgotten. The rules of `config.clean` that leave
    /// out rows are followed where `dropsRows` says so.
    ///
    /// - Throws: `FileError` when the first file cannot be opened.
    public init(
        _ paths: [String], _ config: DataConfig, dropsRows: Bool = false, isNeeded: (String) -> Bool
    ) throws(FileError) {
        for path in paths where !FileAccess.exists(path) {
            throw FileError(
                .missing, file: path,
                Message(
                    .noSuchFile,
                    Phrase(
                        "Check the path; in a task file a relative one is relative to that file",
                        "请检查路径；任务文件中的相对路径以该文件所在处为准")))
        }
        self.paths = paths
        self.config = config
        missing = Set(config.missing)
        longestMissing = config.missing.map(\.utf8.count).max() ?? -1
        reader = try Records.open(paths[0], config.options)
        columns = reader.columns
        guessedEncoding = reader.guessedEncoding
        neededPlaces = columns.indices.filter { [columns] in isNeeded(columns[$0]) }
        needed = neededPlaces.map { [columns] in columns[$0] }
        places = Array(columns.indices)
        cleaning = TaskCleaning(config.clean, columns: columns, dropsRows: dropsRows)
        files = [TaskTable.File(path: paths[0], start: 0, lines: 0)]
    }

    /// The next row: the line on which it starts, counted through all files, and the fields of ``needed``; nil at the end.
    mutating func next() throws(FileError) -> (line: Int, fields: [String?])? {
        while true {
            guard let record = try reader.next() else {
                guard try openNext() else { return nil }
                continue
            }
            for place in neededPlaces {
                fingerprint = stableHash(record.fields[places[place]] ?? "", salt: fingerprint)
            }
            var fields = places.map { place in
                record.fields[place].flatMap { $0.utf8.count <= longestMissing && missing.contains($0) ? nil : $0 }
            }
            if let reason = cleaning.clean(&fields) {
                let place = "line \(record.line)"
                dropped.drop(reason, at: paths.count == 1 ? place : "\(files[files.count - 1].path), \(place)")
                continue
            }
            last = files[files.count - 1].lines + record.line
            total += 1
            return (last, neededPlaces.map { fields[$0] })
        }
    }

    /// Goes on with the next file; false when there is none.
    private mutating func openNext() throws(FileError) -> Bool {
        guard files.count < paths.count else { return false }
        dropped.addDropped(reader.report, in: paths.count == 1 ? nil : files[files.count - 1].path)
        let path = paths[files.count]
        reader = try Records.open(path, config.options)
        places = columns.compactMap(reader.columns.firstIndex)
        let foreign = Set(columns).symmetricDifference(reader.columns).sorted()
        guard foreign.isEmpty else {
            throw FileError(
                .invalid, file: path,
                Message(.otherColumns, paths[0], foreign.map(\.readable)))
        }
        files.append(TaskTable.File(path: path, start: 0, lines: last))
        return true
    }

    /// - Throws: `FileError` when the files are at their end and held no row.
    public func checkHasRows() throws(FileError) {
        guard total == 0 else { return }
        let report = report
        throw FileError(
            .truncated, file: paths[0],
            report.dropped > 0 ? Message(.noRowLeft, report) : Message(.onlyColumnNames, columns.count))
    }

    /// What was left out up to now.
    public var report: DropReport {
        var report = dropped
        report.addDropped(reader.report, in: paths.count == 1 ? nil : files[files.count - 1].path)
        report.keep(total)
        return report
    }

    /// What cleaning changed up to now.
    var changes: [TaskCleaning.Change] { cleaning.changes }
}
