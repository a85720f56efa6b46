import ArgumentParser
import Wright
import WrightTasks

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: say("Look at data before it is learned from.", "在学习之前检视数据。"),
        subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: say(
                "Find what would spoil a model: duplicates, leaks, shifts, outliers, personal data.",
                "找出会损害模型的问题：重复、泄漏、分布偏移、异常值、个人信息。"),
            discussion: say(
                """
                DATA is a table (delimited text, JSON, ARFF, SQLite), a folder of images, or a task file, whose columns, \
                cleaning rules and split count then. Each finding says where, how much of the data it is about, and what \
                to do. With --strict the exit status is 5 when anything is serious.

                  wright data check customers.csv --target churn --against customers-test.csv
                  wright data check run.yaml --json
                """,
                """
                DATA 可以是表（分隔文本、JSON、ARFF、SQLite）、图像文件夹，或任务文件（按其中的列、清洗规则和划分检查）。\
                每条发现都说明位置、涉及多少数据以及如何处理。带 --strict 时，若有严重问题则以状态码 5 退出。

                  wright data check customers.csv --target churn --against customers-test.csv
                  wright data check run.yaml --json
                """))

        @Argument(help: ArgumentHelp("A table, a folder of images or a task file.", "表、图像文件夹或任务文件。", valueName: "data"))
        var data: String

        @Option(
            help: ArgumentHelp(
                "A column to be predicted; may be given several times.", "要预测的列；可多次给出。", valueName: "column"))
        var target: [String] = []

        @Option(
            help: ArgumentHelp(
                "Other rows, such as those for testing: are they the same, or of another kind? May be given several times.",
                "另外的行，如测试用的行：是否重复，分布是否不同？可多次给出。",
                valueName: "file"))
        var against: [String] = []

        @OptionGroup(title: say("How tables are read", "如何读取表")) var reading: TableOptions

        @Flag(help: ArgumentHelp("End with status 5 when anything is serious.", "有严重问题时以状态码 5 退出。"))
        var strict = false

        @OptionGroup var speech: SpeechOptions

        @Flag(help: ArgumentHelp("Print the findings as JSON.", "以 JSON 格式输出发现。"))
        var json = false

        func run() throws {
            let (report, document) = try check()
            if json { Output.result(document) } else { Output.result(DataFindings.text(report, data)) }
            if strict, report.count(.error) > 0 {
                throw Failure(
                    status: .refused,
                    message: Message(
                        .seriousFindings, data, Phrase.counted(report.count(.error), "serious finding", "个严重问题")))
            }
        }

        /// The rows of a file, or so many of them as fit into half of the memory.
        private static func table(_ path: String, _ config: DataConfig) throws -> TaskTable {
            let most = Machine.memory.map { TaskRun.tableBytes(within: $0.total / 2) } ?? .max
            let table = try TaskTable(paths: [path], config, maximumBytes: most)
            if table.total > table.count {
                Output.note(
                    "\(path): \(table.count.grouped) of \(table.total.grouped) rows, drawn by lot, are looked at",
                    "\(path)：从 \(table.total.grouped) 行中随机抽取 \(table.count.grouped) 行检查")
            }
            return table
        }

        private func check() throws -> (DataReport, JSON) {
            if TaskJob.isTask(data) {
                guard target.isEmpty, !reading.isGiven else {
                    throw Failure.usage(Message(.tableOfTaskFile, data))
                }
                var run = TaskRun(try TaskConfig(file: data), file: data, on: CPUBackend(threads: 1))
                run.maximumMemory = Machine.memory.map { $0.total / 2 }
                run.say = { Output.message($0) }
                let config = run.config.data
                return try run.check(against: against.map { try Self.table($0, config) })
            }
            if FileAccess.isFolder(data) { return try images() }
            let config = try reading.config(path: data)
            let tables = try ([data] + against).map { try Self.table($0, config) }
            for name in target where tables[0].column(name) == nil {
                throw Failure.usage(.noColumn(name, in: data, among: tables[0].columns))
            }
            let names = [data] + against
            let parts = zip(names, tables).map { name, table in
                TablePart(
                    name, columns: table.columns, fields: table.columns.map { table.column($0)! }, lines: table.lines)
            }
            for note in tables.flatMap(\.notes) { Output.message(.note(note)) }
            let report = DataCheck(targets: target).report(parts)
            return (report, report.json)
        }

        /// A folder of pictures, or of `train` and `test`, and other folders beside it.
        private func images() throws -> (DataReport, JSON) {
            guard target.isEmpty, !reading.isGiven else {
                throw Failure.usage(Message(.notForImages, data))
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
            "The names of the columns, with commas between them, of a table without a header.",
            "没有表头的表的列名，以逗号分隔。", valueName: "names"))
    var columns: String?

    @Option(
        help: ArgumentHelp(
            "What stands between fields. Default: found out.", "字段之间的分隔符。默认：自动识别。", valueName: "character"))
    var delimiter: String?

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    @Option(help: ArgumentHelp("The table of a database that holds several.", "数据库中有多张表时，要读的表名。", valueName: "name"))
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
            throw Failure.usage(Message(.tableOption, "--\(problem.setting)", problem.message.phrase))
        }
        return config
    }
}
