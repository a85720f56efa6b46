import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

@Suite("Architectures")
struct ArchitectureTests {
    /// Catches a layer that is too wide, missing or has a bias that it should not have. The counts are PyTorch's.
    @Test(arguments: [
        ("mlp", 101_770), ("cifar-cnn", 122_570), ("resnet18", 11_173_962),
        ("text-cnn", 3_360_902), ("lstm-classifier", 1_412_354), ("lstm-language-model", 4_653_200),
    ])
    func hasTheParametersOfThePaper(_ name: String, _ count: Int) throws {
        var source = ParameterSource(seed: 1)
        let model = try Catalog.model(Catalog.config(named: name), from: &source)
        #expect(model.parameters.reduce(0) { $0 + $1.parameter.count } == count)
    }

    @Test func pathsAreStable() {
        var source = ParameterSource(seed: 1)
        let model = ResNet(.tiny(), from: &source)
        #expect(
            model.parameters.map(\.path).filter { $0.hasPrefix("stages.1") } == [
                "stages.1.0.convolutions.0.convolution.weight", "stages.1.0.convolutions.0.norm.weight",
                "stages.1.0.convolutions.0.norm.bias", "stages.1.0.convolutions.1.convolution.weight",
                "stages.1.0.convolutions.1.norm.weight", "stages.1.0.convolutions.1.norm.bias",
                "stages.1.0.shortcut.convolution.weight", "stages.1.0.shortcut.norm.weight",
                "stages.1.0.shortcut.norm.bias",
            ])
        #expect(model.states.count == 2 * 6)
    }

    /// Catches an architecture whose training step cannot be differentiated or leaves a parameter out.
    @Test(
        arguments: [
            (MLP.Config.tiny(), [6]), (TabularResNet.Config.tiny(), [6]), (ConvNet.Config.tiny(), [8, 8, 1]),
            (ResNet.Config.tiny(), [8, 8, 3]),
            (ResNet.Config.tiny(block: .bottleneck), [8, 8, 3]),
        ] as [(any ModelConfig, [Int])])
    func learns(_ config: any ModelConfig, _ shape: [Int]) throws {
        var source = ParameterSource(seed: 1)
        let model = Catalog.model(config, from: &source)
        let state = try OptimizerState(model.parameters, groups: [ParameterGroup(optimizer: Adam(learningRate: 0.05))])
        let step = CompiledFunction(on: Interpreter()) { arguments in
            let pass = Pass(isTraining: true)
            let loss = Loss.crossEntropy(pass { model(arguments[0]) }, classes: arguments[1])
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        let count = shape.reduce(4, *)
        let x = Buffer((0..<count).map { Float(($0 * 37) % 11) / 11 - 0.5 }, shape: [4] + shape)
        let y = Buffer([0, 1, 2, 1] as [Int32])
        var losses: [Double] = []
        for _ in 0..<12 { losses += try step([x, y])[0].doubles }
        #expect(losses[11] < losses[0], "\(losses)")
    }

    /// Catches a place that sees what it is to foretell, in both families, and a weight that nothing teaches.
    @Test(arguments: [
        GPT.Config.tiny(), .llama(vocabulary: 11, layers: 2, dimension: 12, heads: 3, keyHeads: 1, hidden: 20),
    ])
    func foretellsNextTokens(_ config: GPT.Config) throws {
        var source = ParameterSource(seed: 1)
        let model = GPT(config, from: &source)
        let state = try OptimizerState(model.parameters, groups: [ParameterGroup(optimizer: Adam(learningRate: 0.02))])
        let step = CompiledFunction(on: CPUBackend()) { arguments in
            let logits = model(arguments[0])
            let loss = Loss.crossEntropy(logits, classes: arguments[1])
            return Trace([loss, logits], assigning: state.update(try state.gradients(of: loss)))
        }
        let tokens = (0..<16).map { Int32(($0 * 5) % 11) }
        let next = Buffer((0..<16).map { Int32((($0 + 1) * 5) % 11) }, shape: [2, 8])
        var changed = tokens
        changed[7] = 3
        let function = CompiledFunction(on: CPUBackend()) { Trace([model($0[0])]) }
        let before = try function([Buffer(tokens, shape: [2, 8])])[0].doubles
        let after = try function([Buffer(changed, shape: [2, 8])])[0].doubles
        let place = zip(before, after).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        #expect(place.map { $0 / 11 } == 7)
        var losses: [Double] = []
        for _ in 0..<30 { losses += try step([Buffer(tokens, shape: [2, 8]), next])[0].doubles }
        #expect(losses[29] < losses[0] / 2, "\(losses)")
    }

    @Test func imagenetStemHalvesTwice() {
        var source = ParameterSource(seed: 1)
        let model = ResNet(.init(stem: .imagenet, depths: [1], widths: [4], classes: 2), from: &source)
        #expect(model(Tensor.input(0, TensorType([1, 32, 32, 3]))).shape == [1, 2])
        #expect(model.stem(Tensor.input(0, TensorType([1, 32, 32, 3]))).shape == [1, 16, 16, 4])
    }
}
