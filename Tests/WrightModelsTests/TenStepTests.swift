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
    struct Run: Sendable, CustomStringConvertible {
        let name: String
        let workload: Workload
        let learningRate: Double
        let losses: [Double]
        let tolerance: Double
        var description: String { name }
    }

    static let runs: [Run] = {
        do {
            let file = try JSON.load(Bundle.module.bundlePath + "/Golden/losses.json")
            return (file["runs"]?.array ?? []).compactMap { run in
                guard let name = run["name"]?.string, let workload = run["workload"]?.string.flatMap(Workload.init),
                    let rate = run["learningRate"]?.double, let losses = run["float32"]?.array?.compactMap(\.double),
                    let tolerance = run["tolerance"]?.double
                else { return nil }
                return Run(
                    name: name, workload: workload, learningRate: rate, losses: losses, tolerance: tolerance)
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// Catches whatever moves a training step away from the truth: a kernel, a gradient, the optimizer's formula.
    @Test(arguments: runs)
    func lossesArePyTorchs(_ run: Run) throws {
        #expect(run.losses.count == 10)
        for way in Self.ways(run) {
            for (step, (loss, truth)) in zip(try Self.losses(run, way), run.losses).enumerated() {
                #expect(abs(loss - truth) <= way.tolerance * truth, "step \(step): \(loss), PyTorch: \(truth), \(way)")
            }
        }
    }

    /// A way to compute a run, and how near it must come.
    struct Way {
        var method = CompileOptions.ConvolutionMethod.fastest
        /// Every core when nil.
        var threads: Int?
        var tolerance: Double
    }

    /// Where one pixel wins a pooling window by less than rounding, another is chosen and the runs part: Winograd rounds
    /// differently from plain sums, and partial sums of several threads from one.
    private static func ways(_ run: Run) -> [Way] {
        run.workload == .cnn
            ? [Way(method: .direct, threads: 1, tolerance: run.tolerance), Way(tolerance: 1e-4)]
            : [Way(tolerance: run.tolerance)]
    }

    @Test func everyWorkloadHasARun() {
        #expect(Set(Self.runs.map(\.workload)) == Set(Workload.allCases))
    }

    private static func losses(_ run: Run, _ way: Way) throws -> [Double] {
        let workload = run.workload
        var source = ParameterSource(seed: 1)
        let layer = Catalog.model(workload.config, from: &source)
        try fill(layer, workload)
        let optimizer = Adam(learningRate: run.learningRate)
        let state = try OptimizerState(layer.parameters, groups: [ParameterGroup(optimizer: optimizer)])
        let options = CompileOptions(convolutionMethod: way.method)
        let step = CompiledFunction(on: CPUBackend(threads: way.threads), options: options) { arguments in
            let pass = Pass(isTraining: true)
            let logits = pass { Self.logits(layer, arguments, hasOneRelu: run.name == "mlp2_one_relu") }
            let loss = workload.loss(logits, classes: arguments[1])
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        let shape = [workload.batchSize] + workload.inputShape
        let x =
            workload.vocabulary.map {
                NamedValues.classes("\(workload)/x", shape.reduce(1, *), of: $0).reshaped(shape)
            } ?? NamedValues.uniform("\(workload)/x", shape, bound: 1)
        let y = NamedValues.classes(
            "\(workload)/y", workload.targetShape.reduce(1, *), of: workload.classes
        ).reshaped(workload.targetShape)
        return try run.losses.indices.map { index in
            let masks = workload == .mlp2 ? [NamedValues.mask("mlp2/mask/\(index)", [workload.batchSize, 256])] : []
            return try step([x, y] + masks)[0].doubles[0]
        }
    }

    /// The model's result; with a mask among the arguments, in place of the dropout before the last layer.
    private static func logits(_ layer: any Layer, _ arguments: [Tensor], hasOneRelu: Bool) -> Tensor {
        guard arguments.count == 3, let mlp = layer as? MLP else { return layer(arguments[0]) }
        let hidden = mlp.layers[1](mlp.layers[0](arguments[0]).relu())
        return mlp.layers[2]((hasOneRelu ? hidden : hidden.relu()) * arguments[2])
    }

    private static func fill(_ layer: any Layer, _ workload: Workload) throws {
        for (path, parameter) in layer.parameters where !path.lowercased().contains("norm") {
            if workload == .lstm {
                let bound: Float = path == "embedding.weight" ? 1 : 0.125
                parameter.assign(NamedValues.uniform("lstm/\(path)", parameter.shape, bound: bound))
                continue
            }
            if workload == .gpt {
                parameter.assign(NamedValues.uniform("gpt/\(path)", parameter.shape, bound: 0.1))
                continue
            }
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
