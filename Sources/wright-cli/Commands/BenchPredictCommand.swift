import ArgumentParser
import Wright
import WrightTasks

struct BenchPredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: say("Time a trained task on one row after the other.", "测量训练好的任务逐行预测的耗时。"),
        discussion: say(
            """
            The time in this process from the fields of a row to its answer, as a server would spend it.

              wright bench predict churn --data customers.csv
            """,
            """
            本进程中由一行的字段得到答案所需的时间，与服务器所用的时间相同。

              wright bench predict churn --data customers.csv
            """))

    @Argument(
        help: ArgumentHelp(
            "The folder that 'wright train run.yaml' wrote.", "'wright train run.yaml' 写出的文件夹。", valueName: "model"))
    var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The rows to predict.", "要预测的行。", valueName: "file"))
    var data: String

    @Option(help: ArgumentHelp("How many predictions are timed.", "计时的预测次数。", valueName: "n"))
    var count = 3000

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        try compute.validate()
        guard count >= 1 else { throw Failure.usage(.outOfBounds("--count", .atLeast(1), count)) }
    }

    func run() throws {
        var compute = compute
        // One row is too little work to be shared.
        compute.threads = compute.threads ?? 1
        guard let saved = try SavedTask(contentsOf: model, compute: compute) else {
            throw Failure.usage(Message(.noTrainedTask, model))
        }
        let latency = try PredictionLatency(
            of: saved.model, on: saved.table(data, isMeasured: false), count: count)
        guard json else {
            return Output.result(
                Output.table([
                    [say("predictions", "预测次数"), latency.count.grouped],
                    [say("half within", "中位数"), "\(latency.median.short) ms"],
                    [say("99 of 100 within", "第 99 百分位"), "\(latency.ninetyNinth.short) ms"],
                    [say("longest", "最长"), "\(latency.longest.short) ms"],
                ]))
        }
        Output.result([
            "predictions": .integer(Int64(latency.count)), "milliseconds_median": .number(latency.median),
            "milliseconds_p99": .number(latency.ninetyNinth), "milliseconds_longest": .number(latency.longest),
        ])
    }
}
