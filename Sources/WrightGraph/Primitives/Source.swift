/// A value that a graph starts from: an input slot, a constant, stored values or a variable.
public enum Source: Primitive {
    /// The value given to the graph at each run, in this place of its arguments.
    case input(slot: Int, TensorType)
    /// One number of any type, as a scalar.
    case constant(Double, DType)
    /// Stored values that never change.
    case literal(Literal)
    /// The value a variable has when the run starts.
    case variable(Variable)

    public static var names: [String] { ["input", "constant", "literal", "variable"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        switch name {
        case "input":
            self = .input(
                slot: try attributes.int("slot", of: name),
                TensorType(try attributes.ints("shape", of: name), try Self.dtype(attributes, name)))
        case "constant": self = .constant(try attributes.double("value", of: name), try Self.dtype(attributes, name))
        default:
            throw .invalidAttribute(
                op: name, reason: "its values are not part of a graph text; give the reader a table of them")
        }
    }

    private static func dtype(_ attributes: Attributes, _ op: String) throws(GraphError) -> DType {
        let word = try attributes.word("dtype", of: op)
        guard let dtype = DType(rawValue: word) else {
            throw .invalidAttribute(op: op, reason: "there is no element type '\(word)'")
        }
        return dtype
    }

    public var op: Op { .source(self) }

    public var name: String {
        switch self {
        case .input: "input"
        case .constant: "constant"
        case .literal: "literal"
        case .variable: "variable"
        }
    }

    public var attributes: Attributes {
        switch self {
        case .input(let slot, let type):
            ["slot": .int(slot), "shape": .ints(type.shape), "dtype": .word(type.dtype.rawValue)]
        case .constant(let value, let dtype): ["value": .double(value), "dtype": .word(dtype.rawValue)]
        case .literal(let literal):
            ["shape": .ints(literal.buffer.shape), "dtype": .word(literal.buffer.dtype.rawValue)]
        case .variable(let variable): ["name": .word(variable.name)]
        }
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(0, operands)
        switch self {
        case .input(let slot, let type):
            guard (0..<1 << 16).contains(slot), type.shape.allSatisfy({ $0 >= 0 }) else {
                throw .invalidAttribute(
                    op: name,
                    reason: "slot \(slot) must be from 0 to 65535 and shape \(type.shape) without negative extents")
            }
            return type
        case .constant(_, let dtype): return TensorType([], dtype)
        case .literal(let literal): return literal.buffer.type
        case .variable(let variable): return variable.type
        }
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        switch self {
        case .input: preconditionFailure("an input is bound, not computed")
        case .constant(let value, let dtype): [dtype.normalized(value)]
        case .literal(let literal): literal.buffer.doubles
        case .variable(let variable): variable.buffer.doubles
        }
    }

    public static var samples: [Sample] { [] }
}

/// Constants are equal by their bits: −0 is not 0 (they have different reciprocals), and a NaN equals itself, so that equal
/// work merges.
extension Source {
    public static func == (a: Source, b: Source) -> Bool {
        switch (a, b) {
        case (.input(let slot, let type), .input(let otherSlot, let otherType)): slot == otherSlot && type == otherType
        case (.constant(let x, let dtype), .constant(let y, let other)): x.bitPattern == y.bitPattern && dtype == other
        case (.literal(let x), .literal(let y)): x == y
        case (.variable(let x), .variable(let y)): x == y
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .input(let slot, let type):
            hasher.combine(slot)
            hasher.combine(type)
        case .constant(let value, let dtype):
            hasher.combine(value.bitPattern)
            hasher.combine(dtype)
        case .literal(let literal): hasher.combine(literal)
        case .variable(let variable): hasher.combine(variable)
        }
    }
}

/// Stored values as part of a graph; two literals are equal only if they are the same memory.
public struct Literal: Hashable, Sendable {
    public let buffer: Buffer

    public init(_ buffer: Buffer) { self.buffer = buffer }

    public static func == (a: Literal, b: Literal) -> Bool {
        a.buffer.pointer == b.buffer.pointer && a.buffer.type == b.buffer.type
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(buffer.pointer)
        hasher.combine(buffer.type)
    }
}

extension Attributes: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(items: elements.map { (key: $0.0, value: $0.1) })
    }
}

extension Tensor {
    /// The graph's argument in place `slot`.
    public static func input(_ slot: Int, _ type: TensorType) -> Tensor { Tensor(Source.input(slot: slot, type)) }

    /// A scalar of one type.
    public static func constant(_ value: Double, _ dtype: DType = .float32) -> Tensor {
        Tensor(Source.constant(value, dtype))
    }

    /// Stored values; `buffer` must not be written afterwards.
    public init(_ buffer: Buffer) { self.init(Source.literal(Literal(buffer))) }

    /// The value that `variable` has when a run starts.
    public init(_ variable: Variable) { self.init(Source.variable(variable)) }

    /// Stored values, one axis when `shape` is not given.
    public init<Element: BufferElement>(_ values: [Element], shape: [Int]? = nil) {
        self.init(Buffer(values, shape: shape))
    }
}
