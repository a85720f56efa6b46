/// A dense part of a record, which has one axis.
public struct RecordPart: Hashable, Sendable {
    /// The first element's place in the record.
    public let start: Int
    public let shape: [Int]

    public var count: Int { shape.reduce(1, *) }
    public var end: Int { start + count }

    /// This part of a record; without a copy, because it lies in one piece.
    func taken(from record: Tensor) -> Tensor { record.sliced(from: [start], sizes: [count]).reshaped(shape) }

    /// This part of a record's cotangent; nil where it is zero. A cotangent is mostly a sum of parts surrounded by zeros, or
    /// parts and zeros side by side: only those that lie here are added, so that the zeros are never made.
    func gathered(from cotangent: Tensor) -> Tensor? {
        var found: Tensor?
        // Terms and where in the record they begin.
        var pending = [(term: cotangent, place: 0)]
        while let (term, place) = pending.popLast() {
            let (first, last) = (place, place + term.count)
            if first >= end || last <= start || term.uniformValue == 0 { continue }
            switch term.op {
            case .binary(.add) where term.operands.allSatisfy { $0.type == term.type }:
                pending += term.operands.reversed().map { ($0, place) }
                continue
            case .pad(let pad) where pad.interior == [0]:
                pending.append((term.operands[0], place + pad.low[0]))
                continue
            case .concatenate:
                var next = place
                for operand in term.operands {
                    pending.append((operand, next))
                    next += operand.count
                }
                continue
            default: break
            }
            let (low, high) = (max(first, start), min(last, end))
            let share = term.sliced(from: [low - first], sizes: [high - low])
                .padded(low: [low - start], high: [end - high])
            found = found.map { $0 + share } ?? share
        }
        return found?.reshaped(shape)
    }
}

/// What lies where in the record of ``Recurrent``.
public struct RecurrentRecord: Hashable, Sendable {
    public let cell: RecurrentCell
    public let steps: Int
    public let batch: Int
    public let hidden: Int
    /// `[steps + 1, batch, hidden]` in the order of time: step t leads from place t to t + 1, or reversed from t + 1 to t.
    public let states: RecordPart
    /// The cell states likewise, where the cell has them.
    public let cells: RecordPart?
    /// What the gates let through, `[steps, batch, 4 · hidden]`; zeros past a sequence's length.
    public let activations: RecordPart?

    init(cell: RecurrentCell, steps: Int, batch: Int, hidden: Int) {
        (self.cell, self.steps, self.batch, self.hidden) = (cell, steps, batch, hidden)
        states = RecordPart(start: 0, shape: [steps + 1, batch, hidden])
        cells = cell.hasCellState ? RecordPart(start: states.end, shape: states.shape) : nil
        activations =
            cell.activations > 0
            ? RecordPart(start: (cells ?? states).end, shape: [steps, batch, cell.activations * hidden]) : nil
    }

    /// Elements of the record.
    public var count: Int { (activations ?? cells ?? states).end }
}

/// What lies where in the record of ``RecurrentGradient``: the cotangents of the forward's operands.
public struct RecurrentGradientRecord: Hashable, Sendable {
    /// `[steps, batch, gates · hidden]`.
    public let projected: RecordPart
    /// Of the hidden products, where they are not those of the projected inputs: the GRU's.
    public let products: RecordPart?
    /// `[batch, hidden]`.
    public let initialState: RecordPart
    public let initialCell: RecordPart?

    public init(_ forward: RecurrentRecord) {
        let (cell, steps, batch, hidden) = (forward.cell, forward.steps, forward.batch, forward.hidden)
        projected = RecordPart(start: 0, shape: [steps, batch, cell.gates * hidden])
        products = cell.hasHiddenBias ? RecordPart(start: projected.end, shape: projected.shape) : nil
        initialState = RecordPart(start: (products ?? projected).end, shape: [batch, hidden])
        initialCell = cell.hasCellState ? RecordPart(start: initialState.end, shape: [batch, hidden]) : nil
    }

    /// Elements of the record.
    public var count: Int { (initialCell ?? initialState).end }
}
