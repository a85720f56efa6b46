import ArgumentParser
import Wright
import WrightTasks

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Look at data before it is learned from.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what would spoil a model: duplicates, leaks, shifts, outliers, personal data.",
            discussion: """
                DATA is a table (delimited text, JSON, ARFF, SQLite), a folder of images, or a task file, whose columns, \
                cleaning rules and split count then. Each finding says where, how much of the data it is about, and what \
                to do. With --strict the exit status is 5 when anything is serious.

                  wright data check customers.csv --target churn --against customers-test.csv
                  wright data check run.yaml --json
                """)

        @Argument(help: ArgumentHelp("A table, a folder of images or a task file.", valueName: "data"))
        var data: String

        @Option(help: ArgumentHelp("A column to be predicted; may be given several times.", valueName: "column"))
        var target: [String] = []

        @Option(
            help: ArgumentHelp(
                "Other rows, such as those for testing: are they the same, or of another kind? May be given several times.",
                valueName: "file"))
        var against: [String] = []

        @OptionGroup(title: "How tables are read") var reading: TableOptions

        @Flag(help: "End with status 5 when anything is serious.")
        var strict = false

        @Flag(help: "Print the findings as JSON.")
        var json = false

        func run() throws {
            let (report, document) = try check()
            if json { Output.result(document) } else { Output.result(DataFindings.text(report, data)) }
            if strict, report.count(.error) > 0 {
                throw Failure.refused(
                    "\(data): \(report.count(.error).counted("serious finding")), and --strict was given")
            }
        }

        /// The rows of a file, or so many of them as fit into half of the memory.
        private static func table(_ path: String, _ config: DataConfig) throws -> TaskTable {
            let most = Machine.memory.map { TaskRun.tableBytes(within: $0.total / 2) } ?? .max
            let table = try TaskTable(paths: [path], config, maximumBytes: most)
            if table.total > table.count {
                Output.message(
                    "note: \(path): \(table.count.grouped) of \(table.total.grouped) rows, drawn by lot, are looked at")
            }
            return table
        }

        private func check() throws -> (DataReport, JSON) {
            if TaskJob.isTask(data) {
                guard target.isEmpty, !reading.isGiven else {
                    throw Failure.usage(
                        "\(data) is a task file and says itself what is predicted and how tables are read")
                }
                var run = TaskRun(try TaskConfig(file: data), file: data, on: CPUBackend(threads: 1))
                run.maximumMemory = Machine.memory.map { $0.total / 2 }
                run.say = Output.message
                let config = run.config.data
                return try run.check(against: against.map { try Self.table($0, config) })
            }
            if FileAccess.isFolder(data) { return try images() }
            let config = try reading.config(path: data)
            let tables = try ([data] + against).map { try Self.table($0, config) }
            for name in target where tables[0].column(name) == nil {
                throw Failure.usage(
                    "\(data) has no column \(name.readable).\(Suggestion.text(for: name, among: tables[0].columns))")
            }
            let names = [data] + against
            let parts = zip(names, tables).map { name, table in
                TablePart(
                    name, columns: table.columns, fields: table.columns.map { table.column($0)! }, lines: table.lines)
            }
            for note in tables.flatMap(\.notes) { Output.message("note: \(note)") }
            let report = DataCheck(targets: target).report(parts)
            return (report, report.json)
        }

        /// A folder of pictures, or of `train` and `test`, and other folders beside it.
        private func images() throws -> (DataReport, JSON) {
            guard target.isEmpty, !reading.isGiven else {
                throw Failure.usage("\(data) is a folder of images: only --against, --strict and --json mean something")
            }
            let inner = Set(try FileAccess.entries(of: data).filter(\.isFolder).map(\.name))
            let own =
                inner.contains("train")
                ? ["train", "validation", "val", "test"].filter(inner.contains).map {
                    (name: $0, path: "\(data)/\($0)")
                }
                : [(name: data, path: data)]
            let parts = try (own + against.map { (name: $0, path: $0) }).map { part in
                (name: part.name, folder: try ImageFolder(part.path))
            }
            let report = try ImageCheck().report(parts, workers: Machine.cores)
            return (report, report.json)
        }
    }
}

/// How a table is read that no task file speaks of.
struct TableOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The names of the columns, with commas between them, of a table without a header.", valueName: "names"))
    var columns: String?

    @Option(help: ArgumentHelp("What stands between fields. Default: found out.", valueName: "character"))
    var delimiter: String?

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    @Option(help: ArgumentHelp("The table of a database that holds several.", valueName: "name"))
    var table: String?

    var isGiven: Bool { columns != nil || delimiter != nil || encoding != nil || table != nil }

    /// As a task file would say it.
    func config(path: String) throws -> DataConfig {
        var config = DataConfig()
        config.path = path
        config.columns = columns.map { $0.split(separator: ",").map(String.init) }
        config.delimiter = delimiter == "\\t" ? "\t" : delimiter
        config.table = table
        config.encoding = encoding
        if let problem = config.contradictions.first {
            throw Failure.usage("--\(problem.setting) \(Language.ofEnvironment()(problem.message.phrase))")
        }
        return config
    }
}
