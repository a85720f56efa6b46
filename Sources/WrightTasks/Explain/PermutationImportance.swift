import WrightData
import WrightGraph
public import WrightRuntime
import WrightTrain

/// How much an output's main metric loses when the fields of one input column are shuffled among the rows (Breiman,
/// *Random Forests*, 2001; Fisher, Rudin & Dominici, 2019). Columns that say the same share their importance.
public struct PermutationImportance: Sendable {
    /// One input column.
    public struct Column: Sendable {
        public let name: String
        /// How much worse the metric becomes: the mean over the repeats, and their standard deviation.
        public let mean: Double
        public let deviation: Double
    }

    public let output: String
    public let metric: String
    /// Of the rows as they are.
    public let baseline: Double
    /// The most important first.
    public let columns: [Column]
    public let rows: Int
    public let repeats: Int

    public var json: JSON {
        [
            "metric": .string(metric), "baseline": .number(baseline), "rows": .integer(Int64(rows)),
            "repeats": .integer(Int64(repeats)),
            "columns": .array(
                columns.map {
                    ["column": .string($0.name), "mean": .number($0.mean), "deviation": .number($0.deviation)]
                }),
        ]
    }
}

extension TaskModel {
    /// The importance of every input column for each output.
    ///
    /// - Parameters:
    ///   - held: the rows to look at, best those that no network learned from; all where nil.
    ///   - unseen: for each network the rows that it did not learn from, where each has others: a row is then asked of its
    ///     own network alone. Empty for all networks together.
    ///   - maximumRows: of more rows so many are drawn.
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    public func importance(
        _ table: TaskTable, among held: [Int]? = nil, unseen: [[Int]] = [], repeats: Int = 5, maximumRows: Int = 1000,
        seed: UInt64 = 0
    ) throws -> [PermutationImportance] {
        let fields = try fields(table)
        let candidates = held ?? Array(0..<table.count)
        let rows = Self.drawn(maximumRows, of: candidates.count, seed: seed).map { candidates[$0] }
        let answers = outputs.indices.map { place in
            outputs[place].encode(rows.map { table.column(config.outputs[place].name)?[$0] })
        }
        let chosen = fields.map { column in rows.map { column[$0] } }
        let places = Array(rows.indices)
        let askers = asking(rows, unseen)
        func measure(_ columns: [EncodedInput]) throws -> [Double] {
            let data = TaskRows(columns, form, count: rows.count)
            let predictions = predictions(try Self.averages(data, askers, width: form.outputs))
            return try outputs.indices.map { place in
                let usable = places.filter { answers[place].defects[$0] == nil }
                guard !usable.isEmpty else { return .nan }
                let batch = Predictions(
                    outputs: TaskRows.gathered(predictions[place], usable),
                    targets: TaskRows.gathered(answers[place].truths, usable))
                var metrics = outputs[place].metrics
                for index in metrics.indices { try metrics[index].add(batch) }
                return metrics.flatMap(\.values).first { $0.name == outputs[place].mainMetric }?.value ?? .nan
            }
        }
        let encoded = try zip(inputs, chosen).map { try $0.encode($1) }
        let baseline = try measure(encoded)
        let goals = outputs.map { Trainer.Monitor(judging: $0.mainMetric) }
        var losses = outputs.map { _ in [[Double]]() }
        for (column, feature) in inputs.enumerated() {
            for place in losses.indices { losses[place].append([]) }
            for number in 0..<repeats {
                var random = KeyedRandom(seed: seed, epoch: number, row: column, stream: .shuffle)
                var shuffled = chosen[column]
                random.shuffle(&shuffled)
                var columns = encoded
                columns[column] = try feature.encode(shuffled)
                for (place, value) in try measure(columns).enumerated() {
                    losses[place][column].append(goals[place].worsening(from: baseline[place], to: value))
                }
            }
        }
        return outputs.indices.map { place in
            let columns = zip(config.inputs, losses[place]).map { input, losses in
                let mean = losses.reduce(0, +) / Double(losses.count)
                let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(losses.count - 1, 1))
                return PermutationImportance.Column(name: input.name, mean: mean, deviation: variance.squareRoot())
            }
            return PermutationImportance(
                output: config.outputs[place].name, metric: outputs[place].mainMetric, baseline: baseline[place],
                columns: columns.sorted { $0.mean > $1.mean }, rows: rows.count, repeats: repeats)
        }
    }

    /// Which model is asked of which of the rows, by their places.
    private func asking(_ rows: [Int], _ unseen: [[Int]]) -> [(model: TaskModel, places: [Int])] {
        guard !unseen.isEmpty else { return [(self, Array(rows.indices))] }
        return unseen.enumerated().map { network, own in
            let own = Set(own)
            return (only(network), rows.indices.filter { own.contains(rows[$0]) })
        }
    }

    /// The averages of all rows, float32 `[rows, width]`, each by its own model.
    private static func averages(
        _ data: TaskRows, _ askers: [(model: TaskModel, places: [Int])], width: Int
    ) throws -> Buffer {
        var values = [Float](repeating: 0, count: data.count * width)
        for (model, places) in askers where !places.isEmpty {
            let own = try model.averages(data, rows: places).array(of: Float.self)
            for (index, place) in places.enumerated() {
                values.replaceSubrange(
                    (place * width)..<((place + 1) * width), with: own[(index * width)..<((index + 1) * width)])
            }
        }
        return Buffer(values, shape: [data.count, width])
    }

    /// All rows, or so many drawn ones in order.
    static func drawn(_ maximum: Int, of count: Int, seed: UInt64) -> [Int] {
        guard count > maximum else { return Array(0..<count) }
        var rows = Array(0..<count)
        var random = KeyedRandom(seed: seed, epoch: -1, stream: .shuffle)
        random.shuffle(&rows)
        return rows.prefix(maximum).sorted()
    }
}
