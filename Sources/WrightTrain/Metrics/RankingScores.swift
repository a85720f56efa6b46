/// How well scores put examples in order: area under the ROC curve and average precision, for each class against the rest.
///
/// Exact, as scikit-learn's, so it keeps every score: 4 bytes an example and class. Equal scores count as a tie (half a
/// hit in the area, one threshold in the precision).
public struct RankingScores: Metric, Hashable {
    public let classes: Int
    /// By class; only class 1 of two.
    private var scores: [[Float]]
    private var labels: [Int32] = []

    public init(classes: Int) {
        precondition(classes >= 2, "a ranking needs at least 2 classes, not \(classes)")
        self.classes = classes
        scores = [[Float]](repeating: [], count: classes == 2 ? 1 : classes)
    }

    public var growsWithExamples: Bool { true }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let first = classes == 2 ? 1 : 0
        var (scores, labels) = (scores, labels)
        (self.scores, self.labels) = ([], [])
        defer { (self.scores, self.labels) = (scores, labels) }
        try batch.forEachExample(of: "ranking scores", classes: classes) { probabilities, label in
            for place in scores.indices { scores[place].append(probabilities[place + first]) }
            labels.append(Int32(label))
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard classes == other.classes else {
            throw .merge(metric: "ranking scores", reason: "\(classes) and \(other.classes) classes")
        }
        for place in scores.indices { scores[place] += other.scores[place] }
        labels += other.labels
    }

    /// The number of scores that are kept.
    var count: Int { scores.count * labels.count }

    /// What every threshold on the scores of a class would find; of two classes it is class 1 whatever `label` is.
    public func curve(of label: Int) -> ThresholdCurve {
        let place = classes == 2 ? 0 : label
        return ThresholdCurve(scores: scores[place], isPositive: isPositive(place))
    }

    /// The examples by class (only class 1 of two), in order.
    var sorted: [SortedExamples] {
        scores.indices.map { SortedExamples(scores[$0], isPositive: isPositive($0)) }
    }

    private func isPositive(_ place: Int) -> [Bool] {
        let label = Int32(classes == 2 ? 1 : place)
        return labels.map { $0 == label }
    }

    /// The probability that an example of the class has a higher score than one of another class, by class (only class 1
    /// of two). NaN where all examples are of the class, or none is.
    public var areaUnderROC: [Double] { scores.indices.map { curve(of: $0).areaUnderROC } }

    /// Σ (recallₙ − recallₙ₋₁) precisionₙ over all thresholds, by class (only class 1 of two); 0 for a class without
    /// examples.
    public var averagePrecision: [Double] { scores.indices.map { curve(of: $0).averagePrecision } }

    /// Area and precision: of class 1 for two classes, else the mean over the classes that have examples and are not
    /// alone (one against the rest).
    public var values: [MetricValue] {
        // One after the other: the points of thousands of curves would not fit into memory.
        let scores = scores.indices.map { place in
            let curve = curve(of: place)
            return (area: curve.areaUnderROC, precision: curve.averagePrecision)
        }
        return Self.values(scores)
    }

    static func values(_ scores: [(area: Double, precision: Double)]) -> [MetricValue] {
        let areas = scores.map(\.area).filter { !$0.isNaN }
        return [
            MetricValue("roc_auc", areas.reduce(0, +) / Double(areas.count)),
            MetricValue("average_precision", scores.reduce(0) { $0 + $1.precision } / Double(scores.count)),
        ]
    }
}
