import Testing
import WrightCPU
import WrightGraph
import WrightTesting

/// Every sample of every primitive on the CPU against the interpreter, in every type that it takes: the value, the
/// gradient and its gradient.
@Suite struct ConformanceTests {
    @Test(arguments: PrimitiveConformance.cases())
    func agreesWithTheInterpreter(_ sample: Sample) throws {
        #expect(try PrimitiveConformance.failures(sample, on: CPUBackend()) == [])
    }
}
