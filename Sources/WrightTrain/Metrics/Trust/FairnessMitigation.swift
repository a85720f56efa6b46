import WrightData

/// What a threshold of its own for each group does: how much more alike the groups are treated, and what it costs in
/// accuracy (Hardt, Price & Srebro, 2016).
///
/// The thresholds are for use; what they do is judged on examples that they were not chosen on, by choosing on each half
/// of the examples for the other half.
public struct FairnessMitigation: Sendable {
    public let rate: GroupFairness.Rate
    /// Chosen on all examples.
    public let thresholds: [String: Float]
    public let before: [MetricValue]
    public let after: [MetricValue]
    public let accuracyBefore: Double
    public let accuracyAfter: Double

    /// - Parameter threshold: above which yes is said now.
    /// - Throws: ``MetricError`` when the predictions are not of two classes or there is not one group for each.
    public init(
        _ predictions: Predictions, groups: [String], threshold: Float = 0.5,
        equalising rate: GroupFairness.Rate = .selection, seed: UInt64 = 0
    ) throws(MetricError) {
        var all = GroupFairness(threshold: threshold)
        try all.add(predictions, groups: groups)
        var random = KeyedRandom(seed: seed, stream: .split)
        let isFirst = groups.map { _ in random.next() & 1 == 0 }
        var halves: [GroupFairness] = []
        for half in [true, false] {
            let places = isFirst.indices.filter { isFirst[$0] == half }
            var fairness = GroupFairness(threshold: threshold)
            try fairness.add(predictions.examples(at: places), groups: places.map { groups[$0] })
            halves.append(fairness)
        }
        self.rate = rate
        thresholds = all.thresholds(equalising: rate)
        let plain = all.groups()
        var judged: [String: GroupFairness.Group] = [:]
        for (chosen, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
            // A group that only one half has is judged by the threshold of all.
            let own = thresholds.merging(chosen.thresholds(equalising: rate)) { $1 }
            for group in other.groups(thresholds: own) {
                judged[group.name] = judged[group.name].map { $0.adding(group) } ?? group
            }
        }
        let fitted = judged.values.sorted { $0.name < $1.name }
        (before, after) = (GroupFairness.values(of: plain), GroupFairness.values(of: fitted))
        (accuracyBefore, accuracyAfter) = (Self.accuracy(plain), Self.accuracy(fitted))
    }

    private static func accuracy(_ groups: [GroupFairness.Group]) -> Double {
        Double(groups.reduce(0) { $0 + $1.right }) / Double(groups.reduce(0) { $0 + $1.count })
    }
}

extension GroupFairness.Group {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.count += other.count
        sum.positives += other.positives
        sum.hits += other.hits
        sum.falseAlarms += other.falseAlarms
        return sum
    }
}
