import ArgumentParser
import Wright
import WrightTasks

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a trained task's answers depend on.",
        discussion: """
            Without --row: how much worse the model becomes when a column is shuffled among the rows, and how the answer \
            changes with the values of the most important columns. With --row: what each field of that row, and each word \
            of its texts, adds to its answer.

              wright explain churn --data new-customers.csv
              wright explain churn --data new-customers.csv --row 17 --json
            """)

    @Argument(help: ArgumentHelp("The folder that 'wright train run.yaml' wrote.", valueName: "model"))
    var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("A table with the columns of the task.", valueName: "file"))
    var data: String

    @Option(help: ArgumentHelp("The row to explain, counted from 1.", valueName: "n"))
    var row: Int?

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

    // MARK: All rows

    private func explain(_ model: TaskModel, _ table: TaskTable) throws {
        let importance = try model.importance(table, repeats: repeats, maximumRows: rows, seed: seed)
        let dependence = try importance.map { importance in
            try importance.columns.prefix(Self.curves).compactMap {
                try model.dependence(of: importance.output, on: $0.name, table, seed: seed)
            }
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
            "\(curve.answer), by \(curve.column)\n"
                + Output.table(curve.points.map { ["  \($0.value)", $0.answer.short] }, rightAligned: [1])
        }
        return ([head + "\n" + Output.table(rows, rightAligned: [1])] + parts).joined(separator: "\n\n")
    }

    // MARK: One row

    private func explain(_ model: TaskModel, _ table: TaskTable, row: Int) throws {
        let values = try model.shapley(row: row, of: table, background: min(rows, 100), seed: seed)
        let words = try model.occlusion(row: row, of: table)
        guard !values.isEmpty else {
            throw Failure.usage("\(self.model) answers no class and no number; only those are explained row by row")
        }
        guard json else {
            return Output.result((values.map(Self.text) + words.map(Self.text)).joined(separator: "\n\n"))
        }
        Output.result([
            "row": JSON.integer(Int64(row + 1)), "line": .integer(Int64(table.lines[row])),
            "shapley": .array(values.map(\.json)), "occlusion": .array(words.map(\.json)),
        ])
    }

    private static func text(_ values: ShapleyValues) -> String {
        let rows = values.parts.map { part in
            [
                "  \(part.column) = \(part.field.map { Self.shortened($0) } ?? "(missing)")",
                (part.value >= 0 ? "+" : "") + part.value.short, "± \(part.standardError.short)",
            ]
        }
        return """
            \(values.output): \(values.answer) is \(values.prediction.short), \(values.expected.short) on average
            \(Output.table(rows, rightAligned: [1]))
              The parts add up to the difference but for \(values.additivityError.short) \
            (\(values.samples.counted("order")) of the columns).
            """
    }

    private static func text(_ words: TextOcclusion) -> String {
        let ranked = words.words.sorted { abs($0.value) > abs($1.value) }.prefix(12).map {
            ["  \(shortened($0.text))", ($0.value >= 0 ? "+" : "") + $0.value.short]
        }
        return "\(words.output): what words of \(words.column) add to \(words.answer)\n"
            + Output.table(ranked, rightAligned: [1])
    }

    private static func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(40) + " …" : text }
}
