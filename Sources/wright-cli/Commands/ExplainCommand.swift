import ArgumentParser
import Wright
import WrightTasks

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: say("Say what a trained task's answers depend on.", "说明训练好的任务依据什么作答。"),
        discussion: say(
            """
            Without --row: how much worse the model becomes when a column is shuffled among the rows, and how the answer \
            changes with the values of the most important columns. With --row: what each field of that row, each word of \
            its texts and each part of its pictures adds to its answer.

            \(examples)
            """,
            """
            不带 --row：把某列在各行间打乱后模型变差多少，以及答案如何随最重要的几列的取值变化。带 --row：该行的每个字段、\
            文本中的每个词、图像的每个部分对其答案的贡献。

            \(examples)
            """))

    private static let examples = """
          wright explain churn --data new-customers.csv
          wright explain churn --data new-customers.csv --row 17 --json
          wright explain digits --data scans --row 3 --method grad-cam --report row.html
        """

    @Argument(
        help: ArgumentHelp(
            "The folder that 'wright train run.yaml' wrote.", "'wright train run.yaml' 写出的文件夹。", valueName: "model"))
    var model: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A table with the columns of the task.", "含有任务所需各列的表。", valueName: "file"))
    var data: String

    @Option(help: ArgumentHelp("The row to explain, counted from 1.", "要解释的行，从 1 起数。", valueName: "n"))
    var row: Int?

    @Option(
        help: ArgumentHelp(
            "With --row: shapley, what each field adds compared with other rows; occlusion, what each word of a text "
                + "and each part of a picture does; integrated-gradients, what each number, category, word and part of a "
                + "picture adds; grad-cam, where in a picture. May be given several times; without it all.",
            "与 --row 一起使用：shapley，与其他行相比各字段的贡献；occlusion，文本中每个词与图像各部分的作用；"
                + "integrated-gradients，每个数值、类别、词和图像部分的贡献；grad-cam，图像中的位置。可多次给出；不给出则全部使用。",
            valueName: "method"))
    var method: [ExplanationMethod] = []

    @Option(
        help: ArgumentHelp(
            "Write an HTML page with charts, texts and pictures there.", "在该处写出含图表、文本与图像的 HTML 页面。", valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("How often each column is shuffled.", "每列打乱的次数。", valueName: "n"))
    var repeats = 5

    @Option(
        help: ArgumentHelp(
            "Rows that are used at most; of more so many are drawn.", "最多使用的行数；更多时随机抽取这么多行。", valueName: "n"))
    var rows = 1000

    @Option(help: ArgumentHelp("Seed of everything random.", "所有随机过程的种子。", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    /// So many columns get a curve.
    private static let curves = 5

    func validate() throws {
        try compute.validate()
        guard (1...1000).contains(repeats) else {
            throw Failure.usage(.outOfBounds("--repeats", .between(1, 1000), repeats))
        }
        guard rows >= 1 else { throw Failure.usage(.outOfBounds("--rows", .atLeast(1), rows)) }
        guard row != nil || method.isEmpty else {
            throw Failure.usage(Message(.needsRow, "--method"))
        }
        if let row, row < 1 { throw Failure.usage(.outOfBounds("--row", .atLeast(1), row)) }
    }

    func run() throws {
        guard let saved = try SavedTask(contentsOf: model, compute: compute) else {
            throw Failure.usage(Message(.noTrainedTask, model))
        }
        let table = try saved.table(data, isMeasured: row == nil)
        guard let row else { return try explain(saved.model, table) }
        guard row <= table.count else {
            throw Failure.usage(Message(.rowBeyond, row, data, Phrase.counted(table.count, "row", "行")))
        }
        try explain(saved.model, table, row: row - 1)
    }

    /// What pages call the model: the folder's name.
    private var name: String { model.split(separator: "/").last.map(String.init) ?? model }

    private func write(_ page: HTML, to path: String) throws {
        try AtomicFile.write(Array(page.text.utf8), to: path)
        Output.message(.reportWritten(path))
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
                name: name, data: data, outputs: Array(zip(importance, dependence)), say: .spoken)
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
        let head = say(
            "\(importance.output): how much worse \(importance.metric) (\(importance.baseline.short)) becomes when a column "
                + "is shuffled, over \(importance.rows.counted("row")) and \(importance.repeats.counted("shuffle"))",
            "\(importance.output)：打乱某列后 \(importance.metric)（\(importance.baseline.short)）变差多少，共 "
                + "\(importance.rows.grouped) 行，打乱 \(importance.repeats) 次")
        let rows = importance.columns.map { ["  \($0.name)", $0.mean.fixed(4), "± \($0.deviation.fixed(4))"] }
        let parts = curves.map { curve in
            say("\(curve.answer.english), by \(curve.column)", "\(curve.answer.chinese)，随 \(curve.column)") + "\n"
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
            throw Failure.usage(Message(.nothingToExplain, self.model, methods.map(\.rawValue).sorted()))
        }
        if let report {
            let page = RowExplanationPage(name: name, data: data, explanation: explanation, say: .spoken)
            try write(page.html, to: report)
        }
        if json { Output.result(explanation.json) } else { Output.result(explanation.text) }
    }
}
