/// Takes each element from the second operand where the first, a mask, is true, and from the third elsewhere.
public struct Select: Primitive {
    public init() {}

    public static var names: [String] { ["select"] }
    public init(name: String, attributes: Attributes) throws(GraphError) {}
    public var op: Op { .select(self) }
    public var name: String { "select" }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(3, operands)
        guard operands[0].dtype == .bool else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "the first operand must be a mask (bool)")
        }
        guard operands[1].dtype == operands[2].dtype else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "the two choices must have one element type")
        }
        guard operands[0].shape == operands[1].shape, operands[1].shape == operands[2].shape else {
            throw .shapeMismatch(op: name, operands: operands, reason: "mask and choices must have one shape")
        }
        return operands[1]
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let zero = Tensor.constant(0, cotangent.dtype)
        return [nil, Tensor.select(operands[0], cotangent, zero), Tensor.select(operands[0], zero, cotangent)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        operands[0].indices.map { operands[0][$0] != 0 ? operands[1][$0] : operands[2][$0] }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if operands[1] == operands[2] { return operands[1] }
        guard let mask = operands[0].uniformValue else { return nil }
        return mask != 0 ? operands[1] : operands[2]
    }

    public static var samples: [Sample] {
        [[2, 3], [], [0], [19]].map {
            Sample(
                Select(), [TensorType($0, .bool), TensorType($0), TensorType($0)], ranges: [0...1, -2...2, -2...2])
        } + [
            Sample(
                Select(), [TensorType([6], .bool), TensorType([6], .int32), TensorType([6], .int32)],
                ranges: [0...1, -9...9, -9...9], differentiable: false)
        ]
    }
}

extension Tensor {
    /// `a` where `mask` is true, `b` elsewhere; all three stretch to their common shape.
    public static func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        guard let choices = Broadcast.commonShape(a.shape, b.shape),
            let shape = Broadcast.commonShape(mask.shape, choices)
        else {
            preconditionFailure(
                "select: shapes \(mask.shape), \(a.shape) and \(b.shape) do not stretch to one")
        }
        return Tensor(Select(), mask.broadcast(to: shape), a.broadcast(to: shape), b.broadcast(to: shape))
    }
}
