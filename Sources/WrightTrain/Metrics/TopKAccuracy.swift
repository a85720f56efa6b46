/// The share of examples whose true class is among the `k` most probable ones. Of equal probabilities the later class
/// counts as the larger, as in scikit-learn.
public struct TopKAccuracy: Metric, Hashable {
    public let k: Int
    public let classes: Int
    private var hits = 0
    private var total = 0

    public init(k: Int, classes: Int) {
        precondition(k >= 1 && k < classes, "top-\(k) accuracy says nothing of \(classes) classes")
        self.k = k
        self.classes = classes
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        for isHit in try parts(batch) { add(isHit, times: 1) }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard k == other.k, classes == other.classes else {
            throw .merge(metric: "top-\(k) accuracy", reason: "the other is top-\(other.k) of \(other.classes) classes")
        }
        hits += other.hits
        total += other.total
    }

    public var values: [MetricValue] { [MetricValue("top\(k)_accuracy", Double(hits) / Double(total))] }
}

extension TopKAccuracy: SummedMetric {
    /// Whether each example is a hit.
    func parts(_ batch: Predictions) throws(MetricError) -> [Bool] {
        var found: [Bool] = []
        found.reserveCapacity(batch.count)
        try batch.forEachExample(of: "top-\(k) accuracy", classes: classes) { probabilities, label in
            let own = probabilities[label]
            var ahead = own.isNaN ? k : 0
            for (index, other) in probabilities.enumerated() where other > own || (other == own && index > label) {
                ahead += 1
            }
            found.append(ahead < k)
        }
        return found
    }

    mutating func add(_ isHit: Bool, times: Int) {
        if isHit { hits += times }
        total += times
    }
}
