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
        default: failures = ["no layer for \(golden.kind)"]
        }
        #expect(failures == [])
    }
}
