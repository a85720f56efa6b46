/// A recurrent cell over whole sequences, as one record of everything that it computes.
///
/// Operands, time first: the projected inputs `[steps, batch, gates · hidden]` (input product and bias), the hidden weights
/// `[hidden, gates · hidden]`, the hidden bias `[gates · hidden]` where the cell has one, the initial state
/// `[batch, hidden]`, the initial cell state where there is one, and `lengths` `[batch]` of int32 if `hasLengths`.
///
/// The record is one axis of dense parts (``RecurrentRecord``). A step at or past its sequence's length leaves the states as
/// they are, so that reversed every sequence starts at its own end.
public struct Recurrent: Primitive {
    public var cell: RecurrentCell
    /// Whether time runs backwards.
    public var isReversed: Bool
    public var hasLengths: Bool

    public init(_ cell: RecurrentCell, reverse: Bool = false, hasLengths: Bool = false) {
        self.cell = cell
        isReversed = reverse
        self.hasLengths = hasLengths
    }

    public static var names: [String] { RecurrentCell.allCases.map(\.rawValue) }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let cell = RecurrentCell(rawValue: name) else {
            throw .invalidAttribute(op: name, reason: "is no recurrent cell")
        }
        self.init(
            cell, reverse: try attributes.bool("reverse", of: name),
            hasLengths: try attributes.bool("lengths", of: name))
    }

    public var op: Op { .recurrent(self) }
    public var name: String { cell.rawValue }
    public var attributes: Attributes { ["reverse": .bool(isReversed), "lengths": .bool(hasLengths)] }

    /// How many operands there are.
    var operandCount: Int { 3 + (cell.hasHiddenBias ? 1 : 0) + (cell.hasCellState ? 1 : 0) + (hasLengths ? 1 : 0) }
    /// Where the initial state stands among the operands; the cell state follows it.
    var statePlace: Int { cell.hasHiddenBias ? 3 : 2 }

    /// The parts of the record of these operands, checked.
    public func record(of operands: [TensorType]) throws(GraphError) -> RecurrentRecord {
        try expect(operandCount, operands)
        let (projected, dtype) = (operands[0].shape, operands[0].dtype)
        guard dtype.isFloatingPoint, projected.count == 3, projected[2] % cell.gates == 0 else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs floating-point projected inputs [steps, batch, \(cell.gates) · hidden]")
        }
        let (batch, width) = (projected[1], projected[2])
        let hidden = width / cell.gates
        var expected = [TensorType([hidden, width], dtype)]
        if cell.hasHiddenBias { expected.append(TensorType([width], dtype)) }
        expected += [TensorType](repeating: TensorType([batch, hidden], dtype), count: cell.hasCellState ? 2 : 1)
        if hasLengths { expected.append(TensorType([batch], .int32)) }
        guard Array(operands.dropFirst()) == expected else {
            throw .shapeMismatch(
                op: name, operands: operands, reason: "after projected inputs \(operands[0]) it needs \(expected)")
        }
        return RecurrentRecord(cell: cell, steps: projected[0], batch: batch, hidden: hidden)
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        TensorType([try record(of: operands).count], operands[0].dtype)
    }

    /// Everything computed step by step in Tensor code.
    private func unrolled(_ operands: [Tensor]) -> Tensor {
        let (projected, weights) = (operands[0], operands[1])
        let (steps, batch) = (projected.shape[0], projected.shape[1])
        var state = operands[statePlace]
        var cellState = cell.hasCellState ? operands[statePlace + 1] : nil
        let lengths = hasLengths ? operands[operandCount - 1] : nil
        var (states, cells, activations) = ([state], [cellState].compactMap(\.self), [Tensor]())
        for place in 0..<steps {
            let time = isReversed ? steps - 1 - place : place
            var product = state.matmul(weights)
            if cell.hasHiddenBias { product = product + operands[2] }
            var next = cell.step(projected: projected[time], product: product, state: state, cell: cellState)
            if let lengths {
                let isInside = lengths.isGreater(than: Double(time)).reshaped([batch, 1])
                next.state = Tensor.select(isInside, next.state, state)
                if let new = next.cell, let old = cellState { next.cell = Tensor.select(isInside, new, old) }
                next.activations = next.activations.map { Tensor.select(isInside, $0, .constant(0, $0.dtype)) }
            }
            (state, cellState) = (next.state, next.cell)
            states.append(state)
            if let cellState { cells.append(cellState) }
            if let made = next.activations { activations.append(made) }
        }
        let parts = [states, cells, activations].map { isReversed ? $0.reversed() : $0 }
        return Tensor.concatenated(parts.joined().map { $0.reshaped([$0.count]) })
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        // Why: the types were checked when the graph was built.
        let record = try! record(of: operands.map(\.type))
        let states = record.states.gathered(from: cotangent)
        let cells = record.cells.flatMap { $0.gathered(from: cotangent) }
        let activations = record.activations.flatMap { $0.gathered(from: cotangent) }
        let zero = Tensor.constant(0, cotangent.dtype)
        let op = RecurrentGradient(self, hasCells: cells != nil, hasActivations: activations != nil)
        let gradients = Tensor(
            op,
            [operands[1]] + (hasLengths ? [operands[operandCount - 1]] : [])
                + [result, states ?? zero.broadcast(to: record.states.shape)] + [cells, activations].compactMap(\.self))
        let parts = RecurrentGradientRecord(record)
        let projected = parts.projected.taken(from: gradients)
        let rows = [record.steps * record.batch, cell.gates * record.hidden]
        let products = (parts.products?.taken(from: gradients) ?? projected).reshaped(rows)
        let before = record.states.taken(from: result)[isReversed ? 1..<record.steps + 1 : 0..<record.steps]
        var shares: [Tensor?] = [
            projected, before.reshaped([rows[0], record.hidden]).transposed().matmul(products),
        ]
        if cell.hasHiddenBias { shares.append(products.sum(along: [0])) }
        shares.append(parts.initialState.taken(from: gradients))
        if let initialCell = parts.initialCell { shares.append(initialCell.taken(from: gradients)) }
        return shares + (hasLengths ? [nil] : [])
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        Composition(types.map(\.inDoublePrecision)) { [unrolled($0)] }.values(operands)[0]
    }

    /// Each cell in both directions, with and without lengths, and of one step; batches and widths that fill no block of a
    /// kernel, or more than one.
    static var cases: [(op: Recurrent, operands: [TensorType], ranges: [ClosedRange<Double>])] {
        RecurrentCell.allCases.flatMap { cell in
            [
                Recurrent(cell, hasLengths: true).sized(steps: 3, batch: 2, hidden: 3),
                Recurrent(cell, reverse: true, hasLengths: true).sized(steps: 3, batch: 4, hidden: 2),
                Recurrent(cell).sized(steps: 1, batch: 1, hidden: 1),
                Recurrent(cell, reverse: true).sized(steps: 2, batch: 5, hidden: 9),
            ]
        }
    }

    func sized(steps: Int, batch: Int, hidden: Int) -> (
        op: Recurrent, operands: [TensorType], ranges: [ClosedRange<Double>]
    ) {
        let width = cell.gates * hidden
        var shapes = [[steps, batch, width], [hidden, width]]
        if cell.hasHiddenBias { shapes.append([width]) }
        shapes += [[Int]](repeating: [batch, hidden], count: cell.hasCellState ? 2 : 1)
        let lengths = hasLengths ? [TensorType([batch], .int32)] : []
        return (
            self, shapes.map { TensorType($0) } + lengths,
            shapes.map { _ in -1...1 } + lengths.map { _ in 0...Double(steps) }
        )
    }

    public static var samples: [Sample] {
        cases.map { Sample($0.op, $0.operands, ranges: $0.ranges, differentiable: isQuick($0.operands[1])) }
    }

    /// Whether differences along every element of a sample with these weights, through unrolled steps, take no minutes.
    static func isQuick(_ weights: TensorType) -> Bool { weights.shape[0] < 9 }
}

extension TensorType {
    /// The same with floating-point numbers as doubles, so that nothing is rounded on the way.
    var inDoublePrecision: TensorType { dtype.isFloatingPoint ? TensorType(shape, .float64) : self }
}
