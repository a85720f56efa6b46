import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

@Suite struct PassTests {
    /// No rule may change a value: the result and the gradient of every sample, before and after the passes.
    @Test(arguments: Op.samples)
    func passesKeepEverySample(_ sample: Sample) throws {
        let inputs = zip(sample.operands, sample.values()).map { Buffer($0, doubles: $1).doubles }
        for order in 0...(sample.isDifferentiable ? 2 : 0) {
            let graph = try sample.graph(order: order)
            let passed = graph.applying()
            #expect(passed.instructions.count <= graph.instructions.count)
            let tolerance = Tolerance(relative: 1e-7, absolute: 1e-7)
            for (received, expected) in zip(
                Interpreter.evaluate(passed, inputs: inputs), Interpreter.evaluate(graph, inputs: inputs))
            {
                #expect(tolerance.failures(received, expected) == [], "order \(order)")
            }
        }
    }

    /// With known operands nothing is left to compute, and what is computed is right.
    @Test(arguments: Op.samples)
    func constantsFold(_ sample: Sample) throws {
        let operands = zip(sample.operands, sample.values()).map { Tensor(Buffer($0, doubles: $1)) }
        let graph = Graph([try Tensor(applying: sample.op, to: operands)])
        let folded = graph.applying()
        let expected = Interpreter.evaluate(graph, inputs: [])[0]
        #expect(Tolerance(relative: 1e-7).failures(Interpreter.evaluate(folded, inputs: [])[0], expected) == [])
        let names = folded.instructions.map(\.op.primitive.name)
        // A source, perhaps stretched; only iota, which has no operands, stays itself.
        let left = names.filter { !["constant", "literal", "broadcast", "iota"].contains($0) }
        #expect(left == [], "\(folded)")
    }

    private static let x = Tensor.input(0, TensorType([2, 3]))
    private static let y = Tensor.input(1, TensorType([2, 3]))
    private static let scalar = Tensor.input(2, TensorType([]))

    /// What each rule makes of its pattern. Equal graphs have equal texts.
    @Test(
        arguments: [
            (x + 0, x), (0 + x, x), (x - 0, x), (x * 1, x), (1 * x, x), (x / 1, x), (x * x, x.squared()),
            (x / 4, x * 0.25), (x + -y, x - y), (x - -y, x + y), (-(-x), x), (x.power(1), x), (x.power(2), x.squared()),
            (x.power(0.5), x.squareRoot()), (x.maximum(0), x.relu()), (x.relu().relu(), x.relu()),
            (x.absolute().absolute(), x.absolute()), (x.stoppingGradient(), x),
            (Tensor.select(x.isLess(than: y), x, x), x),
            (Tensor.select(.constant(1, .bool), x, y), x), (Tensor.select(.constant(0, .bool), x, y), y),
            (Tensor(Cast(.float32), x), x),
            // Scalars are combined before they are repeated.
            (
                scalar.broadcast(to: [2, 3]) * scalar.broadcast(to: [2, 3]),
                scalar.squared().broadcast(to: [2, 3])
            ),
            (scalar.broadcast(to: [2, 3]).exp(), scalar.exp().broadcast(to: [2, 3])),
            (scalar.broadcast(to: [2, 3]).reshaped([6]), scalar.broadcast(to: [6])),
            (scalar.broadcast(to: [2, 3]).transposed(), scalar.broadcast(to: [3, 2])),
            (scalar.broadcast(to: [4])[1..<3], scalar.broadcast(to: [2])),
            // Shapes.
            (x.reshaped([6]).reshaped([3, 2]), x.reshaped([3, 2])), (x.reshaped([6]).reshaped([2, 3]), x),
            (x.transposed().transposed(), x), (x.flipped(along: [0]).flipped(along: [0]), x),
            (x.flipped(along: [0]).flipped(along: [1]), x.flipped(along: [0, 1])),
            (x.expandedAxis(at: 1).permuted([1, 0, 2]), x.expandedAxis(at: 0)),
            (x.expandedAxis(at: 0).broadcast(to: [4, 2, 3]), x.broadcast(to: [4, 2, 3])),
            (Tensor(Slice(starts: [0, 0], sizes: [2, 3], steps: [1, 1]), x), x),
            (x[.all, 1...][.all, 1...], x[.all, 2...]), (x[.all, .every(2)][.all, 1..<2], x[.all, 2..<3]),
            (x.padded(low: [1, 1], high: [0, 2])[1..<3, 1..<3], x[0..<2, 0..<2]),
            (Tensor.concatenated([x, y])[2..<4], y), (Tensor.concatenated([x, y])[3..<4], y[1..<2]),
            (Tensor.concatenated([x[.all, 0..<1], x[.all, 1..<3]], along: 1), x),
            (Tensor.concatenated([x[0..<0], x]), x), (Tensor(Concatenate(axis: 0), [x]), x),
            (
                Tensor.concatenated([Tensor.concatenated([x, y]), x]),
                Tensor(Concatenate(axis: 0), [x, y, x])
            ),
            (Tensor(Pad(low: [0, 0], high: [0, 0], interior: [0, 0]), x), x),
            (
                x.padded(low: [1, 0], high: [0, 0]).padded(low: [1, 0], high: [0, 2]),
                x.padded(low: [2, 0], high: [0, 2])
            ),
            (x.gather(.iota(2)), x), (x.gather(.constant(1, .int32)), x[1]),
            (x.sum(along: [1]).sum(along: [0]), x.sum()),
            (x.reshaped([1, 2, 3]).sum(along: [0]).sum(along: [1]), x.sum(along: [1])),
            (
                Tensor.input(3, TensorType([2, 3, 4])).sum(along: [0]).sum(along: [1]),
                Tensor.input(3, TensorType([2, 3, 4])).sum(along: [0, 2])
            ), (x.reshaped([2, 1, 3]).sum(along: [1]), x),
            (Tensor.constant(0.5).broadcast(to: [8, 4]).sum(), .constant(16)),
        ] as [(Tensor, Tensor)])
    func rulesApply(_ written: Tensor, _ simple: Tensor) {
        let simplified = Graph([written]).applying([.simplify])
        // Sources in one order, whichever side mentions more of them.
        #expect(simplified.description == Graph([simple]).description)
    }

    /// Rules that look alike but would be wrong.
    @Test func whatLooksRedundantStays() {
        let (x, y) = (Self.x, Self.y)
        let integers = Tensor.input(3, TensorType([4], .int32))
        for tensor in [
            x - y, x.permuted([1, 0]), x.reshaped([3, 2]), x.gather(.iota(1)), x[.all, 0..<2], x.flipped(along: [0]),
            x.sum(along: [0]).maximum(along: [0]), Tensor.concatenated([x[.all, 1..<3], x[.all, 0..<1]], along: 1),
            x.padded(low: [1, 0], high: [0, 0])[0..<2], x.padded(low: [1, 0], high: [1, 0])[1..<4], x / 3,
            x.padded(low: [0, 0], high: [0, 0], interior: [0, 1])[.all, 1..<3],
            Tensor.concatenated([x[.all, 0..<1], x[.all, 2..<3]], along: 1), Tensor.concatenated([x[0..<1], y[1..<2]]),
            Tensor.concatenated([x, y])[1..<3], integers / Tensor.constant(4, .int32), x * 0,
            integers.maximum(.constant(0, .int32)), x.cumulativeSum(exclusive: true), x.cast(to: .bfloat16),
            x.gather(.constant(7, .int32)), x.minimum(0), x.power(3),
        ] {
            #expect(Graph([tensor]).applying([.simplify]).description == Graph([tensor]).description)
        }
    }

    @Test func foldingKeepsWhatMayChange() {
        let key = Variable("key", Buffer([Int32(1), 2, 3, 4]))
        let random = Graph([Tensor.randomUniform([2], key: Tensor(key), stream: 0)])
        #expect(random.applying().description == random.description)
        // Too large to be worth its memory.
        let large = Graph([Tensor(Iota([5000], axis: 0)) * 2])
        #expect(large.applying().instructions[0].op.primitive.name == "iota")
        // A double cannot hold it.
        let wide = Graph([Tensor([Int64.max, Int64.max - 1]) + Tensor([Int64(-1), 0])])
        #expect(wide.applying().instructions.map(\.op.primitive.name) == ["literal", "literal", "add"])
    }

    @Test func foldedMasksAreLiterals() {
        let mask = Graph([Tensor.select(.identityMask(2), Tensor.input(0, TensorType([2, 2])), .constant(0))])
        let folded = mask.applying()
        #expect(
            folded.description == """
                %0: bool[2, 2] = literal() {name=literal0}
                %1: float32[2, 2] = input() {slot=0, shape=[2, 2], dtype=float32}
                %2: float32[] = constant() {value=0.0, dtype=float32}
                %3: float32[2, 2] = broadcast(%2) {shape=[2, 2]}
                %4: float32[2, 2] = select(%0, %1, %3)
                return %4

                """)
        #expect(folded.values.literals["literal0"]?.doubles == [1, 0, 0, 1])
    }

    @Test func passesKeepAssignments() {
        let weight = Variable("w", Buffer([Float(1), 2]))
        let graph = Graph([], assigning: [Assignment(weight, (Tensor(weight) - 0) * (Tensor.constant(2) * 3))])
        #expect(
            graph.applying().description == """
                %0: float32[2] = variable() {name=w}
                %1: float32[] = constant() {value=6.0, dtype=float32}
                %2: float32[2] = broadcast(%1) {shape=[2]}
                %3: float32[2] = multiply(%0, %2)
                assign w = %3
                return

                """)
    }

    /// A second run of the passes finds nothing left to do.
    @Test func passesAreDone() throws {
        for sample in Op.samples where sample.isDifferentiable {
            let once = try sample.graph(order: 1).applying()
            #expect(once.applying().description == once.description, "\(sample)")
        }
    }
}
