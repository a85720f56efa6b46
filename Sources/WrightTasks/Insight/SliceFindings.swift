import WrightNN
public import WrightRuntime
public import WrightTrain

/// Parts of the measured rows by the values of columns, and those where the model is worst.
public struct SliceFindings: Sendable {
    /// The rows of one part of a column.
    public struct Slice: Sendable {
        public let column: String
        public let part: String
        public let count: Int
        public let value: Double
    }

    /// A slice and how far its value may be off.
    public struct Weakness: Sendable {
        public let slice: Slice
        public let interval: Bootstrap.Interval
        /// Whether the whole interval is worse than the value of all rows.
        public let isWorse: Bool
    }

    public let metric: String
    /// Of all rows.
    public let overall: Double
    /// By column, parts of most rows first.
    public let slices: [Slice]
    /// The worst parts of enough rows; those that chance does not explain first.
    public let worst: [Weakness]
    /// Parts of fewer rows are not judged.
    public let minimumCount: Int

    private static let mostShown = 8

    /// - Parameter columns: by name, the field of each row of the table.
    init(_ output: TaskEvaluation.Output, _ columns: [(name: String, fields: [String?])]) throws {
        let metric = output.feature.sliceMetric
        self.metric = metric
        let goal = Trainer.Monitor(judging: metric)
        let measures = output.feature.metrics.filter { $0.values.contains { $0.name == metric } }
        let count = output.rows.count
        let minimumCount = min(30, max(10, count / 20))
        let overall = output.values.first { $0.name == metric }?.value ?? .nan
        var slices: [Slice] = []
        var parts: [String: [String]] = [:]
        for (name, fields) in columns where name != output.name {
            let names = SliceColumn.parts(output.rows.map { fields[$0] })
            guard Set(names).count > 1 else { continue }
            var scores = SliceScores(by: name, metrics: measures)
            try scores.add(output.predictions, values: names)
            slices += scores.slices.map {
                Slice(column: name, part: $0.name, count: $0.count, value: $0[metric] ?? .nan)
            }
            parts[name] = names
        }
        let enough = slices.filter { $0.count >= minimumCount && !$0.value.isNaN }
        let candidates = enough.sorted { goal.isBetter($1.value, than: $0.value) }.prefix(3 * Self.mostShown)
        let weaknesses = try candidates.filter { goal.isBetter(overall, than: $0.value) }.map { slice in
            let places = parts[slice.column]!.indices.filter { parts[slice.column]![$0] == slice.part }
            let examples = output.predictions.examples(at: places)
            let bootstrap = Bootstrap.bounded(
                examples: places.count * candidates.count, width: output.feature.width, most: 200)
            let intervals = try bootstrap.intervals(of: measures, over: examples)
            let interval = intervals.first { $0.name == metric }!
            let nearest = goal.goal == .lowest ? interval.low : interval.high
            return Weakness(slice: slice, interval: interval, isWorse: goal.isBetter(overall, than: nearest))
        }
        (self.overall, self.minimumCount) = (overall, minimumCount)
        self.slices = slices
        worst = Array((weaknesses.filter(\.isWorse) + weaknesses.filter { !$0.isWorse }).prefix(Self.mostShown))
    }

    /// `{"metric", "overall", "minimum_count", "columns": {COLUMN: [{"part", "count", METRIC}]}, "worst": [{"column",
    /// "part", "count", METRIC, "low", "high", "worse"}]}`.
    public var json: JSON {
        var columns = JSON.Object()
        for slice in slices {
            let entry = entry(slice)
            columns[slice.column] = .array((columns[slice.column]?.array ?? []) + [.object(entry)])
        }
        return [
            "metric": .string(metric), "overall": .number(overall), "minimum_count": .integer(Int64(minimumCount)),
            "columns": .object(columns),
            "worst": .array(
                worst.map { weakness in
                    var object = JSON.Object()
                    object["column"] = .string(weakness.slice.column)
                    for (key, value) in entry(weakness.slice) { object[key] = value }
                    object["low"] = .number(weakness.interval.low)
                    object["high"] = .number(weakness.interval.high)
                    object["worse"] = .bool(weakness.isWorse)
                    return .object(object)
                }),
        ]
    }

    private func entry(_ slice: Slice) -> JSON.Object {
        var object = JSON.Object()
        object["part"] = .string(slice.part)
        object["count"] = .integer(Int64(slice.count))
        object[metric] = .number(slice.value)
        return object
    }
}
