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
    /// Row-major: `counts[true * classes + predicted]`.
    public private(set) var counts: [Int]

    /// What decides; nil where the most probable class is answered.
    public let deciding: DecisionCosts?

    public init(classes: Int, deciding: DecisionCosts? = nil) {
        precondition(classes >= 2, "a confusion matrix needs at least 2 classes, not \(classes)")
        precondition(
            deciding.map { $0.costs.count == classes } ?? true,
            "costs of \(deciding?.costs.count ?? 0) classes and a confusion matrix of \(classes)")
        self.deciding = deciding
        self.classes = classes
        counts = [Int](repeating: 0, count: classes * classes)
    }

    init(classes: Int, counts: [Int]) {
        self.init(classes: classes)
        self.counts = counts
    }

    /// Counts one example, or several of the same kind.
    public mutating func add(label: Int, predicted: Int, times: Int = 1) {
        counts[label * classes + predicted] += times
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        for cell in try parts(batch) { counts[cell] += 1 }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard classes == other.classes, deciding == other.deciding else {
            throw .merge(
                metric: "confusion matrix",
                reason: "\(classes) and \(other.classes) classes, or they decide differently")
        }
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    public subscript(label: Int, predicted: Int) -> Int { counts[label * classes + predicted] }

    /// The number of examples.
    public var total: Int { counts.reduce(0, +) }

    /// How often each class is true.
    public var support: [Int] { (0..<classes).map { row in (0..<classes).reduce(0) { $0 + self[row, $1] } } }

    /// How often each class was predicted.
    public var predicted: [Int] { (0..<classes).map { column in (0..<classes).reduce(0) { $0 + self[$1, column] } } }

    private var hits: [Int] { (0..<classes).map { self[$0, $0] } }

    /// The share of examples whose class was found.
    public var accuracy: Double { Double(hits.reduce(0, +)) / Double(total) }

    /// Of the examples taken for a class, the share that is of it; 0 for a class that was never predicted.
    public var precision: [Double] { zip(hits, predicted).map(Self.share) }

    /// Of the examples of a class, the share that was found; 0 for a class that is never true.
    public var recall: [Double] { zip(hits, support).map(Self.share) }

    /// The harmonic mean of precision and recall, by class.
    public var f1: [Double] {
        // Sums over the whole table, taken once and not for each class.
        let (hits, support, predicted) = (hits, support, predicted)
        return (0..<classes).map { Self.share(2 * hits[$0], support[$0] + predicted[$0]) }
    }

    public func precision(_ average: Average) -> Double { averaged(precision, average) }
    public func recall(_ average: Average) -> Double { averaged(recall, average) }
    public func f1(_ average: Average) -> Double { averaged(f1, average) }

    private func averaged(_ scores: [Double], _ average: Average) -> Double {
        let (support, predicted) = (support, predicted)
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
    /// The place in ``counts`` of each example.
    func parts(_ batch: Predictions) throws(MetricError) -> [Int] {
        var cells: [Int] = []
        cells.reserveCapacity(batch.count)
        try batch.forEachExample(of: "confusion matrix", classes: classes) { probabilities, label in
            let answer = deciding?.answer(for: probabilities.map(Double.init)) ?? probabilities.indexOfMaximum
            cells.append(label * classes + answer)
        }
        return cells
    }

    mutating func add(_ cell: Int, times: Int) { counts[cell] += times }
}

extension UnsafeBufferPointer<Float> {
    /// Where the first largest element lies; the first NaN wins over any number.
    var indexOfMaximum: Int {
        var best = 0
        for index in indices where self[index] > self[best] || (self[index].isNaN && !self[best].isNaN) { best = index }
        return best
    }
}
