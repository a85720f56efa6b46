import CWrightTile
import WrightGraph

/// Recurrent layers over whole sequences, one launch each way.
extension Step {
    private static func cell(_ cell: RecurrentCell) -> wright_cell {
        switch cell {
        case .lstm: .lstm
        case .gru: .gru
        case .tanh: .rnnTanh
        case .relu: .rnnRelu
        }
    }

    private static func floats(_ pointer: UnsafeMutableRawPointer, _ part: RecordPart) -> UnsafeMutablePointer<Float> {
        pointer.assumingMemoryBound(to: Float.self) + part.start
    }

    /// What both directions read or write; `record` is where the forward's record lies.
    private static func sequence(
        _ op: Recurrent, _ parts: RecurrentRecord, weights: UnsafeMutableRawPointer, lengths: UnsafeMutableRawPointer?,
        record: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
    ) -> wright_sequence {
        var sequence = wright_sequence()
        sequence.cell = cell(op.cell)
        sequence.reversed = op.isReversed
        (sequence.steps, sequence.batch, sequence.hidden) = (
            Int64(parts.steps), Int64(parts.batch), Int64(parts.hidden)
        )
        sequence.weights = UnsafePointer(weights.assumingMemoryBound(to: Float.self))
        sequence.lengths = lengths.map { UnsafePointer($0.assumingMemoryBound(to: Int32.self)) }
        sequence.states = floats(record, parts.states)
        sequence.cells = parts.cells.map { floats(record, $0) }
        sequence.activations = parts.activations.map { floats(record, $0) }
        sequence.scratch = scratch.assumingMemoryBound(to: Float.self)
        return sequence
    }

    private static func description(_ name: String, _ parts: RecurrentRecord) -> String {
        "\(name) [\(parts.steps), \(parts.batch), \(parts.hidden)]"
    }

    /// The operations of the hidden products, which are nearly all.
    private static func operations(_ parts: RecurrentRecord) -> Int {
        2 * parts.steps * parts.batch * parts.hidden * parts.hidden * parts.cell.gates
    }

    static func recurrent(_ index: Int, _ op: Recurrent, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let operands = instruction.operands
        guard instruction.type.dtype == .float32 else { return nil }
        // Why: the types were checked when the graph was built.
        let parts = try! op.record(of: operands.map { graph.instructions[$0].type })
        let state = op.cell.hasHiddenBias ? 3 : 2
        return Step(
            name: description(op.name, parts), kernel: "recurrent", reads: operands, writes: [index],
            scratchByteCount: Int(wright_recurrent_scratch_bytes(cell(op.cell), Int64(parts.hidden))),
            operationCount: operations(parts)
        ) { pointer, scratch in
            func floats(_ place: Int) -> UnsafePointer<Float> {
                UnsafePointer(pointer(operands[place]).assumingMemoryBound(to: Float.self))
            }
            var arguments = wright_recurrent_arguments()
            arguments.sequence = sequence(
                op, parts, weights: pointer(operands[1]),
                lengths: op.hasLengths ? pointer(operands[operands.count - 1]) : nil, record: pointer(index),
                scratch: scratch)
            if op.cell.hasHiddenBias { arguments.sequence.bias = floats(2) }
            arguments.projected = floats(0)
            arguments.initial_state = floats(state)
            if op.cell.hasCellState { arguments.initial_cell = floats(state + 1) }
            return [BoundLaunch({ wright_recurrent($0) }, arguments)]
        }
    }

    static func recurrentGradient(_ index: Int, _ op: RecurrentGradient, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let operands = instruction.operands
        // Cotangents of activations come only with a gradient's gradient.
        guard instruction.type.dtype == .float32, !op.hasActivations else { return nil }
        // Why: the types were checked when the graph was built.
        let parts = try! op.record(of: operands.map { graph.instructions[$0].type })
        let gradients = RecurrentGradientRecord(parts)
        let record = op.forward.hasLengths ? 2 : 1
        return Step(
            name: description(op.name, parts), kernel: "recurrent", reads: operands, writes: [index],
            scratchByteCount: Int(wright_recurrent_scratch_bytes(cell(op.forward.cell), Int64(parts.hidden))),
            operationCount: operations(parts)
        ) { pointer, scratch in
            func cotangent(_ place: Int) -> UnsafePointer<Float> {
                UnsafePointer(pointer(operands[place]).assumingMemoryBound(to: Float.self))
            }
            let result = pointer(index)
            var arguments = wright_recurrent_gradient_arguments()
            arguments.sequence = sequence(
                op.forward, parts, weights: pointer(operands[0]),
                lengths: op.forward.hasLengths ? pointer(operands[1]) : nil, record: pointer(operands[record]),
                scratch: scratch)
            arguments.states_cotangent = cotangent(record + 1)
            if op.hasCells { arguments.cells_cotangent = cotangent(record + 2) }
            arguments.projected_gradient = floats(result, gradients.projected)
            arguments.hidden_gradient = gradients.products.map { floats(result, $0) }
            arguments.initial_state_gradient = floats(result, gradients.initialState)
            arguments.initial_cell_gradient = gradients.initialCell.map { floats(result, $0) }
            return [BoundLaunch({ wright_recurrent_gradient($0) }, arguments)]
        }
    }
}
