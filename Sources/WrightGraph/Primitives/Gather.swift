/// Takes whole slices along one axis by their index, as NumPy's `take`: of `[a…, n, b…]` and indices `[i…]` it makes
/// `[a…, i…, b…]`. An index outside `0..<n` gives NaN, or 0 where the type has none; negative ones are outside too.
public struct Gather: Primitive {
    public var axis: Int

    public init(axis: Int) { self.axis = axis }

    public static var names: [String] { ["gather"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        axis = try attributes.int("axis", of: name)
    }

    public var op: Op { .gather(self) }
    public var name: String { "gather" }
    public var attributes: Attributes { ["axis": .int(axis)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(2, operands)
        let (values, indices) = (operands[0], operands[1])
        guard indices.dtype == .int32 || indices.dtype == .int64 else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "indices must be int32 or int64; cast(to: .int32) first")
        }
        guard values.shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of \(values)")
        }
        return TensorType(values.shape[..<axis] + indices.shape + values.shape[(axis + 1)...], values.dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let (values, indices) = (operands[0], operands[1])
        // The indices' axes go to the front, where a scatter adds whole rows, and the rows back to their axis.
        let indexAxes = Array(axis..<axis + indices.rank)
        let others = Array(0..<axis) + Array(axis + indices.rank..<result.rank)
        let rows = cotangent.permuted(indexAxes + others).scatterAdd(at: indices, rows: values.shape[axis])
        return [rows.permuted(Array(1..<axis + 1) + [0] + Array(axis + 1..<values.rank)), nil]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let (values, extent) = (operands[0], types[0].shape[axis])
        let run = types[0].shape[(axis + 1)...].reduce(1, *)
        let absent = [Double](repeating: result.dtype.isFloatingPoint ? .nan : 0, count: run)
        var taken: [Double] = []
        taken.reserveCapacity(result.count)
        for outer in 0..<types[0].shape[..<axis].reduce(1, *) {
            for index in operands[1] {
                guard index >= 0, index < Double(extent) else {
                    taken += absent
                    continue
                }
                let start = (outer * extent + Int(index)) * run
                taken += values[start..<start + run]
            }
        }
        return taken
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        let (values, indices) = (operands[0], operands[1])
        let extent = values.shape[axis]
        if case .iota(let iota) = indices.op, iota.shape == [extent] { return values }
        // One known index is a slice.
        guard indices.count == 1, let index = indices.uniformValue, index >= 0, index < Double(extent) else {
            return nil
        }
        var (starts, sizes) = ([Int](repeating: 0, count: values.rank), values.shape)
        (starts[axis], sizes[axis]) = (Int(index), 1)
        return values.sliced(from: starts, sizes: sizes).reshaped(type.shape)
    }

    public static var samples: [Sample] {
        let cases: [(values: [Int], indices: [Int], axis: Int)] = [
            ([4], [3], 0), ([4], [], 0), ([1], [2], 0), ([4, 3], [2, 2], 0), ([3, 4], [5], 1), ([2, 3, 4], [2, 1], 1),
            ([2, 3, 4], [], 2), ([5, 2], [0], 0), ([5, 0], [3], 0), ([3, 1, 2], [4], 1), ([9, 17], [12], 0),
        ]
        return cases.map { values, indices, axis in
            Sample(
                Gather(axis: axis), [TensorType(values), TensorType(indices, .int32)],
                ranges: [-2...2, 0...Double(values[axis] - 1)])
        }
            + DType.allCases.flatMap { dtype in
                // Some indices lie outside.
                [DType.int32, .int64].map { indices in
                    Sample(
                        Gather(axis: 0), [TensorType([3, 2], dtype), TensorType([9], indices)],
                        ranges: [dtype == .bool ? 0...1 : 0...100, -2...4], differentiable: false)
                }
            }
    }
}

extension Tensor {
    /// The slices along `axis` (negative counts from the last) that `indices` (int32 or int64, any shape) name. An index
    /// outside the axis gives NaN, or 0 where the type has none.
    public func gather(_ indices: Tensor, axis: Int = 0) -> Tensor {
        Tensor(Gather(axis: axis < 0 ? axis + rank : axis), self, indices)
    }
}
