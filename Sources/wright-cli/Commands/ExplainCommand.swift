import ArgumentParser
import Wright
import WrightTasks

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a trained task's answers depend on.",
        discussion: """
            Without --row: how much worse the model becomes when a column is shuffled among the rows, and how the answer \
            changes with the values of the most important columns. With --row: what each field of that row, each word of \
            its texts and each part of its pictures adds to its answer.

              wright explain churn --data new-customers.csv
              wright explain churn --data new-customers.csv --row 17 --json
              wright explain digits --data scans --row 3 --method grad-cam --report row.html
            """)

    @Argument(help: ArgumentHelp("The folder that 'wright train run.yaml' wrote.", valueName: "model"))
    var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("A table with the columns of the task.", valueName: "file"))
    var data: String

    @Option(help: ArgumentHelp("The row to explain, counted from 1.", valueName: "n"))
    var row: Int?

    @Option(
        help: ArgumentHelp(
            "With --row: shapley, what each field adds compared with other rows; occlusion, what each word of a text "
                + "and each part of a picture does; integrated-gradients, what each number, category, word and part of a picture adds; grad-cam, "
                + "where in a picture. May be given several times; without it all.", valueName: "method"))
    var method: [ExplanationMethod] = []

    @Option(help: ArgumentHelp("Write an HTML page with charts, texts and pictures there.", valueName: "file"))
    var report: String?

    @Option(help: "The language of the page: en or zh.")
    var language = Language.english

    @Option(help: ArgumentHelp("How often each column is shuffled.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("Rows that are used at most; of more so many are drawn.", valueName: "n"))
    var rows = 1000

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var compute: ComputeOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    /// So many columns get a curve.
    private static let curves = 5

    func validate() throws {
        try compute.validate()
        guard (1...1000).contains(repeats) else {
            throw ValidationError("--repeats must be from 1 to 1000, not \(repeats).")
        }
        guard rows >= 1 else { throw ValidationError("--rows must be at least 1, not \(rows).") }
        guard row != nil || method.isEmpty else {
            throw ValidationError("--method explains one row: add --row N.")
        }
        if let row, row < 1 { throw ValidationError("--row counts from 1; \(row) is none.") }
    }

    func run() throws {
        guard let saved = try SavedTask(contentsOf: model, compute: compute) else {
            throw Failure.usage("\(model) is no trained task; 'wright train run.yaml --output \(model)' makes one")
        }
        let table = try saved.table(data, isMeasured: row == nil)
        guard let row else { return try explain(saved.model, table) }
        guard row <= table.count else {
            throw Failure.usage("--row \(row): \(data) has \(table.count.counted("row"))")
        }
        try explain(saved.model, table, row: row - 1)
    }

    /// What pages call the model: the folder's name.
    private var name: String { model.split(separator: "/").last.map(String.init) ?? model }

    private func write(_ page: HTML, to path: String) throws {
        try AtomicFile.write(Array(page.text.utf8), to: path)
        Output.message("report written to \(path)")
    }

    // MARK: All rows

    private func explain(_ model: TaskModel, _ table: TaskTable) throws {
        let importance = try model.importance(table, repeats: repeats, maximumRows: rows, seed: seed)
        let dependence = try importance.map { importance in
            try importance.columns.prefix(Self.curves).compactMap {
                try model.dependence(of: importance.output, on: $0.name, table, seed: seed)
            }
        }
        if let report {
            let page = ExplanationPage(
                name: name, data: data, outputs: Array(zip(importance, dependence)), say: language)
            try write(page.html, to: report)
        }
        guard json else {
            return Output.result(
                zip(importance, dependence).map(Self.text).joined(separator: "\n\n"))
        }
        var outputs = JSON.Object()
        for (importance, curves) in zip(importance, dependence) {
            outputs[importance.output] = [
                "importance": importance.json, "partial_dependence": .array(curves.map(\.json)),
            ]
        }
        Output.result(["outputs": .object(outputs)])
    }

    private static func text(_ importance: PermutationImportance, _ curves: [PartialDependence]) -> String {
        let head =
            "\(importance.output): how much worse \(importance.metric) (\(importance.baseline.short)) becomes when a column "
            + "is shuffled, over \(importance.rows.counted("row")) and \(importance.repeats.counted("shuffle"))"
        let rows = importance.columns.map { ["  \($0.name)", $0.mean.fixed(4), "± \($0.deviation.fixed(4))"] }
        let parts = curves.map { curve in
            "\(curve.answer.english), by \(curve.column)\n"
                + Output.table(curve.points.map { ["  \($0.value)", $0.answer.short] }, rightAligned: [1])
        }
        return ([head + "\n" + Output.table(rows, rightAligned: [1])] + parts).joined(separator: "\n\n")
    }

    // MARK: One row

    private func explain(_ model: TaskModel, _ table: TaskTable, row: Int) throws {
        let methods = Set(method.isEmpty ? ExplanationMethod.allCases : method)
        let explanation = try RowExplanation(
            model, table, row: row, methods: methods, background: min(rows, 100), seed: seed)
        guard !explanation.isEmpty else {
            let names = methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw Failure.usage(
                "\(self.model) has nothing for \(names): classes and numbers are explained row by row, words of texts by "
                    + "occlusion, pictures and sounds by occlusion and grad-cam")
        }
        if let report {
            let page = RowExplanationPage(name: name, data: data, explanation: explanation, say: language)
            try write(page.html, to: report)
        }
        if json { Output.result(explanation.json) } else { Output.result(explanation.text) }
    }
}
