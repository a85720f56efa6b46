import Foundation
import Testing
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
}
