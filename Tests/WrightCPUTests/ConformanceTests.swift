import Testing
import WrightCPU
import WrightGraph
import WrightRuntime
import WrightTesting

/// Every sample of every primitive on the CPU against the interpreter: the value, the gradient and its gradient.
@Suite struct ConformanceTests {
    @Test(arguments: Op.samples) func value(_ sample: Sample) throws {
        let inputs = sample.operands.enumerated().map { Tensor.input($0.offset, $0.element) }
        try expectAgreement(Graph([try Tensor(applying: sample.op, to: inputs)]), sample)
    }

    @Test(arguments: Op.samples.filter(\.isDifferentiable), [1, 2]) func gradient(_ sample: Sample, order: Int) throws {
        try expectAgreement(try sample.graph(order: order), sample)
    }

    private func expectAgreement(_ graph: Graph, _ sample: Sample) throws {
        let values = sample.values()
        let buffers = zip(sample.operands, values).map { Buffer($0, doubles: $1) }
        let expected = Interpreter.evaluate(graph, inputs: buffers.map(\.doubles))
        let received = try CPUBackend().compile(graph).run(buffers).map(\.doubles)
        for (wanted, got) in zip(expected, received) {
            #expect(wanted.count == got.count)
            let scale = wanted.lazy.filter(\.isFinite).map(abs).max() ?? 1
            for (x, y) in zip(wanted, got) where !(x == y || (x.isNaN && y.isNaN)) {
                #expect(abs(x - y) <= 2e-6 * max(scale, abs(x)), "\(sample): \(y) for \(x)")
            }
        }
    }
}
