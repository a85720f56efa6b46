/// How the learning rate changes over training: a pure function from the step, counted from 0, to what the optimizers'
/// rates are multiplied by. With a step that is an epoch, each equals PyTorch's scheduler of that name.
public protocol Schedule: Sendable {
    func factor(at step: Int) -> Double
}

/// Always the same.
public struct ConstantSchedule: Schedule, Hashable {
    public init() {}
    public func factor(at step: Int) -> Double { 1 }
}

/// Multiplies the rate by `decay` after every `period` steps.
public struct StepSchedule: Schedule, Hashable {
    public var period: Int
    public var decay: Double

    public init(period: Int, decay: Double = 0.1) {
        precondition(period > 0, "StepSchedule: a period of \(period) steps")
        self.period = period
        self.decay = decay
    }

    public func factor(at step: Int) -> Double { HostMath.power(decay, Double(step / period)) }
}

/// Multiplies the rate by `decay` at each of the `milestones`.
public struct MultiStepSchedule: Schedule, Hashable {
    public var milestones: [Int]
    public var decay: Double

    public init(milestones: [Int], decay: Double = 0.1) {
        self.milestones = milestones
        self.decay = decay
    }

    public func factor(at step: Int) -> Double { HostMath.power(decay, Double(milestones.count { $0 <= step })) }
}

/// Multiplies the rate by `decay` at every step.
public struct ExponentialSchedule: Schedule, Hashable {
    public var decay: Double

    public init(decay: Double) { self.decay = decay }

    public func factor(at step: Int) -> Double { HostMath.power(decay, Double(step)) }
}

/// Half a cosine from 1 down to `minimum` at step `steps`, then `minimum` (Loshchilov & Hutter, *SGDR*, 2017).
public struct CosineSchedule: Schedule, Hashable {
    public var steps: Int
    public var minimum: Double

    public init(steps: Int, minimum: Double = 0) {
        precondition(steps > 0, "CosineSchedule: \(steps) steps")
        self.steps = steps
        self.minimum = minimum
    }

    public func factor(at step: Int) -> Double {
        let progress = Double(min(step, steps)) / Double(steps)
        return minimum + (1 - minimum) * (1 + HostMath.cosine(.pi * progress)) / 2
    }
}

/// Falls from 1 to 0 over `steps` steps as the `power`-th power of what is left; 1 gives a straight line.
public struct PolynomialSchedule: Schedule, Hashable {
    public var steps: Int
    public var power: Double

    public init(steps: Int, power: Double = 1) {
        precondition(steps > 0, "PolynomialSchedule: \(steps) steps")
        self.steps = steps
        self.power = power
    }

    public func factor(at step: Int) -> Double {
        HostMath.power(1 - Double(min(step, steps)) / Double(steps), power)
    }
}

/// A straight line from `start` to `end` over `steps` steps, then `end`.
public struct LinearSchedule: Schedule, Hashable {
    public var steps: Int
    public var start: Double
    public var end: Double

    public init(steps: Int, from start: Double = 1.0 / 3, to end: Double = 1) {
        precondition(steps > 0, "LinearSchedule: \(steps) steps")
        self.steps = steps
        self.start = start
        self.end = end
    }

    public func factor(at step: Int) -> Double {
        start + (end - start) * Double(min(step, steps)) / Double(steps)
    }
}

/// Up to the full rate and then far below where it began, so that large steps regularise the middle of training (Smith &
/// Topin, *Super-convergence*, 2018). The optimizer's rate is the highest; the momentum stays as it is.
public struct OneCycleSchedule: Schedule, Hashable {
    /// How the rate moves between its turning points.
    public enum Shape: String, Hashable, Sendable, CaseIterable { case cosine, linear }

    public var steps: Int
    /// The share of steps on which the rate rises.
    public var rise: Double
    /// The first rate is the highest divided by this.
    public var startDivisor: Double
    /// The last rate is the first divided by this.
    public var endDivisor: Double
    public var shape: Shape
    /// Falls back to the first rate as fast as it rose, and only then to the last.
    public var isSymmetric: Bool

    public init(
        steps: Int, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4, shape: Shape = .cosine,
        isSymmetric: Bool = false
    ) {
        precondition(steps > 0 && (0...1).contains(rise), "OneCycleSchedule: \(steps) steps, rise \(rise)")
        self.steps = steps
        self.rise = rise
        self.startDivisor = startDivisor
        self.endDivisor = endDivisor
        self.shape = shape
        self.isSymmetric = isSymmetric
    }

    public func factor(at step: Int) -> Double {
        let first = 1 / startDivisor
        let top = rise * Double(steps) - 1
        var corners = [(step: 0, factor: first), (step: top, factor: 1)]
        if isSymmetric { corners.append((step: 2 * top, factor: first)) }
        corners.append((step: Double(steps - 1), factor: first / endDivisor))
        for (start, end) in zip(corners, corners.dropFirst()) where Double(step) <= end.step {
            let length = end.step - start.step
            return length > 0 ? between(start.factor, end.factor, (Double(step) - start.step) / length) : end.factor
        }
        return first / endDivisor
    }

    private func between(_ start: Double, _ end: Double, _ progress: Double) -> Double {
        switch shape {
        case .linear: start + (end - start) * progress
        case .cosine: end + (start - end) * (1 + HostMath.cosine(.pi * progress)) / 2
        }
    }
}

/// Rises in a straight line over the first `steps` steps and then follows another schedule, which starts where the rise
/// ends (Goyal et al., *Accurate, large minibatch SGD*, 2017).
public struct WarmUpSchedule: Schedule {
    public var steps: Int
    public var start: Double
    public var next: any Schedule

    public init(steps: Int, from start: Double = 0, then next: any Schedule = ConstantSchedule()) {
        precondition(steps >= 0, "WarmUpSchedule: \(steps) steps")
        self.steps = steps
        self.start = start
        self.next = next
    }

    public func factor(at step: Int) -> Double {
        guard step < steps else { return next.factor(at: step - steps) }
        return (start + (1 - start) * Double(step) / Double(steps)) * next.factor(at: 0)
    }
}
