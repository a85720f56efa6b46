import Foundation
import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// Ten steps of Adam of each small text model, from PyTorch's weights: the losses must be PyTorch's.
@Suite("Ten steps of text models equal PyTorch's")
struct TextTenStepTests {
    struct Run: Sendable, CustomStringConvertible {
        let model: String
        let learningRate: Double
        let x: Buffer
        let y: Buffer
        let losses: [Double]
        var description: String { model }
    }

    static let runs: [Run] = {
        func numbers(_ json: JSON?) -> Buffer? {
            guard let array = json?.array else { return nil }
            let rows = array.map { $0.array?.compactMap(\.integer) ?? [$0.integer ?? 0] }
            let shape = array.first?.array == nil ? [rows.count] : [rows.count, rows[0].count]
            return Buffer(rows.flatMap { $0.map { Int32($0) } }, shape: shape)
        }
        do {
            let file = try JSON.load(Bundle.module.bundlePath + "/Golden/text_losses.json")
            return (file["runs"]?.array ?? []).compactMap { run in
                guard let model = run["model"]?.string, let rate = run["learningRate"]?.double,
                    let x = numbers(run["x"]), let y = numbers(run["y"]),
                    let losses = run["losses"]?.array?.compactMap(\.double)
                else { return nil }
                return Run(model: model, learningRate: rate, x: x, y: y, losses: losses)
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test func everySmallModelHasARun() {
        #expect(Self.runs.map(\.model) == ["text-cnn", "lstm-language-model", "text-transformer", "translator"])
    }

    /// Catches a model that differs from its paper, and whatever else moves a step of it away from the truth.
    @Test(arguments: runs)
    func lossesArePyTorchs(_ run: Run) throws {
        var source = ParameterSource(seed: 1)
        let config: any ModelConfig =
            switch run.model {
            case "text-cnn": TextCNN.Config.tiny()
            case "lstm-language-model": LSTMLanguageModel.Config.tiny()
            case "text-transformer": TransformerClassifier.Config.tiny()
            default: Translator.Config.tiny()
            }
        let model = Catalog.module(config, from: &source)
        for (path, parameter) in model.parameters where !path.lowercased().contains("norm") {
            parameter.assign(NamedValues.uniform("\(run.model)/\(path)", parameter.shape, bound: 0.3))
        }
        let state = try OptimizerState(
            model.parameters, groups: [ParameterGroup(optimizer: Adam(learningRate: run.learningRate))])
        let step = CompiledFunction(on: CPUBackend()) { arguments in
            let pass = Pass(isTraining: true)
            let loss = pass { Self.loss(model, arguments[0], arguments[1]) }
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        #expect(run.losses.count == 10)
        for (index, truth) in run.losses.enumerated() {
            let loss = try step([run.x, run.y])[0].doubles[0]
            #expect(abs(loss - truth) <= 1e-5 * truth, "step \(index): \(loss), PyTorch: \(truth)")
        }
    }

    private static func loss(_ model: any Module, _ x: Tensor, _ y: Tensor) -> Tensor {
        if let translator = model as? Translator {
            let parts = x.split(sizes: [5, 6], along: 1)
            return Loss.crossEntropy(translator(parts[0], parts[1]), classes: y, labelSmoothing: 0.1, ignoring: 0)
        }
        guard let layer = model as? any Layer else { preconditionFailure("no loss for \(type(of: model))") }
        return Loss.crossEntropy(layer(x), classes: y)
    }
}
