import ArgumentParser
import Wright
import WrightTasks

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: say("Measure a trained model on labelled data, and write a report.", "在有标注的数据上评估训练好的模型，并写出报告。"),
        discussion: say(
            """
            Measures on the test part of the data where the files set one apart, else on all of it.

            \(examples)
            """,
            """
            若文件中另有测试部分，则在其上评估，否则在全部数据上评估。

            \(examples)
            """))

    private static let examples = """
          wright evaluate clothes --data fashion-mnist
          wright evaluate clothes --data fashion-mnist --report report.html
          wright evaluate churn --data new-customers.csv --json
          wright evaluate churn --data new-customers.csv --slices all --sensitive gender
          wright evaluate translator --data english.txt --into german.txt
        """

    @Argument(help: ArgumentHelp("The folder that 'wright train' wrote.", "'wright train' 写出的文件夹。", valueName: "model"))
    var model: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "What to measure on; the same kinds as for training.", "用于评估的数据；种类与训练时相同。", valueName: "data"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "The column of a table that holds the classes. Default: the model's.", "表中存放类别的列。默认：模型所用的列。",
            valueName: "column"))
    var target: String?

    @Option(
        help: ArgumentHelp(
            "Of translators: a file with the translation of each line.", "用于翻译模型：存放每行译文的文件。", valueName: "file"))
    var into: String?

    @Option(
        help: ArgumentHelp(
            "The part of the data: test, train or all. Default: test where there is one.",
            "数据的部分：test、train 或 all。默认：有测试部分则为 test。", valueName: "part"))
    var part: DataPart?

    @Option(
        help: ArgumentHelp(
            "Write an HTML page with curves, confusion matrix and worst mistakes there.",
            "在该处写出 HTML 页面，含曲线、混淆矩阵和最严重的错误。", valueName: "file"))
    var report: String?

    @Option(name: [.customShort("b"), .long], help: ArgumentHelp("Examples at a time.", "每批的样本数。", valueName: "n"))
    var batchSize = 256

    @Option(
        help: ArgumentHelp(
            "Of tasks: measure the parts of the rows that these columns tell apart, with commas between them, or all "
                + "columns, and name the worst.",
            "用于任务：按这些列（以逗号分隔，或 all 表示所有列）的取值把行分成子群分别评估，并指出最差的。", valueName: "columns|all"))
    var slices: String?

    @Option(
        help: ArgumentHelp(
            "Of tasks: a column whose groups should be treated alike; may be given several times.",
            "用于任务：各组应受到同等对待的列；可多次给出。", valueName: "column"
        ))
    var sensitive: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of tasks: the memory to keep within, such as 1G; of files that need more, rows are measured some at a time. "
                + "Default: half of the machine's.",
            "用于任务：内存上限，如 1G；超出上限的文件分批评估。默认：本机内存的一半。", valueName: "size"))
    var maxMemory: MemorySize?

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(name: .shortAndLong, help: ArgumentHelp("Print no progress.", "不输出进度。"))
    var quiet = false

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        try compute.validate()
        try maxMemory?.check()
        guard (1...100_000).contains(batchSize) else {
            throw Failure.usage(.outOfBounds("--batch-size", .between(1, 100_000), batchSize))
        }
    }

    func run() throws {
        if let saved = try SavedTask(contentsOf: model, compute: compute) {
            guard encoding == nil else {
                throw Failure.usage(Message(.saidByTrainedTask, "--encoding", model, "data.encoding"))
            }
            guard target == nil else {
                throw Failure.usage(Message(.saidByTrainedTask, "--target", model, "outputs"))
            }
            return try measure(saved)
        }
        let ofTasks = [
            ("--slices", slices != nil), ("--sensitive", !sensitive.isEmpty), ("--max-memory", maxMemory != nil),
        ]
        if let flag = ofTasks.first(where: \.1)?.0 {
            throw Failure.usage(Message(.forTrainedTasks, flag, model))
        }
        if let saved = try SavedTextModel(contentsOf: model) { return try measure(saved) }
        guard encoding == nil else { throw Failure.usage(Message(.forTextModels, "--encoding", model)) }
        let saved = try SavedModel(contentsOf: model)
        let source = try DataSource.open(
            data, .init(target: target, expected: saved.input, labels: saved.labels))
        let part = try part?.chosen(from: source) ?? source.measured
        let measurement = try Measurement(
            of: saved, on: part, source: source, batchSize: batchSize, compute: compute,
            mistakes: report == nil ? 0 : 48)
        if let report {
            let page = ReportBuilder(
                folder: model, model: saved, source: source, part: part, measurement: measurement,
                say: .spoken)
            try AtomicFile.write(Array(page.html().text.utf8), to: report)
            if !quiet { Output.message(.reportWritten(report)) }
        }
        Output.result(
            json ? .object(document(measurement.evaluation)) : nil,
            or: Measurement.table(measurement.evaluation, labels: saved.labels))
    }

    private func measure(_ saved: SavedTask) throws {
        let inputs = saved.model.config.inputs.filter { !$0.namesFiles }.map(\.name)
        let measurement = try TaskMeasurement(
            of: saved, on: data, maximumMemory: maxMemory?.bytes ?? Machine.memory.map { $0.total / 2 },
            slices: slices.map(TaskMeasurement.Slices.init) ?? (report == nil ? nil : .columns(inputs)),
            sensitive: sensitive, mistakes: report == nil ? 0 : 24)
        Output.note(measurement.report, of: data)
        if let report {
            try AtomicFile.write(Array(measurement.page(.spoken).text.utf8), to: report)
            if !quiet { Output.message(.reportWritten(report)) }
        }
        if json { Output.result(measurement.json) } else { Output.result(measurement.text) }
    }

    private func measure(_ saved: SavedTextModel) throws {
        let measurement = try TextMeasurement(
            of: saved,
            .init(
                path: data, target: target, into: into, encoding: encoding, batchSize: batchSize,
                mistakes: report == nil ? 0 : 48, compute: compute))
        if let report {
            let page = try TextReport(folder: model, measurement: measurement, say: .spoken).html()
            try AtomicFile.write(Array(page.text.utf8), to: report)
            if !quiet { Output.message(.reportWritten(report)) }
        }
        Output.result(json ? .object(document(measurement.evaluation)) : nil, or: measurement.table)
    }

    private func document(_ evaluation: Evaluation) -> JSON.Object {
        var document = JSON.Object()
        document["model"] = .string(model)
        document["data"] = .string(data)
        guard case .object(let values) = evaluation.json else { return document }
        for (key, value) in values where key != "mistakes" { document[key] = value }
        document["report"] = report.map(JSON.string)
        return document
    }
}

/// Which part of a data set is measured.
enum DataPart: String, CaseIterable, ExpressibleByArgument {
    case test, train, all

    func chosen(from source: DataSource) throws -> DataSource.Part {
        switch self {
        case .train: return source.training
        case .all:
            guard let test = source.test else { return source.training }
            return DataSource.Part(joining: source.training, test)
        case .test:
            guard let test = source.test else {
                throw Failure.usage(Message(.noTestPart, source.description))
            }
            return test
        }
    }
}
