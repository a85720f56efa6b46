import WrightData
public import WrightRuntime

/// What each field of one row adds to its prediction, compared with rows drawn from the data: Shapley values by sampling
/// orders of the columns (Štrumbelj & Kononenko, *Explaining prediction models with feature contributions*, 2014), each
/// order also backwards, which halves the noise (Mitchell et al., 2022).
public struct ShapleyValues: Sendable {
    /// One field.
    public struct Part: Sendable {
        public let column: String
        public let field: String?
        public let value: Double
        /// How far the value may be off because only some orders were tried.
        public let standardError: Double
    }

    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    /// Of this row, and the mean of the rows compared with.
    public let prediction: Double
    public let expected: Double
    /// The largest first.
    public let parts: [Part]
    /// How many orders were tried.
    public let samples: Int

    /// What the values do not add up to: prediction − expected − their sum. It is rounding, as every row compared with is
    /// used equally often.
    public var additivityError: Double { prediction - expected - parts.reduce(0) { $0 + $1.value } }

    public var json: JSON {
        [
            "output": .string(output), "answer": .string(answer.english), "prediction": .number(prediction),
            "expected": .number(expected), "additivity_error": .number(additivityError),
            "samples": .integer(Int64(samples)),
            "columns": .array(
                parts.map { part in
                    [
                        "column": .string(part.column), "field": part.field.map { .string($0) } ?? .null,
                        "value": .number(part.value), "standard_error": .number(part.standardError),
                    ]
                }),
        ]
    }
}

extension TaskModel {
    /// The Shapley values of a row for each output that says a single number.
    ///
    /// - Parameter background: how many rows the row is compared with at most; each is used for one order, forwards and
    ///   backwards.
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    public func shapley(
        row: Int, of table: TaskTable, background: Int = 100, seed: UInt64 = 0
    ) throws -> [ShapleyValues] {
        precondition(row >= 0 && row < table.count, "row \(row) of \(table.count)")
        let fields = try fields(table)
        let own = fields.map { $0[row] }
        let compared = Self.drawn(background, of: table.count, seed: seed)
        let width = own.count
        // For each order: the compared row, and the same with one field after the other taken from the row.
        var orders: [[Int]] = []
        var columns = fields.map { _ in [String?]() }
        for (number, other) in compared.enumerated() {
            var random = KeyedRandom(seed: seed, epoch: number, row: row, stream: .shuffle)
            var order = Array(0..<width)
            random.shuffle(&order)
            for order in [order, order.reversed()] {
                orders.append(order)
                var mixed = fields.map { $0[other] }
                for step in 0...width {
                    if step > 0 { mixed[order[step - 1]] = own[order[step - 1]] }
                    for column in 0..<width { columns[column].append(mixed[column]) }
                }
            }
        }
        return try outputs.indices.compactMap { place in
            guard let explained = try explained(place, row: own) else { return nil }
            let answers = try answers(explained, columns)
            var gains = [[Double]](repeating: [], count: width)
            var expected = 0.0
            for (number, order) in orders.enumerated() {
                let start = number * (width + 1)
                expected += answers[start] / Double(orders.count)
                for step in 0..<width { gains[order[step]].append(answers[start + step + 1] - answers[start + step]) }
            }
            let parts = gains.enumerated().map { column, gains in
                let mean = gains.reduce(0, +) / Double(gains.count)
                let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(gains.count - 1, 1))
                return ShapleyValues.Part(
                    column: config.inputs[column].name, field: own[column], value: mean,
                    standardError: (variance / Double(gains.count)).squareRoot())
            }
            return ShapleyValues(
                output: config.outputs[place].name, answer: explained.name, prediction: answers[width],
                expected: expected, parts: parts.sorted { abs($0.value) > abs($1.value) }, samples: orders.count)
        }
    }
}
