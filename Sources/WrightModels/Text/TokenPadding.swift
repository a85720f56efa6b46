package import WrightGraph

/// Sequences of tokens that end before their row does: token 0 fills up the rest.
package enum TokenPadding {
    /// How many tokens come before the padding, `[batch]` of int32: up to the last that is not 0.
    package static func lengths(_ tokens: Tensor) -> Tensor {
        let steps = tokens.shape[1]
        let ends = (Tensor.iota(steps) + .constant(1, .int32)).reshaped([1, steps]).broadcast(to: tokens.shape)
        let zero = Tensor.constant(0, .int32)
        return Tensor.select(tokens.isNotEqual(to: 0), ends, zero).maximum(along: [1])
    }

    /// True before each length, `[batch, steps]`.
    package static func mask(_ lengths: Tensor, steps: Int) -> Tensor {
        Tensor.iota(steps).reshaped([1, steps]).isLess(than: lengths.reshaped([lengths.count, 1]))
    }
}
