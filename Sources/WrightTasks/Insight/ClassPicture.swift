import WrightRuntime
public import WrightTrain

/// What probabilities of classes look like against the truth: who is taken for whom, what thresholds find, and how often
/// the model is right when it says that it is sure.
public struct ClassPicture: Sendable {
    /// What every threshold on one class would find.
    public struct Curve: Sendable {
        public let label: String
        public let areaUnderROC: Double
        public let averagePrecision: Double
        /// False alarms and hits as shares, from (0, 0) to (1, 1).
        public let roc: [(x: Double, y: Double)]
        /// Recall and precision.
        public let precisionRecall: [(x: Double, y: Double)]
    }

    public let labels: [String]
    public let confusion: ConfusionMatrix
    /// Of class 1 of two; of the most frequent classes of more.
    public let curves: [Curve]
    /// Mean confidence, share that is right and number of the answers of each interval of confidence.
    public let calibration: [(confidence: Double, share: Double, count: Int)]

    private static let mostCurves = 5
    private static let mostPoints = 100
    /// Of more classes the pairs that occurred are written, and no table of all.
    private static let mostTabled = 200

    /// - Parameter confusion: holds nothing yet; it knows how answers are decided.
    init(_ predictions: Predictions, labels: [String], confusion: ConfusionMatrix) throws(MetricError) {
        self.labels = labels
        var confusion = confusion
        var ranking = RankingScores(classes: labels.count)
        var probabilities = ProbabilityScores(classes: labels.count)
        try confusion.add(predictions)
        try ranking.add(predictions)
        try probabilities.add(predictions)
        self.confusion = confusion
        let support = confusion.support
        let drawn = labels.count == 2 ? [1] : labels.indices.sorted { (support[$1], $0) < (support[$0], $1) }
        curves = drawn.prefix(Self.mostCurves).compactMap { label in
            let curve = ranking.curve(of: label)
            guard curve.positives > 0, curve.negatives > 0 else { return nil }
            let points = curve.points(atMost: Self.mostPoints)
            return Curve(
                label: labels[label], areaUnderROC: curve.areaUnderROC, averagePrecision: curve.averagePrecision,
                roc: [(0, 0)] + points.map { (curve.falsePositiveRate($0), curve.truePositiveRate($0)) },
                precisionRecall: points.map { (curve.truePositiveRate($0), $0.precision) })
        }
        calibration = probabilities.bins.filter { $0.count > 0 }.map {
            ($0.confidence / Double($0.count), Double($0.hits) / Double($0.count), $0.count)
        }
    }

    /// Precision, recall, F1 and support of each class, as scikit-learn's `classification_report` has them.
    var classes: JSON {
        var object = JSON.Object()
        let (precision, recall, f1, support) = (confusion.precision, confusion.recall, confusion.f1, confusion.support)
        for (index, label) in labels.enumerated() {
            object[label] = [
                "precision": .number(precision[index]), "recall": .number(recall[index]), "f1": .number(f1[index]),
                "support": .integer(Int64(support[index])),
            ]
        }
        return .object(object)
    }

    /// `{"roc": {CLASS: [[x, y]…]}, "precision_recall": …, "calibration": [[confidence, share right, count]…],
    /// "confusion": [[…]…]}`; of many classes `"confused": [[true, predicted, count]…]` instead of the whole table.
    var json: JSON {
        func points(_ path: KeyPath<Curve, [(x: Double, y: Double)]>) -> JSON {
            var object = JSON.Object()
            for curve in curves {
                object[curve.label] = .array(curve[keyPath: path].map { [.number($0.x), .number($0.y)] })
            }
            return .object(object)
        }
        var object = JSON.Object()
        object["roc"] = points(\.roc)
        object["precision_recall"] = points(\.precisionRecall)
        object["calibration"] = .array(
            calibration.map { [.number($0.confidence), .number($0.share), .integer(Int64($0.count))] })
        object["labels"] = .texts(labels)
        if labels.count <= Self.mostTabled {
            object["confusion"] = .array(
                labels.indices.map { row in
                    .array(labels.indices.map { .integer(Int64(confusion[row, $0])) })
                })
        } else {
            object["confused"] = .array(
                confusion.mistakes.map { .array([$0.label, $0.predicted, $0.count].map { .integer(Int64($0)) }) })
        }
        return .object(object)
    }
}
