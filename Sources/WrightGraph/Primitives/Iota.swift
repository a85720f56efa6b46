/// Counts along one axis: every element is its own index on that axis.
public struct Iota: Primitive {
    public var shape: [Int]
    public var axis: Int

    public init(_ shape: [Int], axis: Int) {
        self.shape = shape
        self.axis = axis
    }

    public static var names: [String] { ["iota"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        self.init(try attributes.ints("shape", of: name), axis: try attributes.int("axis", of: name))
    }

    public var op: Op { .iota(self) }
    public var name: String { "iota" }
    public var attributes: Attributes { ["shape": .ints(shape), "axis": .int(axis)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(0, operands)
        guard shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of shape \(shape)")
        }
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw .invalidAttribute(op: name, reason: "shape \(shape) has a negative extent")
        }
        return TensorType(shape, .int32)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        RowMajor.coordinates(shape).map { Double($0[axis]) }
    }

    public static var samples: [Sample] {
        [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1)].map {
            Sample(Iota($0.0, axis: $0.1), [], differentiable: false)
        }
    }
}

extension Tensor {
    /// 0, 1, … n − 1 as int32.
    public static func iota(_ n: Int) -> Tensor { Tensor(Iota([n], axis: 0)) }
}
