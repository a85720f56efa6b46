public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A language model: for each token, logits of the one that follows. `[batch, time]` of int32 to
/// `[batch, time, vocabulary]`.
///
/// Zaremba et al., *Recurrent neural network regularization*, 2014; with tied weights, Press & Wolf, *Using the output
/// embedding to improve language models*, 2017. Time runs forward only, so what fills up the end of a row changes nothing
/// before it: the loss leaves such targets out.
public struct LSTMLanguageModel: LanguageModel {
    /// The settings of a language model; the defaults are the paper's small network, with dropout.
    public struct Config: ModelConfig, Hashable {
        /// How many different tokens there are.
        public var vocabulary: Int
        /// Numbers in a word vector.
        public var embedding: Int
        /// Numbers in a state.
        public var hidden: Int
        public var layers: Int
        /// The dropout rate of word vectors, between layers and before the last layer.
        public var dropout: Double
        /// Whether the word vectors are the weights of the last layer too.
        public var isTied: Bool

        public init(
            vocabulary: Int = 10_000, embedding: Int = 200, hidden: Int = 200, layers: Int = 2, dropout: Double = 0.2,
            isTied: Bool = false
        ) {
            self.vocabulary = vocabulary
            self.embedding = embedding
            self.hidden = hidden
            self.layers = layers
            self.dropout = dropout
            self.isTied = isTied
        }

        public init() { self.init(layers: 2) }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(vocabulary: 7, embedding: 6, hidden: 6, layers: 2, dropout: 0, isTied: true)
        }

        public static var architecture: String { "lstm-language-model" }
        public static var summary: String { "LSTM that predicts the next token" }
        public static var input: ModelInput { .tokens }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("embedding", \.embedding), .integer("hidden", \.hidden),
                .integer("layers", \.layers), .number("dropout", \.dropout, in: 0..<1), .flag("isTied", \.isTied),
            ]
        }

        public var problems: [Phrase] {
            isTied && embedding != hidden
                ? [
                    Phrase(
                        "with 'isTied', 'embedding' (\(embedding)) and 'hidden' (\(hidden)) must be equal",
                        "使用 'isTied' 时，'embedding'（\(embedding)）与 'hidden'（\(hidden)）必须相等")
                ] : []
        }

        public func model(from source: inout ParameterSource) -> LSTMLanguageModel {
            LSTMLanguageModel(self, from: &source)
        }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.vocabulary = classes
            return config
        }
    }

    public let config: Config
    public let embedding: Embedding
    public let lstm: LSTM
    /// Nil where the word vectors stand for its weights.
    public let head: Linear?

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "LSTMLanguageModel: \(config.problems.joined().english)")
        self.config = config
        embedding = Embedding(
            .init(
                count: config.vocabulary, dimension: config.embedding, initializer: .uniform(-0.1...0.1)), from: &source
        )
        lstm = LSTM(
            .init(
                inputs: config.embedding, hidden: config.hidden, layers: config.layers, dropout: config.dropout),
            from: &source)
        head = config.isTied ? nil : Linear(config.hidden, config.vocabulary, from: &source)
    }

    public func callAsFunction(_ tokens: Tensor) -> Tensor { self(tokens, state: nil).logits }

    /// The logits, and the state from which the rows' next pieces go on; `state` is that of the pieces before.
    public func callAsFunction(_ tokens: Tensor, state: RecurrentState?) -> (logits: Tensor, state: RecurrentState) {
        precondition(
            tokens.rank == 2 && tokens.dtype.isInteger,
            "LSTMLanguageModel: needs whole numbers [batch, time], received \(tokens.type)")
        let vectors = Dropout(config.dropout)(embedding(tokens.transposed()))
        let states = lstm.stack.timeFirst(vectors, lengths: nil, state: state)
        let outputs = Dropout(config.dropout)(states.outputs).permuted([1, 0, 2])
        return (head?(outputs) ?? outputs.matmul(embedding.weight.value.transposed()), states.state)
    }

    // MARK: One token at a time

    /// The states of every layer, `[batch, hidden]` each: hidden ones, then cells.
    public struct Cache: Sendable {
        let hidden: [Variable]
        let cells: [Variable]
    }

    /// It keeps a state, not the tokens, so there is no limit.
    public var context: Int? { nil }

    public func caches(batch: Int) -> Cache {
        func variables(_ name: String) -> [Variable] {
            (0..<config.layers).map { _ in Variable(name, Buffer(zeros: TensorType([batch, config.hidden]))) }
        }
        return Cache(hidden: variables("hidden"), cells: variables("cell"))
    }

    public func states(of caches: Cache) -> [Variable] { caches.hidden + caches.cells }

    /// At position 0 what the states hold does not count.
    public func next(_ ids: Tensor, at position: Tensor, _ caches: Cache) -> Tensor {
        let isFirst = position.isEqual(to: 0)
        func state(_ variable: Variable) -> Tensor {
            Tensor.select(isFirst, .constant(0, .float32), Tensor(variable))
        }
        let (logits, next) = self(
            ids.expandedAxis(at: 1),
            state: RecurrentState(hidden: caches.hidden.map(state), cells: caches.cells.map(state)))
        for (variable, value) in zip(states(of: caches), next.hidden + next.cells) {
            Pass.current?.assign(variable, value)
        }
        return logits.squeezed(along: [1])
    }
}
