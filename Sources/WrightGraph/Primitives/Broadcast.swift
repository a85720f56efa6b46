/// Stretches a tensor over a larger shape. Counted from the last, each axis of the operand equals the result's or is 1;
/// missing axes are added in front.
public struct Broadcast: Primitive {
    public var shape: [Int]

    public init(to shape: [Int]) { self.shape = shape }

    public static var names: [String] { ["broadcast"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        shape = try attributes.ints("shape", of: name)
    }

    public var op: Op { .broadcast(self) }
    public var name: String { "broadcast" }
    public var attributes: Attributes { ["shape": .ints(shape)] }

    /// The shape that two shapes stretch to, or nil if they don't fit.
    public static func commonShape(_ a: [Int], _ b: [Int]) -> [Int]? {
        if a == b { return a }
        let rank = max(a.count, b.count)
        var common = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            let (i, j) = (axis - rank + a.count, axis - rank + b.count)
            let (x, y) = (i >= 0 ? a[i] : 1, j >= 0 ? b[j] : 1)
            guard x == y || x == 1 || y == 1 else { return nil }
            common[axis] = x == 1 ? y : x
        }
        return common
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard shape.allSatisfy({ $0 >= 0 }), Self.commonShape(operands[0].shape, shape) == shape else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "does not stretch to \(shape): counted from the last, each axis must be equal or 1")
        }
        return TensorType(shape, operands[0].dtype)
    }

    /// The result's axes along which the operand was repeated.
    public func repeatedAxes(of operand: [Int]) -> [Int] {
        let added = shape.count - operand.count
        return shape.indices.filter { $0 < added || (operand[$0 - added] == 1 && shape[$0] != 1) }
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let axes = repeatedAxes(of: operands[0].shape)
        return [cotangent.sum(along: axes).reshaped(operands[0].shape)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let operand = types[0]
        let added = shape.count - operand.rank
        var strides = [Int](repeating: 0, count: shape.count)
        for axis in operand.shape.indices where operand.shape[axis] != 1 {
            strides[axis + added] = operand.strides[axis]
        }
        return RowMajor.offsets(shape: shape, strides: strides).map { operands[0][$0] }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if operands[0].shape == shape { return operands[0] }
        let x = operands[0]
        switch x.op {
        case .broadcast: return x.operands[0].broadcast(to: shape)
        // Axes of extent 1 in front come by themselves.
        case .reshape
        where x.shape == [Int](repeating: 1, count: max(0, x.rank - x.operands[0].rank)) + x.operands[0].shape:
            return x.operands[0].broadcast(to: shape)
        default: return nil
        }
    }

    public static var samples: [Sample] {
        [([], [2, 2]), ([3], [2, 3]), ([2, 1], [2, 3]), ([1, 3, 1], [2, 3, 4]), ([], []), ([1], [0])].map {
            Sample(Broadcast(to: $0.1), [TensorType($0.0)])
        } + [Sample(Broadcast(to: [4, 2]), [TensorType([2], .int32)], in: -5...5, differentiable: false)]
    }
}

extension Tensor {
    /// This tensor stretched over `shape`.
    public func broadcast(to shape: [Int]) -> Tensor { shape == self.shape ? self : Tensor(Broadcast(to: shape), self) }
}
