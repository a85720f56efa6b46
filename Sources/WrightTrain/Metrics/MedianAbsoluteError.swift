/// The error that half of the predicted numbers stay below: unlike the mean it does not mind a few wild ones. Exact, so it
/// keeps 4 bytes a number.
public struct MedianAbsoluteError: Metric, Hashable {
    private var errors: [Float] = []

    public init() {}

    public var growsWithExamples: Bool { true }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let numbers = try batch.numbers(of: "median absolute error")
        for (output, target) in zip(numbers.outputs, numbers.targets) { errors.append(Float(abs(output - target))) }
    }

    public mutating func merge(_ other: Self) { errors += other.errors }

    public var values: [MetricValue] {
        [MetricValue("median_absolute_error", errors.map(Double.init).sorted().quantile(0.5))]
    }
}

extension [Double] {
    /// The number that a share of these, which are sorted, stays below, interpolated between neighbours; NaN of nothing.
    package func quantile(_ share: Double) -> Double {
        guard let last = indices.last else { return .nan }
        let place = share * Double(last)
        let lower = Int(place)
        return self[lower] + (self[Swift.min(lower + 1, last)] - self[lower]) * (place - Double(lower))
    }
}
