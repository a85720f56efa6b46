import WrightData

/// How far a measured value may be off because other examples could have been drawn: the value's spread over data sets
/// drawn from the measured one with replacement (Efron, *Bootstrap Methods*, 1979).
///
/// The numbers depend on the seed alone. Of many examples each draw takes a part only, and the intervals are narrowed by the
/// root of that part (Bickel, Götze & van Zwet, *Resampling fewer than n observations*, 1997).
public struct Bootstrap: Hashable, Sendable {
    /// A value and the interval that holds it with the stated confidence.
    public struct Interval: Hashable, Sendable {
        public var name: String
        public var value: Double
        public var low: Double
        public var high: Double
    }

    /// How many data sets are drawn.
    public var replicates = 1000
    public var seed: UInt64 = 0
    /// The share of draws that the interval holds, its ends cut off evenly.
    public var confidence = 0.95
    /// How many examples are drawn at most.
    public var maximumExamples = 20_000

    public init(replicates: Int = 1000, seed: UInt64 = 0, confidence: Double = 0.95) {
        precondition(
            replicates >= 2 && confidence > 0 && confidence < 1,
            "an interval of confidence \(confidence) cannot come from \(replicates) replicates")
        self.replicates = replicates
        self.seed = seed
        self.confidence = confidence
    }

    /// As many replicates as a fixed amount of work allows, 100 to `most` of them, for so many examples of so many numbers.
    public static func bounded(examples: Int, width: Int, most: Int = 500) -> Bootstrap {
        let drawn = max(1, min(examples, Bootstrap().maximumExamples) * max(1, width / 2))
        return Bootstrap(replicates: min(most, max(100, 2_000_000 / drawn)))
    }

    /// The intervals of every value of these metrics, which hold nothing yet.
    ///
    /// - Throws: ``MetricError`` as the metrics do.
    public func intervals(of metrics: [any Metric], over predictions: Predictions) throws(MetricError) -> [Interval] {
        let values = try Self.measure(metrics, predictions)
        var prepared: [(([Int32]) -> [MetricValue])?] = []
        for metric in metrics {
            if let metric = metric as? any RedrawnMetric {
                prepared.append(try metric.redrawing(predictions))
            } else {
                prepared.append(nil)
            }
        }
        var drawn = [[Double]](repeating: [], count: values.count)
        for replicate in 0..<replicates {
            let places = examples(of: predictions.count, replicate: replicate)
            let part = prepared.contains { $0 == nil } ? predictions.examples(at: places) : nil
            var counts = [Int32](repeating: 0, count: predictions.count)
            for place in places { counts[place] += 1 }
            var all: [MetricValue] = []
            for (metric, prepared) in zip(metrics, prepared) {
                if let prepared { all += prepared(counts) } else { all += try Self.measure([metric], part!) }
            }
            for (place, value) in all.enumerated() { drawn[place].append(value.value) }
        }
        return zip(values, drawn).map {
            interval(of: $0, drawn: narrowed($1, around: $0.value, examples: predictions.count))
        }
    }

    /// Values of draws as far from the `value` of all examples as if each draw had taken as many.
    func narrowed(_ drawn: [Double], around value: Double, examples: Int) -> [Double] {
        guard examples > maximumExamples else { return drawn }
        let factor = (Double(maximumExamples) / Double(examples)).squareRoot()
        return drawn.map { value + ($0 - value) * factor }
    }

    /// The examples of one draw.
    func examples(of count: Int, replicate: Int) -> [Int] {
        var random = KeyedRandom(seed: seed, epoch: replicate, stream: .bootstrap)
        return (0..<min(count, maximumExamples)).map { _ in random.integer(below: count) }
    }

    static func measure(_ metrics: [any Metric], _ predictions: Predictions) throws(MetricError) -> [MetricValue] {
        var values: [MetricValue] = []
        for var metric in metrics {
            try metric.add(predictions)
            values += metric.values
        }
        return values
    }

    /// Draws that say nothing, as those of one class only, are left out.
    func interval(of value: MetricValue, drawn: [Double]) -> Interval {
        let sorted = drawn.filter { !$0.isNaN }.sorted()
        return Interval(
            name: value.name, value: value.value, low: sorted.quantile((1 - confidence) / 2),
            high: sorted.quantile((1 + confidence) / 2))
    }
}
