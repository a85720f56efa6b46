public import WrightGraph
import WrightRuntime

/// While training, sets random elements to zero and scales the others so that the mean stays (Srivastava et al.,
/// *Dropout*, 2014). Passes everything on otherwise.
public struct Dropout: Layer {
    /// What is dropped together.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
        case element
        /// Whole channels of an example: neighbours in an image say nearly the same (Tompson et al., 2015).
        case channel
    }

    /// The chance of being dropped.
    public let rate: Double
    public let unit: Unit

    public init(_ rate: Double = 0.5, unit: Unit = .element) {
        precondition((0..<1).contains(rate), "Dropout: a rate of \(rate); it must be at least 0 and below 1")
        self.rate = rate
        self.unit = unit
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        guard rate > 0, let pass = Pass.current, pass.isTraining else { return x }
        guard let key = pass.randomKey else {
            preconditionFailure("Dropout: a training pass needs a randomKey (RandomState.key)")
        }
        var shape = x.shape
        if unit == .channel {
            precondition(x.rank >= 3, "Dropout: only [batch, spatial..., channels] has channels to drop, not \(x.type)")
            for axis in 1..<x.rank - 1 { shape[axis] = 1 }
        }
        let isKept = Tensor.randomUniform(shape, key: key, stream: pass.nextStream()).isGreaterOrEqual(to: rate)
        return Tensor.select(isKept, x * (1 / (1 - rate)), .constant(0, x.dtype))
    }
}
