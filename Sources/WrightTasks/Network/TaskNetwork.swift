import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// What a network reads, all features side by side, and answers.
struct NetworkForm: Hashable, Sendable {
    let inputs: InputShape
    let answers: [OutputShape]
    /// For each answer that goes on with a series its number among them.
    let continued: [Int?]

    init(_ inputs: [any InputFeature], _ outputs: [any OutputFeature], _ config: TaskConfig) {
        self.inputs = inputs.map(\.shape).reduce(into: InputShape()) { all, shape in
            all.continuous += shape.continuous
            all.plain += shape.plain
            all.categories += shape.categories
            all.texts += shape.texts
            all.pictures += shape.pictures
            all.sequences += shape.sequences
            all.series += shape.series
        }
        answers = outputs.map(\.shape)
        let series = zip(config.inputs, inputs).filter { !$0.1.shape.series.isEmpty }.map(\.0.name)
        continued = config.outputs.map { series.firstIndex(of: $0.name) }
    }

    /// A tensor that a network reads.
    enum Input: Hashable, Sendable {
        case continuous, plain, categories
        /// With their place among those of their kind.
        case text(Int)
        case picture(Int)
        case sequence(Int)
        case series(Int)
    }

    /// What a network reads, in this order.
    var order: [Input] {
        (inputs.continuous > 0 ? [.continuous] : []) + (inputs.plain > 0 ? [.plain] : [])
            + (inputs.categories.isEmpty ? [] : [.categories]) + inputs.texts.indices.map { .text($0) }
            + inputs.pictures.indices.map { .picture($0) } + inputs.sequences.indices.map { .sequence($0) }
            + inputs.series.indices.map { .series($0) }
    }

    /// Numbers in an answer.
    var outputs: Int { answers.reduce(0) { $0 + $1.width } }

    var hasColumns: Bool { inputs.continuous + inputs.plain + inputs.categories.count > 0 }
}

/// A network of a task: an encoder for each kind of input, a combiner that joins what they give, and a network that answers
/// all outputs at once. Inputs, each where the form has it: continuous float32 `[n, continuous]`, plain float32 `[n, plain]`,
/// categories int32 `[n, categories]` counted through all of them, for each text int32 `[n, time]`, for each picture
/// `[n, height, width, channels]`, for each sequence int32 `[n, time]`, and for each series float32 `[n, lookback]`. The answer
/// is float32 `[n, outputs]`.
struct TaskNetwork: Module {
    let numbers: PeriodicEmbedding?
    /// The vectors of all categories in one table.
    let categories: Embedding?
    let texts: [TextCNN]
    let pictures: [PictureEncoder]
    let sequences: SequenceEncoder?
    let fusion: any InputCombiner
    /// What joined inputs go through; nil when no answer is of the row as a whole, or ``transformer`` gives it.
    let combiner: (any Layer)?
    /// Reads numbers, categories and what encoders give itself; nil where ``combiner`` does the work.
    let transformer: FTTransformer?
    /// One for each answer of steps.
    let decoders: [StepDecoder]
    /// One for each pair of a lookback and a horizon.
    let forecasters: [Forecaster]
    let windows: [Window]
    let form: NetworkForm

    init(_ form: NetworkForm, _ config: NetworkConfig, from source: inout ParameterSource) {
        self.form = form
        let isTransformer = config.network == .ftTransformer
        let frequencies = config.frequencies(of: form.inputs.continuous)
        numbers =
            form.inputs.continuous > 0 && frequencies > 0 && !isTransformer
            ? PeriodicEmbedding(
                .init(features: form.inputs.continuous, frequencies: frequencies, dimension: config.numberDimension),
                from: &source) : nil
        categories =
            form.inputs.categories.isEmpty || isTransformer
            ? nil
            : Embedding(
                .init(count: form.inputs.categories.reduce(0, +), dimension: config.categoryDimension), from: &source)
        let dropout = config.dropout ?? (form.hasColumns ? 0.3 : 0.5)
        texts = form.inputs.texts.map { text in
            TextCNN(
                .init(
                    vocabulary: text.vocabulary, embedding: config.wordDimension, filters: config.filters,
                    bag: config.bagDimension, dropout: dropout, outputs: 0), from: &source)
        }
        pictures = form.inputs.pictures.map { PictureEncoder($0, config, from: &source) }
        let encoded =
            texts.map(\.config.features) + pictures.map(\.features)
        let columns = [
            numbers?.config.outputs ?? form.inputs.continuous, form.inputs.plain,
            form.inputs.categories.count * (isTransformer ? config.hidden : config.categoryDimension),
        ]
        let widths = (columns + encoded).filter { $0 > 0 }
        let others = widths.reduce(0, +)
        let sequences =
            form.inputs.sequences.isEmpty
            ? nil : SequenceEncoder(form.inputs.sequences, others: others, dropout: dropout, config, from: &source)
        self.sequences = sequences
        let outputs = form.answers.reduce(0) { sum, answer in
            switch answer {
            case .row(let width): sum + width
            case .steps: sum
            // What is known beside the series moves its forecast.
            case .horizon(let width): sum + (others > 0 ? width : 0)
            }
        }
        let last = sequences.map { [$0.features] } ?? []
        if outputs > 0, isTransformer {
            transformer = FTTransformer(
                .init(
                    inputs: form.inputs.continuous + form.inputs.plain, categories: form.inputs.categories,
                    vectors: encoded + last, dimension: config.hidden, heads: CrossAttention.heads(config.hidden),
                    blocks: max(1, config.layers ?? 2), dropout: config.dropout ?? 0.1, outputs: outputs), from: &source
            )
        } else {
            transformer = nil
        }
        fusion =
            outputs == 0 || isTransformer
            ? Concatenation(widths + last) : Self.fusion(config, widths + last, from: &source)
        combiner =
            outputs == 0 || isTransformer
            ? nil
            : Self.combiner(
                form, config, inputs: fusion.outputs, outputs: outputs, dropout: dropout, from: &source)
        decoders = form.answers.compactMap { answer in
            guard case .steps(let maximum, let classes) = answer, let sequences else { return nil }
            return StepDecoder(features: sequences.features, maximum: maximum, classes: classes, from: &source)
        }
        var windows: [Window] = []
        for (answer, series) in zip(form.answers, form.continued) {
            guard case .horizon(let horizon) = answer, let series else { continue }
            let window = Window(lookback: form.inputs.series[series], horizon: horizon)
            if !windows.contains(window) { windows.append(window) }
        }
        self.windows = windows
        forecasters = windows.map {
            Forecaster(config.forecaster, lookback: $0.lookback, horizon: $0.horizon, from: &source)
        }
    }

    struct Window: Hashable, Sendable {
        let lookback: Int
        let horizon: Int
    }

    private static func fusion(
        _ config: NetworkConfig, _ widths: [Int], from source: inout ParameterSource
    ) -> any InputCombiner {
        // One input alone has nothing to be joined with.
        switch widths.count > 1 ? config.combiner : .concat {
        case .concat: Concatenation(widths)
        case .gated: GatedFusion(widths, outputs: config.hidden, from: &source)
        case .attention: CrossAttention(widths, dimension: config.hidden, from: &source)
        }
    }

    private static func combiner(
        _ form: NetworkForm, _ config: NetworkConfig, inputs: Int, outputs: Int, dropout: Double,
        from source: inout ParameterSource
    ) -> any Layer {
        let layers = config.layers ?? (form.hasColumns ? 2 : 0)
        guard layers > 0, config.network == .resnet else {
            return MLP(
                .init(
                    inputs: inputs, hidden: [Int](repeating: config.hidden, count: layers), outputs: outputs,
                    dropout: [dropout]), from: &source)
        }
        return TabularResNet(
            .init(
                inputs: inputs, dimension: config.hidden, hidden: 2 * config.hidden, blocks: layers,
                dropout: dropout, outputs: outputs), from: &source)
    }

    func callAsFunction(_ inputs: [Tensor]) -> Tensor { answer(to: embedded(inputs)) }
}

/// Networks that are asked together.
struct Ensemble: Module {
    let members: [TaskNetwork]
}
