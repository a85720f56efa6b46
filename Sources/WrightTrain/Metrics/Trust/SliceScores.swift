import WrightRuntime

/// Metrics of parts of a data set, told apart by the values of one column: a good mean hides a bad part.
public struct SliceScores: Sendable {
    /// The examples of one value.
    public struct Slice: Sendable {
        public var name: String
        public var count: Int
        public var values: [MetricValue]

        public subscript(metric: String) -> Double? { values.first { $0.name == metric }?.value }
    }

    public let column: String
    /// Examples of values that came after the first ``maximumSlices`` different ones; they are in no slice.
    public private(set) var unsliced = 0
    public let maximumSlices: Int
    private let empty: [any Metric]
    private var parts: [String: (count: Int, metrics: [any Metric])] = [:]

    /// - Parameter metrics: hold nothing yet; each slice gets a copy.
    public init(by column: String, metrics: [any Metric], maximumSlices: Int = 1000) {
        self.column = column
        self.maximumSlices = maximumSlices
        empty = metrics
    }

    /// Takes in one batch and the column's value of each example.
    public mutating func add(_ batch: Predictions, values: [String]) throws(MetricError) {
        guard values.count == batch.count else {
            throw .examples(
                metric: "slices by \(column)",
                reason: Phrase(
                    "\(values.count) values of the column for \(batch.count) examples",
                    "\(batch.count) 个样本却有 \(values.count) 个列值"))
        }
        var places: [String: [Int]] = [:]
        var known = Set(parts.keys)
        for (place, value) in values.enumerated() {
            guard known.count < maximumSlices || known.contains(value) else {
                unsliced += 1
                continue
            }
            known.insert(value)
            places[value, default: []].append(place)
        }
        for (value, places) in places {
            var part = parts[value] ?? (0, empty)
            let examples = batch.examples(at: places)
            for index in part.metrics.indices { try part.metrics[index].add(examples) }
            part.count += places.count
            parts[value] = part
        }
    }

    /// The slices, those of most examples first.
    public var slices: [Slice] {
        parts.map { Slice(name: $0.key, count: $0.value.count, values: $0.value.metrics.flatMap(\.values)) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// The slice whose value of `goal` is worst, of those with at least `minimumCount` examples; nil when there is none.
    public func worst(_ goal: Trainer.Monitor, minimumCount: Int = 30) -> Slice? {
        var worst: Slice?
        for slice in slices where slice.count >= minimumCount {
            guard let value = slice[goal.metric], !value.isNaN else { continue }
            if worst.map({ goal.isBetter($0[goal.metric]!, than: value) }) ?? true { worst = slice }
        }
        return worst
    }
}
