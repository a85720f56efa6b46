/// Reorders the axes: axis `i` of the result is axis `order[i]` of the operand.
public struct Permute: Primitive {
    public var order: [Int]

    public init(_ order: [Int]) { self.order = order }

    public static var names: [String] { ["permute"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        order = try attributes.ints("order", of: name)
    }

    public var op: Op { .permute(self) }
    public var name: String { "permute" }
    public var attributes: Attributes { ["order": .ints(order)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard order.sorted() == Array(operands[0].shape.indices) else {
            throw .invalidAttribute(op: name, reason: "order \(order) must name each axis of \(operands[0]) once")
        }
        return TensorType(order.map { operands[0].shape[$0] }, operands[0].dtype)
    }

    /// The permutation that undoes this one.
    public var inverse: [Int] {
        var inverse = order
        for (position, axis) in order.enumerated() { inverse[axis] = position }
        return inverse
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [cotangent.permuted(inverse)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        RowMajor.offsets(shape: result.shape, strides: order.map { types[0].strides[$0] }).map { operands[0][$0] }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if order == Array(order.indices) { return operands[0] }
        if let scalar = operands[0].repeatedScalar { return scalar.broadcast(to: type.shape) }
        if case .permute(let inner) = operands[0].op {
            return operands[0].operands[0].permuted(order.map { inner.order[$0] })
        }
        // Moving axes of length one changes no element's place.
        let moved = order.filter { operands[0].shape[$0] != 1 }
        return moved == moved.sorted() ? operands[0].reshaped(type.shape) : nil
    }

    public static var samples: [Sample] {
        [([2, 3], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 1, 3], [1, 0, 2]), ([2, 3, 4, 5], [0, 2, 1, 3])].map {
            Sample(Permute($0.1), [TensorType($0.0)])
        } + [Sample(Permute([1, 0]), [TensorType([3, 5], .bool)], in: 0...1, differentiable: false)]
    }
}

extension Tensor {
    /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: [Int]) -> Tensor {
        order == Array(shape.indices) ? self : Tensor(Permute(order), self)
    }

    /// The last two axes swapped.
    public func transposed() -> Tensor {
        precondition(rank >= 2, "transposed: \(type) has fewer than two axes")
        return permuted(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
    }
}
