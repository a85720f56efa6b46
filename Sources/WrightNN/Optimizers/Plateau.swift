/// Lowers the learning rate when a metric has stopped getting better, as PyTorch's `ReduceLROnPlateau`. Its state is
/// plain values, so that a checkpoint can hold it.
public struct Plateau: Hashable, Sendable {
    /// Whether the watched value is to become small or large.
    public enum Goal: String, Hashable, Sendable, CaseIterable { case lowest, highest }

    /// What better means.
    public var goal: Goal
    /// What the rate is multiplied by.
    public var decay: Double
    /// Checks without improvement that are borne before the rate is lowered.
    public var patience: Int
    /// The least improvement that counts: a share of the best value, or a difference.
    public var threshold: Double
    public var isThresholdRelative: Bool
    /// Checks after lowering the rate during which nothing is counted.
    public var coolDown: Int
    /// The factor is never lower.
    public var minimum: Double

    /// What the optimizers' rates are multiplied by now.
    public private(set) var factor = 1.0
    public private(set) var best: Double?
    public private(set) var badChecks = 0
    public private(set) var coolDownLeft = 0

    public init(
        goal: Goal = .lowest, decay: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
        isThresholdRelative: Bool = true, coolDown: Int = 0, minimum: Double = 0
    ) {
        self.goal = goal
        self.decay = decay
        self.patience = patience
        self.threshold = threshold
        self.isThresholdRelative = isThresholdRelative
        self.coolDown = coolDown
        self.minimum = minimum
    }

    /// Takes in the metric of one more check and returns the factor from now on.
    public mutating func update(_ metric: Double) -> Double {
        if isBetter(metric) {
            best = metric
            badChecks = 0
        } else {
            badChecks += 1
        }
        if coolDownLeft > 0 {
            coolDownLeft -= 1
            badChecks = 0
        }
        if badChecks > patience {
            factor = max(factor * decay, minimum)
            coolDownLeft = coolDown
            badChecks = 0
        }
        return factor
    }

    /// Puts the state where a checkpoint says it was.
    public mutating func restore(factor: Double, best: Double?, badChecks: Int, coolDownLeft: Int) {
        self.factor = factor
        self.best = best
        self.badChecks = badChecks
        self.coolDownLeft = coolDownLeft
    }

    private func isBetter(_ metric: Double) -> Bool {
        guard let best else { return !metric.isNaN }
        let least = isThresholdRelative ? best * threshold : threshold
        return switch goal {
        case .lowest: metric < best - least
        case .highest: metric > best + least
        }
    }
}
