import WrightData
public import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// The next numbers of a column that is a series, by their squared error on the scale where its spread is 1. Predictions are
/// on that scale, `[n, horizon]`.
public struct ForecastOutput: OutputFeature {
    /// How the future of a column is learned.
    public struct Settings: OutputSettings {
        var horizon = 24

        public init() {}
        public static var type: String { "forecast" }
        public static var summary: Phrase { Phrase("the next numbers of a series", "时间序列接下来的数值") }
        public static var settings: [Setting<Self>] {
            [.value("horizon", \.horizon, .integer(atLeast: 1), Phrase("How many rows ahead are forecast", "向后预测多少行"))]
        }

        public func fit(_ fields: [String?]) throws -> ForecastOutput {
            let (center, scale) = try SeriesScale.fit(fields)
            return ForecastOutput(horizon: horizon, center: center, scale: scale)
        }
    }

    private let horizon: Int
    private let center: Double
    private let scale: Double

    private init(horizon: Int, center: Double, scale: Double) {
        self.horizon = horizon
        self.center = center
        self.scale = scale
    }

    public var shape: OutputShape { .horizon(horizon) }
    public var width: Int { horizon }

    /// What comes after each row; what nobody knows is not a number and counts nothing.
    public func encode(_ fields: [String?]) -> EncodedOutput {
        let values = fields.map { field in
            field.flatMap(NumberField.read).map { Float(($0 - center) / scale) } ?? .nan
        }
        var targets: [Float] = []
        targets.reserveCapacity(fields.count * horizon)
        for row in fields.indices {
            let next = values[min(row + 1, values.count)..<min(row + 1 + horizon, values.count)]
            targets += next + [Float](repeating: .nan, count: horizon - next.count)
        }
        let buffer = Buffer(targets, shape: [fields.count, horizon])
        return EncodedOutput(
            targets: buffer, truths: buffer,
            defects: fields.indices.map { row in
                row + horizon >= fields.count
                    ? Phrase("without \(horizon) rows after it", "其后不足 \(horizon) 行")
                    : targets[(row * horizon)..<((row + 1) * horizon)].allSatisfy(\.isNaN)
                        ? Phrase("without a value ahead", "其后没有值") : nil
            })
    }

    public func loss(_ answer: Tensor, target: Tensor) -> Tensor {
        let isKnown = target.isEqual(to: target)
        let zero = Tensor.constant(0, answer.dtype)
        let errors = Tensor.select(isKnown, (answer - Tensor.select(isKnown, target, zero)).squared(), zero)
        return errors.sum() / isKnown.cast(to: answer.dtype).sum().maximum(1)
    }

    public func averaged(_ answer: Tensor) -> Tensor { answer }
    public func predictions(_ averages: Buffer) -> Buffer { averages }
    func picture(_ predictions: Predictions, rows: [Int]) throws(MetricError) -> ForecastPicture {
        try ForecastPicture(predictions, rows: rows, center: center, scale: scale)
    }

    public var metrics: [any Metric] { [StandardizedErrors(center: center, scale: scale)] }
    public var mainMetric: String { "mse_standardized" }

    /// The next numbers, in the unit of the column: `predictions` is of one row, and there is a field for each row ahead.
    public func columns(_ predictions: Buffer) -> [PredictionColumn] {
        let values = predictions.array(of: Float.self).map { "\(Float(Double($0) * scale + center))" }
        return [PredictionColumn("", values, isNumeric: true)]
    }

    public var state: JSON {
        ["horizon": .integer(Int64(horizon)), "center": .number(center), "scale": .number(scale)]
    }

    public init(_ state: FeatureState) throws {
        horizon = try state.count("horizon")
        center = try state.number("center")
        scale = try state.positive("scale")
    }
}
