import ArgumentParser
import Wright
import WrightTasks

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: say(
            "Say whether one trained task is better than another, or only luckier.", "判断一个训练好的任务是真的优于另一个，还是碰巧。"),
        discussion: say(
            """
            Both are measured on the same rows, which may have columns that only one of them reads. The difference of the \
            main metric comes with an interval and the probability that chance alone gives it (paired bootstrap); of classes \
            McNemar's test counts the rows that only one of them gets right.

              wright compare churn churn-without-contract --data new-customers.csv
            """,
            """
            两者在相同的行上评估；行中可以有只有其中一个使用的列。主要指标之差附有置信区间，以及纯属偶然的概率（配对自助法）；\
            对于类别，McNemar 检验统计只有一方答对的行。

              wright compare churn churn-without-contract --data new-customers.csv
            """))

    @Argument(help: ArgumentHelp("The folders of two trained tasks.", "两个训练好的任务的文件夹。", valueName: "model"))
    var models: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The rows to measure on.", "用于评估的行。", valueName: "file"))
    var data: String

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        try compute.validate()
        guard models.count == 2 else {
            throw Failure.usage(Message(.twoModels, models.count))
        }
    }

    func run() throws {
        let evaluations = try models.map { folder in
            guard let saved = try SavedTask(contentsOf: folder, compute: compute) else {
                throw Failure.usage(Message(.noTrainedTask, folder))
            }
            return try saved.model.evaluate(saved.table(data, isMeasured: true))
        }
        let comparisons = try evaluations[0].compared(as: models[0], with: evaluations[1], as: models[1])
        guard json else {
            return Output.result(comparisons.map { Language.spoken($0.sentence) }.joined(separator: "\n"))
        }
        var outputs = JSON.Object()
        for comparison in comparisons { outputs[comparison.output] = comparison.json }
        Output.result([
            "first": .string(models[0]), "second": .string(models[1]), "data": .string(data),
            "outputs": .object(outputs),
        ])
    }
}
