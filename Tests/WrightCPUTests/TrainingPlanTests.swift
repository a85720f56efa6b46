import Testing
import WrightGraph
import WrightRuntime
import WrightTesting

@testable import WrightCPU

/// Whole training steps: parameters in one arena, gradients of everything, Adam, variables overwritten in place.
@Suite struct TrainingPlanTests {
    /// A network's parameters as slices of one variable, and the variables that Adam keeps beside it.
    struct State {
        let offsets: [Int]
        let shapes: [[Int]]
        let total: Int
        let parameters, mean, variance, step: Variable

        init(_ shapes: [[Int]], seed: UInt64) {
            self.shapes = shapes
            var offsets: [Int] = []
            var total = 0
            for shape in shapes {
                offsets.append(total)
                total += (shape.reduce(1, *) + 15) / 16 * 16
            }
            (self.offsets, self.total) = (offsets, total)
            var generator = SplitMix64(seed: seed)
            let type = TensorType([total])
            parameters = Variable(
                "parameters",
                Buffer(type, doubles: (0..<total).map { _ in Double.random(in: -0.3...0.3, using: &generator) }))
            mean = Variable("mean", Buffer(zeros: type))
            variance = Variable("variance", Buffer(zeros: type))
            step = Variable("step", Buffer(zeros: TensorType([])))
        }

        var values: [Tensor] {
            zip(shapes, offsets).map { shape, offset in
                Tensor(parameters).sliced(from: [offset], sizes: [shape.reduce(1, *)]).reshaped(shape)
            }
        }

        func flattened(_ gradients: [Tensor]) -> Tensor {
            var parts: [Tensor] = []
            for (index, gradient) in gradients.enumerated() {
                parts.append(gradient.reshaped([gradient.count]))
                let end = index + 1 < offsets.count ? offsets[index + 1] : total
                let gap = end - offsets[index] - gradient.count
                if gap > 0 { parts.append(Tensor.constant(0).broadcast(to: [gap])) }
            }
            return Tensor(Concatenate(axis: 0), parts)
        }

        func trainingStep(of loss: Tensor) -> Graph {
            let gradient = flattened(loss.gradients(of: values(in: loss)))
            let count = Tensor(step) + 1
            let (m, v) = (Tensor(mean) * 0.9 + gradient * 0.1, Tensor(variance) * 0.999 + gradient.squared() * 0.001)
            let rate = Tensor.constant(0.01) / (1 - Tensor.constant(0.9).power(count))
            let root = (1 - Tensor.constant(0.999).power(count)).squareRoot()
            let updated = Tensor(parameters) - rate * m / (v.squareRoot() / root + 1e-8)
            return Graph(
                [loss],
                assigning: [
                    Assignment(parameters, updated), Assignment(mean, m), Assignment(variance, v),
                    Assignment(step, count),
                ])
        }

        /// The very nodes that the loss was built from.
        var traced: [Tensor] = []
        func values(in loss: Tensor) -> [Tensor] { traced }
    }

    private func step(_ state: inout State, _ x: TensorType, classes: Int, _ model: ([Tensor], Tensor) -> Tensor)
        -> Graph
    {
        state.traced = state.values
        let logits = model(state.traced, .input(0, x))
        let rows = logits.shape[0]
        let target = Tensor.input(1, TensorType([rows], .int32)).reshaped([rows, 1])
            .isEqual(to: Tensor.iota(classes).reshaped([1, classes]))
        let picked = Tensor.select(target, logits.logSoftmax(along: -1), .constant(0)).sum()
        return state.trainingStep(of: -(picked / Double(rows)))
    }

    /// The same steps on the CPU and on the interpreter leave the same losses and the same variables.
    private func expectSameTraining(
        _ shapes: [[Int]], _ x: TensorType, classes: Int, steps: Int = 4, _ model: ([Tensor], Tensor) -> Tensor
    ) throws {
        var (fast, slow) = (State(shapes, seed: 5), State(shapes, seed: 5))
        let plan = try CPUBackend().compile(step(&fast, x, classes: classes, model))
        let reference = try Interpreter().compile(step(&slow, x, classes: classes, model))
        var generator = SplitMix64(seed: 9)
        for _ in 0..<steps {
            let images = Buffer(x, doubles: (0..<x.count).map { _ in Double.random(in: -1...1, using: &generator) })
            let labels = Buffer((0..<x.shape[0]).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) })
            let (a, b) = (
                try plan.run([images, labels])[0].doubles[0], try reference.run([images, labels])[0].doubles[0]
            )
            #expect(abs(a - b) <= 1e-5 * abs(b), "loss \(a) for \(b)")
        }
        for (one, other) in [
            (fast.parameters, slow.parameters), (fast.mean, slow.mean), (fast.variance, slow.variance),
            (fast.step, slow.step),
        ] {
            let (a, b) = (one.buffer.doubles, other.buffer.doubles)
            let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
            #expect(worst <= 2e-4 * (b.map(abs).max() ?? 1), "\(one.name): \(worst)")
        }
    }

    @Test func multilayerPerceptron() throws {
        try expectSameTraining([[20, 32], [32], [32, 10], [10]], TensorType([6, 20]), classes: 10) { p, x in
            (x.matmul(p[0]) + p[1]).relu().matmul(p[2]) + p[3]
        }
    }

    @Test func convolutionsAndPooling() throws {
        let shapes = [[8, 3, 3, 3], [8], [16, 3, 3, 8], [16], [64, 10], [10]]
        try expectSameTraining(shapes, TensorType([4, 12, 12, 3]), classes: 10) { p, x in
            let first = (x.convolved(with: p[0]) + p[1]).relu().maxPooled(size: [2, 2], strides: [2, 2])
            let second = (first.convolved(with: p[2]) + p[3]).relu().averagePooled(size: [1, 1], strides: [2, 2])
            return second.reshaped([4, -1]).matmul(p[4]) + p[5]
        }
    }

    @Test func residualBlockWithBatchStatistics() throws {
        let shapes = [[8, 3, 3, 3], [8], [8], [8, 3, 3, 8], [8], [8], [8, 5], [5]]
        try expectSameTraining(shapes, TensorType([4, 6, 6, 3]), classes: 5) { p, x in
            func normalized(_ y: Tensor, _ scale: Tensor, _ shift: Tensor) -> Tensor {
                let mean = y.mean(along: [0, 1, 2])
                let variance = (y - mean).squared().mean(along: [0, 1, 2])
                return (y - mean) * ((variance + 1e-5).reciprocalSquareRoot() * scale) + shift
            }
            let padding = [(begin: 1, end: 1), (begin: 1, end: 1)]
            let a = normalized(x.convolved(with: p[0], padding: padding), p[1], p[2]).relu()
            let b = (normalized(a.convolved(with: p[3], padding: padding), p[4], p[5]) + a).relu()
            return b.mean(along: [1, 2]).matmul(p[6]) + p[7]
        }
    }

    @Test func swappedVariablesKeepTheirOldValuesUntilTheEnd() throws {
        let (a, b) = (Variable("a", Buffer([1, 2] as [Float])), Variable("b", Buffer([3, 4] as [Float])))
        let plan = try CPUBackend().compile(
            Graph([Tensor(a) + Tensor(b)], assigning: [Assignment(a, Tensor(b)), Assignment(b, Tensor(a))]))
        #expect(try plan.run([])[0].doubles == [4, 6])
        #expect(a.buffer.doubles == [3, 4] && b.buffer.doubles == [1, 2])
    }
}
