public import WrightGraph

/// Vectors that tell places apart by sines and cosines of falling frequency (Vaswani et al., *Attention is all you need*,
/// 2017, section 3.5): nothing to learn, and any number of places.
public struct SinusoidalPositions: Module {
    /// Elements of a vector; even.
    public let dimension: Int

    public init(dimension: Int) {
        precondition(
            dimension > 0 && dimension % 2 == 0, "SinusoidalPositions: needs an even dimension, not \(dimension)")
        self.dimension = dimension
    }

    /// The vectors of these places, `[…]` of int32 to `[…, dimension]` of float32: element 2i is the sine, and 2i + 1 the
    /// cosine, of place · 10000^(−2i / dimension).
    public func callAsFunction(_ places: Tensor) -> Tensor {
        let half = dimension / 2
        let exponents = Tensor.iota(half).cast(to: .float32) * (-HostMath.log(10_000) / Double(half))
        let angles = places.cast(to: .float32).expandedAxis(at: -1) * exponents.exp()
        let pairs = [angles.sine(), angles.cosine()].map { $0.expandedAxis(at: -1) }
        return Tensor.concatenated(pairs, along: angles.rank).reshaped(places.shape + [dimension])
    }
}
