import WrightData
import WrightTrain

/// How long a model takes to answer for one row in this process, from its fields to its answer.
public struct PredictionLatency: Sendable {
    /// Milliseconds that half, and 99 of 100, of the predictions stay within, and the longest.
    public let median: Double
    public let ninetyNinth: Double
    public let longest: Double
    public let count: Int

    /// Predicts `count` rows of a table one by one, beginning again behind the last; before that a sixth as many that are
    /// not timed, in which plans for all lengths of texts are made.
    public init(of model: TaskModel, on table: TaskTable, count: Int = 300) throws {
        precondition(count >= 1, "a latency is of at least one prediction, not \(count)")
        let untimed = max(1, count / 6)
        var times: [Double] = []
        times.reserveCapacity(count)
        for number in 0..<(untimed + count) {
            let row = table.selecting([number % table.count])
            let start = SystemCalls.monotonicTime
            _ = try model.predict(row)
            if number >= untimed { times.append((SystemCalls.monotonicTime - start) * 1000) }
        }
        times.sort()
        self.count = count
        median = times.quantile(0.5)
        ninetyNinth = times[times.count * 99 / 100]
        longest = times[times.count - 1]
    }
}
