public import WrightRuntime

/// Keeps the loss of steps and the results of validations in memory, for plots.
///
/// Bounded: when there are too many points, every second one goes and points are from then on twice as far apart. A
/// point's loss is the mean over the steps that it stands for.
public final class LearningCurve: Callback {
    /// The loss around one step.
    public struct Point: Hashable, Sendable {
        /// The last of the steps it stands for.
        public var step: Int
        public var loss: Double
        public var learningRate: Double
    }

    /// What one validation gave.
    public struct Validation: Hashable, Sendable {
        public var step: Int
        public var values: [MetricValue]
    }

    public private(set) var points: [Point] = []
    public private(set) var validations: [Validation] = []
    private let capacity: Int
    private var stride = 1
    private var sum = 0.0
    private var pending = 0

    public init(capacity: Int = 2048) {
        precondition(capacity >= 2 && capacity % 2 == 0, "a curve of \(capacity) points; give an even number")
        self.capacity = capacity
        points.reserveCapacity(capacity)
    }

    public func stepEnded(_ step: borrowing StepReport) -> Directive {
        sum += step.loss
        pending += 1
        guard pending == stride else { return .proceed }
        points.append(Point(step: step.step, loss: sum / Double(stride), learningRate: step.learningRate))
        (sum, pending) = (0, 0)
        if points.count == capacity { halve() }
        return .proceed
    }

    private func halve() {
        for index in 0..<capacity / 2 {
            var point = points[2 * index + 1]
            point.loss = (points[2 * index].loss + point.loss) / 2
            points[index] = point
        }
        points.removeLast(capacity / 2)
        stride *= 2
    }

    public func received(_ event: TrainingEvent) -> Directive {
        if case .validated(let report) = event {
            validations.append(Validation(step: report.step, values: report.values))
        }
        return .proceed
    }

    /// `{"points": [[step, loss, learning rate] …], "validations": [{"step", "values"} …]}`.
    public var json: JSON {
        [
            "points": .array(points.map { [.integer(Int64($0.step)), .number($0.loss), .number($0.learningRate)] }),
            "validations": .array(
                validations.map { validation in
                    var values = JSON.Object()
                    for value in validation.values { values[value.name] = .number(value.value) }
                    return ["step": .integer(Int64(validation.step)), "values": .object(values)]
                }),
        ]
    }

    public var savedState: JSON? {
        guard case .object(var saved) = json else { return nil }
        saved["stride"] = .integer(Int64(stride))
        saved["sum"] = .number(sum)
        saved["pending"] = .integer(Int64(pending))
        return .object(saved)
    }

    public func restore(_ saved: JSON) {
        stride = saved["stride"]?.integer ?? 1
        sum = saved["sum"]?.double ?? 0
        pending = saved["pending"]?.integer ?? 0
        points = (saved["points"]?.array ?? []).compactMap { item in
            guard let row = item.array, row.count == 3, let step = row[0].integer, let loss = row[1].double else {
                return nil
            }
            return Point(step: step, loss: loss, learningRate: row[2].double ?? .nan)
        }
        validations = (saved["validations"]?.array ?? []).compactMap { item in
            guard let step = item["step"]?.integer, let values = item["values"]?.object else { return nil }
            return Validation(step: step, values: values.map { MetricValue($0.key, $0.value.double ?? .nan) })
        }
    }
}
