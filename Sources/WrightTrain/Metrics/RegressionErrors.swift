import WrightGraph

/// Mean squared error, its root, mean absolute error and R² of predicted numbers; every element counts as one.
public struct RegressionErrors: Metric, Hashable {
    private var count = 0.0
    private var squares = 0.0
    private var absolutes = 0.0
    /// Mean of the targets and the sum of their squared distances from it, updated as in Chan, Golub & LeVeque (1979).
    private var mean = 0.0
    private var spread = 0.0

    public init() {}

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        guard batch.outputs.dtype == .float32 else {
            throw .outputs(metric: "regression errors", expected: "float32", received: batch.outputs.type)
        }
        guard batch.targets.dtype == .float32, batch.targets.count == batch.outputs.count else {
            throw .targets(
                metric: "regression errors", expected: "float32, as many as the \(batch.outputs.count) outputs",
                received: batch.targets.type)
        }
        var next = self
        batch.outputs.withElements(of: Float.self) { outputs in
            batch.targets.withElements(of: Float.self) { targets in
                for (output, target) in zip(outputs, targets) { next.add(Double(output), target: Double(target)) }
            }
        }
        self = next
    }

    /// Takes in one number.
    public mutating func add(_ output: Double, target: Double) {
        let error = output - target
        squares += error * error
        absolutes += abs(error)
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
        count = total
    }

    public var meanSquaredError: Double { squares / count }
    public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
    public var meanAbsoluteError: Double { absolutes / count }

    /// The share of the targets' variance that is explained. Constant targets give 1 if every error is 0, else 0.
    public var r2: Double {
        guard count >= 2 else { return .nan }
        return spread == 0 ? (squares == 0 ? 1 : 0) : 1 - squares / spread
    }

    public var values: [MetricValue] {
        [
            MetricValue("mse", meanSquaredError), MetricValue("rmse", rootMeanSquaredError),
            MetricValue("mae", meanAbsoluteError), MetricValue("r2", r2),
        ]
    }
}
