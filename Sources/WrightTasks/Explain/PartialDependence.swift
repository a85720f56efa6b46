import WrightData
public import WrightRuntime
import WrightTrain

/// What a model would say on average if one column held a certain value in every row (Friedman, *Greedy Function
/// Approximation*, 2001). It believes that the column can be changed alone.
public struct PartialDependence: Sendable {
    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    public let column: String
    /// Values of the column, numbers in order and others by how often they come, and the mean answer.
    public let points: [(value: String, answer: Double)]
    /// Whether the values are numbers.
    public let isNumeric: Bool

    /// So many rows are asked with each value, unless more are wanted.
    public static let mostRows = 200

    public var json: JSON {
        [
            "column": .string(column), "answer": .string(answer.english),
            "points": .array(points.map { [.string($0.value), .number($0.answer)] }),
        ]
    }
}

extension TaskModel {
    private static let mostPoints = 12

    /// How an output's answer depends on a column; nil where there is no single number to explain, or every field of the
    /// column is different, as texts are.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    public func dependence(
        of output: String, on column: String, _ table: TaskTable, maximumRows: Int = PartialDependence.mostRows,
        seed: UInt64 = 0
    ) throws -> PartialDependence? {
        let fields = try fields(table)
        guard let place = config.outputs.firstIndex(where: { $0.name == output }),
            let changed = config.inputs.firstIndex(where: { $0.name == column })
        else { return nil }
        let rows = Self.drawn(maximumRows, of: table.count, seed: seed)
        guard let explained = try explained(place, row: fields.map { $0[rows[0]] }) else { return nil }
        let numbers = Set(fields[changed].compactMap { $0.flatMap(NumberField.read) }).sorted()
        let present = fields[changed].compactMap(\.self)
        let isNumeric =
            numbers.count > 2 && present.count { NumberField.read($0) != nil } * 10 >= present.count * 9
        let ranked = fields[changed].ranked
        var values: [String] = []
        if isNumeric {
            let sorted = present.compactMap(NumberField.read).sorted()
            let steps = min(Self.mostPoints, numbers.count)
            var chosen: [Double] = []
            for step in 0..<steps {
                // Without the outermost hundredths, where hardly a row lies.
                let value = sorted.quantile(0.01 + 0.98 * Double(step) / Double(max(steps - 1, 1)))
                let nearest = sorted.first { $0 >= value } ?? value
                if nearest != chosen.last { chosen.append(nearest) }
            }
            values = chosen.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        } else {
            guard ranked.count * 2 <= max(present.count, 20) else { return nil }
            values = ranked.prefix(Self.mostPoints).map(\.value)
        }
        var columns = fields.map { column in values.flatMap { _ in rows.map { column[$0] } } }
        columns[changed] = values.flatMap { value in rows.map { _ in value } }
        let answers = try answers(explained, columns)
        let points = values.enumerated().map { index, value in
            let part = answers[(index * rows.count)..<((index + 1) * rows.count)]
            return (value: value, answer: part.reduce(0, +) / Double(rows.count))
        }
        return PartialDependence(
            output: output, answer: explained.name, column: column, points: points, isNumeric: isNumeric)
    }
}
