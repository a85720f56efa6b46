/// Mean squared error, its root, mean absolute error, also as a share of the truth, and R² of predicted numbers; every
/// element counts as one.
public struct RegressionErrors: Metric, Hashable {
    private var count = 0.0
    private var squares = 0.0
    private var absolutes = 0.0
    private var relatives = 0.0
    /// Mean of the targets and the sum of their squared distances from it, updated as in Chan, Golub & LeVeque (1979).
    private var mean = 0.0
    private var spread = 0.0

    public init() {}

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let numbers = try batch.numbers(of: "regression errors")
        for (output, target) in zip(numbers.outputs, numbers.targets) { add(output, target: target) }
    }

    /// Takes in one number.
    public mutating func add(_ output: Double, target: Double) {
        let error = output - target
        squares += error * error
        absolutes += abs(error)
        relatives += abs(error) / max(abs(target), .ulpOfOne)
        count += 1
        let distance = target - mean
        mean += distance / count
        spread += distance * (target - mean)
    }

    public mutating func merge(_ other: Self) {
        let total = count + other.count
        guard total > 0 else { return }
        let distance = other.mean - mean
        spread += other.spread + distance * distance * count * other.count / total
        mean += distance * other.count / total
        squares += other.squares
        absolutes += other.absolutes
        relatives += other.relatives
        count = total
    }

    public var meanSquaredError: Double { squares / count }
    public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
    public var meanAbsoluteError: Double { absolutes / count }

    /// The mean of |error| / |target|; huge as soon as one target is 0.
    public var meanAbsolutePercentageError: Double { relatives / count }

    /// The share of the targets' variance that is explained. Constant targets give 1 if every error is 0, else 0.
    public var r2: Double {
        guard count >= 2 else { return .nan }
        return spread == 0 ? (squares == 0 ? 1 : 0) : 1 - squares / spread
    }

    public var values: [MetricValue] {
        [
            MetricValue("mse", meanSquaredError), MetricValue("rmse", rootMeanSquaredError),
            MetricValue("mae", meanAbsoluteError), MetricValue("r2", r2),
            MetricValue("mape", meanAbsolutePercentageError),
        ]
    }
}
