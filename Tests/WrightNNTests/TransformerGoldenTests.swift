import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Attention and Transformer layers against PyTorch's modules: output, and gradients of inputs and parameters.
@Suite("Transformer layers equal PyTorch's")
struct TransformerGoldenTests {
    @Test(arguments: GoldenFiles.cases("transformers"), TestedBackend.allCases)
    func equalsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        var source = ParameterSource(seed: 1)
        let isCausal = golden.config["causal"]?.bool ?? false
        let attention = MultiHeadAttention.Config(dimension: 12, heads: 3, isCausal: isCausal)
        let failures: [String]
        switch golden.kind {
        case "MultiHeadAttention":
            let layer = MultiHeadAttention(attention, from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { layer($0) }
        case "TransformerLayer":
            let activation = try #require(Activation(rawValue: golden.config["activation"]?.string ?? ""))
            let layer = TransformerLayer(
                .init(
                    attention: attention, feedForward: .init(dimension: 12, hidden: 20, activation: activation),
                    isPreNorm: golden.config["preNorm"]?.bool ?? false), from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { layer($0) }
        case "CrossAttention":
            let layer = MultiHeadAttention(attention, from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { x in
                layer(x, memory: .concatenated([x, x * 0.5], along: 1))
            }
        case "GroupedAttention":
            let window = golden.config["window"]?.integer ?? 0
            let lengths = golden.config["lengths"]?.array?.compactMap { $0.integer.map { Int32($0) } } ?? []
            let layer = MultiHeadAttention(
                .init(
                    dimension: 16, heads: 4, keyHeads: golden.config["keyHeads"]?.integer.map { Int($0) },
                    isCausal: true, window: window > 0 ? Int(window) : nil, hasBias: false,
                    rotary: golden.config["rotary"]?.bool == true ? RotaryEmbedding() : nil), from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { x in
                layer(x, lengths: lengths.isEmpty ? nil : Tensor(Buffer(lengths)))
            }
        case "DecoderLayer":
            let layer = TransformerLayer(
                .init(
                    attention: .init(dimension: 12, heads: 3, isCausal: true),
                    feedForward: .init(dimension: 12, hidden: 20, activation: .relu),
                    isPreNorm: golden.config["preNorm"]?.bool ?? false, hasCrossAttention: true), from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { x in
                layer(
                    x, lengths: nil, memory: .concatenated([x, x * 0.5], along: 1),
                    memoryLengths: Tensor(Buffer([7, 10] as [Int32])))
            }
        case "LlamaLayer":
            let layer = TransformerLayer(
                .init(
                    attention: .init(
                        dimension: 16, heads: 4, keyHeads: 2, isCausal: true, hasBias: false, rotary: RotaryEmbedding()),
                    feedForward: .init(
                        dimension: 16, hidden: 24, activation: .silu, isGated: true, hasBias: false), norm: .rmsNorm,
                    isPreNorm: true), from: &source)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { layer($0) }
        case "SinusoidalPositions":
            let layer = SinusoidalPositions(dimension: 6)
            failures = try golden.failures(on: tested.backend, module: layer, isTraining: true) { x in
                x + layer(Tensor.iota(9))
            }
        default: failures = ["no layer for \(golden.kind)"]
        }
        #expect(failures == [])
    }
}
