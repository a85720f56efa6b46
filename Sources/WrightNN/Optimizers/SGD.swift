public import WrightGraph

/// Stochastic gradient descent, with momentum (Polyak, 1964) or Nesterov's (Sutskever et al., *On the importance of
/// initialization and momentum in deep learning*, 2013). Formula and defaults are PyTorch's.
public struct SGD: Optimizer {
    public var learningRate: Double
    public var momentum: Double
    /// How much of a gradient stays out of the momentum, from the second step on.
    public var dampening: Double
    public var isNesterov: Bool
    public var weightDecay: WeightDecay

    public init(
        learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, isNesterov: Bool = false,
        weightDecay: WeightDecay = .none
    ) {
        precondition(
            !isNesterov || (momentum > 0 && dampening == 0), "SGD: Nesterov needs a momentum and no dampening")
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
        self.weightDecay = weightDecay
    }

    public var momentNames: [String] { momentum == 0 ? [] : ["momentum"] }

    public func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor]) {
        let start = weightDecay.shrunk(parameters, learningRate: learningRate)
        let gradient = weightDecay.gradient(gradient, of: parameters)
        guard momentum != 0 else { return (start - gradient * learningRate, []) }
        // The first momentum is the whole gradient; undamped, that follows from starting at zero.
        let share =
            dampening == 0
            ? gradient : gradient * Tensor.select(step.isEqual(to: 1), .constant(1), .constant(1 - dampening))
        let velocity = moments[0] * momentum + share
        let direction = isNesterov ? gradient + velocity * momentum : velocity
        return (start - direction * learningRate, [velocity])
    }
}
