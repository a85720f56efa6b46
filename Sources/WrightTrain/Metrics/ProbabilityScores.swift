/// How good the probabilities are, not only the choice: log-loss, Brier score and expected calibration error.
///
/// - Log-loss: the mean of −ln p(true class), p clipped to `[ε, 1 − ε]` with float32's ε, as scikit-learn does.
/// - Brier score: the mean of Σ (p − 1[true])² over classes, halved for two classes (Brier 1950).
/// - Expected calibration error: the mean over equal-width bins of the confidence of |accuracy − confidence|, weighted by
///   the bins' sizes (Guo et al., *On Calibration of Modern Neural Networks*, 2017).
public struct ProbabilityScores: Metric, Hashable {
    /// The examples whose confidence lies in one interval.
    public struct Bin: Hashable, Sendable {
        public var count = 0
        public var hits = 0
        public var confidence = 0.0
    }

    public let classes: Int
    /// Bins `(i/n, (i+1)/n]` of the confidence, for a reliability diagram.
    public private(set) var bins: [Bin]
    private var total = 0
    private var logLossSum = 0.0
    private var brierSum = 0.0

    public init(classes: Int, bins: Int = 15) {
        precondition(classes >= 2 && bins >= 1, "\(classes) classes in \(bins) bins cannot be scored")
        self.classes = classes
        self.bins = [Bin](repeating: Bin(), count: bins)
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        for part in try parts(batch) { add(part, times: 1) }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard classes == other.classes, bins.count == other.bins.count else {
            throw .merge(metric: "probability scores", reason: "classes or bins differ in number")
        }
        total += other.total
        logLossSum += other.logLossSum
        brierSum += other.brierSum
        for index in bins.indices {
            bins[index].count += other.bins[index].count
            bins[index].hits += other.bins[index].hits
            bins[index].confidence += other.bins[index].confidence
        }
    }

    public var logLoss: Double { logLossSum / Double(total) }
    public var brierScore: Double { brierSum / Double(total) / (classes == 2 ? 2 : 1) }
    public var calibrationError: Double {
        bins.reduce(0) { $0 + abs(Double($1.hits) - $1.confidence) } / Double(total)
    }

    public var values: [MetricValue] {
        [
            MetricValue("log_loss", logLoss), MetricValue("brier_score", brierScore),
            MetricValue("calibration_error", calibrationError),
        ]
    }
}

extension ProbabilityScores: SummedMetric {
    /// What one example adds.
    struct Part {
        var logLoss: Double
        var brier: Double
        /// Of the class that is answered.
        var confidence: Double
        var isHit: Bool
    }

    func parts(_ batch: Predictions) throws(MetricError) -> [Part] {
        let epsilon = Double(Float.ulpOfOne)
        var parts: [Part] = []
        parts.reserveCapacity(batch.count)
        try batch.forEachExample(of: "probability scores", classes: classes) { probabilities, label in
            var brier = 0.0
            for (index, probability) in probabilities.enumerated() {
                let error = Double(probability) - (index == label ? 1 : 0)
                brier += error * error
            }
            let choice = probabilities.indexOfMaximum
            parts.append(
                Part(
                    logLoss: -SystemCalls.naturalLogarithm(
                        min(max(Double(probabilities[label]), epsilon), 1 - epsilon)),
                    brier: brier, confidence: Double(probabilities[choice]), isHit: choice == label))
        }
        return parts
    }

    mutating func add(_ part: Part, times: Int) {
        let weight = Double(times)
        total += times
        logLossSum += weight * part.logLoss
        brierSum += weight * part.brier
        guard part.confidence > 0 else { return }
        let bin = min(Int((part.confidence * Double(bins.count)).rounded(.up)) - 1, bins.count - 1)
        bins[bin].count += times
        bins[bin].confidence += weight * part.confidence
        if part.isHit { bins[bin].hits += times }
    }
}
