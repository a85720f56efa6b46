/// Multiplies matrices, batch by batch: `[…, m, k] · […, k, n]` gives `[…, m, n]`. The batch axes are equal.
public struct MatrixMultiply: Primitive {
    public init() {}

    public static var names: [String] { ["matmul"] }
    public init(name: String, attributes: Attributes) throws(GraphError) {}
    public var op: Op { .matrixMultiply(self) }
    public var name: String { "matmul" }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(2, operands)
        let (a, b) = (operands[0].shape, operands[1].shape)
        guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloatingPoint else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs two floating-point operands of one type")
        }
        guard a.count >= 2, a.count == b.count, a.dropLast(2) == b.dropLast(2), a[a.count - 1] == b[b.count - 2] else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs [..., m, k] and [..., k, n] with equal leading axes and equal k")
        }
        return TensorType(a.dropLast() + [b[b.count - 1]], operands[0].dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [
            Tensor(MatrixMultiply(), cotangent, operands[1].transposed()),
            Tensor(MatrixMultiply(), operands[0].transposed(), cotangent),
        ]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let (m, k) = (types[0].shape[types[0].rank - 2], types[0].shape[types[0].rank - 1])
        let n = result.shape[result.rank - 1]
        var product = [Double](repeating: 0, count: result.count)
        for batch in 0..<result.shape.dropLast(2).reduce(1, *) {
            for i in 0..<m {
                for p in 0..<k {
                    let a = operands[0][(batch * m + i) * k + p]
                    for j in 0..<n { product[(batch * m + i) * n + j] += a * operands[1][(batch * k + p) * n + j] }
                }
            }
        }
        return product
    }

    public static var samples: [Sample] {
        [
            ([2, 3], [3, 4]), ([1, 1], [1, 1]), ([5, 1], [1, 7]), ([3, 0], [0, 2]), ([2, 3, 4], [2, 4, 5]),
            ([2, 1, 3, 2], [2, 1, 2, 3]), ([17, 9], [9, 33]),
        ].map { Sample(MatrixMultiply(), [TensorType($0.0), TensorType($0.1)]) }
    }
}

extension Tensor {
    /// The matrix product. Leading axes stretch to their common shape; a vector on either side is a row or a column
    /// whose axis is dropped from the result, as in NumPy's `matmul`.
    public func matmul(_ other: Tensor) -> Tensor {
        precondition(rank >= 1 && other.rank >= 1, "matmul: a scalar has no axis to multiply along; use *")
        if rank == 1 {
            let product = reshaped([1, count]).matmul(other)
            return product.reshaped(
                other.rank == 1 ? [] : product.shape.dropLast(2) + [product.shape[product.rank - 1]])
        }
        if other.rank == 1 { return matmul(other.reshaped([other.count, 1])).reshaped(Array(shape.dropLast())) }
        // A batch of rows times one matrix is one larger product.
        if other.rank == 2, rank > 2 {
            let rows = reshaped([shape.dropLast().reduce(1, *), shape[rank - 1]])
            return rows.matmul(other).reshaped(shape.dropLast() + [other.shape[1]])
        }
        guard let batch = Broadcast.commonShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2))) else {
            preconditionFailure("matmul: the leading axes of \(shape) and \(other.shape) do not stretch to one shape")
        }
        return Tensor(
            MatrixMultiply(), broadcast(to: batch + shape.suffix(2)), other.broadcast(to: batch + other.shape.suffix(2))
        )
    }
}
