import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// What a network reads and answers: the shapes of its features, each kind joined.
struct NetworkForm: Hashable, Sendable {
    /// Numbers on a continuous scale in a row.
    var continuous = 0
    /// Numbers that are taken as they are.
    var plain = 0
    /// How many numbers each category may have.
    var categories: [Int] = []
    /// How many tokens each text may have, and how many there are to tell apart.
    var texts: [Text] = []
    /// Numbers in an answer.
    var outputs: Int

    struct Text: Hashable, Sendable {
        var vocabulary: Int
        var maximum: Int
    }

    init(_ shapes: [InputShape], outputs: Int) {
        self.outputs = outputs
        for shape in shapes {
            switch shape {
            case .numbers(let continuous, let plain):
                self.continuous += continuous
                self.plain += plain
            case .category(let size): categories.append(size)
            case .tokens(let vocabulary, let maximum): texts.append(Text(vocabulary: vocabulary, maximum: maximum))
            }
        }
    }

    var isTextOnly: Bool { continuous + plain + categories.count == 0 }
}

/// A network of a task: an encoder for each kind of input, what they give side by side, and a combiner that answers all
/// outputs at once. Inputs, each where the form has it: continuous float32 `[n, continuous]`, plain float32 `[n, plain]`,
/// categories int32 `[n, categories]` counted through all of them, and for each text int32 `[n, time]`. The answer is
/// float32 `[n, outputs]`.
struct TaskNetwork: Module {
    let numbers: PeriodicEmbedding?
    /// The vectors of all categories in one table.
    let categories: Embedding?
    let texts: [TextCNN]
    let combiner: any Layer
    private let form: NetworkForm

    init(_ form: NetworkForm, _ config: NetworkConfig, from source: inout ParameterSource) {
        self.form = form
        numbers =
            form.continuous > 0 && config.frequencies > 0
            ? PeriodicEmbedding(
                .init(
                    features: form.continuous, frequencies: config.frequencies, dimension: config.numberDimension),
                from: &source) : nil
        categories =
            form.categories.isEmpty
            ? nil
            : Embedding(
                .init(count: form.categories.reduce(0, +), dimension: config.categoryDimension), from: &source)
        let dropout = config.dropout ?? (form.isTextOnly ? 0.5 : 0.2)
        texts = form.texts.map { text in
            TextCNN(
                .init(
                    vocabulary: text.vocabulary, embedding: config.wordDimension, filters: config.filters,
                    dropout: dropout, outputs: 0), from: &source)
        }
        let width =
            (numbers?.config.outputs ?? form.continuous) + form.plain
            + form.categories.count * config.categoryDimension
            + texts.reduce(0) { $0 + $1.config.widths.count * $1.config.filters }
        let layers = config.layers ?? (form.isTextOnly ? 0 : 2)
        switch config.combiner {
        case .mlp:
            combiner = MLP(
                .init(
                    inputs: width, hidden: [Int](repeating: config.hidden, count: layers), outputs: form.outputs,
                    dropout: [dropout]), from: &source)
        case .resnet:
            combiner = TabularResNet(
                .init(
                    inputs: width, dimension: config.hidden, hidden: 2 * config.hidden, blocks: max(layers, 1),
                    dropout: dropout, outputs: form.outputs), from: &source)
        }
    }

    func callAsFunction(_ inputs: [Tensor]) -> Tensor {
        var rest = inputs[...]
        var parts: [Tensor] = []
        if form.continuous > 0 {
            let x = rest.removeFirst()
            parts.append(numbers.map { $0(x) } ?? x)
        }
        if form.plain > 0 { parts.append(rest.removeFirst()) }
        if let categories { parts.append(categories(rest.removeFirst()).flattened(from: 1)) }
        for text in texts { parts.append(text(rest.removeFirst())) }
        return combiner(parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 1))
    }
}

/// Networks that are asked together.
struct Ensemble: Module {
    let members: [TaskNetwork]
}
