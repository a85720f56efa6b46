public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A transformer over the features of a row (Gorishniy et al., *Revisiting deep learning models for tabular data*, 2021):
/// every number is a learned vector times itself, every category a vector of its own, and a last place that answers looks at
/// all of them. As there, the first block does not normalise before attention, and in the last only the answering place
/// looks around; attention itself has no dropout. `[batch, inputs]` to `[batch, outputs]`.
public struct FTTransformer: Layer {
    /// The settings of a transformer over features.
    public struct Config: RowModelConfig, Hashable {
        /// Numbers in one example.
        public var inputs: Int
        /// How many whole numbers each category has; they are counted through all categories.
        public var categories: [Int]
        /// Lengths of vectors that are places too: what other networks say of texts or pictures.
        public var vectors: [Int]
        /// Numbers of each place; `heads` divides it.
        public var dimension: Int
        public var heads: Int
        public var blocks: Int
        /// The dropout rate inside of the blocks' feed-forward layers.
        public var dropout: Double
        public var outputs: Int

        public init(
            inputs: Int = 32, categories: [Int] = [], vectors: [Int] = [], dimension: Int = 64, heads: Int = 8,
            blocks: Int = 3, dropout: Double = 0.1, outputs: Int = 2
        ) {
            self.inputs = inputs
            self.categories = categories
            self.vectors = vectors
            self.dimension = dimension
            self.heads = heads
            self.blocks = blocks
            self.dropout = dropout
            self.outputs = outputs
        }

        public init() { self.init(inputs: 32) }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(inputs: 4, dimension: 8, heads: 2, blocks: 2, dropout: 0, outputs: 3)
        }

        public static var architecture: String { "ft-transformer" }
        public static var summary: String { "transformer over the features of rows" }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("inputs", \.inputs, atLeast: 0), .integers("categories", \.categories),
                .integers("vectors", \.vectors), .integer("dimension", \.dimension), .integer("heads", \.heads),
                .integer("blocks", \.blocks), .number("dropout", \.dropout, in: 0..<1), .integer("outputs", \.outputs),
            ]
        }

        public var problems: [Phrase] {
            [.undivided(("heads", heads), ("dimension", dimension))].compactMap(\.self)
        }

        public func model(from source: inout ParameterSource) -> FTTransformer { FTTransformer(self, from: &source) }
    }

    public let config: Config
    /// The vector of each number, and what is added, `[inputs, dimension]`; nil without numbers.
    public let weight: Parameter?
    public let bias: Parameter?
    /// The vectors of all categories in one table; nil without any.
    public let categories: Embedding?
    /// What is added to the vector of each category, `[categories, dimension]`.
    public let categoryBias: Parameter?
    /// One for each vector that is a place.
    public let projections: [Linear]
    /// The place that answers, `[dimension]`.
    public let answer: Parameter
    public let blocks: [FeatureBlock]
    public let norm: LayerNorm
    public let head: Linear

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "FTTransformer: \(config.problems.joined().english)")
        self.config = config
        let dimension = config.dimension
        let bound = 1 / Double(dimension).squareRoot()
        func vectors(_ count: Int) -> Parameter? {
            count > 0 ? source.parameter([count, dimension], .uniform(-bound...bound)) : nil
        }
        weight = vectors(config.inputs)
        bias = vectors(config.inputs)
        categories =
            config.categories.isEmpty
            ? nil
            : Embedding(
                .init(
                    count: config.categories.reduce(0, +), dimension: dimension, initializer: .uniform(-bound...bound)),
                from: &source)
        categoryBias = vectors(config.categories.count)
        projections = config.vectors.map { Linear($0, dimension, from: &source) }
        answer = source.parameter([dimension], .uniform(-bound...bound))
        blocks = (0..<config.blocks).map {
            FeatureBlock(config, isFirst: $0 == 0, isLast: $0 == config.blocks - 1, from: &source)
        }
        norm = LayerNorm(.init(shape: [dimension]), from: &source)
        head = Linear(dimension, config.outputs, from: &source)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        self(numbers: x.flattened(from: 1), categories: nil, vectors: [])
    }

    /// `numbers` are float32 `[batch, inputs]`, `categories` vectors of the table of ``categories``,
    /// `[batch, categories, dimension]`, and `vectors` float32 `[batch, length]` each; nil and empty where the config has none.
    public func callAsFunction(numbers: Tensor?, categories: Tensor?, vectors: [Tensor]) -> Tensor {
        precondition(
            (numbers?.shape[1] ?? 0) == config.inputs && (categories?.shape[1] ?? 0) == config.categories.count
                && vectors.map { $0.shape[1] } == config.vectors,
            "FTTransformer: needs \(config.inputs) numbers, \(config.categories.count) categories and vectors of "
                + "\(config.vectors), received \(numbers.map { "\($0.type)" } ?? "none"), "
                + "\(categories.map { "\($0.type)" } ?? "none") and \(vectors.map(\.type))")
        var places: [Tensor] = []
        if let numbers, let weight, let bias {
            places.append(numbers.expandedAxis(at: 2) * weight.value + bias.value)
        }
        if let categories, let categoryBias { places.append(categories + categoryBias.value) }
        places += zip(projections, vectors).map { $0($1).expandedAxis(at: 1) }
        let count = places.first?.shape[0] ?? 1
        places.insert(answer.value.broadcast(to: [count, 1, config.dimension]), at: 0)
        var x = Tensor.concatenated(places, along: 1)
        for block in blocks { x = block(x) }
        return head(norm(x.squeezed(along: [1])).relu())
    }
}

/// Attention between places and a gated feed-forward layer, each added to what it is given.
public struct FeatureBlock: Layer {
    /// nil in the first block.
    public let attentionNorm: LayerNorm?
    public let attention: MultiHeadAttention
    public let feedForwardNorm: LayerNorm
    public let feedForward: FeedForward
    private let dropout: Double
    /// Whether only the first place goes on.
    private let isLast: Bool

    init(_ config: FTTransformer.Config, isFirst: Bool, isLast: Bool, from source: inout ParameterSource) {
        let dimension = config.dimension
        attentionNorm = isFirst ? nil : LayerNorm(.init(shape: [dimension]), from: &source)
        attention = MultiHeadAttention(.init(dimension: dimension, heads: config.heads), from: &source)
        feedForwardNorm = LayerNorm(.init(shape: [dimension]), from: &source)
        feedForward = FeedForward(
            .init(dimension: dimension, hidden: dimension * 4 / 3, activation: .relu, isGated: true), from: &source)
        dropout = config.dropout
        self.isLast = isLast
    }

    /// `[batch, places, dimension]` to the same, or in the last block to `[batch, 1, dimension]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let normal = attentionNorm.map { $0(x) } ?? x
        func first(_ x: Tensor) -> Tensor { x.sliced(from: [0, 0, 0], sizes: [x.shape[0], 1, x.shape[2]]) }
        let seen = isLast ? first(x) + attention(first(normal), memory: normal) : x + attention(normal)
        let inner = feedForwardNorm(seen)
        let gated = feedForward.expansion(inner).relu() * feedForward.gate!(inner)
        return seen + feedForward.output(Dropout(dropout)(gated))
    }
}
