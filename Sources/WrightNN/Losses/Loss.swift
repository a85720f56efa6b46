public import WrightGraph

/// Losses: functions of predictions and targets whose gradients train a model. Names, formulas and defaults are
/// PyTorch's where PyTorch has them.
public enum Loss {
    /// What becomes of the losses of single examples or elements.
    public enum Reduction: String, Hashable, Sendable, CaseIterable {
        case mean, sum, none
        /// The sum divided by the extent of the first axis.
        case batchMean

        /// The losses reduced; `none` leaves them.
        public func callAsFunction(_ losses: Tensor) -> Tensor {
            switch self {
            case .mean: losses.mean()
            case .sum: losses.sum()
            case .none: losses
            case .batchMean: losses.sum() / Double(losses.shape.first ?? 1)
            }
        }
    }

    /// Two shapes that would stretch over each other are nearly always a mistake: `[n]` and `[n, 1]` give n² losses.
    static func expectEqualShapes(_ a: Tensor, _ b: Tensor, _ loss: String) {
        precondition(
            a.shape == b.shape, "\(loss): predictions \(a.type) and targets \(b.type) must have one shape; reshape one")
    }
}
