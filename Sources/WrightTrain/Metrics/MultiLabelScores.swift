import WrightGraph

/// How well several yes-or-no labels at once are found, as scikit-learn has it: `accuracy` is the share of examples whose
/// labels are all right, and labels without examples and without predictions have an F1 of 0.
public struct MultiLabelScores: Metric, Hashable {
    public let labels: Int
    /// Probabilities from here on are a yes.
    public let threshold: Double
    private var total = 0
    private var exact = 0
    private var hits: [Int]
    private var predicted: [Int]
    private var support: [Int]

    public init(labels: Int, threshold: Double = 0.5) {
        precondition(labels >= 1, "no labels cannot be scored")
        self.labels = labels
        self.threshold = threshold
        hits = [Int](repeating: 0, count: labels)
        predicted = hits
        support = hits
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        guard batch.outputs.dtype == .float32, batch.outputs.shape == [batch.count, labels] else {
            throw .outputs(
                metric: "multi-label scores", expected: "float32[n, \(labels)]", received: batch.outputs.type)
        }
        guard batch.targets.dtype == .float32, batch.targets.shape == batch.outputs.shape else {
            throw .targets(
                metric: "multi-label scores", expected: "\(batch.outputs.type)", received: batch.targets.type)
        }
        var next = self
        batch.outputs.withElements(of: Float.self) { outputs in
            batch.targets.withElements(of: Float.self) { targets in
                for example in 0..<batch.count {
                    var isExact = true
                    for label in 0..<labels {
                        let isFound = Double(outputs[example * labels + label]) >= threshold
                        let isTrue = targets[example * labels + label] >= 0.5
                        if isFound { next.predicted[label] += 1 }
                        if isTrue { next.support[label] += 1 }
                        if isFound, isTrue { next.hits[label] += 1 }
                        if isFound != isTrue { isExact = false }
                    }
                    if isExact { next.exact += 1 }
                }
            }
        }
        next.total += batch.count
        self = next
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard labels == other.labels, threshold == other.threshold else {
            throw .merge(metric: "multi-label scores", reason: "labels or thresholds differ")
        }
        total += other.total
        exact += other.exact
        for label in 0..<labels {
            hits[label] += other.hits[label]
            predicted[label] += other.predicted[label]
            support[label] += other.support[label]
        }
    }

    private static func f1(_ hits: Int, _ others: Int) -> Double { others == 0 ? 0 : Double(2 * hits) / Double(others) }

    public var values: [MetricValue] {
        let all = hits.reduce(0, +)
        let marks = support.reduce(0, +) + predicted.reduce(0, +)
        let single = (0..<labels).map { Self.f1(hits[$0], support[$0] + predicted[$0]) }
        return [
            MetricValue("accuracy", Double(exact) / Double(total)), MetricValue("f1_micro", Self.f1(all, marks)),
            MetricValue("f1_macro", single.reduce(0, +) / Double(labels)),
            MetricValue("hamming_loss", Double(marks - 2 * all) / Double(total * labels)),
        ]
    }
}
