/// Joins tensors end to end along one axis; their other axes are equal.
public struct Concatenate: Primitive {
    public var axis: Int

    public init(axis: Int) { self.axis = axis }

    public static var names: [String] { ["concatenate"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        axis = try attributes.int("axis", of: name)
    }

    public var op: Op { .concatenate(self) }
    public var name: String { "concatenate" }
    public var attributes: Attributes { ["axis": .int(axis)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        guard let first = operands.first else { throw .wrongOperandCount(op: name, expected: 1, received: 0) }
        guard first.shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of \(first)")
        }
        var shape = first.shape
        shape[axis] = 0
        for operand in operands {
            guard operand.dtype == first.dtype else {
                throw .dtypeMismatch(
                    op: name, operands: operands, reason: "the element types differ; cast(to:) some of them")
            }
            var other = operand.shape
            if other.indices.contains(axis) { other[axis] = first.shape[axis] }
            guard other == first.shape else {
                throw .shapeMismatch(
                    op: name, operands: operands, reason: "shapes may differ along axis \(axis) only")
            }
            shape[axis] += operand.shape[axis]
        }
        return TensorType(shape, first.dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        var place = 0
        return operands.map { operand in
            var starts = [Int](repeating: 0, count: operand.rank)
            starts[axis] = place
            place += operand.shape[axis]
            return cotangent.sliced(from: starts, sizes: operand.shape)
        }
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        // Everything from the axis on is contiguous: copy one such run from each operand in turn.
        let runs = types.map { $0.shape[axis...].reduce(1, *) }
        var joined: [Double] = []
        joined.reserveCapacity(result.count)
        for outer in 0..<result.shape[..<axis].reduce(1, *) {
            for (operand, run) in zip(operands, runs) { joined += operand[outer * run..<(outer + 1) * run] }
        }
        return joined
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if operands.count == 1 { return operands[0] }
        let filled = operands.filter { $0.count > 0 }
        if filled.count < operands.count {
            return filled.isEmpty
                ? Tensor.constant(0, type.dtype).broadcast(to: type.shape) : Tensor(Concatenate(axis: axis), filled)
        }
        let flattened = operands.flatMap { $0.op == op ? $0.operands : [$0] }
        if flattened.count > operands.count { return Tensor(Concatenate(axis: axis), flattened) }
        let merged = mergingNeighbours(operands)
        if merged.count == 1 { return merged[0] }
        return merged.count < operands.count ? Tensor(Concatenate(axis: axis), merged) : nil
    }

    /// Slices that lie end to end in one tensor, joined to one slice of it.
    private func mergingNeighbours(_ parts: [Tensor]) -> [Tensor] {
        var merged: [Tensor] = []
        for part in parts {
            guard let last = merged.last, case .slice(let a) = last.op, case .slice(var b) = part.op,
                last.operands[0] == part.operands[0], a.steps == b.steps, a.steps[axis] == 1,
                b.starts[axis] == a.end(axis)
            else {
                merged.append(part)
                continue
            }
            let size = a.sizes[axis] + b.sizes[axis]
            (b.starts[axis], b.sizes[axis]) = (a.starts[axis], a.sizes[axis])
            guard b == a else {
                merged.append(part)
                continue
            }
            b.sizes[axis] = size
            merged[merged.count - 1] = part.operands[0].sliced(from: b.starts, sizes: b.sizes, steps: b.steps)
        }
        return merged
    }

    public static var samples: [Sample] {
        let cases: [([[Int]], Int)] = [
            ([[3]], 0), ([[2], [3]], 0), ([[1], [0], [2], [1]], 0), ([[2, 3], [2, 1]], 1),
            ([[1, 3], [2, 3], [1, 3]], 0),
            ([[2, 1, 3], [2, 4, 3]], 1), ([[2, 2, 0], [2, 2, 0]], 2),
            ([[2, 3, 1], [2, 3, 2], [2, 3, 4], [2, 3, 1]], 2),
        ]
        return cases.map { shapes, axis in Sample(Concatenate(axis: axis), shapes.map { TensorType($0) }) }
            + DType.allCases.map {
                Sample(
                    Concatenate(axis: 0), [TensorType([2, 3], $0), TensorType([1, 3], $0)],
                    in: $0 == .bool ? 0...1 : 0...100, differentiable: false)
            }
    }
}

extension Tensor {
    /// `parts` end to end along `axis`, which counts from the last when negative.
    public static func concatenated(_ parts: [Tensor], along axis: Int = 0) -> Tensor {
        precondition(!parts.isEmpty, "concatenated: there is no tensor to join")
        let axis = axis < 0 ? axis + parts[0].rank : axis
        return parts.count == 1 && parts[0].shape.indices.contains(axis)
            ? parts[0] : Tensor(Concatenate(axis: axis), parts)
    }

    /// This tensor and then `other` along `axis`, which counts from the last when negative.
    public func concatenated(with other: Tensor, along axis: Int = 0) -> Tensor {
        Self.concatenated([self, other], along: axis)
    }
}
