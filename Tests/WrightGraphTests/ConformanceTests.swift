import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

/// The check itself is checked: it must accept the interpreter, in every type, and notice a backend that is slightly off.
@Suite struct ConformanceTests {
    @Test(arguments: PrimitiveConformance.cases())
    func interpreterAgreesWithItself(_ sample: Sample) throws {
        #expect(try PrimitiveConformance.failures(sample, on: Interpreter(), order: 1) == [])
    }

    /// Adds one part in a thousand to every result.
    private struct Inexact: Backend {
        let name = "inexact"

        func compile(_ graph: Graph, options: CompileOptions) throws -> any Executable {
            let scaled = graph.outputs.map { output in
                graph.instructions[output].type.dtype == .float32 ? 1.001 : 1
            }
            return try Wrapped(inner: Interpreter().compile(graph, options: options), scales: scaled)
        }

        final class Wrapped: Executable {
            let inner: any Executable
            let scales: [Double]

            init(inner: any Executable, scales: [Double]) throws { (self.inner, self.scales) = (inner, scales) }

            func run(_ inputs: [Buffer]) throws -> [Buffer] {
                zip(try inner.run(inputs), scales).map { buffer, scale in
                    Buffer(buffer.type, doubles: buffer.doubles.map { $0 * scale })
                }
            }

            var workingByteCount: Int { inner.workingByteCount }
            var profile: [ProfileRow] { inner.profile }
        }
    }

    @Test func inexactBackendsAreNoticed() throws {
        let sample = Sample(Unary.exp, [TensorType([2, 3])])
        #expect(try PrimitiveConformance.failures(sample, on: Inexact(), order: 0).count == 5)
        #expect(try PrimitiveConformance.failures(sample, on: Inexact()).count > 5)
        // Whole numbers must be equal.
        #expect(Tolerance(for: Iota.samples[0], order: 0).failures([0, 1, 2], [0, 1, 3]).count == 1)
        #expect(Tolerance(relative: 1).failures([.nan, .infinity, 1], [1, 1, .nan]).count == 3)
        #expect(Tolerance(relative: 0).failures([.nan, .infinity], [.nan, .infinity]) == [])
    }

    /// A pullback that is off by a factor is no slope.
    @Test func wrongGradientsAreNoticed() {
        let x = Tensor.input(0, TensorType([3]))
        let (loss, wrong) = (x.squared().sum(), x * 2.001)
        let failures = GradientCheck.failures(
            loss: Graph([loss]), gradients: Graph([wrong]), of: [0], at: [[1, 2, 3]])
        #expect(failures.count == 3)
    }
}
