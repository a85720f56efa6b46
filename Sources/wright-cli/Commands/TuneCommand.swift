import ArgumentParser
import Wright
import WrightTasks

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: say("Find the settings with which a task learns best.", "搜索使任务学得最好的设置。"),
        discussion: say(
            """
            Trains the task of FILE again and again with other settings and measures it on rows that are held out of training, \
            never on those for the test. The task's own 'tune' section says what to try; without one, ranges that suit \
            its kind of network:

            \(examples)

            The folder gets a line for each trial in trials.jsonl, also for those that fail, and best.yaml, the task with the \
            best settings.
            """,
            """
            用不同的设置反复训练 FILE 中的任务，在不参与训练的行上评估，绝不使用测试行。任务中的 'tune' 一节写明尝试什么；\
            没有这一节时，使用适合其网络种类的范围：

            \(examples)

            该文件夹的 trials.jsonl 中每次试验占一行（失败的也算），best.yaml 是采用最佳设置的任务。
            """))

    private static let examples = """
          tune:
            trials: 40
            search: mixed   # random | halving | bayes
            space:
              train.learning_rate: {log: [0.0001, 0.01]}
              model.hidden: {choice: [32, 64, 128]}
              model.dropout: {range: [0, 0.5], step: 0.1}

          wright tune run.yaml --output search --max-time 20m
          wright tune run.yaml --output search --resume --trials 80
          wright train search/best.yaml --output churn
        """

    @Argument(help: ArgumentHelp("The task file.", "任务文件。", valueName: "file"))
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the search.", "搜索所用的文件夹。", valueName: "folder"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "How often to train. Default: what the task says, else 40.", "训练的次数。默认：任务中的设置，否则为 40。", valueName: "n"))
    var trials: Int?

    @Option(
        help: ArgumentHelp(
            "Time for all trials together, such as 90s, 15m or 2h.", "所有试验的总时间，如 90s、15m 或 2h。", valueName: "time"))
    var maxTime: TimeLength?

    @Flag(
        help: ArgumentHelp(
            "Go on with the search in --output; it comes out as one that was never stopped.",
            "继续 --output 中的搜索；结果与从未中断相同。"))
    var resume = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting in the place of the file's, such as train.folds=3.", "替换文件中的一项设置，如 train.folds=3。",
            valueName: "key=value"))
    var settings: [TaskOverride] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Threads to compute with. Default: as in training.", "计算所用的线程数。默认：与训练相同。", valueName: "n"))
    var threads: Int?

    @OptionGroup var speech: SpeechOptions

    @Flag(name: .shortAndLong, help: ArgumentHelp("Print no progress.", "不输出进度。"))
    var quiet = false

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    /// Trials that people are shown.
    private static let shown = 10

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw Failure.usage(.outOfBounds("--threads", .between(1, 1024), threads))
        }
        if let trials, trials < 1 { throw Failure.usage(.outOfBounds("--trials", .atLeast(1), trials)) }
    }

    func run() throws {
        guard resume || !TuneRun.exists(in: output) else {
            throw Failure.usage(Message(.outputHoldsSearch, output))
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
        guard let score = trial.score else { return say("failed", "失败") }
        return score.short + (trial.deviation.map { " ± \($0.short)" } ?? "")
    }

    private func text(_ result: TuneRun.Result) -> String {
        let shown = result.ranked.prefix(Self.shown)
        let rows = (Array(shown) + result.ranked.dropFirst(Self.shown).filter { $0.number == 0 }).map { trial in
            [
                "\(trial.number + 1)", score(trial), (100 * trial.budget).fixed(0) + " %",
                trial.seconds.clock, trial.error ?? Language.spoken(TuneRun.words(trial)),
            ]
        }
        let failed = result.ranked.count { $0.score == nil }
        let count = Language.spoken(
            .counted(result.ranked.count, "trial", "次试验")
                + (failed > 0 ? Phrase(", \(failed) failed", "，\(failed) 次失败") : Phrase("")))
        let table = Output.table(
            [
                [
                    say("trial", "试验"), result.metric, say("epochs", "轮数"), say("time", "用时"), say("settings", "设置"),
                ]
            ] + rows, rightAligned: [0, 1, 2, 3])
        return """
            \(table)

            \(say(
                "± is the spread over folds: scores that differ by much less may be alike.",
                "± 为各折间的标准差：相差远小于它的分数可视为相同。"))
            \(count)\(say("; the best is in", "；最佳设置在")) \(result.bestFile)
            \(say("next", "下一步"))  wright train \(result.bestFile) --output MODEL
            """
    }
}
