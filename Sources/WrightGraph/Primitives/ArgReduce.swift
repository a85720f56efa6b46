/// Where the largest or smallest element lies along one axis, which is dropped; int32. Of equal elements the first wins,
/// and the first NaN wins over any number, as in NumPy and PyTorch.
public struct ArgReduce: Primitive {
    /// Which element is looked for.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case maximum, minimum }

    public var kind: Kind
    public var axis: Int

    public init(_ kind: Kind, axis: Int) {
        self.kind = kind
        self.axis = axis
    }

    public static var names: [String] { Kind.allCases.map { "arg_\($0.rawValue)" } }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let kind = Kind(rawValue: String(name.dropFirst("arg_".count))) else {
            throw .invalidAttribute(op: name, reason: "is no search for an extreme")
        }
        self.init(kind, axis: try attributes.int("axis", of: name))
    }

    public var op: Op { .argReduce(self) }
    public var name: String { "arg_\(kind.rawValue)" }
    public var attributes: Attributes { ["axis": .int(axis)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        var shape = operands[0].shape
        guard shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of \(operands[0])")
        }
        guard operands[0].dtype != .bool else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs numbers; cast(to: .uint8) first")
        }
        guard shape.remove(at: axis) > 0 else {
            throw .shapeMismatch(op: name, operands: operands, reason: "nothing to choose from along an empty axis")
        }
        return TensorType(shape, .int32)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [nil] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let (x, extent, stride) = (operands[0], types[0].shape[axis], types[0].strides[axis])
        var outer = types[0].strides
        outer.remove(at: axis)
        return RowMajor.offsets(shape: result.shape, strides: outer).map { start in
            var best = 0
            for place in 1..<extent {
                let (candidate, leader) = (x[start + place * stride], x[start + best * stride])
                let wins = kind == .maximum ? candidate > leader : candidate < leader
                if wins || (candidate.isNaN && !leader.isNaN) { best = place }
            }
            return Double(best)
        }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        operands[0].shape[axis] == 1 || operands[0].repeatedScalar != nil
            ? Tensor.constant(0, .int32).broadcast(to: type.shape) : nil
    }

    public static var samples: [Sample] {
        let shapes: [([Int], Int)] = [
            ([5], 0), ([1], 0), ([3, 4], 0), ([3, 4], 1), ([2, 3, 4], 1), ([2, 1, 3], 1), ([0, 3], 1), ([17, 9], 0),
        ]
        return Kind.allCases.flatMap { kind in
            shapes.map { Sample(ArgReduce(kind, axis: $0.1), [TensorType($0.0)], differentiable: false) }
                + [DType.bfloat16, .int32, .int64, .int8, .uint8].map {
                    // A narrow range, so that extremes repeat.
                    Sample(ArgReduce(kind, axis: 1), [TensorType([4, 7], $0)], in: 0...3, differentiable: false)
                }
        }
    }
}

extension Tensor {
    /// Where the largest element lies along `axis` (negative counts from the last), which is dropped; without an axis, its
    /// place among all elements in row-major order. int32.
    public func argmax(along axis: Int? = nil) -> Tensor { argReduced(.maximum, axis) }

    /// Where the smallest element lies, as in ``argmax(along:)``.
    public func argmin(along axis: Int? = nil) -> Tensor { argReduced(.minimum, axis) }

    private func argReduced(_ kind: ArgReduce.Kind, _ axis: Int?) -> Tensor {
        guard let axis else { return Tensor(ArgReduce(kind, axis: 0), reshaped([count])) }
        return Tensor(ArgReduce(kind, axis: axis < 0 ? axis + rank : axis), self)
    }
}
