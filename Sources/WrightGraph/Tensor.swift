/// A value of a known shape that is computed only when asked for.
///
/// A tensor is an immutable value over immutable nodes: it may be sent anywhere, and two tensors never share mutable
/// state. Operations build graph; nothing runs until the graph is evaluated or compiled.
public struct Tensor: Sendable {
    let node: Node

    public var type: TensorType { node.type }
    public var shape: [Int] { node.type.shape }
    public var dtype: DType { node.type.dtype }
    public var rank: Int { node.type.shape.count }
    /// The number of elements.
    public var count: Int { node.type.count }
    /// The operation that makes this value.
    public var op: Op { node.op }
    /// The values that the operation reads.
    public var operands: [Tensor] { node.operands.map(Tensor.init(node:)) }

    init(node: Node) { self.node = node }

    /// Builds a node, or throws why the operands don't fit: for graphs made from files and configurations.
    public init(applying op: some Primitive, to operands: [Tensor]) throws(GraphError) {
        let type = try op.result(of: operands.map(\.type))
        node = Node(op.op, operands.map(\.node), type)
    }

    /// The spelling for code whose shapes are known to fit: a mismatch is a programmer's error and traps with a text
    /// that says which rule was broken.
    public init(_ op: some Primitive, _ operands: [Tensor]) {
        do throws(GraphError) {
            try self.init(applying: op, to: operands)
        } catch {
            preconditionFailure(error.description)
        }
    }

    public init(_ op: some Primitive, _ operands: Tensor...) { self.init(op, operands) }
}

extension Tensor: Hashable {
    /// Whether both are the very same node; equal work under two nodes is merged by ``Graph``, not here.
    public static func == (a: Tensor, b: Tensor) -> Bool { a.node === b.node }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(node)) }
}

extension Tensor: CustomStringConvertible {
    public var description: String { "Tensor(\(type), by \(op.primitive.name))" }
}
