import WrightRuntime
import WrightTrain

/// What forecasts look like against what came: how much worse they are further ahead, and two of them whole. All numbers are in
/// the unit of the column.
public struct ForecastPicture: Sendable {
    /// One forecast and what came.
    public struct Example: Sendable {
        /// The row of the table after which it begins.
        public let row: Int
        public let forecast: [Double]
        /// Not a number where nobody knows.
        public let truth: [Double]
        /// The mean size of its errors.
        public let error: Double
    }

    /// The mean size of errors one row ahead, two rows ahead and so on; not a number where no truth is known.
    public let errors: [Double]
    /// The forecast that half of all are better than, and the one that nine in ten are better than.
    public let typical: Example
    public let poor: Example

    /// - Parameter rows: the rows of the table after which the forecasts begin, at least one.
    init(_ predictions: Predictions, rows: [Int], center: Double, scale: Double) throws(MetricError) {
        let (said, truths) = try predictions.numbers(of: "picture of forecasts")
        let horizon = said.count / rows.count
        func error(_ place: Int) -> Double { abs(said[place] - truths[place]) * scale }
        func mean(_ places: some Sequence<Int>) -> Double {
            let known = places.map(error).filter { !$0.isNaN }
            return known.reduce(0, +) / Double(known.count)
        }
        errors = (0..<horizon).map { step in mean(stride(from: step, to: said.count, by: horizon)) }
        let means = rows.indices.map { mean(($0 * horizon)..<(($0 + 1) * horizon)) }
        let order = rows.indices.filter { !means[$0].isNaN }.sorted { (means[$0], $0) < (means[$1], $1) }
        func example(_ share: Double) -> Example {
            let index = order.isEmpty ? 0 : order[Int(share * Double(order.count - 1))]
            let places = (index * horizon)..<((index + 1) * horizon)
            return Example(
                row: rows[index], forecast: said[places].map { $0 * scale + center },
                truth: truths[places].map { $0 * scale + center }, error: means[index])
        }
        (typical, poor) = (example(0.5), example(0.9))
    }

    /// `{"error_by_step": […], "typical": {"row", "mean_absolute_error", "forecast", "truth"}, "poor": …}`.
    var json: JSON {
        func example(_ example: Example) -> JSON {
            [
                "row": .integer(Int64(example.row)), "mean_absolute_error": .number(example.error),
                "forecast": .numbers(example.forecast), "truth": .numbers(example.truth),
            ]
        }
        return ["error_by_step": .numbers(errors), "typical": example(typical), "poor": example(poor)]
    }
}
