/// An elementwise comparison of two tensors of one shape; the result is a mask (bool).
public enum Compare: String, Primitive, CaseIterable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    var reference: @Sendable (Double, Double) -> Bool {
        switch self {
        case .equal: { $0 == $1 }
        case .notEqual: { $0 != $1 }
        case .less: { $0 < $1 }
        case .lessOrEqual: { $0 <= $1 }
        case .greater: { $0 > $1 }
        case .greaterOrEqual: { $0 >= $1 }
        }
    }

    public static var names: [String] { allCases.map(\.rawValue) }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let member = Compare(rawValue: name) else {
            throw .invalidAttribute(op: name, reason: "is no comparison")
        }
        self = member
    }

    public var op: Op { .compare(self) }
    public var name: String { rawValue }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(2, operands)
        guard operands[0].shape == operands[1].shape else {
            throw .shapeMismatch(op: name, operands: operands, reason: "the shapes differ; broadcast(to:) one of them")
        }
        guard operands[0].dtype == operands[1].dtype else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "the element types differ; cast(to:) one of them")
        }
        return TensorType(operands[0].shape, .bool)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [nil, nil] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let holds = reference
        return zip(operands[0], operands[1]).map { holds($0, $1) ? 1 : 0 }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? { appliedToScalars(operands, type) }

    public static var samples: [Sample] {
        allCases.flatMap { member in
            [DType.float32, .int32, .int64, .uint8, .bool].map { dtype in
                Sample(
                    member, [TensorType([3, 5], dtype), TensorType([3, 5], dtype)], in: dtype == .bool ? 0...1 : 0...3,
                    differentiable: false)
            }
        }
    }
}

extension Tensor {
    public func isEqual(to other: Tensor) -> Tensor { Self.elementwise(Compare.equal, self, other) }
    public func isNotEqual(to other: Tensor) -> Tensor { Self.elementwise(Compare.notEqual, self, other) }
    public func isLess(than other: Tensor) -> Tensor { Self.elementwise(Compare.less, self, other) }
    public func isLessOrEqual(to other: Tensor) -> Tensor { Self.elementwise(Compare.lessOrEqual, self, other) }
    public func isGreater(than other: Tensor) -> Tensor { Self.elementwise(Compare.greater, self, other) }
    public func isGreaterOrEqual(to other: Tensor) -> Tensor { Self.elementwise(Compare.greaterOrEqual, self, other) }
    public func isEqual(to other: Double) -> Tensor { isEqual(to: .constant(other, dtype)) }
    public func isNotEqual(to other: Double) -> Tensor { isNotEqual(to: .constant(other, dtype)) }
    public func isLess(than other: Double) -> Tensor { isLess(than: .constant(other, dtype)) }
    public func isLessOrEqual(to other: Double) -> Tensor { isLessOrEqual(to: .constant(other, dtype)) }
    public func isGreater(than other: Double) -> Tensor { isGreater(than: .constant(other, dtype)) }
    public func isGreaterOrEqual(to other: Double) -> Tensor { isGreaterOrEqual(to: .constant(other, dtype)) }
    /// The opposite mask.
    public func not() -> Tensor { isEqual(to: 0) }
}
