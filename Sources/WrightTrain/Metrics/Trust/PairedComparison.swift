public import WrightRuntime
import WrightGraph

/// Whether one model is better than another on the same examples, or only luckier.
///
/// Both models are measured on the same bootstrap draws, so that what makes examples easy or hard cancels out (Koehn,
/// *Statistical Significance Tests for Machine Translation Evaluation*, 2004).
public struct PairedComparison: Hashable, Sendable {
    /// A model's name and what it said.
    public struct Model: Sendable {
        public var name: String
        public var predictions: Predictions

        public init(_ name: String, _ predictions: Predictions) {
            self.name = name
            self.predictions = predictions
        }
    }

    /// The value that was compared.
    public let goal: Trainer.Monitor
    public let first: String
    public let second: String
    public let firstValue: Double
    public let secondValue: Double
    /// The second value minus the first.
    public let difference: Bootstrap.Interval
    /// How often chance alone gives a difference like this, in either direction.
    public let probability: Double
    public let confidence: Double

    /// - Parameters:
    ///   - goal: the value of `metric` that decides, and whether it should be low or high.
    ///   - metric: holds nothing yet.
    /// - Throws: ``MetricError`` when the models were not measured on the same examples, or `metric` has no such value.
    public init(
        _ first: Model, _ second: Model, goal: Trainer.Monitor, metric: any Metric,
        bootstrap: Bootstrap = Bootstrap()
    ) throws(MetricError) {
        try first.checkPair(second)
        func value(_ predictions: Predictions) throws(MetricError) -> Double {
            let values = try Bootstrap.measure([metric], predictions)
            guard let value = values.first(where: { $0.name == goal.metric }) else {
                throw .examples(
                    metric: "comparison",
                    reason: Phrase("there is no value \(goal.metric); there are ", "没有指标 \(goal.metric)；现有：")
                        + values.map(\.name).phrase)
            }
            return value.value
        }
        let (one, two) = (try value(first.predictions), try value(second.predictions))
        var differences: [Double] = []
        for replicate in 0..<bootstrap.replicates {
            let places = bootstrap.examples(of: first.predictions.count, replicate: replicate)
            let drawn =
                try value(second.predictions.examples(at: places)) - value(first.predictions.examples(at: places))
            if !drawn.isNaN { differences.append(drawn) }
        }
        differences = bootstrap.narrowed(differences, around: two - one, examples: first.predictions.count)
        let (below, above) = (differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
        self.goal = goal
        (self.first, self.second) = (first.name, second.name)
        (firstValue, secondValue) = (one, two)
        difference = bootstrap.interval(of: MetricValue(goal.metric, two - one), drawn: differences)
        probability = min(1, 2 * Double(min(below, above) + 1) / Double(differences.count + 1))
        confidence = bootstrap.confidence
    }

    /// Whether chance explains the difference too rarely to be believed.
    public var isSignificant: Bool { probability < 1 - confidence }

    /// The finding, for people.
    public var sentence: Phrase {
        let (low, high, share) = (difference.low.fixed(4), difference.high.fixed(4), (confidence * 100).fixed(0))
        let numbers = Phrase(
            "\(goal.metric) \(firstValue.fixed(4)) and \(secondValue.fixed(4)), difference \(difference.value.fixed(4)) "
                + "(\(share) % interval \(low) to \(high), p = \(probability.fixed(3)))",
            "\(goal.metric) 分别为 \(firstValue.fixed(4)) 与 \(secondValue.fixed(4))，相差 \(difference.value.fixed(4))"
                + "（\(share)% 置信区间 \(low) 至 \(high)，p = \(probability.fixed(3))）")
        guard isSignificant else {
            return Phrase(
                "No significant difference between \(first) and \(second): \(numbers.english). Chance alone may explain it; "
                    + "more test examples would tell.",
                "\(first) 与 \(second) 没有显著差异：\(numbers.chinese)。可能只是偶然；需要更多测试样本才能判断。")
        }
        let better = goal.isBetter(secondValue, than: firstValue) ? (second, first) : (first, second)
        return Phrase(
            "\(better.0) is better than \(better.1): \(numbers.english).",
            "\(better.0) 优于 \(better.1)：\(numbers.chinese)。")
    }
}

/// Whether two classifiers are wrong equally often, from the examples that only one of them gets right: exact binomial
/// test (McNemar, *Note on the sampling error of the difference between correlated proportions*, 1947).
public struct McNemarTest: Hashable, Sendable {
    /// How many examples only the first, and only the second, got right.
    public let onlyFirst: Int
    public let onlySecond: Int

    public init(onlyFirst: Int, onlySecond: Int) {
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
    }

    /// - Throws: ``MetricError`` when the models were not measured on the same examples or know other classes.
    public init(_ first: PairedComparison.Model, _ second: PairedComparison.Model, classes: Int) throws(MetricError) {
        try first.checkPair(second)
        func right(_ predictions: Predictions) throws(MetricError) -> [Bool] {
            var right: [Bool] = []
            try predictions.forEachExample(of: "McNemar's test", classes: classes) { probabilities, label in
                right.append(probabilities.indexOfMaximum == label)
            }
            return right
        }
        let pairs = zip(try right(first.predictions), try right(second.predictions))
        self.init(onlyFirst: pairs.count { $0 && !$1 }, onlySecond: pairs.count { !$0 && $1 })
    }

    /// How often chance alone gives counts as unequal as these, in either direction.
    public var probability: Double {
        let total = onlyFirst + onlySecond
        // ln of (total over k) / 2^total, one k after the other.
        var logarithm = -Double(total) * 0.693_147_180_559_945_3
        var sum = SystemCalls.exponential(logarithm)
        for k in 0..<min(onlyFirst, onlySecond) {
            logarithm += SystemCalls.naturalLogarithm(Double(total - k) / Double(k + 1))
            sum += SystemCalls.exponential(logarithm)
        }
        return min(1, 2 * sum)
    }
}

extension PairedComparison.Model {
    fileprivate func checkPair(_ other: Self) throws(MetricError) {
        guard predictions.count == other.predictions.count,
            predictions.targets.doubles == other.predictions.targets.doubles
        else {
            throw .examples(
                metric: "comparison",
                reason: Phrase(
                    "\(name) and \(other.name) were not measured on the same examples in the same order; "
                        + "evaluate both on one file",
                    "\(name) 和 \(other.name) 不是按相同顺序在相同样本上测得的；请在同一个文件上评估两者"))
        }
    }
}
