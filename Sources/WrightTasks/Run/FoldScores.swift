import WrightGraph
public import WrightRuntime
import WrightTrain

/// What the networks of a cross-validation are worth one by one, each on the rows that it did not learn from: how much the
/// result depends on which rows those were.
public struct FoldScores: Sendable {
    /// One metric over the folds that have a value of it.
    public struct Score: Hashable, Sendable {
        /// By scikit-learn's name.
        public let name: String
        public let values: [Double]

        public var mean: Double { values.reduce(0, +) / Double(values.count) }

        /// The standard deviation of a sample; 0 of one value.
        public var deviation: Double {
            guard values.count > 1 else { return 0 }
            let mean = mean
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
    }

    public private(set) var outputs: [(name: String, scores: [Score])]

    init(
        of model: TaskModel, _ held: [(rows: [Int], averages: Buffer)], _ task: PreparedTask, say: (Phrase) -> Void
    ) throws {
        var measured: [TaskEvaluation] = []
        for (number, fold) in held.enumerated() {
            do {
                measured.append(
                    try model.measured(fold.averages, task.answers, rows: fold.rows, lines: task.table.lines))
            } catch let problem as FeatureProblem {
                // A rare answer may have no row in a fold.
                say(
                    .note(
                        Phrase(
                            "fold \(number + 1) is left out of the spread over folds: \(problem)",
                            "各折的离散程度未计入第 \(number + 1) 折：\(problem)")))
            }
        }
        outputs = model.config.outputs.enumerated().map { place, output in
            let all = measured.map { $0.outputs[place].values }
            let names = all.first?.map(\.name) ?? []
            let scores = names.compactMap { name -> Score? in
                let values = all.compactMap { $0.first { $0.name == name }?.value }.filter(\.isFinite)
                return values.isEmpty ? nil : Score(name: name, values: values)
            }
            return (output.name, scores)
        }
    }

    /// `{OUTPUT: {METRIC: {"mean", "std", "values"}}}`.
    public var json: JSON {
        var object = JSON.Object()
        for (name, scores) in outputs {
            var metrics = JSON.Object()
            for score in scores {
                metrics[score.name] = [
                    "mean": .number(score.mean), "std": .number(score.deviation),
                    "values": .array(score.values.map(JSON.number)),
                ]
            }
            object[name] = .object(metrics)
        }
        return .object(object)
    }
}
