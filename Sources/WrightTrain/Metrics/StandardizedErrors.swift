import WrightGraph

/// Errors of forecasts in the unit of what is forecast, and on the scale where its spread is 1, which is how methods are
/// compared: `mse_standardized` and `mae_standardized`. Outputs and targets are on that scale; a target that is not a number
/// is one that nobody knows, and is left out.
public struct StandardizedErrors: Metric, Hashable {
    private let center: Double
    private let scale: Double
    private var errors = RegressionErrors()

    /// A number is `center` and `scale` times what it is on the common scale.
    public init(center: Double, scale: Double) {
        precondition(scale > 0, "numbers that spread over \(scale) have no common scale")
        self.center = center
        self.scale = scale
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let numbers = try batch.numbers(of: "standardized errors")
        for (output, target) in zip(numbers.outputs, numbers.targets) where !target.isNaN {
            errors.add(output * scale + center, target: target * scale + center)
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard (center, scale) == (other.center, other.scale) else {
            throw .merge(metric: "standardized errors", reason: "their scales differ")
        }
        errors.merge(other.errors)
    }

    public var values: [MetricValue] {
        errors.values.filter { $0.name != "mape" } + [
            MetricValue("mse_standardized", errors.meanSquaredError / (scale * scale)),
            MetricValue("mae_standardized", errors.meanAbsoluteError / scale),
        ]
    }
}
