import WrightData
public import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// A number, by its squared, absolute or Huber error on a scale where its spread is 1. Predictions are numbers in the
/// column's own unit.
public struct NumberOutput: OutputFeature {
    /// What is done before the numbers are brought to a common scale, and undone in predictions.
    enum Transform: String, CaseIterable, Sendable {
        /// The logarithm for numbers above zero that reach over more than a factor of ten with a long tail, else nothing.
        case automatic
        case none, log
    }

    /// What an error costs.
    enum Error: String, CaseIterable, Sendable { case squared, absolute, huber }

    /// How a column of numbers is learned.
    public struct Settings: OutputSettings {
        var transform = Transform.automatic
        var error = Error.squared
        var decimal = NumberField.Mark.point

        public init() {}
        public static var type: String { "number" }
        public static var summary: Phrase { Phrase("a number", "数") }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "transform", \.transform, .choice(),
                    Phrase("Whether the logarithm is learned; found out when automatic", "是否学习其对数；automatic 表示自动判断")),
                .value("error", \.error, .choice(), Phrase("What an error costs", "误差如何计算代价")),
                .value(
                    "decimal", \.decimal, .choice(),
                    Phrase("What stands before the part of a number that is less than one", "小数点的写法")),
            ]
        }

        public func fit(_ fields: [String?]) throws -> NumberOutput {
            let numbers = fields.compactMap { $0.flatMap { NumberField.read($0, decimal: decimal) } }
            guard let low = numbers.min(), let high = numbers.max() else {
                throw FeatureProblem(.noNumber, fields.examples { _ in true })
            }
            guard low < high else {
                throw FeatureProblem(.sameValue, "\(low)")
            }
            if transform == .log, low <= 0 {
                throw FeatureProblem(.noLogarithm, "\(low)")
            }
            let isLog = transform == .log || transform == .automatic && Self.hasLongTail(numbers)
            let learned = isLog ? numbers.map(SystemCalls.naturalLogarithm) : numbers
            let mean = learned.reduce(0, +) / Double(learned.count)
            let variance = learned.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(learned.count)
            return NumberOutput(
                isLog: isLog, center: mean, scale: variance.squareRoot(), low: learned.min()!, high: learned.max()!,
                error: error, decimal: decimal)
        }

        /// Whether the logarithms are less skewed than the numbers, which reach over a factor of ten above zero.
        private static func hasLongTail(_ numbers: [Double]) -> Bool {
            guard let low = numbers.min(), let high = numbers.max(), low > 0, high / low > 10 else { return false }
            return skewness(numbers) > 1
                && abs(skewness(numbers.map(SystemCalls.naturalLogarithm))) < skewness(numbers) / 2
        }

        private static func skewness(_ numbers: [Double]) -> Double {
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            let moments = numbers.reduce((0.0, 0.0)) { sum, number in
                let distance = number - mean
                return (sum.0 + distance * distance, sum.1 + distance * distance * distance)
            }
            let variance = moments.0 / Double(numbers.count)
            return moments.1 / Double(numbers.count) / (variance * variance.squareRoot())
        }
    }

    private let isLog: Bool
    private let center: Double
    private let scale: Double
    /// The least and the largest that was seen, on the learned scale.
    private let low: Double
    private let high: Double
    private let error: Error
    private let decimal: NumberField.Mark

    private init(
        isLog: Bool, center: Double, scale: Double, low: Double, high: Double, error: Error, decimal: NumberField.Mark
    ) {
        self.decimal = decimal
        self.isLog = isLog
        self.center = center
        self.scale = scale
        self.low = low
        self.high = high
        self.error = error
    }

    public var width: Int { 1 }

    public func encode(_ fields: [String?]) -> EncodedOutput {
        let numbers = fields.map { $0.flatMap { NumberField.read($0, decimal: decimal) } }
        let targets = numbers.map { number -> Float in
            guard let number else { return 0 }
            let learned = isLog ? (number > 0 ? SystemCalls.naturalLogarithm(number) : low) : number
            return Float((learned - center) / scale)
        }
        return EncodedOutput(
            targets: Buffer(targets), truths: Buffer(numbers.map { Float($0 ?? 0) }),
            defects: zip(fields, numbers).map { field, number in
                number != nil ? nil : field == nil ? .withoutValue : .withoutNumber
            })
    }

    public func loss(_ answer: Tensor, target: Tensor) -> Tensor {
        let answer = answer.reshaped(target.shape)
        return switch error {
        case .squared: Loss.meanSquaredError(answer, target: target)
        case .absolute: Loss.meanAbsoluteError(answer, target: target)
        case .huber: Loss.huber(answer, target: target)
        }
    }

    public func averaged(_ answer: Tensor) -> Tensor { answer }

    /// What lies far outside of what was seen is held at its edge: half the range beyond it.
    public func predictions(_ averages: Buffer) -> Buffer {
        let margin = (high - low) / 2
        return Buffer(
            averages.array(of: Float.self).map { value in
                let learned = min(max(Double(value) * scale + center, low - margin), high + margin)
                return Float(isLog ? SystemCalls.exponential(learned) : learned)
            })
    }

    public var metrics: [any Metric] { [RegressionErrors()] }
    public var mainMetric: String { "r2" }
    /// R² of a part compares with the part's own spread, so it says nothing about where errors are large.
    public var sliceMetric: String { "mae" }
    public var form: OutputForm { .number }

    public func columns(_ predictions: Buffer) -> [PredictionColumn] {
        [PredictionColumn("", predictions.array(of: Float.self).map { "\($0)" }, isNumeric: true)]
    }

    public var state: JSON {
        [
            "log": .bool(isLog), "center": .number(center), "scale": .number(scale), "low": .number(low),
            "high": .number(high), "error": .string(error.rawValue), "decimal": .string(decimal.rawValue),
        ]
    }

    public init(_ state: FeatureState) throws {
        isLog = try state.flag("log")
        center = try state.number("center")
        scale = try state.number("scale")
        low = try state.number("low")
        high = try state.number("high")
        decimal = try NumberField.Mark(state)
        error = try state.member("error", Phrase("one of ", "以下之一：") + Error.allCases.map(\.rawValue).phrase) {
            $0.string.flatMap(Error.init)
        }
    }
}
