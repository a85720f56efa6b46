import WrightGraph

/// How well sets of labels are found, where an example may have any number of them. A label counts as predicted when its
/// probability is above the threshold.
public struct LabelSetScores: Metric, Hashable {
    /// How often one label was found, wrongly predicted, and missed.
    public struct Counts: Hashable, Sendable {
        public var hits = 0
        public var falseAlarms = 0
        public var misses = 0

        /// How often the label is true.
        public var support: Int { hits + misses }
        /// The harmonic mean of precision and recall; 0 for a label that is neither true nor predicted.
        public var f1: Double { hits == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + falseAlarms + misses) }
    }

    public let threshold: Float
    /// By label.
    public private(set) var counts: [Counts]
    private var total = 0.0
    private var exact = 0.0
    private var exampleF1 = 0.0

    public init(labels: Int, threshold: Float = 0.5) {
        precondition(labels >= 1, "a set of labels needs at least 1 label, not \(labels)")
        self.threshold = threshold
        counts = [Counts](repeating: Counts(), count: labels)
    }

    /// Reads probabilities float32 `[n, labels]`; targets of the same shape and any type, 0 where a label is not true.
    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let shape = [batch.count, counts.count]
        guard batch.outputs.dtype == .float32, batch.outputs.shape == shape else {
            throw .outputs(metric: "label sets", expected: "float32[n, \(counts.count)]", received: batch.outputs.type)
        }
        guard batch.targets.shape == shape else {
            throw .targets(
                metric: "label sets", expected: "the shape \(shape) of the outputs", received: batch.targets.type)
        }
        let truths = batch.targets.doubles
        batch.outputs.withElements(of: Float.self) { probabilities in
            for start in stride(from: 0, to: truths.count, by: counts.count) {
                var example = Counts()
                for label in counts.indices {
                    switch (probabilities[start + label] > threshold, truths[start + label] != 0) {
                    case (true, true):
                        counts[label].hits += 1
                        example.hits += 1
                    case (true, false):
                        counts[label].falseAlarms += 1
                        example.falseAlarms += 1
                    case (false, true):
                        counts[label].misses += 1
                        example.misses += 1
                    case (false, false): break
                    }
                }
                total += 1
                exampleF1 += example.f1
                if example.falseAlarms + example.misses == 0 { exact += 1 }
            }
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard threshold == other.threshold, counts.count == other.counts.count else {
            throw .merge(metric: "label sets", reason: "labels or thresholds differ")
        }
        for label in counts.indices {
            counts[label].hits += other.counts[label].hits
            counts[label].falseAlarms += other.counts[label].falseAlarms
            counts[label].misses += other.counts[label].misses
        }
        total += other.total
        exact += other.exact
        exampleF1 += other.exampleF1
    }

    /// F1 of all labels together, of each label and then the mean (plain, or weighted by support), of each example and
    /// then the mean; the share of examples whose set is exactly right; the share of wrong decisions.
    public var values: [MetricValue] {
        var all = Counts()
        for label in counts {
            all.hits += label.hits
            all.falseAlarms += label.falseAlarms
            all.misses += label.misses
        }
        let weighted = counts.reduce(0) { $0 + $1.f1 * Double($1.support) } / Double(max(all.support, 1))
        return [
            MetricValue("f1_micro", total == 0 ? .nan : all.f1),
            MetricValue("f1_macro", total == 0 ? .nan : counts.reduce(0) { $0 + $1.f1 } / Double(counts.count)),
            MetricValue("f1_weighted", total == 0 ? .nan : weighted), MetricValue("f1_samples", exampleF1 / total),
            MetricValue("accuracy", exact / total),
            MetricValue("hamming_loss", Double(all.falseAlarms + all.misses) / total / Double(counts.count)),
        ]
    }
}
