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

    /// The columns of a file that are needed.
    func table(_ path: String, isMeasured: Bool) throws -> TaskTable {
        let table = try TaskTable(path, model.config.data) { model.needs($0, isMeasured: isMeasured) }
        if table.report.dropped > 0 { Output.message("note: \(path): \(table.report)") }
        return table
    }

    /// What `wright evaluate` prints.
    func evaluate(_ path: String, isJSON: Bool) throws {
        let evaluation = try model.evaluate(table(path, isMeasured: true))
        if evaluation.report.dropped > 0 { Output.message("note: \(path): \(evaluation.report)") }
        guard case .object(var document) = evaluation.json else { return }
        document["model"] = .string(folder)
        document["data"] = .string(path)
        Output.result(isJSON ? .object(document) : nil, or: Self.text(evaluation))
    }

    private static func text(_ evaluation: TaskEvaluation) -> String {
        Output.table(
            [["examples", evaluation.examples.grouped]]
                + evaluation.outputs.flatMap { output in
                    output.values.map { ["\(output.name): \($0.name)", $0.value.short] }
                })
    }

    /// The predictions for every row of a file as CSV: the line it starts on, and a column or more for each output.
    func predictions(_ path: String) throws -> (header: [String], rows: [[String]]) {
        let table = try table(path, isMeasured: false)
        let columns = try model.predict(table)
        let rows = table.lines.enumerated().map { row, line in ["\(line)"] + columns.map { $0.fields[row] } }
        return (["line"] + columns.map(\.name), rows)
    }
}
