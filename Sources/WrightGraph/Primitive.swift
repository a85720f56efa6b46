/// A primitive operation of the graph: everything any pass may ask of it, in one place.
///
/// A conforming type lives in one file with its `Tensor` spelling. No pass switches over concrete primitives; it asks
/// these questions. Only a backend's lowering may look at the type, because that is what a lowering is.
public protocol Primitive: Hashable, Sendable {
    /// The names that members of this family have in graph text.
    static var names: [String] { get }
    /// The member called `name` with these settings, as read from graph text.
    init(name: String, attributes: Attributes) throws(GraphError)

    /// This primitive in the closed list.
    var op: Op { get }
    var name: String { get }
    /// The settings that, with ``name``, rebuild this primitive.
    var attributes: Attributes { get }
    /// The type of the result, or why the operands don't fit.
    func result(of operands: [TensorType]) throws(GraphError) -> TensorType
    /// The cotangents of the operands, as graph: differentiation is a rewrite, not a tape. `nil` where no gradient
    /// flows (indices, masks, rounding). A share has the type of its operand.
    func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?]
    /// The slow, obvious implementation that every backend is tested against. Operands and result are row-major.
    func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double]
    /// An equal but cheaper tensor, or nil: `x + 0` is `x`. Asked once for every node, operands first.
    func simplified(_ operands: [Tensor], type: TensorType) -> Tensor?
    /// Operands to try in conformance tests; each is checked forward and, if differentiable, backward, twice.
    static var samples: [Sample] { get }
}

extension Primitive {
    public var attributes: Attributes { Attributes() }
    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? { nil }

    /// Checks how many operands there are before ``result(of:)`` looks at them.
    func expect(_ count: Int, _ operands: [TensorType]) throws(GraphError) {
        guard operands.count == count else {
            throw .wrongOperandCount(op: name, expected: count, received: operands.count)
        }
    }
}

/// One use of a primitive that conformance tests run on every backend.
public struct Sample: Sendable, CustomStringConvertible {
    public var op: any Primitive
    public var operands: [TensorType]
    /// The range that each operand's values are drawn from; whole numbers for integer types.
    public var ranges: [ClosedRange<Double>]
    /// Whether gradients are checked (in the floating-point operands).
    public var isDifferentiable: Bool

    public init(
        _ op: any Primitive, _ operands: [TensorType], in range: ClosedRange<Double> = -2...2,
        differentiable: Bool = true
    ) {
        self.init(op, operands, ranges: operands.map { _ in range }, differentiable: differentiable)
    }

    public init(
        _ op: any Primitive, _ operands: [TensorType], ranges: [ClosedRange<Double>], differentiable: Bool = true
    ) {
        self.op = op
        self.operands = operands
        self.ranges = ranges
        self.isDifferentiable = differentiable
    }

    public var description: String {
        let attributes = op.attributes.isEmpty ? "" : " {\(op.attributes)}"
        return "\(op.name)(\(operands.map(\.description).joined(separator: ", ")))\(attributes)"
    }
}
