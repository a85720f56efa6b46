public import WrightGraph

/// Gradients divided by the root of the sum of all their squares so far (Duchi et al., *Adaptive subgradient methods*,
/// 2011), as in PyTorch.
public struct Adagrad: Optimizer {
    public var learningRate: Double
    /// The rate of step t is `learningRate / (1 + (t − 1) · rateDecay)`.
    public var rateDecay: Double
    /// What the sum of squares starts from.
    public var initialSum: Double
    public var epsilon: Double
    public var weightDecay: WeightDecay

    public init(
        learningRate: Double = 0.01, rateDecay: Double = 0, initialSum: Double = 0, epsilon: Double = 1e-10,
        weightDecay: WeightDecay = .none
    ) {
        self.learningRate = learningRate
        self.rateDecay = rateDecay
        self.initialSum = initialSum
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    public var momentNames: [String] { ["sum"] }

    public func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor]) {
        let rate = rateDecay == 0 ? learningRate : learningRate / ((step - 1) * rateDecay + 1)
        let start = weightDecay.shrunk(parameters, learningRate: learningRate)
        let gradient = weightDecay.gradient(gradient, of: parameters)
        // Kept without the initial sum, because every moment starts from zero.
        let sum = moments[0] + gradient.squared()
        let total = initialSum == 0 ? sum : sum + initialSum
        return (start - gradient * rate / (total.squareRoot() + epsilon), [sum])
    }
}
