public import WrightData
import WrightGraph
import WrightNN
public import WrightRuntime

/// The loss over a learning rate that rises from step to step, to choose a rate by (Smith, *Cyclical learning rates for
/// training neural networks*, 2017).
public struct LearningRateSweep: Hashable, Sendable {
    /// One step of the sweep.
    public struct Point: Hashable, Sendable {
        public var learningRate: Double
        public var loss: Double
        /// The loss as a running mean over the points so far.
        public var smoothed: Double
    }

    public var points: [Point]

    /// Where the smoothed loss falls fastest; nil when it never falls.
    public var suggestion: Double? {
        guard let lowest = points.indices.min(by: { points[$0].smoothed < points[$1].smoothed }) else { return nil }
        var best: (slope: Double, rate: Double)?
        // A few points on either side, so that one step's noise is no slope. The rate grows by a fixed factor, so equal
        // distances in points are equal distances in its logarithm.
        let reach = max(1, points.count / 40)
        for index in points.indices where index >= reach && index + reach <= lowest {
            let slope = points[index + reach].smoothed - points[index - reach].smoothed
            if slope < best?.slope ?? 0 { best = (slope, points[index].learningRate) }
        }
        return best?.rate
    }

    public var json: JSON {
        [
            "points": .array(points.map { [.number($0.learningRate), .number($0.loss), .number($0.smoothed)] }),
            "suggestion": suggestion.map(JSON.number) ?? .null,
        ]
    }
}

extension Trainer {
    /// Trains some steps with a learning rate that grows by a fixed factor from `lowest` to `highest`, and puts everything
    /// back as it was. Ends early when the loss has become several times its lowest.
    ///
    /// With several groups it is the first one's rate that is varied; the others keep their proportion to it.
    ///
    /// - Throws: what ``fit(_:validation:metrics:callbacks:resume:interruption:)`` throws before its first step, and
    ///   ``TrainingError/interrupted(step:checkpoint:)``.
    public func findLearningRate(
        _ training: Pipeline, from lowest: Double = 1e-7, to highest: Double = 10, steps: Int = 100,
        interruption: Interruption = Interruption()
    ) throws -> LearningRateSweep {
        precondition(
            0 < lowest && lowest < highest && steps > 1, "a sweep from \(lowest) to \(highest) in \(steps) steps")
        let before = Snapshot(program)
        defer { before.restore(program) }
        program.clearAccumulators()
        let stream = try training.stream(depth: config.prefetchDepth, workers: config.workers)
        defer { stream.cancel() }
        var stepper = Stepper(program, measures: 1, isClipping: false)
        var sweep = LearningRateSweep(points: [])
        let keeps = 0.95
        var mean = 0.0
        for index in 0..<steps {
            if interruption.isRequested { throw TrainingError.interrupted(step: index, checkpoint: nil) }
            let rate = lowest * SystemCalls.power(highest / lowest, Double(index) / Double(steps - 1))
            stepper.begin(rateFactor: rate / learningRate)
            guard let batch = try stream.next() else { break }
            try stepper.run(.whole, batch)
            guard stepper.loss.isFinite else { break }
            mean = keeps * mean + (1 - keeps) * stepper.loss
            let smoothed = mean / (1 - SystemCalls.power(keeps, Double(index + 1)))
            sweep.points.append(.init(learningRate: rate, loss: stepper.loss, smoothed: smoothed))
            let best = sweep.points.reduce(Double.infinity) { min($0, $1.smoothed) }
            if index > steps / 10, smoothed > 4 * best { break }
        }
        return sweep
    }
}
