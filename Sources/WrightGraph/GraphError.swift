/// Why a graph could not be built, read or checked.
public enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operands' shapes do not fit the operation; `reason` says which rule they break and what to do.
    case shapeMismatch(op: String, operands: [TensorType], reason: String)
    /// The operands' element types do not fit the operation.
    case dtypeMismatch(op: String, operands: [TensorType], reason: String)
    /// An attribute of the operation (an axis, a stride, a permutation …) is out of range.
    case invalidAttribute(op: String, reason: String)
    /// The operation was given a wrong number of operands.
    case wrongOperandCount(op: String, expected: Int, received: Int)
    /// A graph text could not be read.
    case unreadableText(line: Int, reason: String)
    /// A pass left a graph that breaks an invariant: a defect in that pass.
    case invalidGraph(pass: String, reason: String)

    public var description: String {
        switch self {
        case .shapeMismatch(let op, let operands, let reason), .dtypeMismatch(let op, let operands, let reason):
            "\(op)(\(operands.map(\.description).joined(separator: ", "))): \(reason)"
        case .invalidAttribute(let op, let reason): "\(op): \(reason)"
        case .wrongOperandCount(let op, let expected, let received):
            "\(op): expects \(expected) operand\(expected == 1 ? "" : "s"), received \(received)"
        case .unreadableText(let line, let reason): "graph text, line \(line): \(reason)"
        case .invalidGraph(let pass, let reason): "after pass \(pass): \(reason)"
        }
    }
}
