import WrightGraph

/// A metric that prepares its examples once and then says its values for any number of draws of them, much faster than by
/// looking at the examples of each draw anew.
protocol RedrawnMetric: Metric {
    /// What says the values when example i of these counts `counts[i]` times. The metric holds nothing yet.
    func redrawing(_ predictions: Predictions) throws(MetricError) -> ([Int32]) -> [MetricValue]
}

/// A metric that is a sum over the examples: each is looked at once, and draws add up what was seen.
protocol SummedMetric: RedrawnMetric {
    /// What one example adds.
    associatedtype Part
    /// What each example adds.
    func parts(_ predictions: Predictions) throws(MetricError) -> [Part]
    mutating func add(_ part: Part, times: Int)
}

extension SummedMetric {
    func redrawing(_ predictions: Predictions) throws(MetricError) -> ([Int32]) -> [MetricValue] {
        let parts = try parts(predictions)
        return { counts in
            var metric = self
            for (place, times) in counts.enumerated() where times > 0 { metric.add(parts[place], times: Int(times)) }
            return metric.values
        }
    }
}

extension RankingScores: RedrawnMetric {
    /// Of more scores than this a hundred draws take minutes: then no draw says anything, and there is no interval.
    private static let mostScoresDrawn = 20_000_000

    func redrawing(_ predictions: Predictions) throws(MetricError) -> ([Int32]) -> [MetricValue] {
        var all = self
        try all.add(predictions)
        guard all.count <= Self.mostScoresDrawn else { return { _ in Self.values([(.nan, .nan)]) } }
        // Sorting is what takes time, and the order is that of every draw.
        let rankings = all.sorted
        return { counts in
            Self.values(rankings.map { $0.values(counts) })
        }
    }
}

/// Examples in the order of their scores for one class, the highest first.
struct SortedExamples {
    /// The examples, and whether each is of the class.
    let order: [(example: Int32, isPositive: Bool)]
    /// Where runs of equal scores end, in ``order``.
    let ends: [Int]

    init(_ scores: [Float], isPositive: [Bool]) {
        let places = scores.indices.sorted { scores[$0] > scores[$1] }
        order = places.map { (Int32($0), isPositive[$0]) }
        ends = places.indices.filter { $0 + 1 == places.count || scores[places[$0]] != scores[places[$0 + 1]] }
    }

    /// ``ThresholdCurve/areaUnderROC`` and ``ThresholdCurve/averagePrecision`` of a draw.
    func values(_ counts: [Int32]) -> (area: Double, precision: Double) {
        var (hits, alarms, area, precision) = (0, 0, 0.0, 0.0)
        var start = 0
        for end in ends {
            let (hitsBefore, alarmsBefore) = (hits, alarms)
            for (example, isPositive) in order[start...end] {
                if isPositive { hits += Int(counts[Int(example)]) } else { alarms += Int(counts[Int(example)]) }
            }
            start = end + 1
            area += Double(alarms - alarmsBefore) * Double(hits + hitsBefore) / 2
            if hits > hitsBefore { precision += Double(hits - hitsBefore) * Double(hits) / Double(hits + alarms) }
        }
        return (area / (Double(hits) * Double(alarms)), hits > 0 ? precision / Double(hits) : 0)
    }
}

extension StepScores: RedrawnMetric {
    func redrawing(_ predictions: Predictions) throws(MetricError) -> ([Int32]) -> [MetricValue] {
        let (steps, rows) = try steps(of: predictions)
        let parts = try metrics.map { metric throws(MetricError) in try Self.redrawing(metric, steps) }
        return { counts in
            let own = rows.map { counts[$0] }
            return parts.flatMap { $0(own) }
        }
    }

    /// One that cannot be prepared looks at the steps of each draw.
    private static func redrawing(
        _ metric: any Metric, _ steps: Predictions
    ) throws(MetricError) -> ([Int32]) -> [MetricValue] {
        if let metric = metric as? any RedrawnMetric { return try metric.redrawing(steps) }
        // What cannot be read says so here, so that no draw of the same steps can fail.
        var whole = metric
        try whole.add(steps)
        let names = whole.values.map(\.name)
        return { counts in
            let drawn = counts.indices.flatMap { [Int](repeating: $0, count: Int(counts[$0])) }
            var metric = metric
            do { try metric.add(steps.examples(at: drawn)) } catch {
                return names.map { MetricValue($0, .nan) }
            }
            return metric.values
        }
    }
}
