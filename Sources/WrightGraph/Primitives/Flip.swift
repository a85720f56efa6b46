/// Reverses the order along some axes.
public struct Flip: Primitive {
    /// The axes that are reversed, ascending.
    public var axes: [Int]

    public init(axes: [Int]) { self.axes = axes }

    public static var names: [String] { ["flip"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        axes = try attributes.ints("axes", of: name)
    }

    public var op: Op { .flip(self) }
    public var name: String { "flip" }
    public var attributes: Attributes { ["axes": .ints(axes)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard axes == Set(axes).sorted(), axes.allSatisfy(operands[0].shape.indices.contains) else {
            throw .invalidAttribute(op: name, reason: "axes \(axes) must be ascending, distinct axes of \(operands[0])")
        }
        return operands[0]
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [Tensor(self, cotangent)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        var strides = result.strides
        var start = 0
        for axis in axes {
            start += (result.shape[axis] - 1) * strides[axis]
            strides[axis] = -strides[axis]
        }
        return RowMajor.offsets(shape: result.shape, strides: strides, start: start).map { operands[0][$0] }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        let x = operands[0]
        if axes.allSatisfy({ type.shape[$0] <= 1 }) || x.repeatedScalar != nil { return x }
        guard case .flip(let inner) = x.op else { return nil }
        let odd = Set(axes).symmetricDifference(inner.axes).sorted()
        return odd.isEmpty ? x.operands[0] : Tensor(Flip(axes: odd), x.operands[0])
    }

    public static var samples: [Sample] {
        let cases: [([Int], [Int])] = [
            ([4], [0]), ([1], [0]), ([0], [0]), ([], []), ([2, 3], []), ([2, 3], [0]), ([2, 3], [1]),
            ([2, 3], [0, 1]),
            ([2, 1, 3], [1, 2]), ([2, 3, 4], [0, 2]),
        ]
        return cases.map { Sample(Flip(axes: $0.1), [TensorType($0.0)]) }
            + DType.allCases.map {
                Sample(
                    Flip(axes: [1]), [TensorType([2, 3], $0)], in: $0 == .bool ? 0...1 : 0...100, differentiable: false)
            }
    }
}

extension Tensor {
    /// The order along `axes` reversed; negative axes count from the last.
    public func flipped(along axes: [Int]) -> Tensor {
        Tensor(Flip(axes: axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()), self)
    }
}
