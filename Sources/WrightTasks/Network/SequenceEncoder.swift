import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// What all sequences of a row say of each step, added up, read by an LSTM: in both directions, unless a sequence is shifted
/// and nothing may look ahead.
struct SequenceEncoder: Module {
    let embeddings: [Embedding]
    /// What the other inputs of a row say, added to each step; nil without others.
    let context: Linear?
    let recurrent: LSTM
    private let dropout: Double

    /// `others` are the numbers that stand for other inputs.
    init(
        _ sequences: [InputShape.Sequence], others: Int, dropout: Double, _ config: NetworkConfig,
        from source: inout ParameterSource
    ) {
        embeddings = sequences.map {
            Embedding(.init(count: $0.vocabulary, dimension: config.itemDimension), from: &source)
        }
        context = others > 0 ? Linear(others, config.itemDimension, from: &source) : nil
        recurrent = LSTM(
            .init(
                inputs: config.itemDimension, hidden: config.memory,
                isBidirectional: sequences.allSatisfy(\.looksAhead)), from: &source)
        self.dropout = dropout
    }

    /// Numbers in a state.
    var features: Int { recurrent.stack.config.outputs }

    /// The states after all steps, `[n, time, features]`, and after the last, `[n, features]`. `items` are the vectors of
    /// ``embeddings``, `[time, n, dimension]` each, of which `lengths`, int32 `[n]`, are steps.
    func callAsFunction(_ items: [Tensor], lengths: Tensor, others: Tensor?) -> (steps: Tensor, last: Tensor) {
        var vectors = items.dropFirst().reduce(items[0]) { $0 + $1 }
        if let context, let others { vectors = vectors + context(others).expandedAxis(at: 0) }
        let result = recurrent.stack.timeFirst(Dropout(dropout)(vectors), lengths: lengths)
        return (Dropout(dropout)(result.outputs.permuted([1, 0, 2])), result.lastState)
    }
}

/// The classes of all steps from their states.
struct StepDecoder: Module {
    let head: Linear
    private let maximum: Int

    init(features: Int, maximum: Int, classes: Int, from source: inout ParameterSource) {
        head = Linear(features, classes, from: &source)
        self.maximum = maximum
    }

    /// `[n, maximum · classes]`. Outside of training, steps that are not there are not numbers, so that nobody takes them
    /// for an answer.
    func callAsFunction(_ steps: Tensor, lengths: Tensor) -> Tensor {
        var answer = head(steps)
        let (count, time, classes) = (answer.shape[0], answer.shape[1], answer.shape[2])
        if !Pass.isTraining {
            let isStep = TokenPadding.mask(lengths, steps: time).expandedAxis(at: 2)
            answer = Tensor.select(isStep, answer, .constant(.nan, answer.dtype))
        }
        let fill = Pass.isTraining ? 0 : Double.nan
        answer =
            time < maximum
            ? answer.padded([(0, 0), (0, maximum - time), (0, 0)], value: fill)
            : answer.sliced(from: [0, 0, 0], sizes: [count, maximum, classes])
        return answer.reshaped([count, maximum * classes])
    }
}
