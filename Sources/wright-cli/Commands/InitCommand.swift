import ArgumentParser
import Wright
import WrightTasks

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a task file for a table: what to predict from which columns.",
        discussion: """
            Looks at the columns and writes a file that says what each holds, with the reasons in comments. Read it, change \
            what is not right, and train:

              wright init customers.csv --target churn -o run.yaml
              wright train run.yaml --output churn
              wright evaluate churn --data new-customers.csv --json
              wright predict churn --data new-customers.csv -o predictions.csv
            """)

    @Argument(help: ArgumentHelp("A table: delimited text, JSON, ARFF, SQLite, plain or gzip.", valueName: "data"))
    var data: String

    @Option(help: ArgumentHelp("A column to predict; may be given several times.", valueName: "column"))
    var target: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The task file to write. Default: print it.", valueName: "file"))
    var output: String?

    @OptionGroup(title: "How the table is read") var reading: TableOptions

    /// Of more rows so many are looked at, taken by lot.
    private static let maximumRows = 100_000

    @Flag(help: "Take the place of the file that --output names.")
    var overwrite = false

    func run() throws {
        guard !target.isEmpty else { throw Failure.usage("--target names the column to predict") }
        if let output, !overwrite, FileAccess.exists(output) {
            throw Failure.usage(
                "\(output) is there already. Choose another --output, or take its place with --overwrite")
        }
        var config = try reading.config(path: data)
        let table = try TaskTable(paths: [data], config, limit: Self.maximumRows)
        // What was guessed is written down, so that every later run reads the same.
        config.encoding = config.encoding ?? table.guessedEncoding
        let text = try InitialTask.text(table, path: path, targets: target, data: config)
        guard let output else { return Output.result(String(text.dropLast())) }
        try AtomicFile.write(Array(text.utf8), to: output)
        for note in table.notes { Output.message("note: \(note)") }
        Output.message("\(output) written; next: wright train \(output) --output MODEL")
    }

    /// The data as the task file has to call it: from its own folder.
    private var path: String {
        guard let output, !data.hasPrefix("/") else { return data }
        return FileAccess.path(data, from: FileAccess.folder(of: output))
    }
}
