import WrightRuntime

/// Whether a yes-or-no model treats groups alike: how often it says yes in each, and how often it is wrong.
///
/// - Demographic parity: yes is said equally often in every group; the ratio of the rarest to the most frequent is the
///   disparate impact, and below 0.8 breaks the four-fifths rule (Feldman et al., 2015).
/// - Equalised odds: of those for whom yes is right, and of those for whom it is not, equal shares get it in every group
///   (Hardt, Price & Srebro, *Equality of Opportunity in Supervised Learning*, 2016).
public struct GroupFairness: Sendable {
    /// What can be made equal by a threshold of its own for each group.
    public enum Rate: String, Hashable, Sendable, CaseIterable {
        /// How often yes is said.
        case selection = "selection_rate"
        /// How often yes is said where it is right.
        case truePositive = "true_positive_rate"
    }

    /// What happens to one group.
    public struct Group: Hashable, Sendable {
        public var name: String
        public var count: Int
        /// Examples for which yes is right.
        public var positives: Int
        public var hits: Int
        public var falseAlarms: Int
        /// Yes is said above this.
        public var threshold: Float

        public var selectionRate: Double { Double(hits + falseAlarms) / Double(count) }
        /// NaN where yes is never right, or always.
        public var truePositiveRate: Double { Double(hits) / Double(positives) }
        public var falsePositiveRate: Double { Double(falseAlarms) / Double(count - positives) }
        public var accuracy: Double { Double(right) / Double(count) }
        var right: Int { hits + count - positives - falseAlarms }
    }

    private var scores: [String: (scores: [Float], isPositive: [Bool])] = [:]
    private let threshold: Float

    /// - Parameter threshold: yes is said above it, as the model decides.
    public init(threshold: Float = 0.5) { self.threshold = threshold }

    /// Takes in one batch of two classes, of which 1 is yes, and the group of each example. It keeps every score.
    public mutating func add(_ batch: Predictions, groups: [String]) throws(MetricError) {
        guard groups.count == batch.count else {
            throw .examples(
                metric: "fairness",
                reason: Phrase(
                    "\(groups.count) groups for \(batch.count) examples", "\(batch.count) 个样本却有 \(groups.count) 个分组"))
        }
        var example = 0
        var scores = scores
        self.scores = [:]
        defer { self.scores = scores }
        try batch.forEachExample(of: "fairness", classes: 2) { probabilities, label in
            scores[groups[example], default: ([], [])].scores.append(probabilities[1])
            scores[groups[example], default: ([], [])].isPositive.append(label == 1)
            example += 1
        }
    }

    /// The groups by name, when yes is said above the threshold, or above the group's own one.
    public func groups(thresholds: [String: Float] = [:]) -> [Group] {
        scores.map { name, examples in
            let threshold = thresholds[name] ?? threshold
            var group = Group(
                name: name, count: examples.scores.count, positives: 0, hits: 0, falseAlarms: 0, threshold: threshold)
            for (score, isPositive) in zip(examples.scores, examples.isPositive) {
                if isPositive { group.positives += 1 }
                guard score > threshold else { continue }
                if isPositive { group.hits += 1 } else { group.falseAlarms += 1 }
            }
            return group
        }.sorted { $0.name < $1.name }
    }

    /// The largest differences between groups, and the ratio of the rates of yes; groups where a rate does not exist are
    /// left out of it.
    public func values(thresholds: [String: Float] = [:]) -> [MetricValue] {
        Self.values(of: groups(thresholds: thresholds))
    }

    /// The same of groups that were counted before.
    static func values(of groups: [Group]) -> [MetricValue] {
        func ends(_ rate: KeyPath<Group, Double>) -> (low: Double, high: Double) {
            let rates = groups.map { $0[keyPath: rate] }.filter { !$0.isNaN }
            return (rates.min() ?? .nan, rates.max() ?? .nan)
        }
        let (selected, found, alarmed) = (ends(\.selectionRate), ends(\.truePositiveRate), ends(\.falsePositiveRate))
        let odds = [found.high - found.low, alarmed.high - alarmed.low].filter { !$0.isNaN }.max() ?? .nan
        return [
            MetricValue("demographic_parity_difference", selected.high - selected.low),
            MetricValue("disparate_impact", selected.low / selected.high),
            MetricValue("equal_opportunity_difference", found.high - found.low),
            MetricValue("equalized_odds_difference", odds),
        ]
    }

    /// For each group the threshold that brings its rate nearest to the rate of all. Thresholds belong to the
    /// examples they were chosen on: choose on validation data, judge on test data.
    public func thresholds(equalising rate: Rate) -> [String: Float] {
        let all = groups()
        let count = all.reduce(0) { $0 + (rate == .selection ? $1.count : $1.positives) }
        let selected = all.reduce(0) { $0 + $1.hits + (rate == .selection ? $1.falseAlarms : 0) }
        let wanted = Double(selected) / Double(max(count, 1))
        return scores.mapValues { examples in
            let curve = ThresholdCurve(scores: examples.scores, isPositive: examples.isPositive)
            let size = rate == .selection ? examples.scores.count : curve.positives
            guard size > 0 else { return threshold }
            var (best, distance) = (0, wanted)
            for (index, point) in curve.points.enumerated() {
                let reached = Double(point.hits + (rate == .selection ? point.falseAlarms : 0)) / Double(size)
                if abs(reached - wanted) < distance { (best, distance) = (index + 1, abs(reached - wanted)) }
            }
            return curve.threshold(selecting: best)
        }
    }
}
