import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

@Suite("Layers")
struct LayerTests {
    /// Catches a normalisation whose gradient is right by luck of the first order: what it holds constant must not change
    /// the second.
    @Test(arguments: ["batch", "layer", "group", "rms"])
    func normalisationsHaveTheGradientsOfTheirSlopes(_ name: String) throws {
        var source = ParameterSource(seed: 1)
        let layer: any Layer =
            switch name {
            case "batch": BatchNorm(.init(channels: 4), from: &source)
            case "layer": LayerNorm(.init(shape: [4]), from: &source)
            case "group": GroupNorm(.init(groups: 2, channels: 4), from: &source)
            default: RMSNorm(.init(shape: [4]), from: &source)
            }
        for (place, (_, parameter)) in layer.parameters.enumerated() {
            parameter.assign(Buffer((0..<4).map { 0.5 + Float(($0 * 3 + place) % 4) }))
        }
        let values = (0..<12).map { Double(($0 * 7) % 12) / 4 - 1.2 }
        for order in 1...2 {
            let x = Tensor.input(0, TensorType([3, 4]))
            let offsets = Tensor((0..<12).map { Float(($0 * 5) % 7) / 7 }, shape: [3, 4])
            let pass = Pass(isTraining: true)
            var loss = pass { ((layer(x) + offsets).squared() * offsets).sum() }
            if order == 2 { loss = loss.gradients(of: [x])[0].squared().sum() }
            let gradients = Graph(loss.gradients(of: [x]))
            let failures = GradientCheck.failures(
                loss: Graph([loss]), gradients: gradients, of: [0], at: [values], tolerance: 1e-5)
            #expect(failures == [], "order \(order)")
        }
    }

    /// Catches a training pass of BatchNorm whose gradient needs more reductions over the data than the textbook's two.
    @Test func batchNormReducesTheDataFourTimes() throws {
        var source = ParameterSource(seed: 1)
        let norm = BatchNorm(.init(channels: 4), from: &source)
        let x = Tensor.input(0, TensorType([32, 8, 8, 4]))
        let cotangent = Tensor.input(1, TensorType([32, 8, 8, 4]))
        let pass = Pass(isTraining: true)
        let y = pass { norm(x) }
        let targets = [x] + norm.parameters.map(\.parameter.value)
        let gradients = (y * cotangent).sum().gradients(of: targets)
        let graph = Graph([y] + gradients, assigning: pass.assignments)
        let reductions = graph.instructions.filter { instruction in
            guard case .reduce = instruction.op else { return false }
            return graph.instructions[instruction.operands[0]].type.count == x.count
        }
        // Mean and variance forward, the sums of g and of g · (x − mean) backward.
        #expect(reductions.count == 4)
    }

    @Test func sequentialTakesIfAndFor() {
        var source = ParameterSource(seed: 1)
        func model(hasDropout: Bool) -> Sequential {
            Sequential {
                Flatten()
                for (inputs, outputs) in [(6, 5), (5, 4)] {
                    Linear(inputs, outputs, from: &source)
                    Activation.relu
                }
                if hasDropout { Dropout(0.1) }
                if hasDropout { Activation.tanh } else { Activation.identity }
                Linear(4, 2, from: &source)
            }
        }
        #expect(model(hasDropout: true).layers.count == 8)
        let plain = model(hasDropout: false)
        #expect(plain.layers.count == 7)
        #expect(
            plain.parameters.map(\.path) == [
                "layers.1.weight", "layers.1.bias", "layers.3.weight", "layers.3.bias", "layers.6.weight",
                "layers.6.bias",
            ])
        #expect(plain(Tensor.input(0, TensorType([7, 2, 3]))).shape == [7, 2])
    }

    @Test func residualAddsItsShortcut() throws {
        var source = ParameterSource(seed: 1)
        let plain = Residual { Apply { $0 * 2 } }
        let x = Tensor([1, -2] as [Float], shape: [1, 2])
        #expect(try plain(x).evaluate(on: Interpreter()).array(of: Float.self) == [3, -6])
        let changed = Residual(activation: .relu) {
            Linear(2, 3, from: &source)
        } shortcut: {
            Linear(2, 3, from: &source)
        }
        #expect(changed(x).shape == [1, 3])
        #expect(changed.parameters.count == 4)
    }

    /// Catches a shared parameter that would be updated twice, and one in an optional or an array that is overlooked.
    @Test func parametersAreFoundOnce() {
        struct Tied: Module {
            let first: Linear
            let alike: Linear?
            let others: [Linear]
        }
        var source = ParameterSource(seed: 1)
        let linear = Linear(2, 2, from: &source)
        let tied = Tied(
            first: linear, alike: linear, others: [Linear(.init(inputs: 2, outputs: 1, hasBias: false), from: &source)])
        #expect(tied.parameters.map(\.path) == ["first.weight", "first.bias", "others.0.weight"])
    }
}

@Suite("Dropout")
struct DropoutTests {
    private func run(_ layer: Dropout, _ shape: [Int], step: UInt64) throws -> [Float] {
        let key = Tensor(RandomState.words(seed: 3, step: step))
        let pass = Pass(isTraining: true, randomKey: key)
        let ones = Tensor.constant(1).broadcast(to: shape)
        return try pass { layer(ones) }.evaluate(on: Interpreter()).array(of: Float.self)
    }

    /// Catches a wrong rate, a missing scale, and masks that stay the same from step to step.
    @Test func keepsTheMean() throws {
        let kept = try run(Dropout(0.3), [100, 100], step: 1)
        #expect(Set(kept) == [0, Float(1 / 0.7)])
        #expect(abs(kept.reduce(0, +) / 10_000 - 1) < 0.03)
        #expect(try run(Dropout(0.3), [100, 100], step: 1) == kept)
        #expect(try run(Dropout(0.3), [100, 100], step: 2) != kept)
    }

    @Test func dropsWholeChannels() throws {
        let kept = try run(Dropout(0.5, unit: .channel), [4, 3, 3, 8], step: 1)
        for image in 0..<4 {
            for channel in 0..<8 {
                let values = (0..<9).map { kept[(image * 9 + $0) * 8 + channel] }
                #expect(Set(values).count == 1)
            }
        }
        #expect(Set(kept) == [0, 2])
    }

    @Test func twoLayersDropDifferently() throws {
        let pass = Pass(isTraining: true, randomKey: Tensor(RandomState.words(seed: 3, step: 1)))
        let ones = Tensor.constant(1).broadcast(to: [64])
        let (a, b) = pass { (Dropout()(ones), Dropout()(ones)) }
        let results = try Interpreter().compile(Graph([a, b])).run([])
        #expect(results[0].doubles != results[1].doubles)
    }

    @Test func passesOnWhenNotTraining() {
        let x = Tensor.input(0, TensorType([2, 3]))
        #expect(Dropout()(x) == x)
        let pass = Pass(isTraining: false)
        #expect(pass { Dropout()(x) } == x)
    }
}
