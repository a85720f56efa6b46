public import WrightGraph
public import WrightNN

/// A classifier of token sequences: word vectors, an LSTM in one or both directions, its states drawn together, a linear
/// layer. `[batch, time]` of int32 to `[batch, outputs]`.
///
/// After Graves & Schmidhuber, *Framewise phoneme classification with bidirectional LSTM*, 2005; the last state as a summary
/// of the sequence after Sutskever et al., *Sequence to sequence learning with neural networks*, 2014.
public struct LSTMClassifier: Layer {
    /// How the states of a sequence become one vector.
    public enum Pooling: String, Hashable, Sendable, CaseIterable {
        /// The state after the last step, of each direction.
        case last
        /// The mean over the steps.
        case mean
        /// The largest value over the steps of each number.
        case maximum
    }

    /// The settings of a classifier.
    public struct Config: ModelConfig, Hashable {
        /// How many different tokens there are.
        public var vocabulary: Int
        /// Numbers in a word vector.
        public var embedding: Int
        /// Numbers in a state.
        public var hidden: Int
        public var layers: Int
        public var isBidirectional: Bool
        public var pooling: Pooling
        /// The dropout rate of word vectors, between layers and before the last layer.
        public var dropout: Double
        /// Whether token 0 fills up sequences that end earlier: it then changes nothing.
        public var isPadded: Bool
        public var outputs: Int

        public init(
            vocabulary: Int = 10_000, embedding: Int = 128, hidden: Int = 128, layers: Int = 1,
            isBidirectional: Bool = false, pooling: Pooling = .last, dropout: Double = 0, isPadded: Bool = true,
            outputs: Int = 2
        ) {
            self.vocabulary = vocabulary
            self.embedding = embedding
            self.hidden = hidden
            self.layers = layers
            self.isBidirectional = isBidirectional
            self.pooling = pooling
            self.dropout = dropout
            self.isPadded = isPadded
            self.outputs = outputs
        }

        public init() { self.init(outputs: 2) }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(vocabulary: 11, embedding: 4, hidden: 5, isBidirectional: true, outputs: 3)
        }

        public static var architecture: String { "lstm-classifier" }
        public static var summary: String { "LSTM over token sequences" }
        public static var input: ModelInput { .tokens }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("embedding", \.embedding), .integer("hidden", \.hidden),
                .integer("layers", \.layers), .flag("isBidirectional", \.isBidirectional),
                .choice("pooling", \.pooling),
                .number("dropout", \.dropout, in: 0..<1), .flag("isPadded", \.isPadded), .integer("outputs", \.outputs),
            ]
        }

        public func model(from source: inout ParameterSource) -> LSTMClassifier { LSTMClassifier(self, from: &source) }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.outputs = classes
            return config
        }
    }

    public let config: Config
    public let embedding: Embedding
    public let lstm: LSTM
    public let head: Linear

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        self.config = config
        embedding = Embedding(
            .init(count: config.vocabulary, dimension: config.embedding, paddingIndex: config.isPadded ? 0 : nil),
            from: &source)
        lstm = LSTM(
            .init(
                inputs: config.embedding, hidden: config.hidden, layers: config.layers,
                isBidirectional: config.isBidirectional, dropout: config.dropout), from: &source)
        head = Linear(lstm.stack.config.outputs, config.outputs, from: &source)
    }

    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        precondition(
            tokens.rank == 2 && tokens.dtype.isInteger,
            "LSTMClassifier: needs whole numbers [batch, time], received \(tokens.type)")
        let lengths = config.isPadded ? TokenPadding.lengths(tokens) : nil
        // Time first: moving tokens costs less than moving their vectors.
        let vectors = Dropout(config.dropout)(embedding(tokens.transposed()))
        let states = lstm.stack.timeFirst(vectors, lengths: lengths)
        return head(Dropout(config.dropout)(pooled(states, lengths)))
    }

    private func pooled(_ states: RecurrentResult, _ lengths: Tensor?) -> Tensor {
        let outputs = states.outputs
        switch (config.pooling, lengths) {
        case (.last, _): return states.lastState
        case (.mean, nil): return outputs.mean(along: [0])
        case (.mean, let lengths?):
            // Past the length outputs are zero; a sequence of nothing has a mean of zero.
            let counts = lengths.cast(to: outputs.dtype).maximum(1).reshaped([lengths.count, 1])
            return outputs.sum(along: [0]) / counts
        case (.maximum, nil): return outputs.maximum(along: [0])
        case (.maximum, let lengths?):
            // States lie above −1, so that padding never wins.
            let isInside = TokenPadding.mask(lengths, steps: outputs.shape[0]).transposed().expandedAxis(at: 2)
            return Tensor.select(isInside, outputs, .constant(-1, outputs.dtype)).maximum(along: [0])
        }
    }
}
