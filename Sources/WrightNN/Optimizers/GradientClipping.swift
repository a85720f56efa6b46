public import WrightGraph

/// What keeps a rare huge gradient from throwing training off (Pascanu et al., *On the difficulty of training recurrent
/// neural networks*, 2013).
public enum GradientClipping: Hashable, Sendable {
    case none
    /// Scales all gradients together so that their Euclidean norm is at most this, as PyTorch's `clip_grad_norm_`.
    case norm(Double)
    /// Holds each element between minus this and this.
    case value(Double)

    /// The clipped gradients and their norm before, a scalar.
    public func callAsFunction(_ gradients: [Tensor]) -> (gradients: [Tensor], norm: Tensor) {
        precondition(!gradients.isEmpty, "there is no gradient to clip")
        let squares = gradients.map { $0.squared().sum() }
        let norm = squares.dropFirst().reduce(squares[0], +).squareRoot()
        switch self {
        case .none: return (gradients, norm)
        case .norm(let limit):
            let factor = (Tensor.constant(limit, norm.dtype) / (norm + 1e-6)).minimum(1)
            return (gradients.map { $0 * factor }, norm)
        case .value(let limit): return (gradients.map { $0.maximum(-limit).minimum(limit) }, norm)
        }
    }
}
