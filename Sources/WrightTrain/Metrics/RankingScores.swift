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

    /// The probability that an example of the class has a higher score than one of another class, by class (only class 1
    /// of two). NaN where all examples are of the class, or none is.
    public var areaUnderROC: [Double] { curves.map(\.areaUnderROC) }

    /// Σ (recallₙ − recallₙ₋₁) precisionₙ over all thresholds, by class (only class 1 of two); 0 for a class without
    /// examples.
    public var averagePrecision: [Double] { curves.map(\.averagePrecision) }

    private var curves: [(areaUnderROC: Double, averagePrecision: Double, support: Int)] {
        let first = Int32(classes == 2 ? 1 : 0)
        return scores.indices.map { place in
            let order = labels.indices.sorted { scores[place][$0] > scores[place][$1] }
            let positives = labels.count { $0 == Int32(place) + first }
            let negatives = labels.count - positives
            var (hits, misses, area, precision) = (0, 0, 0.0, 0.0)
            var start = 0
            while start < order.count {
                // One threshold: all examples of one score.
                var (newHits, newMisses, end) = (0, 0, start)
                while end < order.count, end == start || scores[place][order[end]] == scores[place][order[start]] {
                    if labels[order[end]] == Int32(place) + first { newHits += 1 } else { newMisses += 1 }
                    end += 1
                }
                area += Double(newMisses) * (Double(hits) + Double(newHits) / 2)
                hits += newHits
                misses += newMisses
                precision += Double(newHits) * Double(hits) / Double(hits + misses)
                start = end
            }
            return (
                area / (Double(positives) * Double(negatives)), positives == 0 ? 0 : precision / Double(positives),
                positives
            )
        }
    }

    /// Area and precision: of class 1 for two classes, else the mean over the classes that have examples and are not
    /// alone (one against the rest).
    public var values: [MetricValue] {
        let curves = curves
        let defined = curves.filter { !$0.areaUnderROC.isNaN }
        return [
            MetricValue("roc_auc", defined.reduce(0) { $0 + $1.areaUnderROC } / Double(defined.count)),
            MetricValue(
                "average_precision", curves.reduce(0) { $0 + $1.averagePrecision } / Double(curves.count)),
        ]
    }
}
