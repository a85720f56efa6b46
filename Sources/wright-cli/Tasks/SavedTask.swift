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

    /// The columns of a file that are needed, and `others`.
    func table(_ path: String, isMeasured: Bool, others: (String) -> Bool = { _ in false }) throws -> TaskTable {
        let table = try TaskTable(path, model.config.data) { model.needs($0, isMeasured: isMeasured) || others($0) }
        if table.report.dropped > 0 { Output.message("note: \(path): \(table.report)") }
        return table
    }

    /// The predictions for every row of a file: the line it starts on, and a column or more for each output.
    func predictions(_ path: String) throws -> [PredictionColumn] {
        let table = try table(path, isMeasured: false)
        var report = DropReport(unit: "row")
        let columns = try model.predict(table) { row, cause in report.drop(cause, at: "line \(table.lines[row])") }
        report.keep(table.count - report.dropped)
        if report.dropped > 0 { Output.message("note: \(path): \(report) These have no prediction.") }
        return (model.config.forecasts ? [] : [.lines(table.lines)]) + columns
    }
}
