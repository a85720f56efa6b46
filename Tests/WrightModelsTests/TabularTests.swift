import Foundation
import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// Networks for tables against PyTorch's values (`Golden/make_tabular.py`).
struct TabularTests {
    /// Catches a wave, an order of features or a block that is not the paper's, and a gradient that is wrong.
    @Test(arguments: ["periodic", "resnet"])
    func equalsPyTorch(_ name: String) throws {
        let path = try #require(Bundle.module.url(forResource: "Golden/tabular", withExtension: "json")).path
        let golden = try #require(try JSON.load(path)[name])
        func numbers(_ json: JSON?) -> [Double] { json?.array?.compactMap(\.double) ?? [] }
        func buffer(_ json: JSON) -> Buffer {
            Buffer(numbers(json["data"]).map { Float($0) }, shape: json["shape"]!.array!.map { $0.integer! })
        }
        let values = try #require(golden["values"]?.object)
        var source = ParameterSource(seed: 1)
        let model: any Layer =
            name == "resnet"
            ? TabularResNet(.tiny(), from: &source)
            : PeriodicEmbedding(.init(features: 3, frequencies: 4, dimension: 2), from: &source)
        let parameters = model.parameters
        #expect(Set(parameters.map(\.path) + ["x"]) == Set(values.keys))
        for (path, parameter) in parameters { parameter.assign(buffer(values[path]!)) }
        let weights = numbers(golden["weights"]).map { Float($0) }
        let function = CompiledFunction(on: Interpreter()) { arguments in
            let output = model(arguments[0])
            let loss = (output.flattened() * Tensor(weights)).sum()
            return Trace([output] + loss.gradients(of: [arguments[0]] + parameters.map(\.parameter.value)))
        }
        let found = try function([buffer(values["x"]!)])
        let expected = [golden["output"]] + (["x"] + parameters.map(\.path)).map { golden["gradients"]?[$0] }
        for (one, other) in zip(found, expected) {
            let other = numbers(other)
            #expect(one.count == other.count)
            for (value, wanted) in zip(one.doubles, other) { #expect(abs(value - wanted) < 1e-4 * max(1, abs(wanted))) }
        }
    }

    /// Catches a place that is put elsewhere, heads that are cut otherwise, a norm that is there or missing, a gradient that
    /// is wrong, and steps that lead elsewhere.
    @Test func featureTransformerEqualsPyTorch() throws {
        let path = try #require(Bundle.module.url(forResource: "Golden/tabular", withExtension: "json")).path
        let golden = try #require(try JSON.load(path)["ft-transformer"])
        func numbers(_ json: JSON?) -> [Double] { json?.array?.compactMap(\.double) ?? [] }
        func buffer(_ name: String) throws -> Buffer {
            let json = try #require(golden["values"]?[name])
            return Buffer(numbers(json["data"]).map { Float($0) }, shape: json["shape"]!.array!.map { $0.integer! })
        }
        var config = FTTransformer.Config.tiny()
        (config.categories, config.vectors) = ([3, 2], [3])
        var source = ParameterSource(seed: 1)
        let model = FTTransformer(config, from: &source)
        let parameters = model.parameters
        #expect(Set(parameters.map(\.path) + ["x", "vector"]) == Set(golden["values"]!.object!.keys))
        for (path, parameter) in parameters { parameter.assign(try buffer(path)) }
        let categories = Buffer([0, 4, 1, 2, 2, 3, 1, 1, 0, 4] as [Int32], shape: [5, 2])
        let inputs = [try buffer("x"), categories, try buffer("vector")]
        @Sendable func answer(_ inputs: [Tensor]) -> Tensor {
            model(numbers: inputs[0], categories: model.categories!(inputs[1]), vectors: [inputs[2]])
        }
        let weights = numbers(golden["weights"]).map { Float($0) }
        let function = CompiledFunction(on: CPUBackend(threads: 1)) { inputs in
            let output = answer(inputs)
            let loss = (output.flattened() * Tensor(weights)).sum()
            return Trace(
                [output] + loss.gradients(of: [inputs[0], inputs[2]] + model.parameters.map(\.parameter.value)))
        }
        let names = ["x", "vector"] + parameters.map(\.path)
        let expected = [golden["output"]] + names.map { golden["gradients"]?[$0] }
        for ((one, other), name) in zip(zip(try function(inputs), expected), ["output"] + names) {
            let largest = numbers(other).map(abs).max() ?? 1
            #expect(one.count == numbers(other).count)
            for (value, wanted) in zip(one.doubles, numbers(other)) {
                #expect(abs(value - wanted) < 2e-4 * max(1, largest), "\(name): \(value), PyTorch: \(wanted)")
            }
        }
        let state = try OptimizerState(parameters, groups: [ParameterGroup(optimizer: Adam(learningRate: 0.01))])
        let step = CompiledFunction(on: CPUBackend(threads: 1)) { inputs in
            let pass = Pass(isTraining: true)
            let logits = pass { answer(inputs) }
            let loss = Loss.crossEntropy(logits, classes: inputs[3])
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        #expect(numbers(golden["losses"]).count == 10)
        for (number, truth) in numbers(golden["losses"]).enumerated() {
            let loss = try step(inputs + [Buffer([0, 1, 2, 1, 0] as [Int32])])[0].doubles[0]
            #expect(abs(loss - truth) < 1e-3 * max(truth, 0.1), "step \(number): \(loss), PyTorch: \(truth)")
        }
    }
}
