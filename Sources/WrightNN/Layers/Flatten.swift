public import WrightGraph

/// All axes but the first as one: `[batch, height, width, channels]` to `[batch, height · width · channels]`.
public struct Flatten: Layer {
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(x.rank >= 1, "Flatten: a scalar has no batch axis")
        return x.flattened(from: 1)
    }
}
