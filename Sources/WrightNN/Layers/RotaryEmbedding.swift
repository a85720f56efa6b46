public import WrightGraph

/// Turns pairs of a head's elements by angles that grow with their place (Su et al., *RoFormer*, 2021): the first half of
/// a head with its second half, as Llama's weights are stored.
public struct RotaryEmbedding: Hashable, Sendable {
    /// The pair `i` of a head of `d` elements turns by place · base^(−2i / d).
    public var base: Double

    public init(base: Double = 10_000) { self.base = base }

    /// Of `[batch, places, heads, headSize]` the same, turned. `start` is the first place: a whole number that is known
    /// only when the graph runs, int32 of no axes; 0 when absent.
    public func callAsFunction(_ x: Tensor, start: Tensor? = nil) -> Tensor {
        precondition(
            x.rank == 4 && x.shape[3] % 2 == 0,
            "RotaryEmbedding: needs [batch, places, heads, head size] with an even head size, received \(x.type)")
        let (places, half) = (x.shape[1], x.shape[3] / 2)
        var place = Tensor.iota(places)
        if let start { place = place + start.broadcast(to: [places]) }
        let exponents = Tensor.iota(half).cast(to: x.dtype) * (-1 / Double(half))
        let frequencies = (exponents * HostMath.log(base)).exp()
        let angles = (place.cast(to: x.dtype).reshaped([places, 1]) * frequencies).reshaped([1, places, 1, half])
        let (sine, cosine) = (angles.sine(), angles.cosine())
        let halves = x.split(into: 2, along: 3)
        return Tensor.concatenated(
            [halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine], along: 3)
    }
}
