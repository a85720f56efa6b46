import WrightGraph
public import WrightNN

/// Keeps the weights of the best validation in memory and gives them back to the model when training ends: for short runs
/// that write no checkpoints.
public final class BestWeights: Callback {
    private let buffers: [Buffer]
    private var best: [Buffer]?

    /// Make it after the trainer, which moves the parameters of `model`.
    public init(of model: some Module) { buffers = model.weights.map(\.buffer) }

    public func received(_ event: TrainingEvent) -> Directive {
        switch event {
        case .validated(let report) where report.isBest: best = buffers.map(\.duplicate)
        case .finished:
            for (buffer, value) in zip(buffers, best ?? []) { buffer.copy(value) }
        default: break
        }
        return .proceed
    }
}
