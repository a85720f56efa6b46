public import WrightGraph

/// Adaptive moments (Kingma & Ba, *Adam: a method for stochastic optimization*, 2015), as in PyTorch: epsilon is added to
/// the bias-corrected root.
public struct Adam: Optimizer {
    public var learningRate: Double
    /// How much of the mean of gradients a step keeps.
    public var beta1: Double
    /// How much of the mean of squared gradients a step keeps.
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: WeightDecay
    /// Divides by the largest mean of squares so far (Reddi et al., *On the convergence of Adam and beyond*, 2018).
    public var isAMSGrad: Bool

    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: WeightDecay = .none, isAMSGrad: Bool = false
    ) {
        precondition(
            (0..<1).contains(beta1) && (0..<1).contains(beta2), "Adam: beta1 \(beta1), beta2 \(beta2) must lie in 0..<1"
        )
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.isAMSGrad = isAMSGrad
    }

    public var momentNames: [String] { ["mean", "variance"] + (isAMSGrad ? ["largestVariance"] : []) }

    public func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor]) {
        // Scalars, computed once: all that is left for each element is one fused expression.
        let rate = learningRate / Self.warmth(beta1, step)
        let scale = Self.warmth(beta2, step).reciprocalSquareRoot()

        let start = weightDecay.shrunk(parameters, learningRate: learningRate)
        let gradient = weightDecay.gradient(gradient, of: parameters)
        let mean = moments[0] * beta1 + gradient * (1 - beta1)
        let variance = moments[1] * beta2 + gradient.squared() * (1 - beta2)
        let largest = isAMSGrad ? moments[2].maximum(variance) : variance
        let updated = start - mean * rate / (largest.squareRoot() * scale + epsilon)
        return (updated, [mean, variance] + (isAMSGrad ? [largest] : []))
    }

    /// 1 − βᵗ, how much of its weight a running mean that started at zero has by step t; exact for small t, where the
    /// difference would cancel.
    private static func warmth(_ beta: Double, _ step: Tensor) -> Tensor {
        beta == 0 ? .constant(1) : -(step * HostMath.log(beta)).expm1()
    }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter, *Decoupled weight decay regularization*, 2019), with PyTorch's
/// defaults.
public struct AdamW: Optimizer {
    public var adam: Adam

    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0.01, isAMSGrad: Bool = false
    ) {
        adam = Adam(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
            weightDecay: .decoupled(weightDecay), isAMSGrad: isAMSGrad)
    }

    public var learningRate: Double { adam.learningRate }
    public var momentNames: [String] { adam.momentNames }

    public func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor]) {
        adam.update(
            parameters: parameters, gradient: gradient, moments: moments, step: step, learningRate: learningRate)
    }
}
