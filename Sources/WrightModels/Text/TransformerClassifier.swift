public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A classifier of token sequences by a Transformer encoder and the mean of what it makes of each token (Vaswani et al.,
/// *Attention is all you need*, 2017). `[batch, time]` of int32, filled up with token 0, to `[batch, outputs]`.
public struct TransformerClassifier: Layer {
    /// The settings of a classifier.
    public struct Config: ModelConfig, Hashable {
        public var vocabulary = 10_000
        public var layers = 2
        public var dimension = 128
        public var heads = 4
        public var hidden = 256
        /// Of the token vectors, in the layers, and before the last layer.
        public var dropout = 0.3
        public var isPreNorm = true
        public var outputs = 2

        public init() {}

        /// Small enough for a test.
        public static func tiny() -> Config {
            var config = Config()
            (config.vocabulary, config.dimension, config.heads, config.hidden) = (11, 12, 3, 16)
            (config.dropout, config.outputs) = (0, 3)
            return config
        }

        public static var architecture: String { "text-transformer" }
        public static var summary: String { "Transformer encoder over token sequences" }
        public static var input: ModelInput { .tokens }
        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("layers", \.layers), .integer("dimension", \.dimension),
                .integer("heads", \.heads), .integer("hidden", \.hidden), .number("dropout", \.dropout, in: 0..<1),
                .flag("isPreNorm", \.isPreNorm), .integer("outputs", \.outputs),
            ]
        }

        public var problems: [Phrase] {
            [.undivided(("heads", heads), ("dimension", dimension)), .odd("dimension", dimension)].compactMap(\.self)
        }

        public func model(from source: inout ParameterSource) -> TransformerClassifier {
            TransformerClassifier(self, from: &source)
        }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.outputs = classes
            return config
        }
    }

    public let config: Config
    public let tokens: Embedding
    public let layers: [TransformerLayer]
    public let norm: LayerNorm
    public let head: Linear

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "TransformerClassifier: \(config.problems.joined().english)")
        self.config = config
        tokens = Embedding(
            .init(
                count: config.vocabulary, dimension: config.dimension, paddingIndex: 0,
                initializer: .normal(deviation: 1 / Double(config.dimension).squareRoot())), from: &source)
        layers = (0..<config.layers).map { _ in
            TransformerLayer(
                .init(
                    attention: .init(dimension: config.dimension, heads: config.heads),
                    feedForward: .init(dimension: config.dimension, hidden: config.hidden, activation: .gelu),
                    isPreNorm: config.isPreNorm, dropout: config.dropout), from: &source)
        }
        norm = LayerNorm(.init(shape: [config.dimension]), from: &source)
        head = Linear(config.dimension, config.outputs, from: &source)
    }

    public func callAsFunction(_ ids: Tensor) -> Tensor {
        precondition(
            ids.rank == 2 && ids.dtype.isInteger,
            "TransformerClassifier: needs whole numbers [batch, time], received \(ids.type)")
        let (lengths, steps) = (TokenPadding.lengths(ids), ids.shape[1])
        let places = SinusoidalPositions(dimension: config.dimension)(Tensor.iota(steps))
        var vectors = Dropout(config.dropout)(tokens(ids) * Double(config.dimension).squareRoot() + places)
        for layer in layers { vectors = layer(vectors, lengths: lengths) }
        // The mean over the tokens that are there; a text without any has the mean of nothing, zeros.
        let isThere = TokenPadding.mask(lengths, steps: steps).expandedAxis(at: 2)
        let sum = Tensor.select(isThere, norm(vectors), .constant(0, vectors.dtype)).sum(along: [1])
        let count = lengths.maximum(.constant(1, .int32)).cast(to: sum.dtype).expandedAxis(at: 1)
        return head(Dropout(config.dropout)(sum / count))
    }
}
