/// An immutable node of a graph; equal nodes are the same work.
final class Node: Sendable {
    let op: Op
    let type: TensorType
    // Safety: written only by `init` and, with no other reference left, by `deinit`.
    nonisolated(unsafe) private(set) var operands: [Node]

    init(_ op: Op, _ operands: [Node], _ type: TensorType) {
        self.op = op
        self.operands = operands
        self.type = type
    }

    /// Releases a long chain in a loop: the compiler's own release recurses and overflows the stack.
    deinit {
        guard !operands.isEmpty else { return }
        var pending = operands
        operands = []
        while var node = pending.popLast() {
            guard isKnownUniquelyReferenced(&node) else { continue }
            pending.append(contentsOf: node.operands)
            node.operands = []
        }
    }
}

extension Node {
    /// The ancestors of `roots` and the roots themselves, operands before users, without recursion.
    static func ordered(_ roots: [Node]) -> [Node] {
        var order: [Node] = []
        var done: Set<ObjectIdentifier> = []
        var stack: [(node: Node, isExpanded: Bool)] = roots.reversed().map { ($0, false) }
        while let (node, isExpanded) = stack.popLast() {
            guard !done.contains(ObjectIdentifier(node)) else { continue }
            if isExpanded || node.operands.isEmpty {
                done.insert(ObjectIdentifier(node))
                order.append(node)
            } else {
                stack.append((node, true))
                for operand in node.operands.reversed() { stack.append((operand, false)) }
            }
        }
        return order
    }
}
