public import WrightGraph
public import WrightRuntime

/// What turns a model's probabilities into ones that are as often right as they say, fitted on data that the model was not
/// trained on.
public enum Calibration: Hashable, Sendable {
    /// Logits divided by one number; any number of classes. The chosen class stays (Guo et al., 2017).
    case temperature(Double)
    /// 1 / (1 + e^(slope · x + intercept)) of the log-odds x; two classes (Platt, 1999).
    case sigmoid(slope: Double, intercept: Double)
    /// The best rising steps, straight lines between them; two classes. It needs a thousand examples or so (Zadrozny &
    /// Elkan, 2002).
    case isotonic([Knot])

    /// Where a probability of class 1 is moved to.
    public struct Knot: Hashable, Sendable {
        public var probability: Double
        public var calibrated: Double

        public init(_ probability: Double, _ calibrated: Double) {
            self.probability = probability
            self.calibrated = calibrated
        }
    }

    /// Probabilities `[n, classes]`, or of class 1 `[n]` or `[n, 1]`, calibrated.
    ///
    /// - Throws: ``MetricError`` when a calibration of two classes is given more of them.
    public func calibrated(_ outputs: Buffer) throws(MetricError) -> Buffer {
        let width = outputs.shape.count == 2 ? outputs.shape[1] : 1
        guard outputs.dtype == .float32, outputs.shape.count <= 2, width <= 2 || isOfManyClasses else {
            throw .outputs(
                metric: "calibration", expected: isOfManyClasses ? "float32[n, classes]" : "float32[n, 2]",
                received: outputs.type)
        }
        var values = outputs.array(of: Float.self)
        for start in stride(from: 0, to: values.count, by: max(width, 1)) {
            if width == 1 {
                values[start] = Float(calibrated([1 - Double(values[start]), Double(values[start])])[1])
            } else {
                let new = calibrated(values[start..<start + width].map(Double.init))
                for (place, value) in new.enumerated() { values[start + place] = Float(value) }
            }
        }
        return Buffer(values, shape: outputs.shape)
    }

    private var isOfManyClasses: Bool { if case .temperature = self { true } else { false } }

    /// The probabilities of one example's classes, calibrated.
    public func calibrated(_ probabilities: [Double]) -> [Double] {
        switch self {
        case .temperature(let temperature):
            let logits = probabilities.map { Self.logarithm($0) / temperature }
            let largest = logits.max() ?? 0
            let powers = logits.map { SystemCalls.exponential($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        case .sigmoid(let slope, let intercept):
            let one = 1 / (1 + SystemCalls.exponential(slope * Self.logOdds(probabilities[1]) + intercept))
            return [1 - one, one]
        case .isotonic(let knots):
            let one = Self.interpolated(probabilities[1], knots)
            return [1 - one, one]
        }
    }

    /// A model may say 0 in float32 and mean something less than its smallest number.
    static func logarithm(_ probability: Double) -> Double {
        SystemCalls.naturalLogarithm(max(probability, Double(Float.leastNormalMagnitude)))
    }

    static func logOdds(_ probability: Double) -> Double { logarithm(probability) - logarithm(1 - probability) }

    private static func interpolated(_ x: Double, _ knots: [Knot]) -> Double {
        guard let first = knots.first, let last = knots.last else { return x }
        if x <= first.probability { return first.calibrated }
        if x >= last.probability { return last.calibrated }
        var (low, high) = (0, knots.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if knots[middle].probability <= x { low = middle } else { high = middle }
        }
        let (a, b) = (knots[low], knots[high])
        return a.calibrated + (b.calibrated - a.calibrated) * (x - a.probability) / (b.probability - a.probability)
    }
}

extension Calibration {
    /// For the model's folder.
    public var json: JSON {
        switch self {
        case .temperature(let temperature): ["method": "temperature", "temperature": .number(temperature)]
        case .sigmoid(let slope, let intercept):
            ["method": "sigmoid", "slope": .number(slope), "intercept": .number(intercept)]
        case .isotonic(let knots):
            [
                "method": "isotonic", "probabilities": .array(knots.map { .number($0.probability) }),
                "calibrated": .array(knots.map { .number($0.calibrated) }),
            ]
        }
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: JSON) {
        switch json["method"]?.string {
        case "temperature":
            guard let temperature = json["temperature"]?.double, temperature > 0 else { return nil }
            self = .temperature(temperature)
        case "sigmoid":
            guard let slope = json["slope"]?.double, let intercept = json["intercept"]?.double else { return nil }
            self = .sigmoid(slope: slope, intercept: intercept)
        case "isotonic":
            let from = json["probabilities"]?.array?.compactMap(\.double) ?? []
            let to = json["calibrated"]?.array?.compactMap(\.double) ?? []
            guard !from.isEmpty, from.count == to.count, zip(from, from.dropFirst()).allSatisfy(<) else { return nil }
            self = .isotonic(zip(from, to).map { Knot($0, $1) })
        default: return nil
        }
    }
}
