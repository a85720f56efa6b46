/// An elementwise function of two tensors of one shape.
///
/// Adding one is adding a case and the row the compiler then asks for in ``rule``.
public enum Binary: String, Primitive, CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum, power, remainder, and, or

    struct Rule: Sendable {
        /// The C expression for elements `a` and `b`.
        var c: String
        var reference: @Sendable (Double, Double) -> Double
        /// The cotangents of `a` and `b`, from the cotangent `g` and the result `y`; nil where no gradient flows.
        var pullback: (@Sendable (_ g: Tensor, _ a: Tensor, _ b: Tensor, _ y: Tensor) -> (Tensor, Tensor))?
        var domains: (ClosedRange<Double>, ClosedRange<Double>) = (-2...2, -2...2)
    }

    var rule: Rule {
        switch self {
        case .add: Rule(c: "a + b", reference: { $0 + $1 }, pullback: { g, _, _, _ in (g, g) })
        case .subtract: Rule(c: "a - b", reference: { $0 - $1 }, pullback: { g, _, _, _ in (g, -g) })
        case .multiply: Rule(c: "a * b", reference: { $0 * $1 }, pullback: { g, a, b, _ in (g * b, g * a) })
        case .divide:
            Rule(
                c: "a / b", reference: { $0 / $1 }, pullback: { g, _, b, y in (g / b, -(g * y / b)) },
                domains: (-2...2, 0.5...3))
        case .maximum:
            Rule(
                c: "a > b || a != a ? a : b", reference: { $0.isNaN || $0 > $1 ? $0 : $1 },
                pullback: { g, a, b, _ in Self.routed(g, a, b) }, domains: (-2 ... -0.1, 0.1...2))
        case .minimum:
            Rule(
                c: "a < b || a != a ? a : b", reference: { $0.isNaN || $0 < $1 ? $0 : $1 },
                pullback: { g, a, b, _ in Self.routed(g, b, a) }, domains: (-2 ... -0.1, 0.1...2))
        case .power:
            Rule(
                c: "powf(a, b)", reference: Math.power,
                pullback: { g, a, b, y in
                    // x⁰ is flat, at 0 too, where 0 · 0⁻¹ would be NaN.
                    let exponent = Tensor.select(b.isEqual(to: 0), .constant(1, b.dtype), b)
                    return (g * b * a.power(exponent - 1), g * Tensor.select(a.isEqual(to: 0), a, y * a.log()))
                },
                domains: (0.5...2, -2...2))
        case .remainder:
            Rule(
                c: "a - floorf(a / b) * b", reference: { $0 - ($0 / $1).rounded(.down) * $1 },
                pullback: { g, a, b, _ in (g, -(g * (a / b).floor())) }, domains: (0.1...0.4, 0.5...2))
        case .and: Rule(c: "a && b", reference: { $0 != 0 && $1 != 0 ? 1 : 0 }, pullback: nil, domains: (0...1, 0...1))
        case .or: Rule(c: "a || b", reference: { $0 != 0 || $1 != 0 ? 1 : 0 }, pullback: nil, domains: (0...1, 0...1))
        }
    }

    /// The cotangent goes to the larger of `a` and `b`, and half to each where they are equal, as in PyTorch.
    private static func routed(_ g: Tensor, _ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
        let zero = Tensor.constant(0, g.dtype)
        let half = Tensor.select(a.isEqual(to: b), g * 0.5, zero)
        return (
            Tensor.select(a.isGreater(than: b), g, half), Tensor.select(a.isLess(than: b), g, half)
        )
    }
}

extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { elementwise(Binary.add, a, b) }
    public static func - (a: Tensor, b: Tensor) -> Tensor { elementwise(Binary.subtract, a, b) }
    public static func * (a: Tensor, b: Tensor) -> Tensor { elementwise(Binary.multiply, a, b) }
    public static func / (a: Tensor, b: Tensor) -> Tensor { elementwise(Binary.divide, a, b) }
    public static func + (a: Tensor, b: Double) -> Tensor { a + .constant(b, a.dtype) }
    public static func - (a: Tensor, b: Double) -> Tensor { a - .constant(b, a.dtype) }
    public static func * (a: Tensor, b: Double) -> Tensor { a * .constant(b, a.dtype) }
    public static func / (a: Tensor, b: Double) -> Tensor { a / .constant(b, a.dtype) }
    public static func + (a: Double, b: Tensor) -> Tensor { .constant(a, b.dtype) + b }
    public static func - (a: Double, b: Tensor) -> Tensor { .constant(a, b.dtype) - b }
    public static func * (a: Double, b: Tensor) -> Tensor { .constant(a, b.dtype) * b }
    public static func / (a: Double, b: Tensor) -> Tensor { .constant(a, b.dtype) / b }
    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

    public func maximum(_ other: Tensor) -> Tensor { Self.elementwise(Binary.maximum, self, other) }
    public func minimum(_ other: Tensor) -> Tensor { Self.elementwise(Binary.minimum, self, other) }
    public func maximum(_ other: Double) -> Tensor { maximum(.constant(other, dtype)) }
    public func minimum(_ other: Double) -> Tensor { minimum(.constant(other, dtype)) }
    public func power(_ exponent: Tensor) -> Tensor { Self.elementwise(Binary.power, self, exponent) }
    public func power(_ exponent: Double) -> Tensor { power(.constant(exponent, dtype)) }
    /// The remainder of flooring division: it has the sign of `divisor`.
    public func remainder(dividingBy divisor: Tensor) -> Tensor { Self.elementwise(Binary.remainder, self, divisor) }
    /// True where both masks are.
    public func and(_ other: Tensor) -> Tensor { Self.elementwise(Binary.and, self, other) }
    /// True where either mask is.
    public func or(_ other: Tensor) -> Tensor { Self.elementwise(Binary.or, self, other) }

    /// Applies `op` after stretching both operands to their common shape.
    static func elementwise(_ op: some Primitive, _ a: Tensor, _ b: Tensor) -> Tensor {
        guard a.shape != b.shape else { return Tensor(op, a, b) }
        guard let shape = Broadcast.commonShape(a.shape, b.shape) else {
            preconditionFailure(
                "\(op.name): shapes \(a.shape) and \(b.shape) do not stretch to one: counted from the last, each pair "
                    + "of axes must be equal or one of them 1")
        }
        return Tensor(op, a.broadcast(to: shape), b.broadcast(to: shape))
    }
}

extension Binary {
    public static var names: [String] { allCases.map(\.rawValue) }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let member = Binary(rawValue: name) else {
            throw .invalidAttribute(op: name, reason: "is no elementwise function of two tensors")
        }
        self = member
    }

    public var op: Op { .binary(self) }
    public var name: String { rawValue }
    private var isLogical: Bool { self == .and || self == .or }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(2, operands)
        guard operands[0].shape == operands[1].shape else {
            throw .shapeMismatch(op: name, operands: operands, reason: "the shapes differ; broadcast(to:) one of them")
        }
        guard operands[0].dtype == operands[1].dtype else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "the element types differ; cast(to:) one of them")
        }
        guard isLogical == (operands[0].dtype == .bool) else {
            throw .dtypeMismatch(
                op: name, operands: operands,
                reason: isLogical ? "needs masks (bool)" : "needs numbers; cast(to:) first")
        }
        return operands[0]
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        guard let (a, b) = rule.pullback?(cotangent, operands[0], operands[1], result) else { return [nil, nil] }
        return [a, b]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let function = rule.reference
        guard self == .divide, result.dtype.isInteger else { return zip(operands[0], operands[1]).map(function) }
        return zip(operands[0], operands[1]).map { $1 == 0 ? 0 : ($0 / $1).rounded(.towardZero) }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if let scalar = appliedToScalars(operands, type) { return scalar }
        let (a, b) = (operands[0], operands[1])
        switch self {
        case .add:
            if b.uniformValue == 0 { return a }
            if a.uniformValue == 0 { return b }
            if case .unary(.negate) = b.op { return a - b.operands[0] }
        case .subtract:
            if b.uniformValue == 0 { return a }
            if case .unary(.negate) = b.op { return a + b.operands[0] }
        case .multiply:
            if b.uniformValue == 1 { return a }
            if a.uniformValue == 1 { return b }
            if a == b, type.dtype.isFloatingPoint { return a.squared() }
        case .divide:
            if b.uniformValue == 1 { return a }
            // A power of two has an exact reciprocal, so the product is the same number.
            if let value = b.uniformValue, type.dtype == .float32, value != 0, value.significand == 1,
                abs(value.exponent) < 100
            {
                return a * (1 / value)
            }
        case .power:
            if b.uniformValue == 1 { return a }
            if b.uniformValue == 2 { return a.squared() }
            if b.uniformValue == 0.5 { return a.squareRoot() }
        case .maximum: if b.uniformValue == 0, type.dtype.isFloatingPoint { return a.relu() }
        case .minimum, .remainder, .and, .or: break
        }
        return nil
    }

    public static var samples: [Sample] {
        allCases.flatMap { member in
            [[2, 3], [], [0, 3], [17]].map { shape in
                let type = TensorType(shape, member.isLogical ? .bool : .float32)
                return Sample(
                    member, [type, type], ranges: [member.rule.domains.0, member.rule.domains.1],
                    differentiable: member.rule.pullback != nil)
            }
        }
            + [Binary.add, .subtract, .multiply, .maximum, .minimum].flatMap { member in
                [DType.int32, .int64, .int8, .uint8].map { dtype in
                    Sample(
                        member, [TensorType([7], dtype), TensorType([7], dtype)], in: 0...100, differentiable: false)
                }
            }
    }
}

extension Tensor {
    /// The one number that every element is known to have, looking through broadcasts and reshapes.
    var uniformValue: Double? {
        var tensor = self
        while true {
            switch tensor.op {
            case .source(.constant(let value, _)): return value
            case .broadcast, .reshape: tensor = tensor.operands[0]
            default: return nil
            }
        }
    }

    /// The scalar that this tensor repeats, looking through broadcasts and reshapes; itself if it is one.
    var repeatedScalar: Tensor? {
        var tensor = self
        while tensor.rank > 0 {
            switch tensor.op {
            case .broadcast, .reshape: tensor = tensor.operands[0]
            default: return nil
            }
        }
        return tensor
    }
}

extension Primitive {
    /// For an elementwise primitive: computed once and then repeated, if every operand repeats one scalar.
    func appliedToScalars(_ operands: [Tensor], _ type: TensorType) -> Tensor? {
        guard type.rank > 0 else { return nil }
        let scalars = operands.compactMap(\.repeatedScalar)
        return scalars.count == operands.count ? Tensor(self, scalars).broadcast(to: type.shape) : nil
    }
}
