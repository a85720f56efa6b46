public import WrightGraph

/// Gradients divided by a running root of their mean square (Tieleman & Hinton, *Lecture 6.5: rmsprop*, 2012); centred, by
/// their running standard deviation (Graves, 2013). Formula and defaults are PyTorch's: epsilon is added after the root.
public struct RMSprop: Optimizer {
    public var learningRate: Double
    /// How much of the running means a step keeps.
    public var decay: Double
    public var epsilon: Double
    public var momentum: Double
    public var isCentered: Bool
    public var weightDecay: WeightDecay

    public init(
        learningRate: Double = 0.01, decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
        isCentered: Bool = false, weightDecay: WeightDecay = .none
    ) {
        self.learningRate = learningRate
        self.decay = decay
        self.epsilon = epsilon
        self.momentum = momentum
        self.isCentered = isCentered
        self.weightDecay = weightDecay
    }

    public var momentNames: [String] {
        ["meanSquare"] + (isCentered ? ["mean"] : []) + (momentum > 0 ? ["momentum"] : [])
    }

    public func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor]) {
        let start = weightDecay.shrunk(parameters, learningRate: learningRate)
        let gradient = weightDecay.gradient(gradient, of: parameters)
        let meanSquare = moments[0] * decay + gradient.squared() * (1 - decay)
        var updated = [meanSquare]
        var square = meanSquare
        if isCentered {
            let mean = moments[1] * decay + gradient * (1 - decay)
            updated.append(mean)
            square = meanSquare - mean.squared()
        }
        var direction = gradient / (square.squareRoot() + epsilon)
        if momentum > 0 {
            direction = moments[moments.count - 1] * momentum + direction
            updated.append(direction)
        }
        return (start - direction * learningRate, updated)
    }
}
