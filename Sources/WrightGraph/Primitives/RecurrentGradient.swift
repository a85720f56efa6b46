/// The cotangents of the projected inputs, the hidden products and the initial states of ``Recurrent``, as one record
/// (``RecurrentGradientRecord``); those of weights and biases are products and sums of these.
///
/// Operands: the hidden weights, the forward's lengths if it has them, its record, and the cotangents of the record's states
/// `[steps + 1, batch, hidden]`, of its cell states if `hasCells` and of its activations if `hasActivations`.
public struct RecurrentGradient: Primitive {
    public var forward: Recurrent
    /// Whether anyone but the states asks for the cell states.
    public var hasCells: Bool
    /// Only a gradient's gradient has them.
    public var hasActivations: Bool

    public init(_ forward: Recurrent, hasCells: Bool, hasActivations: Bool) {
        self.forward = forward
        self.hasCells = hasCells
        self.hasActivations = hasActivations
    }

    private static let suffix = "_gradient"
    public static var names: [String] { Recurrent.names.map { $0 + suffix } }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard name.utf8.count > Self.suffix.utf8.count else {
            throw .invalidAttribute(op: name, reason: "is no gradient of a recurrent cell")
        }
        self.init(
            try Recurrent(name: String(name.dropLast(Self.suffix.count)), attributes: attributes),
            hasCells: try attributes.bool("cells", of: name),
            hasActivations: try attributes.bool("activations", of: name))
    }

    public var op: Op { .recurrentGradient(self) }
    public var name: String { forward.name + Self.suffix }
    public var attributes: Attributes {
        Attributes(
            items: forward.attributes.items + [("cells", .bool(hasCells)), ("activations", .bool(hasActivations))])
    }

    /// The record that is differentiated, checked.
    public func record(of operands: [TensorType]) throws(GraphError) -> RecurrentRecord {
        let first = forward.hasLengths ? 2 : 1
        try expect(first + 2 + (hasCells ? 1 : 0) + (hasActivations ? 1 : 0), operands)
        let (weights, states) = (operands[0].shape, operands[first + 1].shape)
        guard operands[0].dtype.isFloatingPoint, states.count == 3, states[0] > 0,
            weights == [states[2], forward.cell.gates * states[2]]
        else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs floating-point weights [hidden, \(forward.cell.gates) · hidden] and a cotangent "
                    + "[steps + 1, batch, hidden]")
        }
        let record = RecurrentRecord(
            cell: forward.cell, steps: states[0] - 1, batch: states[1], hidden: states[2])
        guard record.cells != nil || !hasCells, record.activations != nil || !hasActivations else {
            throw .invalidAttribute(op: name, reason: "this cell has no such states whose cotangents to take")
        }
        let lengths = forward.hasLengths ? [TensorType([record.batch], .int32)] : []
        let parts =
            [[record.count], states]
            + [hasCells ? record.cells : nil, hasActivations ? record.activations : nil]
            .compactMap { $0?.shape }
        let expected = [operands[0]] + lengths + parts.map { TensorType($0, operands[0].dtype) }
        guard operands == expected else {
            throw .shapeMismatch(op: name, operands: operands, reason: "it needs \(expected)")
        }
        return record
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        TensorType([RecurrentGradientRecord(try record(of: operands)).count], operands[0].dtype)
    }

    /// Everything computed step by step in Tensor code, last step first.
    private func unrolled(_ operands: [Tensor]) -> Tensor {
        // Why: the types were checked when the graph was built.
        let parts = try! record(of: operands.map(\.type))
        let (weights, lengths) = (operands[0], forward.hasLengths ? operands[1] : nil)
        var given = operands.dropFirst(forward.hasLengths ? 2 : 1)
        let record = given.removeFirst()
        let states = given.removeFirst()
        let cells = hasCells ? given.removeFirst() : nil
        let activations = given.first
        let (madeStates, madeCells) = (parts.states.taken(from: record), parts.cells?.taken(from: record))
        let madeActivations = parts.activations?.taken(from: record)
        let last = forward.isReversed ? 0 : parts.steps
        let zeros = Tensor.constant(0, weights.dtype).broadcast(to: [parts.batch, parts.hidden])
        var state = states[last]
        var cell = madeCells == nil ? nil : cells?[last] ?? zeros
        var (projected, products) = ([Tensor](), [Tensor]())
        for place in 0..<parts.steps {
            let time = forward.isReversed ? place : parts.steps - 1 - place
            let (from, to) = forward.isReversed ? (time + 1, time) : (time, time + 1)
            let made = RecurrentCell.Made(
                oldState: madeStates[from], state: madeStates[to], oldCell: madeCells?[from], cell: madeCells?[to],
                activations: madeActivations?[time])
            var step = forward.cell.gradient(of: made, state: state, cell: cell, activations: activations?[time])
            step.state = step.state + step.products.matmul(weights.transposed())
            if let lengths {
                let isInside = lengths.isGreater(than: Double(time)).reshaped([parts.batch, 1])
                let zero = Tensor.constant(0, weights.dtype)
                step.projected = Tensor.select(isInside, step.projected, zero)
                step.products = Tensor.select(isInside, step.products, zero)
                step.state = Tensor.select(isInside, step.state, state)
                if let new = step.cell, let old = cell { step.cell = Tensor.select(isInside, new, old) }
            }
            state = step.state + states[from]
            cell = step.cell.map { new in cells.map { new + $0[from] } ?? new }
            projected.append(step.projected)
            products.append(step.products)
        }
        if !forward.isReversed { (projected, products) = (projected.reversed(), products.reversed()) }
        let all = projected + (forward.cell.hasHiddenBias ? products : []) + [state] + [cell].compactMap(\.self)
        return Tensor.concatenated(all.map { $0.reshaped([$0.count]) })
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let places = operands.indices.filter { operands[$0].dtype.isFloatingPoint }
        let unrolled = Composition(operands.map(\.type)) { [self.unrolled($0)] }
        var shares = [Tensor?](repeating: nil, count: operands.count)
        for (place, share) in zip(places, unrolled.pullback(of: places)(operands + [cotangent])) {
            shares[place] = share
        }
        return shares
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        Composition(types.map(\.inDoublePrecision)) { [unrolled($0)] }.values(operands)[0]
    }

    /// As the forward's, with each of the cotangents that a cell may have or not.
    public static var samples: [Sample] {
        Recurrent.cases.flatMap { use -> [Sample] in
            let isWhole = use.op.cell.activations > 0
            let ops = [
                RecurrentGradient(use.op, hasCells: false, hasActivations: false),
                RecurrentGradient(use.op, hasCells: use.op.cell.hasCellState, hasActivations: false),
                RecurrentGradient(use.op, hasCells: use.op.cell.hasCellState, hasActivations: isWhole),
            ]
            return ops.indices.filter { $0 == 0 || ops[$0] != ops[$0 - 1] }.map { sample(ops[$0], use) }
        }
    }

    private static func sample(
        _ op: RecurrentGradient, _ use: (op: Recurrent, operands: [TensorType], ranges: [ClosedRange<Double>])
    ) -> Sample {
        // Why: a sample that does not fit is a defect of the list of cases, which every test would show.
        let record = try! use.op.record(of: use.operands)
        let lengths = use.op.hasLengths ? [TensorType([record.batch], .int32)] : []
        let parts = [record.states, op.hasCells ? record.cells : nil, op.hasActivations ? record.activations : nil]
        let floats = [TensorType([record.count])] + parts.compactMap { $0.map { TensorType($0.shape) } }
        return Sample(
            op, [use.operands[1]] + lengths + floats,
            ranges: [-1...1] + lengths.map { _ in 0...Double(record.steps) } + floats.map { _ in -1...1 },
            differentiable: Recurrent.isQuick(use.operands[1]))
    }
}
