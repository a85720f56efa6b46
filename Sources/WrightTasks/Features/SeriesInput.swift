import WrightData
public import WrightRuntime

/// A column of numbers in the order of time: a row is seen with those before it. A missing number is the last one known.
public struct SeriesInput: InputFeature {
    /// How a column of numbers over time is read.
    public struct Settings: InputSettings {
        var lookback = 96

        public init() {}
        public static var type: String { "series" }
        public static var summary: Phrase {
            Phrase("numbers over time: a row is seen with those before it", "随时间变化的数值：每一行连同之前的行一起看")
        }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "lookback", \.lookback, .integer(atLeast: 2),
                    Phrase("How many rows are seen, the row itself the last of them", "看多少行，该行自己是其中最后一行"))
            ]
        }

        public func fit(_ fields: [String?]) throws -> SeriesInput {
            let (center, scale) = try SeriesScale.fit(fields)
            return SeriesInput(lookback: lookback, center: center, scale: scale)
        }
    }

    private let lookback: Int
    private let center: Double
    private let scale: Double

    private init(lookback: Int, center: Double, scale: Double) {
        self.lookback = lookback
        self.center = center
        self.scale = scale
    }

    public var shape: InputShape { InputShape(series: [lookback]) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        var last: Float = 0
        let values = fields.map { field -> Float in
            if let number = field.flatMap(NumberField.read) { last = Float((number - center) / scale) }
            return last
        }
        var defects: [Int: Phrase] = [:]
        let tooEarly = Phrase("without \(lookback - 1) rows before it", "其前不足 \(lookback - 1) 行")
        for row in 0..<min(lookback - 1, fields.count) { defects[row] = tooEarly }
        return EncodedInput(series: [.init(values: values, lookback: lookback)], defects: defects)
    }

    public var state: JSON {
        ["lookback": .integer(Int64(lookback)), "center": .number(center), "scale": .number(scale)]
    }

    public init(_ state: FeatureState) throws {
        lookback = try state.count("lookback")
        center = try state.number("center")
        scale = try state.positive("scale")
    }
}

/// The scale on which a column of numbers over time has the mean 0 and the spread 1.
enum SeriesScale {
    static func fit(_ fields: [String?]) throws -> (center: Double, scale: Double) {
        let numbers = fields.compactMap { $0.flatMap(NumberField.read) }
        guard let first = numbers.first else {
            throw FeatureProblem(.noSeriesNumber, fields.examples { _ in true })
        }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        guard variance > 0 else { throw FeatureProblem(.constantSeries, "\(first)") }
        return (mean, variance.squareRoot())
    }
}

/// A column of numbers over time, all rows of it.
struct EncodedSeries: Sendable {
    let values: [Float]
    let lookback: Int
}
