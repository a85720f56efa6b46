/// What a recurrent cell makes of sequences, time first.
public struct RecurrentStates: Sendable {
    /// The state after each step, `[steps, batch, hidden]`; zeros past a sequence's length.
    public var outputs: Tensor
    /// The state after each sequence's last step in the direction of time, `[batch, hidden]`.
    public var finalState: Tensor
    /// The cell state likewise; nil where the cell has none.
    public var finalCell: Tensor?
}

extension Tensor {
    /// Runs a recurrent cell over this tensor, the inputs' share of its gates: `[steps, batch, gates · hidden]`.
    ///
    /// - Parameters:
    ///   - weights: of the hidden product, `[hidden, gates · hidden]`.
    ///   - bias: of the hidden product, `[gates · hidden]`; only for cells that keep it apart (``RecurrentCell``).
    ///   - state: at first, `[batch, hidden]`; zeros when nil.
    ///   - cellState: likewise, for cells that have one.
    ///   - lengths: how many steps each sequence has, `[batch]` of int32; all when nil.
    ///   - reverse: whether time runs backwards, for each sequence from its own end.
    public func recurrent(
        _ cell: RecurrentCell, weights: Tensor, bias: Tensor? = nil, state: Tensor? = nil, cellState: Tensor? = nil,
        lengths: Tensor? = nil, reverse: Bool = false
    ) -> RecurrentStates {
        precondition(
            rank == 3 && weights.rank == 2,
            "recurrent: needs [steps, batch, gates · hidden] and weights [hidden, gates · hidden], received \(type) and "
                + "\(weights.type)")
        precondition(
            (bias != nil) == cell.hasHiddenBias,
            "recurrent: \(cell.rawValue) \(cell.hasHiddenBias ? "needs a" : "has no") bias of its hidden product")
        let zeros = Tensor.constant(0, dtype).broadcast(to: [shape[1], weights.shape[0]])
        var operands = [self, weights] + [bias].compactMap(\.self) + [state ?? zeros]
        if cell.hasCellState { operands.append(cellState ?? zeros) }
        if let lengths { operands.append(lengths) }
        let op = Recurrent(cell, reverse: reverse, hasLengths: lengths != nil)
        let record = Tensor(op, operands)
        let parts = RecurrentRecord(cell: cell, steps: shape[0], batch: shape[1], hidden: weights.shape[0])
        let hidden = parts.states.shape[1] * parts.states.shape[2]
        // One slice of the record each, so that their cotangents meet nothing else.
        func rows(_ part: RecordPart, _ range: Range<Int>) -> Tensor {
            record.sliced(from: [part.start + range.lowerBound * hidden], sizes: [range.count * hidden])
                .reshaped([range.count] + part.shape.dropFirst())
        }
        let last = reverse ? 0..<1 : parts.steps..<parts.steps + 1
        let plane = [parts.batch, parts.hidden]
        var outputs = rows(parts.states, reverse ? 0..<parts.steps : 1..<parts.steps + 1)
        if let lengths {
            let times = Tensor.iota(parts.steps).reshaped([parts.steps, 1, 1])
            outputs = Tensor.select(
                times.isLess(than: lengths.reshaped([1, parts.batch, 1])), outputs, .constant(0, dtype))
        }
        return RecurrentStates(
            outputs: outputs, finalState: rows(parts.states, last).reshaped(plane),
            finalCell: parts.cells.map { rows($0, last).reshaped(plane) })
    }
}
