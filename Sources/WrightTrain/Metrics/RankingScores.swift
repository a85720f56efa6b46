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

    /// What every threshold would find, by class (only class 1 of two).
    public var curves: [ThresholdCurve] {
        let first = Int32(classes == 2 ? 1 : 0)
        return scores.indices.map { place in
            ThresholdCurve(scores: scores[place], isPositive: labels.map { $0 == Int32(place) + first })
        }
    }

    /// The examples by class (only class 1 of two), in order.
    var sorted: [SortedExamples] {
        let first = Int32(classes == 2 ? 1 : 0)
        return scores.indices.map { place in
            SortedExamples(scores[place], isPositive: labels.map { $0 == Int32(place) + first })
        }
    }

    /// The probability that an example of the class has a higher score than one of another class, by class (only class 1
    /// of two). NaN where all examples are of the class, or none is.
    public var areaUnderROC: [Double] { curves.map(\.areaUnderROC) }

    /// Σ (recallₙ − recallₙ₋₁) precisionₙ over all thresholds, by class (only class 1 of two); 0 for a class without
    /// examples.
    public var averagePrecision: [Double] { curves.map(\.averagePrecision) }

    /// Area and precision: of class 1 for two classes, else the mean over the classes that have examples and are not
    /// alone (one against the rest).
    public var values: [MetricValue] {
        let curves = curves
        let areas = curves.map(\.areaUnderROC).filter { !$0.isNaN }
        return [
            MetricValue("roc_auc", areas.reduce(0, +) / Double(areas.count)),
            MetricValue(
                "average_precision", curves.reduce(0) { $0 + $1.averagePrecision } / Double(curves.count)),
        ]
    }
}
