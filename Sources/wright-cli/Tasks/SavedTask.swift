import Wright
import WrightTasks

/// A trained task and tables for it.
struct SavedTask {
    let folder: String
    let model: TaskModel

    /// The task in the folder; nil when it holds a model of another kind, or none.
    init?(contentsOf folder: String, compute: ComputeOptions) throws {
        guard try TaskArtifact.exists(in: folder) else { return nil }
        self.folder = folder
        model = try TaskArtifact.read(folder, on: CPUBackend(threads: compute.threads))
    }

    /// The columns of a file that are needed, and `others`; of more rows than fit into `maximumBytes` so many, by lot.
    func table(
        _ path: String, isMeasured: Bool, maximumBytes: Int = .max, others: (String) -> Bool = { _ in false }
    ) throws -> TaskTable {
        let table = try TaskTable(
            paths: [path], model.config.data, maximumBytes: maximumBytes,
            isNeeded: { model.needs($0, isMeasured: isMeasured) || others($0) })
        for note in table.notes { Output.message(.note(note)) }
        Output.notes(model.unread(table).map { Phrase("\(path): ", "\(path)：") + $0.phrase })
        return table
    }

    /// Rows that are predicted at a time: a file may be larger than the memory.
    private static let rowsAtATime = 16_384

    /// The predictions for the rows of a file, some of them at a time: the line each starts on, and a column or more for
    /// each output.
    func predictions(_ path: String, receive: ([PredictionColumn]) throws -> Void) throws {
        if model.config.forecasts { return try receive(model.predict(table(path, isMeasured: false))) }
        var rows = try CleanedRows([path], model.config.data) { model.needs($0) }
        var report = DropReport(unit: "row")
        var unread: [UnreadFields] = []
        while let table = try TaskTable(next: Self.rowsAtATime, of: &rows) {
            let columns = try model.predict(table) { row, cause in report.drop(cause, at: "line \(table.lines[row])") }
            try receive([.lines(table.lines)] + columns)
            UnreadFields.add(model.unread(table), to: &unread)
        }
        try rows.checkHasRows()
        Output.note(rows.report, of: path)
        Output.notes(unread.map { Phrase("\(path): ", "\(path)：") + $0.phrase })
        report.keep(rows.report.kept - report.dropped)
        if report.dropped > 0 {
            Output.message(
                .note(
                    Phrase("\(path): ", "\(path)：") + report.phrase + Phrase(" These have no prediction.", "这些行没有预测。")))
        }
    }
}
