import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Losses against PyTorch: values and gradients, with each way of reducing, at certainty and far out.
@Suite("Losses equal PyTorch's")
struct LossGoldenTests {
    @Test(arguments: GoldenFiles.cases("losses"), TestedBackend.allCases)
    func equalsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let failures = try golden.failures(on: tested.backend) { Self.loss(golden, $0) }
        #expect(failures == [])
    }

    private static func loss(_ golden: GoldenCase, _ values: [String: Tensor]) -> Tensor {
        let config = golden.config
        func number(_ key: String) -> Double { config[key]!.double! }
        func tensor(_ key: String) -> Tensor { values[key]! }
        let word = config["reduction"]!.string!
        let reduction = word == "batchmean" ? .batchMean : Loss.Reduction(rawValue: word)!
        let smoothing = config["labelSmoothing"]?.double ?? 0
        switch golden.kind {
        case "meanSquaredError":
            return Loss.meanSquaredError(tensor("prediction"), target: tensor("target"), reduction: reduction)
        case "meanAbsoluteError":
            return Loss.meanAbsoluteError(tensor("prediction"), target: tensor("target"), reduction: reduction)
        case "huber":
            return Loss.huber(
                tensor("prediction"), target: tensor("target"), delta: number("delta"), reduction: reduction)
        case "smoothL1":
            return Loss.smoothL1(
                tensor("prediction"), target: tensor("target"), beta: number("beta"), reduction: reduction)
        case "gaussianNegativeLogLikelihood":
            return Loss.gaussianNegativeLogLikelihood(
                tensor("prediction"), target: tensor("target"), variance: tensor("variance"),
                isFull: config["full"]!.bool!, epsilon: number("epsilon"), reduction: reduction)
        case "crossEntropy":
            return Loss.crossEntropy(
                tensor("logits"), classes: tensor("classes"), weights: values["classWeights"],
                labelSmoothing: smoothing, ignoring: config["ignoreIndex"]?.integer, reduction: reduction)
        case "softCrossEntropy":
            return Loss.crossEntropy(
                tensor("logits"), probabilities: tensor("probabilities"), weights: values["classWeights"],
                labelSmoothing: smoothing, reduction: reduction)
        case "klDivergence":
            return Loss.klDivergence(
                tensor("logProbabilities"), target: tensor("target"), isLogTarget: config["logTarget"]!.bool!,
                reduction: reduction)
        case "binaryCrossEntropyWithLogits":
            return Loss.binaryCrossEntropy(
                logits: tensor("logits"), target: tensor("target"), positiveWeight: values["positiveWeight"],
                reduction: reduction)
        case "binaryCrossEntropy":
            return Loss.binaryCrossEntropy(
                probabilities: tensor("probabilities"), target: tensor("target"), reduction: reduction)
        case "focal":
            return Loss.focal(
                logits: tensor("logits"), target: tensor("target"), alpha: config["alpha"]?.double,
                gamma: number("gamma"), reduction: reduction)
        default: return margin(golden, values, reduction)
        }
    }

    private static func margin(
        _ golden: GoldenCase, _ values: [String: Tensor], _ reduction: Loss.Reduction
    ) -> Tensor {
        func tensor(_ key: String) -> Tensor { values[key]! }
        let margin = golden.config["margin"]!.double!
        switch golden.kind {
        case "hinge":
            return Loss.hinge(tensor("prediction"), target: tensor("target"), margin: margin, reduction: reduction)
        case "hingeEmbedding":
            return Loss.hingeEmbedding(
                tensor("prediction"), target: tensor("target"), margin: margin, reduction: reduction)
        case "multiClassHinge":
            return Loss.multiClassHinge(
                tensor("prediction"), classes: tensor("classes"), margin: margin,
                power: golden.config["power"]!.integer!, reduction: reduction)
        case "tripletMargin":
            return Loss.tripletMargin(
                anchor: tensor("anchor"), positive: tensor("positive"), negative: tensor("negative"), margin: margin,
                epsilon: golden.config["epsilon"]!.double!, reduction: reduction)
        case "cosineEmbedding":
            return Loss.cosineEmbedding(
                tensor("first"), tensor("second"), target: tensor("target"), margin: margin, reduction: reduction)
        default: preconditionFailure("no loss for \(golden.kind)")
        }
    }

    /// Catches a class outside the range that would silently count as a loss of zero.
    @Test func aClassThatIsNoneGivesNaN() throws {
        let logits = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let losses = Loss.crossEntropy(logits, classes: Tensor([0, 2] as [Int32]), reduction: .none)
        let values = try losses.evaluate(on: Interpreter()).doubles
        #expect(values[0].isFinite && values[1].isNaN)
    }
}
