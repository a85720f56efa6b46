public import WrightGraph

/// The settings of a recurrent layer: ``LSTM``, ``GRU``, ``RNN``.
public struct RecurrentConfig: Hashable, Sendable {
    /// Numbers in one step of the input.
    public var inputs: Int
    /// Numbers in the state.
    public var hidden: Int
    /// Layers one above the other, each reading the outputs of the one below.
    public var layers: Int
    /// Whether a second layer reads each sequence from its end; outputs are then twice as wide.
    public var isBidirectional: Bool
    /// The dropout rate between layers.
    public var dropout: Double
    public var hasBias: Bool

    public init(
        inputs: Int, hidden: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0,
        hasBias: Bool = true
    ) {
        self.inputs = inputs
        self.hidden = hidden
        self.layers = layers
        self.isBidirectional = isBidirectional
        self.dropout = dropout
        self.hasBias = hasBias
    }

    /// The width of the outputs.
    public var outputs: Int { hidden * (isBidirectional ? 2 : 1) }
}

/// The states of every layer, `[batch, hidden]` each: the first layer's, of a bidirectional one the forward and then the
/// backward, then the next layer's.
public struct RecurrentState: Sendable {
    public var hidden: [Tensor]
    /// Cell states, for cells that have them; otherwise empty.
    public var cells: [Tensor]

    public init(hidden: [Tensor], cells: [Tensor] = []) {
        self.hidden = hidden
        self.cells = cells
    }
}

/// What a recurrent layer makes of sequences.
public struct RecurrentResult: Sendable {
    /// The last layer's states, `[batch, time, hidden]` or, bidirectional, `[batch, time, 2 · hidden]`; zeros past a
    /// sequence's length.
    public var outputs: Tensor
    /// The states after each sequence's last step, from which a following piece of the sequences can go on.
    public var state: RecurrentState
    private let directions: Int

    init(outputs: Tensor, state: RecurrentState, directions: Int) {
        self.outputs = outputs
        self.state = state
        self.directions = directions
    }

    /// The last layer's final states side by side, `[batch, hidden]` or, bidirectional, `[batch, 2 · hidden]`.
    public var lastState: Tensor { Tensor.concatenated(state.hidden.suffix(directions), along: 1) }
}

/// One direction of one layer: PyTorch's parameters, weights transposed.
public struct RecurrentWeights: Module {
    /// `[inputs, gates · hidden]`.
    public let inputWeight: Parameter
    /// `[hidden, gates · hidden]`.
    public let hiddenWeight: Parameter
    /// `[gates · hidden]`.
    public let inputBias: Parameter?
    /// `[gates · hidden]`; for most cells one bias too many, kept so that weights are interchangeable with others'.
    public let hiddenBias: Parameter?

    init(_ cell: RecurrentCell, inputs: Int, hidden: Int, hasBias: Bool, from source: inout ParameterSource) {
        let bound = 1 / Double(hidden).squareRoot()
        let width = cell.gates * hidden
        inputWeight = source.parameter([inputs, width], .uniform(-bound...bound))
        hiddenWeight = source.parameter([hidden, width], .uniform(-bound...bound))
        inputBias = hasBias ? source.parameter([width], .uniform(-bound...bound)) : nil
        hiddenBias = hasBias ? source.parameter([width], .uniform(-bound...bound)) : nil
    }
}

/// One layer of a stack.
public struct RecurrentLayer: Module {
    public let forward: RecurrentWeights
    public let backward: RecurrentWeights?
}

/// Layers of one cell, one above the other: what ``LSTM``, ``GRU`` and ``RNN`` share.
public struct RecurrentStack: Module {
    public let cell: RecurrentCell
    public let config: RecurrentConfig
    public let layers: [RecurrentLayer]

    init(_ cell: RecurrentCell, _ config: RecurrentConfig, from source: inout ParameterSource) {
        precondition(
            config.inputs > 0 && config.hidden > 0 && config.layers > 0,
            "a recurrent layer needs inputs, hidden units and layers: received \(config.inputs), \(config.hidden), "
                + "\(config.layers)")
        self.cell = cell
        self.config = config
        layers = (0..<config.layers).map { place in
            let inputs = place == 0 ? config.inputs : config.outputs
            func weights() -> RecurrentWeights {
                RecurrentWeights(
                    cell, inputs: inputs, hidden: config.hidden, hasBias: config.hasBias, from: &source)
            }
            return RecurrentLayer(forward: weights(), backward: config.isBidirectional ? weights() : nil)
        }
    }

    /// Runs the layers over `[batch, time, inputs]`.
    func callAsFunction(_ x: Tensor, lengths: Tensor?, state: RecurrentState?) -> RecurrentResult {
        precondition(
            x.rank == 3 && x.shape[2] == config.inputs,
            "\(cell.rawValue): needs [batch, time, \(config.inputs)], received \(x.type)")
        var result = timeFirst(x.permuted([1, 0, 2]), lengths: lengths, state: state)
        result.outputs = result.outputs.permuted([1, 0, 2])
        return result
    }

    /// Runs the layers over `[time, batch, inputs]`, where the rows of each step, and of all steps, lie together: what the
    /// other order is brought into. Outputs are `[time, batch, hidden]`.
    public func timeFirst(_ x: Tensor, lengths: Tensor?, state: RecurrentState? = nil) -> RecurrentResult {
        precondition(
            x.rank == 3 && x.shape[2] == config.inputs,
            "\(cell.rawValue): needs [time, batch, \(config.inputs)], received \(x.type)")
        if let lengths {
            precondition(
                lengths.type == TensorType([x.shape[1]], .int32),
                "\(cell.rawValue): lengths must be one int32 for each of \(x.shape[1]) sequences, not \(lengths.type)")
        }
        let directions = config.isBidirectional ? 2 : 1
        if let state {
            let count = config.layers * directions
            precondition(
                state.hidden.count == count && (state.cells.count == count || !cell.hasCellState),
                "\(cell.rawValue): needs a state for each of \(count) layers and directions, received "
                    + "\(state.hidden.count) and \(state.cells.count) cell states")
        }
        var (hidden, cells) = ([Tensor](), [Tensor]())
        var x = x
        for (place, layer) in layers.enumerated() {
            if place > 0 { x = Dropout(config.dropout)(x) }
            let outputs = [layer.forward, layer.backward].compactMap(\.self).enumerated().map { direction, weights in
                let number = place * directions + direction
                let states = run(
                    weights, x, lengths, state: state?.hidden[number],
                    cellState: cell.hasCellState ? state?.cells[number] : nil, reverse: direction == 1)
                hidden.append(states.finalState)
                if let final = states.finalCell { cells.append(final) }
                return states.outputs
            }
            x = Tensor.concatenated(outputs, along: 2)
        }
        return RecurrentResult(
            outputs: x, state: RecurrentState(hidden: hidden, cells: cells),
            directions: directions)
    }

    private func run(
        _ weights: RecurrentWeights, _ x: Tensor, _ lengths: Tensor?, state: Tensor?, cellState: Tensor?, reverse: Bool
    ) -> RecurrentStates {
        // All steps' rows as one matrix, so that the bias is added where the product is made.
        var projected = x.reshaped([x.shape[0] * x.shape[1], x.shape[2]]).matmul(weights.inputWeight.value)
        var bias: Tensor?
        if cell.hasHiddenBias {
            if let inputBias = weights.inputBias { projected = projected + inputBias.value }
            bias =
                weights.hiddenBias?.value
                ?? Tensor.constant(0, x.dtype).broadcast(to: [cell.gates * config.hidden])
        } else if let inputBias = weights.inputBias, let hiddenBias = weights.hiddenBias {
            projected = projected + (inputBias.value + hiddenBias.value)
        }
        return projected.reshaped([x.shape[0], x.shape[1], projected.shape[1]]).recurrent(
            cell, weights: weights.hiddenWeight.value, bias: bias, state: state, cellState: cellState, lengths: lengths,
            reverse: reverse)
    }
}
