import ArgumentParser
import Wright
import WrightTasks

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Find the settings with which a task learns best.",
        discussion: """
            Trains the task of FILE again and again with other settings and measures it on rows that are held out of training, \
            never on those for the test. The task's own 'tune' section says what to try; without one, ranges that suit \
            its kind of network:

              tune:
                trials: 40
                search: mixed   # or random, halving, bayes
                space:
                  train.learning_rate: {log: [0.0001, 0.01]}
                  model.hidden: {choice: [32, 64, 128]}
                  model.dropout: {range: [0, 0.5], step: 0.1}

              wright tune run.yaml --output search --max-time 20m
              wright tune run.yaml --output search --resume --trials 80
              wright train search/best.yaml --output churn

            The folder gets a line for each trial in trials.jsonl, also for those that fail, and best.yaml, the task with the \
            best settings.
            """)

    @Argument(help: ArgumentHelp("The task file.", valueName: "file"))
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the search.", valueName: "folder"))
    var output: String

    @Option(help: ArgumentHelp("How often to train. Default: what the task says, else 40.", valueName: "n"))
    var trials: Int?

    @Option(help: ArgumentHelp("Time for all trials together, such as 90s, 15m or 2h.", valueName: "time"))
    var maxTime: TimeLength?

    @Flag(help: "Go on with the search in --output; it comes out as one that was never stopped.")
    var resume = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting in the place of the file's, such as train.folds=3.", valueName: "key=value"))
    var settings: [TaskOverride] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Threads to compute with. Default: as in training.", valueName: "n"))
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Print no progress.")
    var quiet = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    /// Trials that people are shown.
    private static let shown = 10

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024, not \(threads).")
        }
        if let trials, trials < 1 { throw ValidationError("--trials must be at least 1, not \(trials).") }
    }

    func run() throws {
        guard resume || !TuneRun.exists(in: output) else {
            throw Failure.usage("\(output) holds a search already. Choose another --output, or go on with --resume")
        }
        let config = try TaskConfig(file: file, overrides: settings.map { ($0.path, $0.value) })
        let backend = CPUBackend(threads: threads ?? (config.usesThreads ? nil : 1))
        var search = try TuneRun(
            file: file, overrides: settings.map { ($0.path, $0.value) }, folder: output, on: backend)
        search.trials = trials
        search.maximumSeconds = maxTime?.seconds
        search.maximumMemory = Machine.memory.map { $0.total / 2 }
        search.interruption = .onSignals()
        let isQuiet = quiet
        search.say = { if !isQuiet { Output.message($0) } }
        let result = try search.run()
        if json { Output.result(result.json) } else { Output.result(text(result)) }
    }

    private func score(_ trial: TuneTrial) -> String {
        guard let score = trial.score else { return "failed" }
        return score.short + (trial.deviation.map { " ± \($0.short)" } ?? "")
    }

    private func text(_ result: TuneRun.Result) -> String {
        let shown = result.ranked.prefix(Self.shown)
        let rows = (Array(shown) + result.ranked.dropFirst(Self.shown).filter { $0.number == 0 }).map { trial in
            [
                "\(trial.number + 1)", score(trial), (100 * trial.budget).fixed(0) + " %",
                trial.seconds.clock, trial.error ?? TuneRun.words(trial),
            ]
        }
        let failed = result.ranked.count { $0.score == nil }
        let count = result.ranked.count.counted("trial") + (failed > 0 ? ", \(failed) failed" : "")
        let table = Output.table(
            [["trial", result.metric, "epochs", "time", "settings"]] + rows, rightAligned: [0, 1, 2, 3])
        return """
            \(table)

            ± is the spread over folds: scores that differ by much less may be alike.
            \(count); the best is in \(result.bestFile)
            next  wright train \(result.bestFile) --output MODEL
            """
    }
}
