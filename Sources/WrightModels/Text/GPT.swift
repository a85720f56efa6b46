public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A decoder-only Transformer that says which token comes next (Radford et al., *Language models are unsupervised
/// multitask learners*, 2019; with rotary places, RMS norm and SwiGLU: Touvron et al., *LLaMA*, 2023).
/// `[batch, places]` of int32 to logits `[batch, places, vocabulary]`.
public struct GPT: LanguageModel {
    /// How a token's place enters.
    public enum Positions: String, Hashable, Sendable, CaseIterable { case learned, rotary }
    /// What follows attention.
    public enum FeedForwardKind: String, Hashable, Sendable, CaseIterable { case gelu, geluTanh, relu, swiglu }

    /// The settings of a language model; the defaults are GPT-2's smallest.
    public struct Config: ModelConfig, Hashable {
        public var vocabulary = 50_257
        /// The most places of a sequence; only learned positions need a limit.
        public var places = 1024
        public var layers = 12
        public var dimension = 768
        public var heads = 12
        /// Heads of keys and values; they divide `heads`.
        public var keyHeads = 12
        public var hidden = 3072
        public var feedForward = FeedForwardKind.geluTanh
        public var norm = TransformerLayer.Norm.layerNorm
        public var epsilon = 1e-5
        public var positions = Positions.learned
        public var hasBias = true
        public var dropout = 0.0
        /// Whether the output layer is the table of token vectors.
        public var isTied = true

        public init() {}

        /// A small GPT-2.
        public init(vocabulary: Int, places: Int, layers: Int, dimension: Int, heads: Int) {
            self.vocabulary = vocabulary
            self.places = places
            self.layers = layers
            self.dimension = dimension
            self.heads = heads
            keyHeads = heads
            hidden = 4 * dimension
        }

        /// Small enough for a test.
        public static func tiny() -> Config { Config(vocabulary: 11, places: 8, layers: 2, dimension: 12, heads: 3) }

        /// The ways of Llama: rotary positions, RMS norm, SwiGLU, no biases, an output layer of its own.
        public static func llama(
            vocabulary: Int, layers: Int, dimension: Int, heads: Int, keyHeads: Int, hidden: Int, places: Int = 4096
        ) -> Config {
            var config = Config(
                vocabulary: vocabulary, places: places, layers: layers, dimension: dimension, heads: heads)
            (config.keyHeads, config.hidden) = (keyHeads, hidden)
            (config.feedForward, config.norm, config.positions) = (.swiglu, .rmsNorm, .rotary)
            (config.hasBias, config.isTied) = (false, false)
            return config
        }

        public static var architecture: String { "gpt" }
        public static var summary: String { "decoder-only Transformer" }
        public static var input: ModelInput { .tokens }
        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("places", \.places), .integer("layers", \.layers),
                .integer("dimension", \.dimension), .integer("heads", \.heads), .integer("keyHeads", \.keyHeads),
                .integer("hidden", \.hidden), .choice("feedForward", \.feedForward), .choice("norm", \.norm),
                .number("epsilon", \.epsilon, in: 0..<1), .choice("positions", \.positions),
                .flag("hasBias", \.hasBias),
                .number("dropout", \.dropout, in: 0..<1), .flag("isTied", \.isTied),
            ]
        }

        public var problems: [Phrase] {
            var found: [Phrase] = [
                .undivided(("heads", heads), ("dimension", dimension)),
                .undivided(("keyHeads", keyHeads), ("heads", heads)),
            ].compactMap(\.self)
            if positions == .rotary, dimension / heads % 2 != 0 {
                found.append(
                    Phrase(
                        "rotary positions need an even number of elements in a head, not \(dimension / heads)",
                        "旋转位置编码要求每个头的维数为偶数，而不是 \(dimension / heads)"))
            }
            return found
        }

        public func model(from source: inout ParameterSource) -> GPT { GPT(self, from: &source) }

        /// The classes are the tokens; text has no image size.
        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.vocabulary = classes
            return config
        }

        /// Weights start as GPT-2's: those that add to the shortcuts smaller, by the root of how many do.
        var layer: TransformerLayer.Config {
            let first = Initializer.normal(deviation: 0.02)
            let last = Initializer.normal(deviation: 0.02 / (2 * Double(layers)).squareRoot())
            let activation: Activation =
                switch feedForward {
                case .gelu: .gelu
                case .geluTanh: .geluTanh
                case .relu: .relu
                case .swiglu: .silu
                }
            return TransformerLayer.Config(
                attention: .init(
                    dimension: dimension, heads: heads, keyHeads: keyHeads, isCausal: true, hasBias: hasBias,
                    rotary: positions == .rotary ? RotaryEmbedding() : nil, weightInitializer: first,
                    outputInitializer: last),
                feedForward: .init(
                    dimension: dimension, hidden: hidden, activation: activation, isGated: feedForward == .swiglu,
                    hasBias: hasBias, weightInitializer: first, outputInitializer: last, biasInitializer: .zeros),
                norm: norm, epsilon: epsilon, isPreNorm: true, dropout: dropout)
        }
    }

    public let config: Config
    public let tokens: Embedding
    /// `[places, dimension]`.
    public let positions: Parameter?
    public let layers: [TransformerLayer]
    public let norm: SequenceNorm
    public let output: Linear?

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "GPT: \(config.problems.joined().english)")
        self.config = config
        let initializer = Initializer.normal(deviation: 0.02)
        tokens = Embedding(
            .init(count: config.vocabulary, dimension: config.dimension, initializer: initializer), from: &source)
        positions =
            config.positions == .learned ? source.parameter([config.places, config.dimension], initializer) : nil
        layers = (0..<config.layers).map { _ in TransformerLayer(config.layer, from: &source) }
        norm = SequenceNorm(config.norm, dimension: config.dimension, epsilon: config.epsilon, from: &source)
        output =
            config.isTied
            ? nil
            : Linear(
                .init(
                    inputs: config.dimension, outputs: config.vocabulary, hasBias: false,
                    weightInitializer: initializer), from: &source)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.rank == 2 && x.dtype.isInteger && (positions == nil || x.shape[1] <= config.places),
            "GPT: needs whole numbers [batch, up to \(config.places) places], received \(x.type)")
        var vectors = tokens(x)
        if let positions { vectors = vectors + positions.value[0..<x.shape[1]] }
        vectors = Dropout(config.dropout)(vectors)
        for layer in layers { vectors = layer(vectors) }
        return logits(vectors)
    }

    private func logits(_ vectors: Tensor) -> Tensor {
        let vectors = norm(vectors)
        return output?(vectors) ?? vectors.matmul(tokens.weight.value.transposed())
    }

    // MARK: One token at a time

    public var context: Int? { config.places }

    public func caches(batch: Int) -> [KeyValueCache] {
        layers.map { $0.attention.cache(batch: batch, capacity: config.places) }
    }

    public func states(of caches: [KeyValueCache]) -> [Variable] { caches.flatMap { [$0.keys, $0.values] } }

    public func next(_ ids: Tensor, at position: Tensor, _ caches: [KeyValueCache]) -> Tensor {
        var vectors = tokens(ids).expandedAxis(at: 1)
        if let positions { vectors = vectors + positions.value.gather(position.reshaped([1])) }
        for (layer, cache) in zip(layers, caches) { vectors = layer(vectors, at: position, cache) }
        return logits(vectors).squeezed(along: [1])
    }
}
