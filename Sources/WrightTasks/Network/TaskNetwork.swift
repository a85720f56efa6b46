import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// What a network reads, all features side by side, and answers.
struct NetworkForm: Hashable, Sendable {
    let inputs: InputShape
    /// Numbers in an answer.
    let outputs: Int

    init(_ shapes: [InputShape], outputs: Int) {
        self.outputs = outputs
        inputs = shapes.reduce(into: InputShape()) { all, shape in
            all.continuous += shape.continuous
            all.plain += shape.plain
            all.categories += shape.categories
            all.texts += shape.texts
            all.pictures += shape.pictures
        }
    }

    var hasColumns: Bool { inputs.continuous + inputs.plain + inputs.categories.count > 0 }
}

/// A network of a task: an encoder for each kind of input, what they give side by side, and a combiner that answers all
/// outputs at once. Inputs, each where the form has it: continuous float32 `[n, continuous]`, plain float32 `[n, plain]`,
/// categories int32 `[n, categories]` counted through all of them, for each text int32 `[n, time]`, and for each picture
/// `[n, height, width, channels]`. The answer is float32 `[n, outputs]`.
struct TaskNetwork: Module {
    let numbers: PeriodicEmbedding?
    /// The vectors of all categories in one table.
    let categories: Embedding?
    let texts: [TextCNN]
    let pictures: [PictureEncoder]
    let combiner: any Layer
    private let form: NetworkForm

    init(_ form: NetworkForm, _ config: NetworkConfig, from source: inout ParameterSource) {
        self.form = form
        numbers =
            form.inputs.continuous > 0 && config.frequencies > 0
            ? PeriodicEmbedding(
                .init(
                    features: form.inputs.continuous, frequencies: config.frequencies, dimension: config.numberDimension
                ),
                from: &source) : nil
        categories =
            form.inputs.categories.isEmpty
            ? nil
            : Embedding(
                .init(count: form.inputs.categories.reduce(0, +), dimension: config.categoryDimension), from: &source)
        let dropout = config.dropout ?? (form.hasColumns ? 0.3 : 0.5)
        texts = form.inputs.texts.map { text in
            TextCNN(
                .init(
                    vocabulary: text.vocabulary, embedding: config.wordDimension, filters: config.filters,
                    dropout: dropout, outputs: 0), from: &source)
        }
        pictures = form.inputs.pictures.map { PictureEncoder($0, config, from: &source) }
        let width =
            (numbers?.config.outputs ?? form.inputs.continuous) + form.inputs.plain
            + form.inputs.categories.count * config.categoryDimension
            + texts.reduce(0) { $0 + $1.config.widths.count * $1.config.filters }
            + pictures.reduce(0) { $0 + $1.features }
        let layers = config.layers ?? (form.hasColumns ? 2 : 0)
        if layers > 0, config.combiner == .resnet {
            combiner = TabularResNet(
                .init(
                    inputs: width, dimension: config.hidden, hidden: 2 * config.hidden, blocks: layers,
                    dropout: dropout, outputs: form.outputs), from: &source)
        } else {
            combiner = MLP(
                .init(
                    inputs: width, hidden: [Int](repeating: config.hidden, count: layers), outputs: form.outputs,
                    dropout: [dropout]), from: &source)
        }
    }

    func callAsFunction(_ inputs: [Tensor]) -> Tensor {
        var rest = inputs[...]
        var parts: [Tensor] = []
        if form.inputs.continuous > 0 {
            let x = rest.removeFirst()
            parts.append(numbers.map { $0(x) } ?? x)
        }
        if form.inputs.plain > 0 { parts.append(rest.removeFirst()) }
        if let categories { parts.append(categories(rest.removeFirst()).flattened(from: 1)) }
        for text in texts { parts.append(text(rest.removeFirst())) }
        for picture in pictures { parts.append(picture(rest.removeFirst())) }
        return combiner(parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 1))
    }
}

/// Networks that are asked together.
struct Ensemble: Module {
    let members: [TaskNetwork]
}
