/// A place in memory that keeps its values between runs: a parameter, an optimizer's moments, a step counter.
///
/// In a graph it is a source like any other; running a graph may assign it a new value, in place, after every output
/// was computed from the old one. Two variables are equal only if they are the same variable.
public final class Variable: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let buffer: Buffer

    public init(_ name: String, _ buffer: Buffer) {
        self.name = name
        self.buffer = buffer
    }

    public var type: TensorType { buffer.type }
    public var description: String { "\(name): \(type)" }

    public static func == (a: Variable, b: Variable) -> Bool { a === b }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What a variable becomes when a graph has run.
public struct Assignment: Sendable {
    public let variable: Variable
    public let value: Tensor

    public init(_ variable: Variable, _ value: Tensor) {
        precondition(variable.type == value.type, "\(variable) cannot be assigned a value of type \(value.type)")
        self.variable = variable
        self.value = value
    }
}
