import WrightGraph
public import WrightRuntime
public import WrightTrain

/// Whether one trained task is better than another at one output, on the same rows.
public struct TaskComparison: Sendable {
    public let output: String
    /// By the main metric.
    public let comparison: PairedComparison
    /// Of outputs of classes: which answers only one of them got right.
    public let disagreement: McNemarTest?
    /// Rows that both could measure.
    public let rows: Int

    /// - Throws: `MetricError`; ``FeatureProblem`` when the outputs are not of the same kind and classes.
    init(
        _ first: (name: String, output: TaskEvaluation.Output), _ second: (name: String, output: TaskEvaluation.Output)
    ) throws {
        let (one, other) = (first.output, second.output)
        guard let order = Self.order(of: other.feature.form, as: one.feature.form) else {
            throw FeatureProblem(
                .otherAnswers, first.name, second.name, one.name.readable, Self.words(one.feature.form),
                Self.words(other.feature.form))
        }
        let places = Dictionary(other.rows.enumerated().map { ($1, $0) }) { first, _ in first }
        let shared = one.rows.indices.filter { places[one.rows[$0]] != nil }
        let predictions = one.predictions.examples(at: shared)
        var compared = other.predictions.examples(at: shared.map { places[one.rows[$0]]! })
        if !order.isEmpty {
            compared = Predictions(outputs: Self.columns(compared.outputs, order), targets: predictions.targets)
        }
        let metric = one.feature.mainMetric
        let measure = one.feature.metrics.first { $0.values.contains { $0.name == metric } }!
        let pair = (
            PairedComparison.Model(first.name, predictions), PairedComparison.Model(second.name, compared)
        )
        output = one.name
        rows = shared.count
        comparison = try PairedComparison(
            pair.0, pair.1, goal: Trainer.Monitor(judging: metric), metric: measure,
            bootstrap: .bounded(examples: shared.count, width: one.feature.width, most: 1000))
        disagreement =
            if case .classes(let labels) = one.feature.form {
                try McNemarTest(pair.0, pair.1, classes: labels.count)
            } else { nil }
    }

    /// Where the first's classes are among the second's; empty where nothing has to move, nil where they differ.
    private static func order(of form: OutputForm, as wanted: OutputForm) -> [Int]? {
        switch (wanted, form) {
        case (.classes(let labels), .classes(let others)):
            guard labels.count == others.count else { return nil }
            let order = labels.compactMap { others.firstIndex(of: $0) }
            return order.count == labels.count ? order : nil
        case (.number, .number), (.other, .other): return []
        default: return nil
        }
    }

    private static func columns(_ probabilities: Buffer, _ order: [Int]) -> Buffer {
        let values = probabilities.array(of: Float.self)
        let moved = stride(from: 0, to: values.count, by: order.count).flatMap { start in
            order.map { values[start + $0] }
        }
        return Buffer(moved, shape: probabilities.shape)
    }

    private static func words(_ form: OutputForm) -> Phrase {
        switch form {
        case .classes(let labels):
            Phrase("\(labels.count) classes (", "\(labels.count) 个类别（") + labels.prefix(5).map(\.readable).phrase
                + Phrase(")", "）")
        case .number: Phrase("numbers", "数")
        case .other: Phrase("something else", "其他")
        }
    }

    /// The finding, for people.
    public var sentence: Phrase {
        let test = disagreement.map { test in
            let (first, second) = (test.onlyFirst.grouped, test.onlySecond.grouped)
            return Phrase(
                " Only \(comparison.first) is right in \(first) rows, only \(comparison.second) in \(second) (McNemar p = "
                    + "\(test.probability.fixed(3))).",
                "只有 \(comparison.first) 答对的有 \(first) 行，只有 \(comparison.second) 答对的有 \(second) 行（McNemar 检验 p = "
                    + "\(test.probability.fixed(3))）。")
        }
        return Phrase("\(output): ", "\(output)：") + comparison.sentence + (test ?? Phrase(""))
    }

    public var json: JSON {
        var object = JSON.Object()
        object["metric"] = .string(comparison.goal.metric)
        object["first"] = .number(comparison.firstValue)
        object["second"] = .number(comparison.secondValue)
        object["difference"] = .number(comparison.difference.value)
        object["interval"] = [.number(comparison.difference.low), .number(comparison.difference.high)]
        object["p_value"] = .number(comparison.probability)
        object["significant"] = .bool(comparison.isSignificant)
        object["rows"] = .integer(Int64(rows))
        if let disagreement {
            object["mcnemar"] = [
                "only_first": .integer(Int64(disagreement.onlyFirst)),
                "only_second": .integer(Int64(disagreement.onlySecond)), "p_value": .number(disagreement.probability),
            ]
        }
        object["sentence"] = .string(sentence.english)
        return .object(object)
    }
}

extension TaskEvaluation {
    /// Compares every output that both models have, measured on the same rows of one table.
    ///
    /// - Throws: ``FeatureProblem`` when they have none in common, or one that they answer differently; `MetricError`.
    public func compared(
        as name: String, with other: TaskEvaluation, as otherName: String
    ) throws -> [TaskComparison] {
        let pairs = outputs.compactMap { output in
            other.outputs.first { $0.name == output.name }.map { (output, $0) }
        }
        guard !pairs.isEmpty else {
            throw FeatureProblem(
                .nothingToCompare, name, outputs.map(\.name.readable), otherName, other.outputs.map(\.name.readable))
        }
        return try pairs.map { try TaskComparison((name, $0), (otherName, $1)) }
    }
}
