import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Every layer against PyTorch: output, gradients of input and parameters, running statistics.
@Suite("Layers equal PyTorch's")
struct LayerGoldenTests {
    @Test(arguments: GoldenFiles.cases("layers"), TestedBackend.allCases)
    func equalsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let isTraining = golden.config["training"]?.bool ?? true
        if golden.kind == "Embedding" {
            var source = ParameterSource(seed: 1)
            let table = Embedding(
                .init(
                    count: golden.config["count"]!.integer!, dimension: golden.config["dimension"]!.integer!,
                    paddingIndex: golden.config["paddingIndex"]?.integer), from: &source)
            let failures = try golden.failures(on: tested.backend, module: table, isTraining: isTraining) { table($0) }
            #expect(failures == [])
        } else {
            let layer = try #require(Self.layer(golden), "no layer for \(golden.kind)")
            try expectEqual(layer, golden, tested, isTraining)
        }
    }

    private func expectEqual(
        _ layer: some Layer, _ golden: GoldenCase, _ tested: TestedBackend, _ isTraining: Bool
    ) throws {
        let failures = try golden.failures(on: tested.backend, module: layer, isTraining: isTraining) { layer($0) }
        #expect(failures == [])
    }

    private static func layer(_ golden: GoldenCase) -> (any Layer)? {
        var source = ParameterSource(seed: 1)
        let config = golden.config
        func integer(_ key: String) -> Int { config[key]!.integer! }
        func number(_ key: String) -> Double { config[key]!.double! }
        func isTrue(_ key: String) -> Bool { config[key]!.bool! }
        let padding = config["padding"]?.string == "same" ? Padding.same : .symmetric(golden.integers("padding"))
        switch golden.kind {
        case "Linear":
            return Linear(
                .init(inputs: integer("inputs"), outputs: integer("outputs"), hasBias: isTrue("bias")), from: &source)
        case "Convolution1D", "Convolution2D", "Convolution3D":
            return Convolution(
                .init(
                    inputs: integer("inputs"), outputs: integer("outputs"), kernel: golden.integers("kernel"),
                    strides: golden.integers("stride"), padding: padding, dilation: golden.integers("dilation"),
                    groups: integer("groups"), hasBias: isTrue("bias")), from: &source)
        case "TransposedConvolution1D", "TransposedConvolution2D", "TransposedConvolution3D":
            return TransposedConvolution(
                .init(
                    inputs: integer("inputs"), outputs: integer("outputs"), kernel: golden.integers("kernel"),
                    strides: golden.integers("stride"), padding: padding,
                    outputPadding: golden.integers("outputPadding"), dilation: golden.integers("dilation"),
                    groups: integer("groups"), hasBias: isTrue("bias")), from: &source)
        case "BatchNorm":
            return BatchNorm(
                .init(
                    channels: integer("channels"), momentum: number("momentum"), epsilon: number("epsilon"),
                    isAffine: isTrue("affine")), from: &source)
        case "LayerNorm":
            return LayerNorm(
                .init(
                    shape: golden.integers("shape"), epsilon: number("epsilon"), isAffine: isTrue("affine"),
                    hasBias: isTrue("bias")), from: &source)
        case "RMSNorm":
            return RMSNorm(.init(shape: golden.integers("shape"), epsilon: number("epsilon")), from: &source)
        case "GroupNorm":
            return GroupNorm(
                .init(
                    groups: integer("groups"), channels: integer("channels"), epsilon: number("epsilon"),
                    isAffine: isTrue("affine")), from: &source)
        case "MaxPool1D", "MaxPool2D", "MaxPool3D":
            return MaxPool(golden.integers("kernel"), strides: golden.integers("stride"), padding: padding)
        case "AveragePool1D", "AveragePool2D", "AveragePool3D":
            return AveragePool(
                golden.integers("kernel"), strides: golden.integers("stride"), padding: padding,
                countsPadding: isTrue("countsPadding"))
        case "AdaptiveAveragePool1D", "AdaptiveAveragePool2D", "AdaptiveAveragePool3D":
            return AdaptiveAveragePool(golden.integers("output"))
        case "Upsample": return Upsample(golden.integers("scales"))
        case "GlobalAveragePool": return GlobalAveragePool()
        case "GlobalMaxPool": return GlobalMaxPool()
        default: return nil
        }
    }
}
