extension Graph {
    /// Checks what every pass must keep: operands stand before their users, each type is what the operation gives, inputs
    /// agree on their slots, and outputs and assignments exist and fit.
    ///
    /// - Throws: ``GraphError/invalidGraph(pass:reason:)`` naming `pass`, the pass that ran last.
    public func verify(after pass: String) throws(GraphError) {
        func fail(_ reason: String) -> GraphError { .invalidGraph(pass: pass, reason: reason) }
        var slots: [Int: TensorType] = [:]
        for (index, instruction) in instructions.enumerated() {
            let name = instruction.op.primitive.name
            if let operand = instruction.operands.first(where: { !(0..<index).contains($0) }) {
                throw fail("%\(index) = \(name) reads %\(operand), which does not stand before it")
            }
            do throws(GraphError) {
                let type = try instruction.op.primitive.result(of: instruction.operands.map { instructions[$0].type })
                guard type == instruction.type else {
                    throw fail("%\(index) = \(name) gives \(type), but is recorded as \(instruction.type)")
                }
            } catch .invalidGraph(let pass, let reason) {
                throw .invalidGraph(pass: pass, reason: reason)
            } catch {
                throw fail("%\(index): \(error)")
            }
            if case .source(.input(let slot, let type)) = instruction.op,
                slots.updateValue(type, forKey: slot) ?? type != type
            {
                throw fail("input slot \(slot) has two types")
            }
        }
        if let output = outputs.first(where: { !instructions.indices.contains($0) }) {
            throw fail("the result %\(output) does not exist")
        }
        var assigned: Set<Variable> = []
        for (variable, value) in assignments {
            guard instructions.indices.contains(value) else {
                throw fail("\(variable) is assigned %\(value), which does not exist")
            }
            guard instructions[value].type == variable.type else {
                throw fail("\(variable) is assigned %\(value), a \(instructions[value].type)")
            }
            guard assigned.insert(variable).inserted else { throw fail("\(variable) is assigned twice") }
        }
    }
}
