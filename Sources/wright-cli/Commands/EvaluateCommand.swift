import ArgumentParser
import Wright
import WrightTasks

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a trained model on labelled data, and write a report.",
        discussion: """
            Measures on the test part of the data where the files set one apart, else on all of it.

              wright evaluate clothes --data fashion-mnist
              wright evaluate clothes --data fashion-mnist --report report.html
              wright evaluate churn --data new-customers.csv --json
              wright evaluate churn --data new-customers.csv --slices all --sensitive gender
              wright evaluate translator --data english.txt --into german.txt
            """)

    @Argument(help: ArgumentHelp("The folder that 'wright train' wrote.", valueName: "model"))
    var model: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("What to measure on; the same kinds as for training.", valueName: "data"))
    var data: String

    @Option(
        help: ArgumentHelp("The column of a table that holds the classes. Default: the model's.", valueName: "column"))
    var target: String?

    @Option(help: ArgumentHelp("Of translators: a file with the translation of each line.", valueName: "file"))
    var into: String?

    @Option(
        help: ArgumentHelp(
            "The part of the data: test, train or all. Default: test where there is one.", valueName: "part"))
    var part: DataPart = .measured

    @Option(
        help: ArgumentHelp(
            "Write an HTML page with curves, confusion matrix and worst mistakes there.", valueName: "file"))
    var report: String?

    @Option(name: [.customShort("b"), .long], help: ArgumentHelp("Examples at a time.", valueName: "n"))
    var batchSize = 256

    @Option(
        help: ArgumentHelp(
            "Of tasks: measure the parts of the rows that these columns tell apart, with commas between them, or all "
                + "columns, and name the worst.", valueName: "columns|all"))
    var slices: String?

    @Option(
        help: ArgumentHelp(
            "Of tasks: a column whose groups should be treated alike; may be given several times.", valueName: "column"
        ))
    var sensitive: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of tasks: the memory to keep within, such as 1G; of files that need more, rows are measured some at a time. "
                + "Default: half of the machine's.", valueName: "size"))
    var maxMemory: MemorySize?

    @Option(help: "The language of the report: en or zh.")
    var language = Language.english

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    @OptionGroup var compute: ComputeOptions

    @Flag(name: .shortAndLong, help: "Print no progress.")
    var quiet = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        try compute.validate()
        try maxMemory?.check()
        guard (1...100_000).contains(batchSize) else {
            throw ValidationError("--batch-size must be from 1 to 100,000, not \(batchSize).")
        }
    }

    func run() throws {
        if let saved = try SavedTask(contentsOf: model, compute: compute) {
            guard encoding == nil else {
                throw Failure.usage("--encoding is not for trained tasks; data.encoding in the task file says it")
            }
            guard target == nil else {
                throw Failure.usage("--target is not for trained tasks, and \(model) is one, which knows its targets")
            }
            return try measure(saved)
        }
        let ofTasks = [
            ("--slices", slices != nil), ("--sensitive", !sensitive.isEmpty), ("--max-memory", maxMemory != nil),
        ]
        if let flag = ofTasks.first(where: \.1)?.0 {
            throw Failure.usage("\(flag) is for trained tasks ('wright train run.yaml'), and \(model) is none")
        }
        if let saved = try SavedTextModel(contentsOf: model) { return try measure(saved) }
        guard encoding == nil else { throw Failure.usage("--encoding is for models of texts, and \(model) reads none") }
        let saved = try SavedModel(contentsOf: model)
        let source = try DataSource.open(
            data, .init(target: target, expected: saved.input, labels: saved.labels))
        let part = try part.chosen(from: source)
        let measurement = try Measurement(
            of: saved, on: part, source: source, batchSize: batchSize, compute: compute,
            mistakes: report == nil ? 0 : 48)
        if let report {
            let page = ReportBuilder(
                folder: model, model: saved, source: source, part: part, measurement: measurement,
                say: language)
            try AtomicFile.write(Array(page.html().text.utf8), to: report)
            if !quiet { Output.message("report written to \(report)") }
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
        if measurement.report.dropped > 0 { Output.message("note: \(data): \(measurement.report)") }
        if let report {
            try AtomicFile.write(Array(measurement.page(language).text.utf8), to: report)
            if !quiet { Output.message("report written to \(report)") }
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
            let page = try TextReport(folder: model, measurement: measurement, say: language).html()
            try AtomicFile.write(Array(page.text.utf8), to: report)
            if !quiet { Output.message("report written to \(report)") }
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
    /// The test part where there is one, else everything; what stands when nothing is typed.
    case measured = "default"

    static var allValueStrings: [String] { ["test", "train", "all"] }

    func chosen(from source: DataSource) throws -> DataSource.Part {
        switch self {
        case .measured: return source.measured
        case .train: return source.training
        case .all:
            guard let test = source.test else { return source.training }
            return DataSource.Part(joining: source.training, test)
        case .test:
            guard let test = source.test else {
                throw Failure.usage("\(source.description) sets no test part apart; leave out --part or use --part all")
            }
            return test
        }
    }
}
