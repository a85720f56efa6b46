/// Converts every element to another type, as ``DType/normalized(_:)`` says.
public struct Cast: Primitive {
    public var dtype: DType

    public init(_ dtype: DType) { self.dtype = dtype }

    public static var names: [String] { ["cast"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        let word = try attributes.word("dtype", of: name)
        guard let dtype = DType(rawValue: word) else {
            throw .invalidAttribute(op: name, reason: "there is no element type '\(word)'")
        }
        self.dtype = dtype
    }

    public var op: Op { .cast(self) }
    public var name: String { "cast" }
    public var attributes: Attributes { ["dtype": .word(dtype.rawValue)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        return TensorType(operands[0].shape, dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        operands[0].dtype.isFloatingPoint && dtype.isFloatingPoint ? [cotangent.cast(to: operands[0].dtype)] : [nil]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        operands[0].map(dtype.normalized)
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        operands[0].dtype == dtype ? operands[0] : appliedToScalars(operands, type)
    }

    public static var samples: [Sample] {
        DType.allCases.flatMap { from in
            DType.allCases.map { to in
                Sample(
                    Cast(to), [TensorType([3, 5], from)], in: from == .bool ? 0...1 : 0...100,
                    differentiable: from == .float32 && to == .float32)
            }
        }
    }
}

extension Tensor {
    /// The same values as elements of `dtype`; this tensor itself when it has that type already.
    public func cast(to dtype: DType) -> Tensor { dtype == self.dtype ? self : Tensor(Cast(dtype), self) }
}
