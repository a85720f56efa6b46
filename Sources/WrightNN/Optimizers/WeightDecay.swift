import WrightGraph

/// What draws parameters towards zero besides the loss.
public struct WeightDecay: Hashable, Sendable {
    /// Times the sum of magnitudes, added to the loss: draws small parameters to exactly zero.
    public var l1: Double
    /// Times half the sum of squares, added to the loss; PyTorch's `weight_decay` of SGD and Adam.
    public var l2: Double
    /// Shrinks parameters by this share of the learning rate, beside the gradient (Loshchilov & Hutter, *Decoupled weight
    /// decay regularization*, 2019).
    public var decoupled: Double

    public init(l1: Double = 0, l2: Double = 0, decoupled: Double = 0) {
        self.l1 = l1
        self.l2 = l2
        self.decoupled = decoupled
    }

    public static let none = WeightDecay()
    public static func l1(_ rate: Double) -> WeightDecay { WeightDecay(l1: rate) }
    public static func l2(_ rate: Double) -> WeightDecay { WeightDecay(l2: rate) }
    public static func decoupled(_ rate: Double) -> WeightDecay { WeightDecay(decoupled: rate) }

    /// The gradient with the share of L1 and L2.
    func gradient(_ gradient: Tensor, of parameters: Tensor) -> Tensor {
        var total = gradient
        if l2 != 0 { total += parameters * l2 }
        if l1 != 0 { total += parameters.sign() * l1 }
        return total
    }

    /// The parameters after decoupled decay.
    func shrunk(_ parameters: Tensor, learningRate: Tensor) -> Tensor {
        decoupled == 0 ? parameters : parameters * (1 - learningRate * decoupled)
    }
}
