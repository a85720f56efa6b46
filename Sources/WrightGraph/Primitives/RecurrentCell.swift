/// How a recurrent layer makes its next state from the last one: the formulas are PyTorch's.
///
/// Gates lie side by side in the last axis of what the cell reads, each as wide as the state.
public enum RecurrentCell: String, Hashable, Sendable, CaseIterable {
    /// Hochreiter & Schmidhuber, *Long short-term memory*, 1997, with the forget gate of Gers et al., 2000. Gates: input,
    /// forget, candidate, output.
    case lstm
    /// Cho et al., *Learning phrase representations using RNN encoder–decoder*, 2014, with the reset gate after the hidden
    /// product, which has a bias of its own. Gates: reset, update, candidate.
    case gru
    /// tanh of the sum (Elman, *Finding structure in time*, 1990).
    case tanh = "rnn_tanh"
    /// ReLU of the sum (Le, Jaitly & Hinton, *A simple way to initialize recurrent networks of rectified linear units*, 2015).
    case relu = "rnn_relu"

    /// How many times as wide as the state what the cell reads is.
    public var gates: Int {
        switch self {
        case .lstm: 4
        case .gru: 3
        case .tanh, .relu: 1
        }
    }

    /// Whether there is a second state that no output shows.
    public var hasCellState: Bool { self == .lstm }

    /// Whether the bias of the hidden product stands apart from that of the inputs.
    public var hasHiddenBias: Bool { self == .gru }

    /// How many times as wide as the state the values are that the gradient needs of each step.
    var activations: Int { self == .lstm || self == .gru ? 4 : 0 }

    /// One step as Tensor code.
    ///
    /// - Parameters:
    ///   - projected: the inputs' share of the gates, `[batch, gates · hidden]`.
    ///   - product: the last state's share, of the same shape.
    ///   - cell: the cell state `[batch, hidden]`, where the cell has one.
    /// - Returns: the next state and cell state, and what the gradient needs, `[batch, 4 · hidden]`.
    func step(projected: Tensor, product: Tensor, state: Tensor, cell: Tensor?) -> (
        state: Tensor, cell: Tensor?, activations: Tensor?
    ) {
        switch (self, cell) {
        case (.lstm, let cell?):
            let sums = (projected + product).split(into: 4, along: 1)
            let (input, forget) = (sums[0].sigmoid(), sums[1].sigmoid())
            let (candidate, output) = (sums[2].tanh(), sums[3].sigmoid())
            let next = forget * cell + input * candidate
            let activations = Tensor.concatenated([input, forget, candidate, output], along: 1)
            return (output * next.tanh(), next, activations)
        case (.lstm, nil): preconditionFailure("an LSTM needs a cell state")
        case (.gru, _):
            let (x, h) = (projected.split(into: 3, along: 1), product.split(into: 3, along: 1))
            let (reset, update) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
            let candidate = (x[2] + reset * h[2]).tanh()
            let activations = Tensor.concatenated([reset, update, candidate, h[2]], along: 1)
            return (candidate + update * (state - candidate), nil, activations)
        case (.tanh, _): return ((projected + product).tanh(), nil, nil)
        case (.relu, _): return ((projected + product).relu(), nil, nil)
        }
    }

    /// One step of the gradient as Tensor code, from what ``step`` made.
    func gradient(of made: Made, state dh: Tensor, cell dc: Tensor?, activations da: Tensor?) -> StepGradient {
        let gates = made.activations?.split(into: 4, along: 1) ?? []
        let given = da?.split(into: 4, along: 1) ?? []
        func plus(_ place: Int, _ x: Tensor) -> Tensor { given.isEmpty ? x : x + given[place] }
        func slope(_ y: Tensor) -> Tensor { y * (1 - y) }
        switch (self, made.cell, made.oldCell, dc) {
        case (.lstm, let cell?, let oldCell?, let dc?):
            let squashed = cell.tanh()
            let total = dc + dh * gates[3] * (1 - squashed.squared())
            let projected = Tensor.concatenated(
                [
                    plus(0, total * gates[2]) * slope(gates[0]), plus(1, total * oldCell) * slope(gates[1]),
                    plus(2, total * gates[0]) * (1 - gates[2].squared()), plus(3, dh * squashed) * slope(gates[3]),
                ], along: 1)
            return StepGradient(projected: projected, products: projected, state: dh * 0, cell: total * gates[1])
        case (.lstm, _, _, _): preconditionFailure("an LSTM needs cell states")
        case (.gru, _, _, _):
            let candidate = plus(2, dh * (1 - gates[1])) * (1 - gates[2].squared())
            let update = plus(1, dh * (made.oldState - gates[2])) * slope(gates[1])
            let reset = plus(0, candidate * gates[3]) * slope(gates[0])
            let product = plus(3, candidate * gates[0])
            return StepGradient(
                projected: Tensor.concatenated([reset, update, candidate], along: 1),
                products: Tensor.concatenated([reset, update, product], along: 1), state: dh * gates[1], cell: nil)
        case (.tanh, _, _, _):
            let projected = dh * (1 - made.state.squared())
            return StepGradient(projected: projected, products: projected, state: dh * 0, cell: nil)
        case (.relu, _, _, _):
            let projected = Tensor.select(made.state.isGreater(than: 0), dh, .constant(0, dh.dtype))
            return StepGradient(projected: projected, products: projected, state: dh * 0, cell: nil)
        }
    }

    /// What one step left in the record.
    struct Made {
        var oldState: Tensor
        var state: Tensor
        var oldCell: Tensor?
        var cell: Tensor?
        var activations: Tensor?
    }

    /// The cotangents of what one step read; of the state without the share that came through the hidden product.
    struct StepGradient {
        var projected: Tensor
        var products: Tensor
        var state: Tensor
        var cell: Tensor?
    }
}
