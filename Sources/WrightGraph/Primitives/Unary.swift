/// An elementwise function of one tensor.
///
/// Adding one is adding a case and the row the compiler then asks for in ``rule``.
public enum Unary: String, Primitive, CaseIterable {
    case negate, absolute, sign, exp, expm1, log, log1p, sqrt, rsqrt, reciprocal, square, tanh, sigmoid, erf
    case sine, cosine, floor, ceiling, round, relu, stopGradient

    /// What the passes and the backends need to know of one function.
    struct Rule: Sendable {
        /// The C expression for one element `x`, from which a backend that writes source makes its kernel.
        var c: String
        var reference: @Sendable (Double) -> Double
        /// The cotangent of `x`, from the cotangent `g` and the result `y`; nil where the function is flat.
        var pullback: (@Sendable (_ g: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor)?
        /// Where conformance tests draw `x`: inside the function's domain, away from its kinks.
        var domain: ClosedRange<Double> = -2...2
    }

    var rule: Rule {
        switch self {
        case .negate: Rule(c: "-x", reference: { -$0 }, pullback: { g, _, _ in -g })
        case .absolute:
            Rule(c: "fabsf(x)", reference: { abs($0) }, pullback: { g, x, _ in g * x.sign() }, domain: 0.5...2)
        case .sign:
            Rule(c: "(x > 0) - (x < 0)", reference: { $0.isNaN ? $0 : ($0 > 0 ? 1 : ($0 < 0 ? -1 : 0)) }, pullback: nil)
        case .exp: Rule(c: "expf(x)", reference: Math.exp, pullback: { g, _, y in g * y })
        case .expm1: Rule(c: "expm1f(x)", reference: Math.expm1, pullback: { g, _, y in g * (y + 1) })
        case .log: Rule(c: "logf(x)", reference: Math.log, pullback: { g, x, _ in g / x }, domain: 0.5...3)
        case .log1p: Rule(c: "log1pf(x)", reference: Math.log1p, pullback: { g, x, _ in g / (x + 1) }, domain: -0.5...3)
        case .sqrt:
            Rule(c: "sqrtf(x)", reference: { $0.squareRoot() }, pullback: { g, _, y in g / (y + y) }, domain: 0.5...3)
        case .rsqrt:
            Rule(
                c: "1.0f / sqrtf(x)", reference: { 1 / $0.squareRoot() },
                pullback: { g, _, y in g * y * y * y * -0.5 }, domain: 0.5...3)
        case .reciprocal:
            Rule(c: "1.0f / x", reference: { 1 / $0 }, pullback: { g, _, y in -(g * y * y) }, domain: 0.5...3)
        case .square: Rule(c: "x * x", reference: { $0 * $0 }, pullback: { g, x, _ in g * (x + x) })
        case .tanh: Rule(c: "tanhf(x)", reference: Math.tanh, pullback: { g, _, y in g * (1 - y * y) })
        case .sigmoid:
            Rule(c: "1.0f / (1.0f + expf(-x))", reference: Math.sigmoid, pullback: { g, _, y in g * (y * (1 - y)) })
        case .erf:
            Rule(
                c: "erff(x)", reference: Math.erf,
                pullback: { g, x, _ in g * ((-(x * x)).exp() * 1.128_379_167_095_512_6) })
        case .sine: Rule(c: "sinf(x)", reference: Math.sine, pullback: { g, x, _ in g * x.cosine() })
        case .cosine: Rule(c: "cosf(x)", reference: Math.cosine, pullback: { g, x, _ in -(g * x.sine()) })
        case .floor: Rule(c: "floorf(x)", reference: { $0.rounded(.down) }, pullback: nil, domain: 0.1...0.9)
        case .ceiling: Rule(c: "ceilf(x)", reference: { $0.rounded(.up) }, pullback: nil, domain: 0.1...0.9)
        case .round: Rule(c: "rintf(x)", reference: { $0.rounded(.toNearestOrEven) }, pullback: nil, domain: 0.6...1.4)
        case .relu:
            Rule(
                c: "x > 0 ? x : 0", reference: { $0.isNaN ? $0 : max($0, 0) },
                pullback: { g, _, y in Tensor.select(y.isGreater(than: 0), g, .constant(0, g.dtype)) }, domain: 0.5...2)
        case .stopGradient: Rule(c: "x", reference: { $0 }, pullback: nil)
        }
    }
}

extension Tensor {
    public static prefix func - (x: Tensor) -> Tensor { Tensor(Unary.negate, x) }
    public func absolute() -> Tensor { Tensor(Unary.absolute, self) }
    /// −1, 0 or 1.
    public func sign() -> Tensor { Tensor(Unary.sign, self) }
    public func exp() -> Tensor { Tensor(Unary.exp, self) }
    /// exp(x) − 1, exact near 0.
    public func expm1() -> Tensor { Tensor(Unary.expm1, self) }
    public func log() -> Tensor { Tensor(Unary.log, self) }
    /// log(1 + x), exact near 0.
    public func log1p() -> Tensor { Tensor(Unary.log1p, self) }
    public func squareRoot() -> Tensor { Tensor(Unary.sqrt, self) }
    /// 1 / √x.
    public func reciprocalSquareRoot() -> Tensor { Tensor(Unary.rsqrt, self) }
    public func reciprocal() -> Tensor { Tensor(Unary.reciprocal, self) }
    public func squared() -> Tensor { Tensor(Unary.square, self) }
    public func tanh() -> Tensor { Tensor(Unary.tanh, self) }
    public func sigmoid() -> Tensor { Tensor(Unary.sigmoid, self) }
    /// The error function.
    public func erf() -> Tensor { Tensor(Unary.erf, self) }
    public func sine() -> Tensor { Tensor(Unary.sine, self) }
    public func cosine() -> Tensor { Tensor(Unary.cosine, self) }
    public func floor() -> Tensor { Tensor(Unary.floor, self) }
    public func ceiling() -> Tensor { Tensor(Unary.ceiling, self) }
    /// To the nearest whole number, ties to even.
    public func rounded() -> Tensor { Tensor(Unary.round, self) }
    /// max(x, 0).
    public func relu() -> Tensor { Tensor(Unary.relu, self) }
}

extension Unary {
    public static var names: [String] { allCases.map(\.rawValue) }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let member = Unary(rawValue: name) else {
            throw .invalidAttribute(op: name, reason: "is no elementwise function")
        }
        self = member
    }

    public var op: Op { .unary(self) }
    public var name: String { rawValue }

    /// Whether the function keeps whole numbers whole, so that integer tensors may pass.
    private var acceptsIntegers: Bool {
        switch self {
        case .negate, .absolute, .sign, .square, .relu, .stopGradient: true
        default: false
        }
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard operands[0].dtype.isFloatingPoint || (acceptsIntegers && operands[0].dtype.isInteger) else {
            throw .dtypeMismatch(
                op: name, operands: operands,
                reason: "needs \(acceptsIntegers ? "numbers" : "floating-point numbers"); cast(to: .float32) first")
        }
        return operands[0]
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [rule.pullback?(cotangent, operands[0], result)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        operands[0].map(rule.reference)
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        switch (self, operands[0].op) {
        case (.stopGradient, _): operands[0]
        case (.negate, .unary(.negate)): operands[0].operands[0]
        case (.relu, .unary(.relu)), (.absolute, .unary(.absolute)): operands[0]
        default: appliedToScalars(operands, type)
        }
    }

    public static var samples: [Sample] {
        allCases.flatMap { member in
            [[2, 3], [], [0, 3], [17]].map { shape in
                Sample(
                    member, [TensorType(shape)], in: member.rule.domain, differentiable: member.rule.pullback != nil)
            }
        } + [Sample(Unary.negate, [TensorType([5], .int32)], in: -9...9, differentiable: false)]
    }
}
