import WrightRuntime
import WrightTrain

/// What predicted numbers look like against the true ones.
public struct NumberPicture: Sendable {
    /// True and predicted, of rows at equal distances when there are many.
    public let points: [(truth: Double, predicted: Double)]
    /// Where each bar of the errors' histogram starts and how many errors (predicted − true) it holds. The first and the
    /// last hold what lies further out as well.
    public let residuals: [(low: Double, count: Int)]
    /// The width of a bar.
    public let barWidth: Double
    /// The size that half, and nine tenths, of the errors stay below.
    public let medianError: Double
    public let ninetyPercentError: Double

    private static let mostPoints = 400
    private static let bars = 24

    init(_ predictions: Predictions) throws(MetricError) {
        let (said, truths) = try predictions.numbers(of: "picture of numbers")
        let step = max(1, (said.count + Self.mostPoints - 1) / Self.mostPoints)
        points = stride(from: 0, to: said.count, by: step).map { (truths[$0], said[$0]) }
        let errors = zip(said, truths).map { $0 - $1 }
        let sizes = errors.map(abs).sorted()
        (medianError, ninetyPercentError) = (sizes.quantile(0.5), sizes.quantile(0.9))
        // A few wild errors must not press all others into one bar.
        let reach = max(sizes.quantile(0.98), .leastNormalMagnitude)
        let width = 2 * reach / Double(Self.bars)
        var counts = [Int](repeating: 0, count: Self.bars)
        for error in errors where error.isFinite {
            counts[min(max(Int(((error + reach) / width).rounded(.down)), 0), Self.bars - 1)] += 1
        }
        barWidth = width
        residuals = counts.enumerated().map { (-reach + Double($0) * width, $1) }
    }

    /// `{"true_predicted": [[true, predicted]…], "residuals": [[low, count]…], "median_absolute_error", "error_90"}`.
    var json: JSON {
        [
            "true_predicted": .array(points.map { [.number($0.truth), .number($0.predicted)] }),
            "residuals": .array(residuals.map { [.number($0.low), .integer(Int64($0.count))] }),
            "bar_width": .number(barWidth), "median_absolute_error": .number(medianError),
            "error_90": .number(ninetyPercentError),
        ]
    }
}
