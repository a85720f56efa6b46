public import WrightGraph
public import WrightNN
import WrightRuntime

/// Keeps the weights of the best validation in memory and gives them back to the model when training ends: for short runs,
/// which would spend their time on writing a checkpoint of every best (``Trainer/Checkpoints/keepsBest``).
public final class BestWeights: Callback {
    private let weights: [(name: String, buffer: Buffer)]
    private var best: [Buffer]?

    /// Make it after the trainer, which moves the parameters of `model`.
    public init(of model: some Module) { weights = model.weights }

    public func received(_ event: TrainingEvent) -> Directive {
        switch event {
        case .validated(let report) where report.isBest: best = weights.map(\.buffer.duplicate)
        case .finished:
            for (weight, value) in zip(weights, best ?? []) { weight.buffer.copy(value) }
        default: break
        }
        return .proceed
    }

    public var savedTensors: [(name: String, buffer: Buffer)] {
        zip(weights, best ?? []).map { (name: $0.name, buffer: $1) }
    }

    /// - Throws: ``TrainingError/data(_:)`` when the weights are not those of the model.
    public func restore(_ tensors: [String: Buffer]) throws {
        best = try weights.map { weight in
            guard let saved = tensors[weight.name], saved.type == weight.buffer.type else {
                throw TrainingError.data(Message(.bestWeights, weight.name))
            }
            return saved.duplicate
        }
    }
}
