import ArgumentParser
import Wright
import WrightTasks

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: say("Write a task file for a table: what to predict from which columns.", "为表生成任务文件：由哪些列预测什么。"),
        discussion: say(
            """
            Looks at the columns and writes a file that says what each holds, with the reasons in comments. Read it, change \
            what is not right, and train:

            \(examples)
            """,
            """
            查看各列，写出说明每列内容的文件，理由写在注释里。读一遍，改掉不对的地方，然后训练：

            \(examples)
            """))

    private static let examples = """
          wright init customers.csv --target churn -o run.yaml
          wright train run.yaml --output churn
          wright evaluate churn --data new-customers.csv --json
          wright predict churn --data new-customers.csv -o predictions.csv
        """

    @Argument(
        help: ArgumentHelp(
            "A table: delimited text, JSON, ARFF, SQLite, plain or gzip.", "表：分隔文本、JSON、ARFF、SQLite，可用 gzip 压缩。",
            valueName: "data"))
    var data: String

    @Option(help: ArgumentHelp("A column to predict; may be given several times.", "要预测的列；可多次给出。", valueName: "column"))
    var target: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The task file to write. Default: print it.", "要写出的任务文件。默认：输出到屏幕。", valueName: "file"))
    var output: String?

    @OptionGroup(title: say("How the table is read", "如何读取表")) var reading: TableOptions

    /// Of more rows so many are looked at, taken by lot.
    private static let maximumRows = 100_000

    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Take the place of the file that --output names.", "覆盖 --output 指定的文件。"))
    var overwrite = false

    func run() throws {

        if let output, !overwrite, FileAccess.exists(output) {
            throw Failure.usage(Message(.outputExists, output))
        }
        var config = try reading.config(path: data)
        let table = try TaskTable(paths: [data], config, limit: Self.maximumRows)
        // What was guessed is written down, so that every later run reads the same.
        config.encoding = config.encoding ?? table.guessedEncoding
        let text = try InitialTask.text(table, path: path, targets: target, data: config, say: .spoken)
        guard let output else { return Output.result(String(text.dropLast())) }
        try AtomicFile.write(Array(text.utf8), to: output)
        for note in table.notes { Output.message(.note(note)) }
        Output.message(
            Phrase(
                "\(output) written; next: wright train \(output) --output MODEL",
                "已写出 \(output)；下一步：wright train \(output) --output MODEL"))
    }

    /// The data as the task file has to call it: from its own folder.
    private var path: String {
        guard let output, !data.hasPrefix("/") else { return data }
        return FileAccess.path(data, from: FileAccess.folder(of: output))
    }
}
