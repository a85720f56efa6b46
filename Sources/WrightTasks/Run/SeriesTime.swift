import WrightData
import WrightRuntime

/// The time of each row of a table that is in its order: where rows are missing, and how time goes on after the last.
struct SeriesTime {
    /// Days, or what the numbers of the column count.
    private let times: [Double]
    /// From one row to the next, the middle of all steps.
    private let step: Double
    /// Rows that come later after the one before them than a step.
    let gaps: [Int]
    private let last: String
    /// Whether nearly all steps are equal.
    let isRegular: Bool

    /// - Throws: ``FeatureProblem`` naming the first row whose time cannot be read or does not come after the one before.
    init(_ fields: [String?], lines: [Int]) throws {
        var times: [Double] = []
        for (row, field) in fields.enumerated() {
            guard let time = field.flatMap({ DateField.read($0)?.days ?? NumberField.read($0) }) else {
                throw FeatureProblem(.noTime, lines[row])
            }
            if let before = times.last, time <= before {
                throw FeatureProblem(
                    .timeOrder, lines[row], field!.readable, lines[row - 1], (fields[row - 1] ?? "").readable)
            }
            times.append(time)
        }
        guard times.count > 1, let last = fields[fields.count - 1] else {
            throw FeatureProblem(.shortSeries)
        }
        let steps = zip(times, times.dropFirst()).map { $1 - $0 }
        step = steps.sorted()[steps.count / 2]
        let limit = 1.5 * step
        gaps = steps.indices.filter { steps[$0] > limit }.map { $0 + 1 }
        let middle = step
        isRegular = 10 * steps.count { abs($0 - middle) <= 0.1 * middle } >= 9 * steps.count
        self.times = times
        self.last = last
    }

    /// Why rows cannot be learned from: time has a gap among the `lookback` rows that end with them or the `horizon` after.
    func defects(lookback: Int, horizon: Int) -> [Int: Phrase] {
        let gapInTime = Phrase("with a gap in time among the rows before or after it", "前后的行之间时间有间断")
        var found: [Int: Phrase] = [:]
        for gap in gaps {
            for row in max(0, gap - horizon)..<min(times.count, gap + lookback - 1) { found[row] = gapInTime }
        }
        return found
    }

    /// The times of the next rows, written as the last one is where that is a date or a number.
    func continued(by count: Int) -> [String] {
        (1...count).map { number in
            let time = times[times.count - 1] + Double(number) * step
            guard let date = DateField.read(last), date.days == times[times.count - 1] else {
                return time == time.rounded() ? "\(Int(time))" : "\(time)"
            }
            let hasTime = last.contains(":") || step != step.rounded()
            return DateField.text(days: time, hasTime: hasTime)
        }
    }
}
