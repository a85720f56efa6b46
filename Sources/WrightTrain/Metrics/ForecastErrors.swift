/// Errors of forecasts that can be compared between series of different size.
///
/// - sMAPE: the mean of 2 |error| / (|forecast| + |truth|), from 0 to 2; 0 where both are 0 (Makridakis, 1993).
/// - MASE: the mean of |error|, divided by what repeating the last season would have been wrong by on the training data
///   (Hyndman & Koehler, *Another look at measures of forecast accuracy*, 2006). Below 1 is better than that.
public struct ForecastErrors: Metric, Hashable {
    /// The mean absolute error of repeating the last season.
    public let scale: Double
    private var count = 0.0
    private var absolutes = 0.0
    private var relatives = 0.0

    /// - Parameters:
    ///   - training: the series that came before, in order.
    ///   - season: after how many steps the series repeats itself; 1 compares with the last value.
    public init(training: [Double], season: Int = 1) {
        precondition(
            season >= 1 && training.count > season,
            "a season of \(season) steps cannot be measured on \(training.count) values")
        let sum = zip(training, training.dropFirst(season)).reduce(0) { $0 + abs($1.1 - $1.0) }
        scale = sum / Double(training.count - season)
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let numbers = try batch.numbers(of: "forecast errors")
        for (output, target) in zip(numbers.outputs, numbers.targets) {
            let error = abs(output - target)
            count += 1
            absolutes += error
            if error > 0 { relatives += 2 * error / (abs(output) + abs(target)) }
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard scale == other.scale else { throw .merge(metric: "forecast errors", reason: "the training data differ") }
        count += other.count
        absolutes += other.absolutes
        relatives += other.relatives
    }

    public var values: [MetricValue] {
        [MetricValue("smape", relatives / count), MetricValue("mase", absolutes / count / scale)]
    }
}
