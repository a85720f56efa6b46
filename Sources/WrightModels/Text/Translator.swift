public import WrightGraph
public import WrightNN
public import WrightRuntime

/// An encoder–decoder Transformer (Vaswani et al., *Attention is all you need*, 2017; normalisation first: Xiong et al.,
/// 2020). One vocabulary for both languages; token 0 fills up rows that end earlier.
public struct Translator: Module {
    /// The settings of a translator; the defaults are a small one.
    public struct Config: ModelConfig, Hashable {
        public var vocabulary = 8000
        /// The most tokens of a source or a translation.
        public var places = 128
        /// Layers of the encoder, and as many of the decoder.
        public var layers = 3
        public var dimension = 256
        public var heads = 4
        public var hidden = 1024
        public var dropout = 0.1
        public var isPreNorm = true
        /// Whether the output layer is the table of token vectors.
        public var isTied = true

        public init() {}

        /// Small enough for a test.
        public static func tiny() -> Config {
            var config = Config()
            (config.vocabulary, config.places, config.layers) = (11, 8, 2)
            (config.dimension, config.heads, config.hidden, config.dropout) = (12, 3, 16, 0)
            return config
        }

        public static var architecture: String { "translator" }
        public static var summary: String { "encoder–decoder Transformer" }
        public static var input: ModelInput { .pairs }
        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("places", \.places), .integer("layers", \.layers),
                .integer("dimension", \.dimension), .integer("heads", \.heads), .integer("hidden", \.hidden),
                .number("dropout", \.dropout, in: 0..<1), .flag("isPreNorm", \.isPreNorm), .flag("isTied", \.isTied),
            ]
        }

        public var problems: [Phrase] {
            [.undivided(("heads", heads), ("dimension", dimension)), .odd("dimension", dimension)].compactMap(\.self)
        }

        public func model(from source: inout ParameterSource) -> Translator { Translator(self, from: &source) }

        /// The classes are the tokens; text has no image size.
        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.vocabulary = classes
            return config
        }

        func layer(isDecoder: Bool) -> TransformerLayer.Config {
            TransformerLayer.Config(
                attention: .init(
                    dimension: dimension, heads: heads, isCausal: isDecoder, weightInitializer: .xavier(),
                    outputInitializer: .xavier()),
                feedForward: .init(
                    dimension: dimension, hidden: hidden, weightInitializer: .xavier(), outputInitializer: .xavier(),
                    biasInitializer: .zeros),
                isPreNorm: isPreNorm, dropout: dropout, hasCrossAttention: isDecoder)
        }
    }

    public let config: Config
    public let tokens: Embedding
    public let encoder: [TransformerLayer]
    public let decoder: [TransformerLayer]
    /// After the last layer of each, where the normalisation comes first.
    public let encoderNorm: LayerNorm?
    public let decoderNorm: LayerNorm?
    public let output: Linear?

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "Translator: \(config.problems.joined().english)")
        self.config = config
        let deviation = 1 / Double(config.dimension).squareRoot()
        tokens = Embedding(
            .init(
                count: config.vocabulary, dimension: config.dimension, initializer: .normal(deviation: deviation)),
            from: &source)
        encoder = (0..<config.layers).map { _ in TransformerLayer(config.layer(isDecoder: false), from: &source) }
        decoder = (0..<config.layers).map { _ in TransformerLayer(config.layer(isDecoder: true), from: &source) }
        encoderNorm = config.isPreNorm ? LayerNorm(.init(shape: [config.dimension]), from: &source) : nil
        decoderNorm = config.isPreNorm ? LayerNorm(.init(shape: [config.dimension]), from: &source) : nil
        output =
            config.isTied
            ? nil : Linear(.init(inputs: config.dimension, outputs: config.vocabulary, hasBias: false), from: &source)
    }

    /// Logits `[batch, targets, vocabulary]` of the token after each of `target`, `[batch, targets]`, of the translation of
    /// `source`, `[batch, sources]`; int32 both.
    public func callAsFunction(_ source: Tensor, _ target: Tensor) -> Tensor {
        let (memory, lengths) = encoded(source)
        var vectors = embedded(target, at: Tensor.iota(target.shape[1]))
        for layer in decoder { vectors = layer(vectors, lengths: nil, memory: memory, memoryLengths: lengths) }
        return logits(vectors)
    }

    private func encoded(_ source: Tensor) -> (memory: Tensor, lengths: Tensor) {
        let lengths = TokenPadding.lengths(source)
        var vectors = embedded(source, at: Tensor.iota(source.shape[1]))
        for layer in encoder { vectors = layer(vectors, lengths: lengths) }
        return (encoderNorm?(vectors) ?? vectors, lengths)
    }

    /// `[batch, width]` to `[batch, width, dimension]`; `places` is `[width]`.
    private func embedded(_ ids: Tensor, at places: Tensor) -> Tensor {
        precondition(
            ids.rank == 2 && ids.dtype.isInteger && ids.shape[1] <= config.places,
            "Translator: needs whole numbers [batch, up to \(config.places) places], received \(ids.type)")
        let vectors = tokens(ids) * Double(config.dimension).squareRoot()
        return Dropout(config.dropout)(vectors + SinusoidalPositions(dimension: config.dimension)(places))
    }

    private func logits(_ vectors: Tensor) -> Tensor {
        let vectors = decoderNorm?(vectors) ?? vectors
        return output?(vectors) ?? vectors.matmul(tokens.weight.value.transposed())
    }
}

// MARK: One token at a time

extension Translator: TokenPredictor {
    /// What a decoder keeps: of the translation so far, and of the source.
    public struct Cache: Sendable {
        let written: [KeyValueCache]
        let memory: [KeyValueCache]
        /// `[rows]` of int32.
        let lengths: Variable
    }

    public var context: Int? { config.places }

    public func caches(batch: Int) -> Cache { caches(batch: batch, sources: config.places) }

    /// Nothing seen yet, for so many rows, of sources of this width and translations of at most `targets` tokens.
    public func caches(batch: Int, sources: Int, targets: Int? = nil) -> Cache {
        Cache(
            written: decoder.map { $0.attention.cache(batch: batch, capacity: targets ?? config.places) },
            memory: decoder.map { $0.attention.cache(batch: batch, capacity: sources) },
            lengths: Variable("lengths", Buffer([Int32](repeating: 0, count: batch))))
    }

    /// Keeps what is to be translated: `source` is `[n, width]`, and each of its rows is that of as many neighbouring rows of
    /// the cache as fit.
    public func read(_ source: Tensor, into cache: Cache) {
        let (memory, lengths) = encoded(source)
        let (rows, count) = (cache.lengths.type.shape[0], source.shape[0])
        precondition(
            rows % count == 0 && cache.memory.allSatisfy { $0.capacity == source.shape[1] },
            "Translator: a cache of \(rows) rows cannot hold \(source.type); its sources must be as wide, and divide it"
        )
        func repeated(_ x: Tensor) -> Tensor {
            x.expandedAxis(at: 1).broadcast(to: [count, rows / count] + x.shape.dropFirst())
                .reshaped([rows] + x.shape.dropFirst())
        }
        for (layer, part) in zip(decoder, cache.memory) {
            guard let attention = layer.crossAttention else { continue }
            let (keys, values) = attention.keysAndValues(of: memory)
            part.fill(keys: repeated(keys), values: repeated(values))
        }
        Pass.current?.assign(cache.lengths, repeated(lengths))
    }

    public func next(_ ids: Tensor, at position: Tensor, _ cache: Cache) -> Tensor {
        var vectors = embedded(ids.expandedAxis(at: 1), at: position.reshaped([1]))
        let lengths = Tensor(cache.lengths)
        for (index, layer) in decoder.enumerated() {
            vectors = layer(
                vectors, at: position, cache.written[index], memory: cache.memory[index], memoryLengths: lengths)
        }
        return logits(vectors).squeezed(along: [1])
    }

    /// Rows of one source change places only among themselves, so what is kept of it can stay.
    public func states(of cache: Cache) -> [Variable] { cache.written.flatMap { [$0.keys, $0.values] } }
}
