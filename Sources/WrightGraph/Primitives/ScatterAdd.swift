/// Adds rows to a table of zeros: of updates `[i…, b…]` and indices `[i…]` it makes `[rows, b…]`, in which row `r` is the
/// sum of the updates whose index is `r`. Updates with an index outside the table are left out.
public struct ScatterAdd: Primitive {
    public var rows: Int

    public init(rows: Int) { self.rows = rows }

    public static var names: [String] { ["scatter_add"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        rows = try attributes.int("rows", of: name)
    }

    public var op: Op { .scatterAdd(self) }
    public var name: String { "scatter_add" }
    public var attributes: Attributes { ["rows": .int(rows)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(2, operands)
        let (updates, indices) = (operands[0], operands[1])
        guard indices.dtype == .int32 || indices.dtype == .int64 else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "indices must be int32 or int64; cast(to: .int32) first")
        }
        guard updates.dtype != .bool else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs numbers to add; cast(to: .int32) first")
        }
        guard updates.shape.starts(with: indices.shape) else {
            throw .shapeMismatch(
                op: name, operands: operands, reason: "the updates' shape must begin with the indices' shape")
        }
        guard rows >= 0 else { throw .invalidAttribute(op: name, reason: "rows \(rows) must be at least 0") }
        return TensorType([rows] + updates.shape.dropFirst(indices.rank), updates.dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let (updates, indices) = (operands[0], operands[1])
        let isInside = indices.isGreaterOrEqual(to: 0).and(indices.isLess(than: Double(rows)))
        let mask = isInside.reshaped(indices.shape + [Int](repeating: 1, count: updates.rank - indices.rank))
        return [Tensor.select(mask, cotangent.gather(indices), .constant(0, cotangent.dtype)), nil]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let run = result.shape.dropFirst().reduce(1, *)
        var table = [Double](repeating: 0, count: result.count)
        for (place, index) in operands[1].enumerated() where index >= 0 && index < Double(rows) {
            for column in 0..<run { table[Int(index) * run + column] += operands[0][place * run + column] }
        }
        return table
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        operands[0].count == 0 || operands[0].uniformValue == 0
            ? Tensor.constant(0, type.dtype).broadcast(to: type.shape) : nil
    }

    public static var samples: [Sample] {
        let cases: [(updates: [Int], indices: [Int], rows: Int)] = [
            ([3], [3], 4), ([], [], 2), ([2, 2, 3], [2, 2], 4), ([5, 3], [5], 2), ([0, 3], [0], 2), ([4, 0], [4], 3),
            ([3, 2], [3], 1), ([2, 1, 3], [2], 3), ([6, 2], [6], 0), ([17, 9], [17], 5),
        ]
        return cases.map { updates, indices, rows in
            // Some indices lie outside.
            Sample(
                ScatterAdd(rows: rows), [TensorType(updates), TensorType(indices, .int32)],
                ranges: [-2...2, -1...Double(rows)])
        }
            + DType.allCases.filter { $0 != .bool }.map { dtype in
                Sample(
                    ScatterAdd(rows: 3), [TensorType([5, 2], dtype), TensorType([5], .int64)], ranges: [0...9, -1...3],
                    differentiable: false)
            }
    }
}

extension Tensor {
    /// A table of `rows` rows of zeros to which this tensor's slices are added: the one at place `i` of its leading axes
    /// to row `indices[i]`. Slices with an index outside the table are left out.
    public func scatterAdd(at indices: Tensor, rows: Int) -> Tensor { Tensor(ScatterAdd(rows: rows), self, indices) }
}
