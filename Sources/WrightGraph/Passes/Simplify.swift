extension GraphPass {
    /// Replaces nodes by the cheaper equals that their primitives know (``Primitive/simplified(_:type:)``), again and again
    /// until nothing changes. Rules may uncover each other, so the rounds are bounded rather than trusted to end.
    public static let simplify = GraphPass("simplify") { graph in
        var graph = graph
        for _ in 0..<8 {
            let next = graph.rewritten { instruction, operands in
                simplified(instruction.rebuilt(operands))
            }
            if next.instructions == graph.instructions { break }
            graph = next
        }
        return graph
    }

    /// The tensor after the rules of its own primitive, and of those that they lead to.
    private static func simplified(_ tensor: Tensor) -> Tensor {
        var tensor = tensor
        for _ in 0..<8 {
            guard let simpler = tensor.op.primitive.simplified(tensor.operands, type: tensor.type) else { break }
            precondition(
                simpler.type == tensor.type,
                "the simplification of \(tensor.op.primitive.name) made \(simpler.type) of \(tensor.type)")
            tensor = simpler
        }
        return tensor
    }
}
