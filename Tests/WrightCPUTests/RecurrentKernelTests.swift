import CWrightTile
import Testing
import WrightCPU
import WrightGraph
import WrightRuntime
import WrightTesting

extension CKernelTests {
    /// Recurrent kernels at sizes of several panels and pieces of depth, which the samples of the primitives do not reach.
    @Suite struct Recurrents {
        static let cases: [Sample] = RecurrentCell.allCases.flatMap { cell -> [Sample] in
            [(13, 70, false), (3, 33, true)].map { batch, hidden, reverse in
                let width = cell.gates * hidden
                let steps = 3
                var shapes = [[steps, batch, width], [hidden, width]]
                if cell.hasHiddenBias { shapes.append([width]) }
                shapes += [[Int]](repeating: [batch, hidden], count: cell.hasCellState ? 2 : 1)
                // Weights small enough that sums of many of them leave the gates open.
                let ranges = shapes.map { $0 == [hidden, width] ? -0.2...0.2 : -1.0...1.0 }
                return Sample(
                    Recurrent(cell, reverse: reverse, hasLengths: true),
                    shapes.map { TensorType($0) } + [TensorType([batch], .int32)],
                    ranges: ranges + [0...Double(steps)])
            }
        }

        /// The sequence's result and the gradients of what an application asks for: outputs and final states.
        private static func graph(_ sample: Sample) throws -> Graph {
            let op = try #require(sample.op as? Recurrent)
            let inputs = sample.operands.enumerated().map { Tensor.input($0.offset, $0.element) }
            let state = op.cell.hasHiddenBias ? 3 : 2
            let states = inputs[0].recurrent(
                op.cell, weights: inputs[1], bias: op.cell.hasHiddenBias ? inputs[2] : nil, state: inputs[state],
                cellState: op.cell.hasCellState ? inputs[state + 1] : nil, lengths: inputs[inputs.count - 1],
                reverse: op.isReversed)
            let results = [states.outputs, states.finalState] + [states.finalCell].compactMap(\.self)
            let losses = results.enumerated().map { ($0.element * Double($0.offset + 1)).squared().sum() }
            let loss = losses.dropFirst().reduce(losses[0], +)
            return Graph(results + loss.gradients(of: Array(inputs.dropLast())))
        }

        /// Catches panels that overlap, rows left out at a block's end, cotangents that a length should have stopped.
        @Test(arguments: cases)
        func agreeWithTheDefinition(_ sample: Sample) throws {
            let graph = try Self.graph(sample)
            try withEveryInstructionSet { set in
                let failures = try PrimitiveConformance.failures(
                    graph, at: sample.values(), on: CPUBackend(), tolerance: Tolerance(relative: 5e-6))
                #expect(failures == [], "\(set)")
            }
        }

        /// Catches sums whose order depends on how sequences are dealt to threads or blocks.
        @Test(arguments: cases)
        func resultsDoNotDependOnThreads(_ sample: Sample) throws {
            let inputs = zip(sample.operands, sample.values()).map { Buffer($0, doubles: $1) }
            let plan = try CPUBackend().compile(sample.graph(order: 0))
            var results: [[Double]] = []
            try withThreads([1, 2, 5]) { results.append(try plan.run(inputs)[0].doubles) }
            #expect(results[0] == results[1] && results[0] == results[2])
        }

        /// A fast kernel that is not taken would only be slow.
        @Test(arguments: cases)
        func nothingIsInterpreted(_ sample: Sample) throws {
            let kernels = try CPUBackend().compile(Self.graph(sample)).profile.map(\.kernel)
            #expect(kernels.count { $0 == "recurrent" } == 2)
            #expect(!kernels.contains("interpreter"))
        }
    }
}
