import WrightData
import WrightGraph
public import WrightRuntime
import WrightTrain

/// Whether a model does what its task asks for, one demand each.
public struct GoalVerdict: Hashable, Sendable {
    public var isMet: Bool
    /// What was measured and what was asked for, a sentence without a full stop.
    public var text: Phrase
    /// The value that was judged.
    public var value: Double

    var json: JSON { ["met": .bool(isMet), "text": .string(text.english), "value": .number(value)] }
}

extension TaskRun {
    /// Finds what is wrong with the goal before anything is trained.
    func checkGoal(_ outputs: [any OutputFeature], _ table: TaskTable) throws {
        let goal = config.goal
        var problems = ConfigProblems(file: file)
        let feature = outputs[goalPlace]
        let metrics = feature.metrics.flatMap(\.values).map(\.name)
        if let metric = goal.metric, !metrics.contains(metric) {
            problems.add(
                .program, "goal.metric",
                Message(
                    .noSuchMetric, config.outputs[goalPlace].name.readable, metric.readable,
                    Suggestion.phrase(for: metric, among: metrics), metrics))
        }
        if let problem = feature.problem(with: goal) { problems.add(.program, "goal", problem) }
        for name in goal.sensitive where !table.columns.contains(name) {
            problems.add(.program, "goal.sensitive", table.missingColumn(name))
        }
        try problems.check()
    }

    /// Which output is meant.
    var goalPlace: Int { config.goal.output.flatMap { name in config.outputs.firstIndex { $0.name == name } } ?? 0 }

    /// What the task asks for, held against what was measured.
    func verdicts(
        _ model: TaskModel, _ validation: TaskEvaluation?, _ test: TaskEvaluation?, _ table: TaskTable
    ) throws -> [GoalVerdict] {
        let goal = config.goal
        var verdicts: [GoalVerdict] = []
        let measured =
            test.map { ($0, Phrase("rows for testing", "测试集")) }
            ?? validation.map { ($0, Phrase("rows held out of training", "验证集")) }
        if let metric = goal.metric, let (evaluation, rows) = measured,
            let value = evaluation.outputs[goalPlace].values.first(where: { $0.name == metric })?.value
        {
            let output = config.outputs[goalPlace].name.readable
            let found = Phrase(
                "\(metric) of \(output) is \(value.short) on \(rows.english)",
                "\(output) 的 \(metric) 在\(rows.chinese)上为 \(value.short)")
            if let least = goal.atLeast {
                verdicts.append(
                    GoalVerdict(
                        isMet: value >= least,
                        text: found + Phrase(", and at least \(least.short) was asked for", "，目标为不低于 \(least.short)"),
                        value: value)
                )
            }
            if let most = goal.atMost {
                verdicts.append(
                    GoalVerdict(
                        isMet: value <= most,
                        text: found + Phrase(", and at most \(most.short) was asked for", "，目标为不高于 \(most.short)"),
                        value: value))
            }
        }
        if let limit = goal.latency {
            let milliseconds = try PredictionLatency(of: model, on: table).ninetyNinth
            verdicts.append(
                GoalVerdict(
                    isMet: milliseconds < limit,
                    text: Phrase(
                        "99 of 100 predictions of one row take at most \(milliseconds.short) ms, and less than "
                            + "\(limit.short) ms was asked for",
                        "单行预测的第 99 百分位耗时为 \(milliseconds.short) 毫秒，目标为低于 \(limit.short) 毫秒"), value: milliseconds))
        }
        return verdicts
    }
}
