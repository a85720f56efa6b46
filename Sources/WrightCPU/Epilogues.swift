import WrightGraph

/// Finds what follows a matrix product or convolution and can be done before its result is stored: a bias, a residual,
/// ReLU.
struct Epilogues {
    /// By the product's instruction.
    private(set) var epilogues: [Int: Epilogue] = [:]
    /// The product that computes each instruction taken over.
    private(set) var heads: [Int: Int] = [:]

    init(_ reading: Reading) {
        let graph = reading.graph
        let users = graph.users
        let kept = Set(graph.outputs + graph.assignments.map(\.value))
        for (index, instruction) in graph.instructions.enumerated() where Self.takesEpilogue(instruction, graph) {
            var epilogue = Epilogue(result: index)
            var taken: [Int] = []
            while !kept.contains(epilogue.result), users[epilogue.result].count == 1 {
                let next = users[epilogue.result][0]
                guard extend(&epilogue, by: next, reading: reading, instruction.type) else { break }
                taken.append(next)
                epilogue.result = next
                if epilogue.isRelu { break }
            }
            epilogues[index] = epilogue
            for member in taken { heads[member] = index }
        }
    }

    private static func takesEpilogue(_ instruction: Graph.Instruction, _ graph: Graph) -> Bool {
        switch instruction.op {
        case .matrixMultiply: Step.canMultiply(instruction, graph)
        case .convolution(let convolution): convolution.role == .forward && Step.canConvolve(instruction, graph)
        default: false
        }
    }

    private func extend(_ epilogue: inout Epilogue, by next: Int, reading: Reading, _ type: TensorType) -> Bool {
        let graph = reading.graph
        let user = graph.instructions[next]
        guard user.type == type else { return false }
        switch user.op {
        case .unary(.relu):
            epilogue.isRelu = true
            return true
        case .binary(.add):
            guard epilogue.bias == nil, epilogue.residual == nil, user.operands[0] != user.operands[1] else {
                return false
            }
            let other = user.operands[0] == epilogue.result ? user.operands[1] : user.operands[0]
            let access = reading.access(other)
            let operand = graph.instructions[access.base].type
            guard access.kind == .row, operand.count == type.shape.last else { return false }
            epilogue.bias = access.base
            return true
        default: return false
        }
    }
}
