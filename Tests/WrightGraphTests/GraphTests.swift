import Testing
@testable import WrightGraph

@Suite struct GraphTests {
    @Test func equalWorkIsMerged() {
        let x = Tensor.input(0, TensorType([2]))
        #expect(
            Graph([x.exp() + x.exp()]).description == """
                %0: float32[2] = input() {slot=0, shape=[2], dtype=float32}
                %1: float32[2] = exp(%0)
                %2: float32[2] = add(%1, %1)
                return %2

                """)
    }

    /// Merging compares operations, operands and attributes; what differs in one of them stays.
    @Test func differentWorkIsKept() {
        let (x, y) = (Tensor.input(0, TensorType([2])), Tensor.input(1, TensorType([2])))
        #expect(Graph([x - y, y - x]).instructions.count == 4)
        #expect(Graph([x.cast(to: .int32), x.cast(to: .int64)]).instructions.count == 3)
        let key = Tensor([Int32(1), 2, 3, 4])
        let streams = (0...1).map { Tensor.randomUniform([2], key: key, stream: $0) }
        #expect(Graph(streams).instructions.count == 3)
        // 1 / −0 is −∞.
        #expect(Graph([Tensor.constant(0), .constant(-0.0)]).instructions.count == 2)
        // Four operands and more are compared too, not only the three that are stored inline.
        let joined = [Tensor.concatenated([x, x, x, x, y]), Tensor.concatenated([x, x, x, x, x])]
        #expect(Graph(joined).instructions.count == 4)
    }

    @Test func nanConstantsMerge() {
        #expect(Graph([Tensor.constant(.nan), .constant(.nan)]).instructions.count == 1)
    }

    @Test func whatNothingNeedsIsLeftOut() {
        let x = Tensor.input(0, TensorType([2]))
        _ = x.exp()
        #expect(Graph([x.tanh()]).instructions.count == 2)
    }

    /// The compiler's own release of a chain recurses and overflows the stack; so would a recursive walk.
    @Test(arguments: [300_000])
    func longChainsBuildDifferentiateAndRelease(_ length: Int) throws {
        let x = Tensor.input(0, TensorType([]))
        var y = x
        for step in 0..<length { y = step % 2 == 0 ? y * x : y + x }
        let gradient = y.gradients(of: [x])
        let graph = Graph([y] + gradient)
        #expect(graph.instructions.count > length)
        try graph.verify(after: "building")
        y = x
    }

    @Test func longTextsAreRead() throws {
        let x = Tensor.input(0, TensorType([]))
        var y = x
        for _ in 0..<20_000 { y = y * x }
        let graph = Graph([y])
        #expect(try Graph(text: graph.description).instructions == graph.instructions)
    }

    @Test func passesStandLongChains() {
        let x = Tensor.input(0, TensorType([]))
        var y = x
        for _ in 0..<20_000 { y = (y + 0) * 1 }
        #expect(Graph([y]).applying().instructions.count == 1)
    }

    /// A chain that forks at every step has 2^n paths; only a walk that remembers where it was ends.
    @Test func forkingChainsAreWalkedOnce() {
        let x = Tensor.input(0, TensorType([]))
        var y = x
        for _ in 0..<200 { y = y + y }
        #expect(Graph(y.gradients(of: [x])).instructions.count < 1000)
    }

    @Test func gradientsStopWhereNothingFlows() {
        let x = Tensor.input(0, TensorType([3]))
        #expect(x.stoppingGradient().sum().reachableGradients(of: [x]) == [nil])
        #expect(x.floor().sum().reachableGradients(of: [x]) == [nil])
        #expect(Graph(x.floor().sum().gradients(of: [x])).instructions.count == 2)
        #expect(x.gather(x.cast(to: .int32)).sum().reachableGradients(of: [x]).count == 1)
    }

    // MARK: Verification

    private let input = Graph.Instruction(
        op: .source(.input(slot: 0, TensorType([2]))), operands: [], type: TensorType([2]))

    private func reason(_ graph: Graph) -> String {
        let error = #expect(throws: GraphError.self) { try graph.verify(after: "test") }
        guard case .invalidGraph(pass: "test", let reason)? = error else { return "\(String(describing: error))" }
        return reason
    }

    @Test func brokenGraphsAreNamed() {
        func exp(of operand: Int, _ type: TensorType = TensorType([2])) -> Graph.Instruction {
            Graph.Instruction(op: .unary(.exp), operands: [operand], type: type)
        }
        let other = Graph.Instruction(
            op: .source(.input(slot: 0, TensorType([3]))), operands: [], type: TensorType([3]))
        let variable = Variable("w", Buffer([Float(1)]))
        #expect(
            reason(Graph(unchecked: [exp(of: 1), input], outputs: [0])).contains("%1, which does not stand before"))
        #expect(reason(Graph(unchecked: [input, exp(of: 1)], outputs: [0])).contains("does not stand before"))
        #expect(reason(Graph(unchecked: [input, exp(of: -1)], outputs: [0])).contains("does not stand before"))
        #expect(reason(Graph(unchecked: [input, exp(of: 0, TensorType([3]))], outputs: [1])).contains("recorded"))
        #expect(
            reason(Graph(unchecked: [input, exp(of: 0, TensorType([2], .bfloat16))], outputs: [1])).contains("recorded")
        )
        #expect(reason(Graph(unchecked: [input, other], outputs: [1])).contains("two types"))
        #expect(reason(Graph(unchecked: [input], outputs: [1])).contains("result %1"))
        #expect(reason(Graph(unchecked: [input], outputs: [], assignments: [(variable, 3)])).contains("%3"))
        #expect(reason(Graph(unchecked: [input], outputs: [], assignments: [(variable, 0)])).contains("float32[2]"))
        let two = Graph.Instruction(
            op: .binary(.add), operands: [0, 1], type: TensorType([2]))
        let slotOne = Graph.Instruction(
            op: .source(.input(slot: 1, TensorType([3]))), operands: [], type: TensorType([3]))
        #expect(reason(Graph(unchecked: [input, slotOne, two], outputs: [2])).contains("shapes differ"))
        #expect(throws: Never.self) { try Graph(unchecked: [input, exp(of: 0)], outputs: [1]).verify(after: "test") }
    }
}
