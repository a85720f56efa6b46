public import WrightData
public import WrightRuntime

/// The columns of a file that a task needs, as text; nil is a missing field.
public struct TaskTable: Sendable {
    public let file: String
    /// Every column of the file, in order.
    public let columns: [String]
    private let fields: [String: [String?]]
    /// The line of the file on which each row starts.
    public let lines: [Int]
    /// What was left out when the file was read.
    public let report: DropReport
    /// A number that names the rows that were read: equal rows have equal ones.
    public let fingerprint: UInt64

    /// Reads the columns that `isNeeded`; others are counted through and forgotten.
    ///
    /// - Throws: `FileError` when the file cannot be read or holds no row.
    public init(
        _ path: String, _ config: DataConfig = DataConfig(), isNeeded: (String) -> Bool = { _ in true }
    ) throws(FileError) {
        guard FileAccess.exists(path) else {
            throw FileError(
                .missing, file: path, "there is no such file",
                remedy: "Check data.path; a relative path is relative to the task file")
        }
        var reader = try Records.open(path, config.options)
        let missing = Set(config.missing)
        let kept = reader.columns.indices.filter { isNeeded(reader.columns[$0]) }
        var columns = kept.map { _ in [String?]() }
        var lines: [Int] = []
        var hash: UInt64 = 0
        while let record = try reader.next() {
            lines.append(record.line)
            for (place, column) in kept.enumerated() {
                let field = record.fields[column]
                hash = stableHash((field ?? "").utf8, salt: hash)
                columns[place].append(field.flatMap { missing.contains($0) ? nil : $0 })
            }
        }
        guard !lines.isEmpty else {
            throw FileError(
                .truncated, file: path, "it holds no row below its \(reader.columns.count) column names",
                remedy: "Check that the file was written whole")
        }
        file = path
        self.columns = reader.columns
        fields = Dictionary(zip(kept.map { reader.columns[$0] }, columns)) { first, _ in first }
        self.lines = lines
        report = reader.report
        fingerprint = hash
    }

    public var count: Int { lines.count }

    /// The fields of a column that was needed; nil when the file has none of this name.
    public func column(_ name: String) -> [String?]? { fields[name] }

    /// What to say of a column that is not there.
    func missingColumn(_ name: String) -> String {
        let shown = columns.prefix(20).map(\.readable).joined(separator: ", ") + (columns.count > 20 ? " …" : "")
        return "\(file) has no column \(name.readable).\(Suggestion.text(for: name, among: columns)) It has \(shown)"
    }
}
