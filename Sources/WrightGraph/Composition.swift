/// Tensor code as a value: a function of placeholders, which can be computed, differentiated and written into a graph at
/// other operands. It defines a primitive whose loop a backend runs as one kernel.
struct Composition {
    let graph: Graph
    let types: [TensorType]

    /// The function that `body` writes over operands of these types.
    init(_ types: [TensorType], _ body: ([Tensor]) -> [Tensor]) {
        self.types = types
        graph = Graph(body(types.enumerated().map { Tensor.input($0.offset, $0.element) }))
    }

    /// The results at other operands, as graph.
    func callAsFunction(_ operands: [Tensor]) -> [Tensor] {
        var values: [Tensor] = []
        values.reserveCapacity(graph.instructions.count)
        for instruction in graph.instructions {
            if case .source(.input(let slot, _)) = instruction.op {
                values.append(operands[slot])
            } else {
                values.append(instruction.rebuilt(instruction.operands.map { values[$0] }))
            }
        }
        return graph.outputs.map { values[$0] }
    }

    /// The results in double precision, one instruction after the other.
    func values(_ operands: [[Double]]) -> [[Double]] {
        var values: [[Double]] = []
        values.reserveCapacity(graph.instructions.count)
        for instruction in graph.instructions {
            if case .source(.input(let slot, _)) = instruction.op {
                values.append(operands[slot])
            } else {
                values.append(
                    instruction.op.primitive.reference(
                        instruction.operands.map { values[$0] },
                        types: instruction.operands.map { graph.instructions[$0].type }, result: instruction.type))
            }
        }
        return graph.outputs.map { values[$0] }
    }

    /// The function of the operands and then one cotangent for each result that gives the cotangents of the operands
    /// `places`.
    func pullback(of places: [Int]) -> Composition {
        let cotangents = graph.outputs.map { graph.instructions[$0].type }
        return Composition(types + cotangents) { placeholders in
            let results = self(Array(placeholders.prefix(types.count)))
            let shares = zip(results, placeholders.suffix(results.count)).map { ($0 * $1).sum() }
            guard let first = shares.first else { return [] }
            return shares.dropFirst().reduce(first, +).gradients(of: places.map { placeholders[$0] })
        }
    }
}
