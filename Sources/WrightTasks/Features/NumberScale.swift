import WrightRuntime
import WrightTrain

/// How numbers of one column are brought to a common scale, fitted to some of them. What lies outside of what was seen is
/// held near it, so that one wrong field cannot overwhelm a prediction.
struct NumberScale: Hashable, Sendable {
    /// The ways to do it.
    enum Kind: String, CaseIterable, Sendable {
        /// Less the median, over the distance of the quartiles, and smoothly held within ±3 (Holzmüller et al., *Better by
        /// default*, 2024).
        case robust
        /// Less the mean, over the standard deviation, within ±10.
        case standard
        /// The smallest as 0, the largest as 1.
        case range
        /// The logarithm of one and the magnitude, with its sign, then as `standard`.
        case log
        /// The place among the numbers seen, as if they were normally distributed.
        case quantile
        /// As they are.
        case none
    }

    let kind: Kind
    private let center: Double
    private let scale: Double
    /// Of `quantile`, ascending and different.
    private let knots: [Double]
    private let shares: [Double]

    private static let knotCount = 200

    /// `values` may be empty; then every number becomes 0.
    init(_ kind: Kind, fitting values: [Double]) {
        self.kind = kind
        let values = (kind == .log ? values.map(Self.logarithm) : values).sorted()
        func quantile(_ share: Double) -> Double {
            guard let last = values.indices.last else { return 0 }
            let place = share * Double(last)
            let below = Int(place)
            let above = min(below + 1, last)
            return values[below] + (values[above] - values[below]) * (place - Double(below))
        }
        var (knots, shares): ([Double], [Double]) = ([], [])
        let (low, high) = (values.first ?? 0, values.last ?? 0)
        switch kind {
        case .none: (center, scale) = (0, 1)
        case .range: (center, scale) = (low, high > low ? 1 / (high - low) : 0)
        case .standard, .log:
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
            (center, scale) = (mean, variance > 0 ? 1 / variance.squareRoot() : 0)
        case .robust:
            let spread = quantile(0.75) - quantile(0.25)
            center = quantile(0.5)
            scale = spread > 0 ? 1 / spread : high > low ? 2 / (high - low) : 0
        case .quantile:
            (center, scale) = (0, 1)
            // Equal quantiles are one knot, in the middle of their shares.
            var start = 0
            let quantiles = (0...Self.knotCount).map { quantile(Double($0) / Double(Self.knotCount)) }
            for index in quantiles.indices where index == quantiles.count - 1 || quantiles[index + 1] > quantiles[index]
            {
                knots.append(quantiles[index])
                shares.append(Double(start + index) / 2 / Double(Self.knotCount))
                start = index + 1
            }
        }
        self.knots = knots
        self.shares = shares
    }

    func callAsFunction(_ value: Double) -> Float {
        switch kind {
        case .none: return Float(value)
        case .range: return Float(min(max((value - center) * scale, 0), 1))
        case .standard: return Float(min(max((value - center) * scale, -10), 10))
        case .log: return Float(min(max((Self.logarithm(value) - center) * scale, -10), 10))
        case .robust:
            let scaled = (value - center) * scale
            return Float(scaled / (1 + scaled * scaled / 9).squareRoot())
        case .quantile: return Float(Self.normalQuantile(min(max(share(of: value), 0.001), 0.999)))
        }
    }

    private static func logarithm(_ value: Double) -> Double {
        let magnitude = SystemCalls.naturalLogarithm(1 + abs(value))
        return value < 0 ? -magnitude : magnitude
    }

    private func share(of value: Double) -> Double {
        guard knots.count > 1 else { return 0.5 }
        let above = knots.partitioningIndex { $0 >= value }
        if above == 0 { return shares[0] }
        if above == knots.count { return shares[above - 1] }
        let part = (value - knots[above - 1]) / (knots[above] - knots[above - 1])
        return shares[above - 1] + (shares[above] - shares[above - 1]) * part
    }

    /// The inverse of the normal distribution function, to 1e-9 of it (Acklam, 2003, without the refinement).
    private static func normalQuantile(_ p: Double) -> Double {
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01, 1,
        ]
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        func polynomial(_ coefficients: [Double], _ x: Double) -> Double { coefficients.reduce(0) { $0 * x + $1 } }
        if p < 0.02425 {
            let q = (-2 * SystemCalls.naturalLogarithm(p)).squareRoot()
            return polynomial(c, q) / polynomial(d, q)
        }
        if p > 1 - 0.02425 { return -normalQuantile(1 - p) }
        let q = p - 0.5
        return polynomial(a, q * q) * q / polynomial(b, q * q)
    }
}

extension NumberScale {
    var json: JSON {
        [
            "kind": .string(kind.rawValue), "center": .number(center), "scale": .number(scale),
            "knots": .numbers(knots),
            "shares": .numbers(shares),
        ]
    }

    /// Reads what ``json`` wrote as the member `key` of a feature.
    init(_ state: FeatureState, _ key: String) throws(FileError) {
        let inner = FeatureState(
            json: try state.member(key, Phrase("an object", "对象")) { $0.object.map(JSON.object) }, file: state.file,
            name: state.name)
        kind = try inner.member("kind", Phrase("one of ", "以下之一：") + Kind.allCases.map(\.rawValue).phrase) {
            $0.string.flatMap(Kind.init)
        }
        center = try inner.number("center")
        scale = try inner.number("scale")
        knots = try inner.numbers("knots")
        shares = try inner.numbers("shares")
        guard knots.count == shares.count, zip(knots, knots.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw state.failure("'knots' must ascend, one for each share", "'knots' 必须递增，且每个分位一个")
        }
    }
}

extension Array {
    /// The first index whose element `isAfter`, when those that are stand behind those that are not.
    func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
