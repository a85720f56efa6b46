import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Activations against PyTorch: in their middle, at their bends and where naive formulas overflow.
@Suite("Activations equal PyTorch's")
struct ActivationGoldenTests {
    @Test(arguments: GoldenFiles.cases("activations"), TestedBackend.allCases)
    func equalsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let config = golden.config
        let failures = try golden.failures(on: tested.backend) { values in
            let x = values["x"]!
            if let activation = Activation.allCases.first(where: {
                $0.rawValue.lowercased() == golden.kind.lowercased()
            }),
                config.object!.isEmpty || golden.kind.hasPrefix("gelu")
            {
                return activation(x)
            }
            switch golden.kind {
            case "leakyReLU": return x.leakyRelu(slope: config["slope"]!.double!)
            case "elu": return x.elu(alpha: config["alpha"]!.double!)
            case "hardTanh": return x.hardtanh(minimum: config["minimum"]!.double!, maximum: config["maximum"]!.double!)
            case "softmax": return x.softmax(along: config["axis"]!.integer!)
            case "logSoftmax": return x.logSoftmax(along: config["axis"]!.integer!)
            case "glu": return x.glu(along: config["axis"]!.integer!)
            case "PReLU": return x.prelu(weight: values["weight"]!)
            default: preconditionFailure("no activation for \(golden.kind)")
            }
        }
        #expect(failures == [])
    }
}
