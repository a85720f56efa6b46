import Foundation
import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// Ten steps of Adam on one batch, from PyTorch's weights: the losses must be PyTorch's.
@Suite("Ten steps equal PyTorch's")
struct TenStepTests {
    /// Catches whatever moves a training step away from the truth: a kernel, a gradient, the optimizer's formula.
    @Test(arguments: Workload.allCases)
    func lossesArePyTorchs(_ workload: Workload) throws {
        let golden = try Self.golden(workload)
        let received = try Self.run(workload, steps: golden.count)
        for (step, (loss, golden)) in zip(received, golden).enumerated() {
            let allowed = max(Self.tolerance(workload), 4 * golden.noise) * golden.loss
            #expect(
                abs(loss - golden.loss) <= allowed,
                "step \(step): \(loss), PyTorch in float64: \(golden.loss) ± \(allowed)")
        }
    }

    /// Winograd's transforms round tens of times more coarsely than plain sums; where one pixel wins a pooling window by
    /// less than that, another is chosen and the runs part.
    private static func tolerance(_ workload: Workload) -> Double { workload == .cnn ? 1e-4 : 1e-5 }

    /// Losses in float64, and how far PyTorch's own float32 runs had strayed from them by then: Adam's first steps are signs
    /// of gradients, and ResNet's loss falls a thousandfold in three of them, so rounding there is soon seen.
    private static func golden(_ workload: Workload) throws -> [(loss: Double, noise: Double)] {
        let file = try JSON.load(Bundle.module.bundlePath + "/Golden/losses.json")
        let run = try #require(file["runs"]?.array?.first { $0["workload"]?.string == workload.rawValue })
        func losses(_ key: String) throws -> [Double] {
            let found = try #require(run[key]?.array)
            return found.compactMap(\.double)
        }
        let (truth, runs) = (try losses("float64"), [try losses("float32"), try losses("float32ChannelsLast")])
        var noise = 0.0
        return truth.enumerated().map { step, loss in
            for run in runs { noise = max(noise, abs(run[step] - loss) / loss) }
            return (loss, noise)
        }
    }

    private static func run(_ workload: Workload, steps: Int) throws -> [Double] {
        var source = ParameterSource(seed: 1)
        let layer = Catalog.model(workload.config, from: &source)
        try fill(layer, workload)
        let state = try OptimizerState(layer.parameters, groups: [ParameterGroup(optimizer: Adam())])
        let step = CompiledFunction(on: CPUBackend()) { arguments in
            let pass = Pass(isTraining: true)
            let logits = pass { Self.logits(layer, arguments) }
            let loss = Loss.crossEntropy(logits, classes: arguments[1])
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        let x = NamedValues.uniform("\(workload)/x", [workload.batchSize] + workload.inputShape, bound: 1)
        let y = NamedValues.classes("\(workload)/y", workload.batchSize, of: workload.classes)
        return try (0..<steps).map { index in
            let masks = workload == .mlp2 ? [NamedValues.mask("mlp2/mask/\(index)", [workload.batchSize, 256])] : []
            return try step([x, y] + masks)[0].doubles[0]
        }
    }

    /// The model's result; with a mask among the arguments, in place of the dropout before the last layer.
    private static func logits(_ layer: any Layer, _ arguments: [Tensor]) -> Tensor {
        guard arguments.count == 3, let mlp = layer as? MLP else { return layer(arguments[0]) }
        let hidden = mlp.layers[1](mlp.layers[0](arguments[0]).relu())
        return mlp.layers[2](hidden * arguments[2])
    }

    private static func fill(_ layer: any Layer, _ workload: Workload) throws {
        for (path, parameter) in layer.parameters where !path.contains("norm") {
            var parts = path.split(separator: ".").map(String.init)
            let name = parts.removeLast()
            // The weight precedes the bias, whose bound is the weight's.
            let shapes = layer.parameters.filter { $0.path == (parts + ["weight"]).joined(separator: ".") }
            let weight = try #require(shapes.first).parameter.shape
            let fanIn = weight.count == 2 ? weight[0] : weight.dropFirst().reduce(1, *)
            let theirs = "\(workload)/\(theirPath(parts, workload)).\(name)"
            parameter.assign(
                NamedValues.uniform(theirs, parameter.shape, bound: Float(1 / Double(fanIn).squareRoot())))
        }
    }

    /// `stages.1.0.convolutions.1.convolution` is torchvision's `layer2.0.conv2`; others go by position.
    private static func theirPath(_ parts: [String], _ workload: Workload) -> String {
        switch (workload, parts[0]) {
        case (.resnet18, "stem"): return "conv1"
        case (.resnet18, "head"): return "fc"
        case (.resnet18, _):
            let block = "layer\(Int(parts[1])! + 1).\(parts[2])"
            return parts[3] == "shortcut" ? "\(block).downsample.0" : "\(block).conv\(Int(parts[4])! + 1)"
        case (.cnn, "convolutions"): return "\(Int(parts[1])! * 3)"
        case (.cnn, _): return "\(Int(parts[1])! * 2 + 9)"
        default: return "\(Int(parts[1])! * 2)"
        }
    }
}

/// Numbers that any language can make again; `Benchmarks/peers/values.py` says how.
enum NamedValues {
    /// 24 random bits for each of `count` elements.
    private static func bits(_ name: String, _ count: Int) -> [UInt32] {
        let seed = name.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return (0..<count).map { index in
            var h = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9 &+ seed
            h = (h ^ (h >> 16)) &* 0x85EB_CA6B
            h = (h ^ (h >> 13)) &* 0xC2B2_AE35
            return (h ^ (h >> 16)) >> 8
        }
    }

    static func uniform(_ name: String, _ shape: [Int], bound: Float) -> Buffer {
        Buffer(bits(name, shape.reduce(1, *)).map { bound * Float(Double($0) / 0x1p23 - 1) }, shape: shape)
    }

    static func classes(_ name: String, _ count: Int, of classes: Int) -> Buffer {
        Buffer(bits(name, count).map { Int32((UInt64($0) * UInt64(classes)) >> 24) })
    }

    /// 2 where kept, 0 where dropped, each for half of the elements.
    static func mask(_ name: String, _ shape: [Int]) -> Buffer {
        Buffer(bits(name, shape.reduce(1, *)).map { $0 >> 23 == 1 ? 2 : 0 as Float }, shape: shape)
    }

    /// The first values that the golden files' README states.
    @Test static func startAsStated() {
        let x = uniform("mlp1/x", [4], bound: 1).array(of: Float.self)
        #expect(x == [-0.67176223, -0.12677324, 0.47214925, -0.68441725])
        #expect(classes("mlp1/y", 8, of: 10).array(of: Int32.self) == [9, 5, 6, 4, 9, 8, 5, 1])
        #expect(mask("mlp2/mask/0", [8]).array(of: Float.self) == [0, 0, 2, 0, 0, 0, 2, 2])
    }
}
