/// A graph in order: operands before their users, equal work merged.
public struct Graph: Sendable {
    /// One op of a graph and where its operands come from.
    public struct Instruction: Hashable, Sendable {
        public var op: Op
        /// The indices of the instructions whose values are read.
        public var operands: [Int]
        public var type: TensorType
    }

    public private(set) var instructions: [Instruction] = []
    /// The instructions whose values are given back.
    public private(set) var outputs: [Int] = []
    /// What variables become once everything is computed.
    public private(set) var assignments: [(variable: Variable, value: Int)] = []

    /// Up to three operands inline, so that merging allocates nothing for almost every node.
    private struct Key: Hashable {
        var op: Op
        var a, b, c: Int32
        var rest: [Int]

        init(_ op: Op, _ operands: [Int]) {
            self.op = op
            a = operands.count > 0 ? Int32(operands[0]) : -1
            b = operands.count > 1 ? Int32(operands[1]) : -1
            c = operands.count > 2 ? Int32(operands[2]) : -1
            rest = operands.count > 3 ? Array(operands[3...]) : []
        }
    }

    /// Everything that `outputs` and `assignments` need.
    public init(_ outputs: [Tensor], assigning assignments: [Assignment] = []) {
        var index: [ObjectIdentifier: Int] = [:]
        var merged: [Key: Int] = [:]
        for node in Node.ordered(outputs.map(\.node) + assignments.map(\.value.node)) {
            let operands = node.operands.map { index[ObjectIdentifier($0)]! }
            let key = Key(node.op, operands)
            if let same = merged[key] {
                index[ObjectIdentifier(node)] = same
            } else {
                merged[key] = instructions.count
                index[ObjectIdentifier(node)] = instructions.count
                instructions.append(Instruction(op: node.op, operands: operands, type: node.type))
            }
        }
        self.outputs = outputs.map { index[ObjectIdentifier($0.node)]! }
        self.assignments = assignments.map { ($0.variable, index[ObjectIdentifier($0.value.node)]!) }
        precondition(
            Set(assignments.map { ObjectIdentifier($0.variable) }).count == assignments.count,
            "a variable is assigned twice in one graph")
    }

    /// Takes instructions as they are; ``verify(after:)`` says whether they hold together.
    init(
        unchecked instructions: [Instruction], outputs: [Int], assignments: [(variable: Variable, value: Int)] = []
    ) {
        self.instructions = instructions
        self.outputs = outputs
        self.assignments = assignments
    }

    /// The types of the inputs by slot; a slot that nothing reads is nil.
    public var inputs: [TensorType?] {
        var types: [TensorType?] = []
        for instruction in instructions {
            guard case .source(.input(let slot, let type)) = instruction.op else { continue }
            while types.count <= slot { types.append(nil) }
            types[slot] = type
        }
        return types
    }

    /// This graph made again node by node, each by `transform`, which receives the rebuilt operands. Merges equal work
    /// again and drops what nothing needs any more, so a pass never has to.
    public func rewritten(_ transform: (Instruction, [Tensor]) -> Tensor) -> Graph {
        var rebuilt: [Tensor] = []
        rebuilt.reserveCapacity(instructions.count)
        for instruction in instructions {
            rebuilt.append(transform(instruction, instruction.operands.map { rebuilt[$0] }))
        }
        return Graph(
            outputs.map { rebuilt[$0] },
            assigning: assignments.map { Assignment($0.variable, rebuilt[$0.value]) })
    }
}

extension Graph.Instruction {
    /// A tensor of this operation over other operands of the same types.
    public func rebuilt(_ operands: [Tensor]) -> Tensor { Tensor(op.primitive, operands) }
}
