/// How often each class was taken for each other, and what follows from it: accuracy, precision, recall, F1.
///
/// The predicted class is the first one of the largest probability (of a single probability, class 1 above one half), or
/// the one that is expected to cost least.
public struct ConfusionMatrix: Metric, Hashable {
    /// How the scores of classes become one number.
    public enum Average: String, Hashable, Sendable, CaseIterable {
        /// The mean over the classes that occur in labels or predictions.
        case macro
        /// Computed from the counts of all classes together.
        case micro
        /// The mean over classes, each weighted by how often it is true.
        case weighted
    }

    public let classes: Int
    /// How often each pair that occurred did, by `true * classes + predicted`: of thousands of classes few pairs ever do.
    private var counts: [Int: Int] = [:]
    /// How often each class is true.
    public private(set) var support: [Int]
    /// How often each class was predicted.
    public private(set) var predicted: [Int]
    /// How often each class was predicted rightly.
    private var hits: [Int]
    /// The number of examples.
    public private(set) var total = 0

    /// What decides; nil where the most probable class is answered.
    public let deciding: DecisionCosts?

    public init(classes: Int, deciding: DecisionCosts? = nil) {
        precondition(classes >= 2, "a confusion matrix needs at least 2 classes, not \(classes)")
        precondition(
            deciding.map { $0.costs.count == classes } ?? true,
            "costs of \(deciding?.costs.count ?? 0) classes and a confusion matrix of \(classes)")
        self.deciding = deciding
        self.classes = classes
        support = [Int](repeating: 0, count: classes)
        (predicted, hits) = (support, support)
    }

    /// Counts one example, or several of the same kind.
    public mutating func add(label: Int, predicted answer: Int, times: Int = 1) {
        precondition(
            (0..<classes).contains(label) && (0..<classes).contains(answer),
            "classes \(label) and \(answer) in a confusion matrix of \(classes)")
        counts[label * classes + answer, default: 0] += times
        support[label] += times
        predicted[answer] += times
        if label == answer { hits[label] += times }
        total += times
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        for cell in try parts(batch) { add(cell, times: 1) }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard classes == other.classes, deciding == other.deciding else {
            throw .merge(
                metric: "confusion matrix",
                reason: "\(classes) and \(other.classes) classes, or they decide differently")
        }
        for (cell, times) in other.counts { add(cell, times: times) }
    }

    public subscript(label: Int, predicted: Int) -> Int { counts[label * classes + predicted] ?? 0 }

    /// The pairs of different classes that occurred, by class.
    public var mistakes: [(label: Int, predicted: Int, count: Int)] {
        counts.filter { $0.value > 0 && $0.key / classes != $0.key % classes }.sorted { $0.key < $1.key }
            .map { ($0.key / classes, $0.key % classes, $0.value) }
    }

    /// The share of examples whose class was found.
    public var accuracy: Double { Double(hits.reduce(0, +)) / Double(total) }

    /// Of the examples taken for a class, the share that is of it; 0 for a class that was never predicted.
    public var precision: [Double] { zip(hits, predicted).map(Self.share) }

    /// Of the examples of a class, the share that was found; 0 for a class that is never true.
    public var recall: [Double] { zip(hits, support).map(Self.share) }

    /// The harmonic mean of precision and recall, by class.
    public var f1: [Double] {
        (0..<classes).map { Self.share(2 * hits[$0], support[$0] + predicted[$0]) }
    }

    public func precision(_ average: Average) -> Double { averaged(precision, average) }
    public func recall(_ average: Average) -> Double { averaged(recall, average) }
    public func f1(_ average: Average) -> Double { averaged(f1, average) }

    private func averaged(_ scores: [Double], _ average: Average) -> Double {
        switch average {
        case .micro: return accuracy
        case .macro:
            let present = (0..<classes).filter { support[$0] + predicted[$0] > 0 }
            return present.reduce(0) { $0 + scores[$1] } / Double(present.count)
        case .weighted:
            return zip(scores, support).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
        }
    }

    private static func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    public var values: [MetricValue] {
        [
            MetricValue("accuracy", accuracy), MetricValue("precision_macro", precision(.macro)),
            MetricValue("recall_macro", recall(.macro)), MetricValue("f1_macro", f1(.macro)),
            MetricValue("f1_weighted", f1(.weighted)), MetricValue("balanced_accuracy", balancedAccuracy),
            MetricValue("matthews_corrcoef", matthewsCorrelation), MetricValue("cohen_kappa", cohensKappa),
        ]
    }
}

extension ConfusionMatrix: SummedMetric {
    /// For each example `true * classes + predicted`.
    func parts(_ batch: Predictions) throws(MetricError) -> [Int] {
        var cells: [Int] = []
        cells.reserveCapacity(batch.count)
        try batch.forEachExample(of: "confusion matrix", classes: classes) { probabilities, label in
            let answer = deciding?.answer(for: probabilities.map(Double.init)) ?? probabilities.indexOfMaximum
            cells.append(label * classes + answer)
        }
        return cells
    }

    mutating func add(_ cell: Int, times: Int) { add(label: cell / classes, predicted: cell % classes, times: times) }
}

extension UnsafeBufferPointer<Float> {
    /// Where the first largest element lies; the first NaN wins over any number.
    var indexOfMaximum: Int {
        var best = 0
        for index in indices where self[index] > self[best] || (self[index].isNaN && !self[best].isNaN) { best = index }
        return best
    }
}
