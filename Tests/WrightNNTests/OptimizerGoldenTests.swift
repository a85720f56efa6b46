import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Ten steps of every optimizer over given gradients, against PyTorch.
@Suite("Optimizers equal PyTorch's")
struct OptimizerGoldenTests {
    static let cases = GoldenFiles.cases("optimizers")

    @Test(arguments: cases.filter { !$0.kind.hasPrefix("clip") }, TestedBackend.allCases)
    func followsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let file = try #require(golden.file)
        let names = golden.names("parameters")
        let parameters = try names.map { ($0, Parameter(try file.tensor("initial/\($0)"))) }
        let excluded = golden.config["weightDecayExcludes"]?.array?.compactMap(\.string) ?? []
        let groups = [
            ParameterGroup("plain", optimizer: Self.optimizer(golden, decays: false)) { path, _ in
                excluded.contains(path)
            },
            ParameterGroup(optimizer: Self.optimizer(golden, decays: true)),
        ]
        let state = try OptimizerState(parameters.map { (path: $0.0, parameter: $0.1) }, groups: groups)
        // The gradients of Σ p · g are g, whatever the parameters are.
        let step = CompiledFunction(on: tested.backend) { arguments in
            let terms = zip(parameters, arguments).map { ($0.1.value * $1).sum() }
            let gradients = try state.gradients(of: terms.dropFirst().reduce(terms[0], +))
            return Trace([], assigning: state.update(gradients, rateFactor: arguments[names.count]))
        }
        let noise = golden.manifest["float32Error"]!.object!
        for (place, rate) in golden.numbers("learningRates").enumerated() {
            let gradients = try names.map { try file.tensor("gradients/\($0)").rows(place..<place + 1) }
            _ = try step(
                zip(gradients, parameters).map { $0.reshaped($1.1.shape) } + [Buffer([Float(rate)], shape: [])])
            for (name, parameter) in parameters {
                let expected = try golden.tensor("trajectory/\(name)").rows(place..<place + 1).doubles
                // Parameters and moments are kept in float32, so even exact steps drift by its roundings.
                let allowed = 4 * (noise[name]?.double ?? 0) + 1e-6
                #expect(
                    Tolerance(relative: 0, absolute: allowed).failures(parameter.buffer.doubles, expected) == [],
                    "step \(place), \(name)")
            }
        }
    }

    /// The rate is 1, so that the factor is the case's rate.
    private static func optimizer(_ golden: GoldenCase, decays: Bool) -> any Optimizer {
        let config = golden.config
        func number(_ key: String, _ standard: Double = 0) -> Double { config[key]?.double ?? standard }
        func isTrue(_ key: String) -> Bool { config[key]?.bool ?? false }
        let rate = decays ? number("weightDecay") : 0
        let decay = WeightDecay(l1: number("l1"), l2: rate)
        switch golden.kind {
        case "SGD":
            return SGD(
                learningRate: 1, momentum: number("momentum"), isNesterov: isTrue("nesterov"), weightDecay: decay)
        case "Adam":
            return Adam(
                learningRate: 1, beta1: number("beta1"), beta2: number("beta2"), epsilon: number("epsilon"),
                weightDecay: decay)
        case "AdamW":
            return AdamW(
                learningRate: 1, beta1: number("beta1"), beta2: number("beta2"), epsilon: number("epsilon"),
                weightDecay: rate)
        case "RMSprop":
            return RMSprop(
                learningRate: 1, decay: number("alpha"), epsilon: number("epsilon"), momentum: number("momentum"),
                isCentered: isTrue("centered"), weightDecay: decay)
        case "Adagrad":
            return Adagrad(
                learningRate: 1, initialSum: number("initialAccumulator"), epsilon: number("epsilon"),
                weightDecay: decay)
        case "Lion":
            return Lion(
                learningRate: 1, beta1: number("beta1"), beta2: number("beta2"), weightDecay: .decoupled(rate))
        default: preconditionFailure("no optimizer for \(golden.kind)")
        }
    }

    @Test(arguments: cases.filter { $0.kind.hasPrefix("clip") }, TestedBackend.allCases)
    func clipsAsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let file = try #require(golden.file)
        let names = golden.names("parameters")
        let gradients = try names.map { name in
            let first = try file.tensor("gradients/\(name)").rows(0..<1)
            return Tensor(first).flattened()
        }
        let limit = golden.config["maximum"]!.double!
        let clipping = golden.kind == "clipNorm" ? GradientClipping.norm(limit) : .value(limit)
        let (clipped, norm) = clipping(gradients)
        let results = try tested.backend.compile(Graph(clipped + [norm])).run([])
        let tolerance = Tolerance(relative: 1e-6)
        for (result, name) in zip(results, names) {
            #expect(tolerance.failures(result.doubles, try golden.tensor("clipped/\(name)").doubles) == [])
        }
        if let total = golden.config["totalNorm"]?.double {
            #expect(tolerance.failures(results[names.count].doubles, [total]) == [])
        }
    }
}
