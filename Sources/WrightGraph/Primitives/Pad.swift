/// Surrounds a tensor with zeros (false for masks): along each axis `low` before it, `high` after it, and `interior`
/// between every two neighbours.
public struct Pad: Primitive {
    public var low: [Int]
    public var high: [Int]
    public var interior: [Int]

    public init(low: [Int], high: [Int], interior: [Int]) {
        self.low = low
        self.high = high
        self.interior = interior
    }

    public static var names: [String] { ["pad"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        self.init(
            low: try attributes.ints("low", of: name), high: try attributes.ints("high", of: name),
            interior: try attributes.ints("interior", of: name))
    }

    public var op: Op { .pad(self) }
    public var name: String { "pad" }
    public var attributes: Attributes { ["low": .ints(low), "high": .ints(high), "interior": .ints(interior)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        let operand = operands[0]
        guard low.count == operand.rank, high.count == operand.rank, interior.count == operand.rank else {
            throw .invalidAttribute(
                op: name, reason: "needs low, high and interior for each of the \(operand.rank) axes of \(operand)")
        }
        guard (low + high + interior).allSatisfy({ $0 >= 0 }) else {
            throw .invalidAttribute(
                op: name, reason: "padding \(self.attributes) is negative; take a slice to make a tensor smaller")
        }
        let shape = operand.shape.indices.map {
            low[$0] + operand.shape[$0] + max(operand.shape[$0] - 1, 0) * interior[$0] + high[$0]
        }
        return TensorType(shape, operand.dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let shape = operands[0].shape
        guard operands[0].count > 0 else { return [Tensor.constant(0, cotangent.dtype).broadcast(to: shape)] }
        return [cotangent.sliced(from: low, sizes: shape, steps: interior.map { $0 + 1 })]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        var padded = [Double](repeating: 0, count: result.count)
        let places = RowMajor.offsets(
            shape: types[0].shape, strides: zip(result.strides, interior).map { $0 * ($1 + 1) },
            start: zip(result.strides, low).reduce(0) { $0 + $1.0 * $1.1 })
        for (x, place) in zip(operands[0], places) { padded[place] = x }
        return padded
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        let x = operands[0]
        if x.shape == type.shape { return x }
        if x.count == 0 || x.uniformValue == 0 { return Tensor.constant(0, x.dtype).broadcast(to: type.shape) }
        guard case .pad(let inner) = x.op, (inner.interior + interior).allSatisfy({ $0 == 0 }) else { return nil }
        return x.operands[0].padded(
            low: zip(low, inner.low).map { $0 + $1 }, high: zip(high, inner.high).map { $0 + $1 })
    }

    public static var samples: [Sample] {
        let cases: [(shape: [Int], low: [Int], high: [Int], interior: [Int])] = [
            ([3], [1], [2], [0]), ([3], [0], [0], [1]), ([3], [2], [0], [3]), ([1], [1], [1], [2]),
            ([0], [1], [2], [1]),
            ([], [], [], []), ([2, 3], [1, 0], [0, 2], [0, 0]), ([2, 3], [0, 1], [1, 0], [2, 1]),
            ([1, 1, 2], [0, 2, 0], [0, 0, 1], [3, 0, 1]), ([2, 0, 3], [1, 0, 0], [0, 0, 0], [0, 0, 0]),
        ]
        return cases.map { Sample(Pad(low: $0.low, high: $0.high, interior: $0.interior), [TensorType($0.shape)]) }
            + DType.allCases.map {
                Sample(
                    Pad(low: [1, 0], high: [0, 2], interior: [1, 0]), [TensorType([2, 3], $0)],
                    in: $0 == .bool ? 0...1 : 0...100, differentiable: false)
            }
    }
}

extension Pad {
    /// Where along which one axis the operand lies, if it is only moved along one.
    fileprivate var move: (axis: Int, start: Int)? {
        let axes = low.indices.filter { low[$0] > 0 || high[$0] > 0 }
        return axes.count == 1 && interior.allSatisfy { $0 == 0 } ? (axes[0], low[axes[0]]) : nil
    }
}

extension Tensor {
    /// The sum of tensors of one shape. Those that fill different places of one axis, as the gradients of slices do, are put
    /// one after the other instead: as many slices as there are steps cost one pass over memory, not one each.
    static func sum(ofParts parts: [Tensor]) -> Tensor {
        var rest: [Tensor] = []
        var moved: [Int: [(start: Int, whole: Tensor, part: Tensor)]] = [:]
        for part in parts {
            if case .pad(let pad) = part.op, let (axis, start) = pad.move {
                moved[axis, default: []].append((start, part, Tensor(node: part.node.operands[0])))
            } else {
                rest.append(part)
            }
        }
        for (axis, group) in moved.sorted(by: { $0.key < $1.key }) {
            guard group.count > 1 else {
                rest += group.map(\.whole)
                continue
            }
            var pieces: [Tensor] = []
            var end = 0
            func fill(to place: Int) {
                var shape = group[0].whole.shape
                shape[axis] = place - end
                if place > end { pieces.append(.constant(0, group[0].whole.dtype).broadcast(to: shape)) }
            }
            for (start, whole, part) in group.sorted(by: { $0.start < $1.start }) {
                guard start >= end else {
                    rest.append(whole)
                    continue
                }
                fill(to: start)
                pieces.append(part)
                end = start + part.shape[axis]
            }
            fill(to: group[0].whole.shape[axis])
            rest.append(concatenated(pieces, along: axis))
        }
        return rest.dropFirst().reduce(rest[0], +)
    }

    /// Zeros around this tensor: along each axis `low` before it, `high` after it, `interior` (0 when not given) between
    /// every two neighbours.
    public func padded(low: [Int], high: [Int], interior: [Int]? = nil) -> Tensor {
        let op = Pad(low: low, high: high, interior: interior ?? low.map { _ in 0 })
        return (op.low + op.high + op.interior).allSatisfy { $0 == 0 } && low.count == rank ? self : Tensor(op, self)
    }
}
