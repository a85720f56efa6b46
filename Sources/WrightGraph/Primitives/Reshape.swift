/// The same elements, in the same row-major order, under another shape.
public struct Reshape: Primitive {
    public var shape: [Int]

    public init(_ shape: [Int]) { self.shape = shape }

    public static var names: [String] { ["reshape"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        shape = try attributes.ints("shape", of: name)
    }

    public var op: Op { .reshape(self) }
    public var name: String { "reshape" }
    public var attributes: Attributes { ["shape": .ints(shape)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        let type = TensorType(shape, operands[0].dtype)
        guard shape.allSatisfy({ $0 >= 0 }), type.count == operands[0].count else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "\(operands[0].count) elements cannot take shape \(shape), which has \(type.count)")
        }
        return type
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [cotangent.reshaped(operands[0].shape)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] { operands[0] }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if operands[0].shape == shape { return operands[0] }
        if case .reshape = operands[0].op { return operands[0].operands[0].reshaped(shape) }
        return operands[0].rank > 0 ? operands[0].repeatedScalar?.broadcast(to: shape) : nil
    }

    public static var samples: [Sample] {
        [([2, 3], [3, 2]), ([6], [1, 6, 1]), ([], [1]), ([0, 2], [4, 0])].map {
            Sample(Reshape($0.1), [TensorType($0.0)])
        } + [Sample(Reshape([4]), [TensorType([2, 2], .uint8)], in: 0...9, differentiable: false)]
    }
}

extension Tensor {
    /// The same elements under another shape; one axis may be −1 and is worked out from the others.
    public func reshaped(_ shape: [Int]) -> Tensor {
        var resolved = shape
        if let open = shape.firstIndex(of: -1) {
            let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
            precondition(
                known > 0 && count % known == 0, "reshaped: \(count) elements do not fill \(shape) evenly")
            resolved[open] = count / known
        }
        return resolved == self.shape ? self : Tensor(Reshape(resolved), self)
    }
}
