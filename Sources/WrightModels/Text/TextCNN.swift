public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A classifier of token sequences by convolutions of several widths and the largest answer of each filter over time (Kim,
/// *Convolutional neural networks for sentence classification*, 2014), and where ``Config/bag`` says so by the sum of second
/// vectors of all tokens, which counts every one of them wherever it stands (Joulin et al., *Bag of tricks for efficient text
/// classification*, 2017). `[batch, time]` of int32 to `[batch, outputs]`; without outputs to its features,
/// `[batch, features]`, for networks that go on from there.
public struct TextCNN: Layer {
    /// The settings of a classifier; the defaults are the paper's.
    public struct Config: ModelConfig, Hashable {
        /// How many different tokens there are.
        public var vocabulary: Int
        /// Numbers in a word vector.
        public var embedding: Int
        /// How many tokens the filters of each group see.
        public var widths: [Int]
        /// Filters of each width.
        public var filters: Int
        /// Numbers in the second vector of a token, which is added up over the text; 0 for none.
        public var bag: Int
        /// The dropout rate before the last layer.
        public var dropout: Double
        /// Whether token 0 fills up sequences that end earlier: no filter then answers to it alone.
        public var isPadded: Bool
        /// 0 leaves the last layer out.
        public var outputs: Int

        public init(
            vocabulary: Int = 10_000, embedding: Int = 300, widths: [Int] = [3, 4, 5], filters: Int = 100,
            bag: Int = 0, dropout: Double = 0.5, isPadded: Bool = true, outputs: Int = 2
        ) {
            self.vocabulary = vocabulary
            self.embedding = embedding
            self.widths = widths
            self.filters = filters
            self.bag = bag
            self.dropout = dropout
            self.isPadded = isPadded
            self.outputs = outputs
        }

        public init() { self.init(outputs: 2) }

        /// Numbers that a text becomes before the last layer.
        public var features: Int { widths.count * filters + bag }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(vocabulary: 11, embedding: 4, widths: [2, 3], filters: 3, dropout: 0, outputs: 3)
        }

        public static var architecture: String { "text-cnn" }
        public static var summary: String { "convolutions over token sequences" }
        public static var input: ModelInput { .tokens }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("vocabulary", \.vocabulary), .integer("embedding", \.embedding), .integers("widths", \.widths),
                .integer("filters", \.filters), .integer("bag", \.bag, atLeast: 0),
                .number("dropout", \.dropout, in: 0..<1), .flag("isPadded", \.isPadded),
                .integer("outputs", \.outputs, atLeast: 0),
            ]
        }

        public var problems: [Phrase] {
            widths.isEmpty ? [Phrase("'widths' needs at least one width", "'widths' 至少要有一个宽度")] : []
        }

        public func model(from source: inout ParameterSource) -> TextCNN { TextCNN(self, from: &source) }

        public func adapted(image: [Int], channels: Int, classes: Int) -> Config {
            var config = self
            config.outputs = classes
            return config
        }
    }

    public let config: Config
    public let embedding: Embedding
    /// The second vectors; nil without.
    public let bag: Embedding?
    /// One for each width.
    public let convolutions: [Convolution]
    /// nil without outputs.
    public let head: Linear?

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "TextCNN: \(config.problems.joined().english)")
        self.config = config
        embedding = Embedding(
            .init(
                count: config.vocabulary, dimension: config.embedding, paddingIndex: config.isPadded ? 0 : nil,
                initializer: .uniform(-0.25...0.25)), from: &source)
        bag =
            config.bag > 0
            ? Embedding(
                .init(
                    count: config.vocabulary, dimension: config.bag, paddingIndex: config.isPadded ? 0 : nil,
                    initializer: .uniform(-0.05...0.05)), from: &source) : nil
        convolutions = config.widths.map {
            Convolution(.init(inputs: config.embedding, outputs: config.filters, kernel: [$0]), from: &source)
        }
        head = config.outputs > 0 ? Linear(config.features, config.outputs, from: &source) : nil
    }

    /// What stands for each token of `[batch, time]`: its vector for the filters and behind it the one that is added up,
    /// `[batch, time, embedding + bag]`.
    public func vectors(of tokens: Tensor) -> Tensor {
        let read = embedding(tokens)
        return bag.map { Tensor.concatenated([read, $0(tokens)], along: 2) } ?? read
    }

    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        precondition(
            tokens.rank == 2 && tokens.dtype.isInteger,
            "TextCNN: needs whole numbers [batch, time], received \(tokens.type)")
        return self(vectors: vectors(of: tokens), lengths: config.isPadded ? TokenPadding.lengths(tokens) : nil)
    }

    /// The same from ``vectors(of:)``, of which the first `lengths`, int32 `[batch]`, are no padding; nil when none is.
    public func callAsFunction(vectors: Tensor, lengths: Tensor?) -> Tensor {
        precondition(
            vectors.rank == 3 && vectors.shape[2] == config.embedding + config.bag,
            "TextCNN: needs vectors [batch, time, \(config.embedding + config.bag)], received \(vectors.type)")
        let parts = config.bag > 0 ? vectors.split(sizes: [config.embedding, config.bag], along: 2) : [vectors]
        var x = parts[0]
        // Zeros behind a text that is shorter than a filter.
        let missing = (config.widths.max() ?? 1) - x.shape[1]
        if missing > 0 { x = x.padded([(0, 0), (0, missing), (0, 0)]) }
        let peaks = zip(config.widths, convolutions).map { width, convolution in
            let answers = convolution(x).relu()
            guard let lengths else { return answers.maximum(along: [1]) }
            // Only windows that lie within the text, or the first if none does. Answers are at least zero, as what is
            // left out counts.
            let windows = (lengths - Tensor.constant(Double(width - 1), .int32)).maximum(.constant(1, .int32))
            let isInside = TokenPadding.mask(windows, steps: answers.shape[1]).expandedAxis(at: 2)
            return Tensor.select(isInside, answers, .constant(0, answers.dtype)).maximum(along: [1])
        }
        // Vectors of padding are zeros.
        let sums = parts.dropFirst().map { $0.sum(along: [1]) }
        let all = Dropout(config.dropout)(Tensor.concatenated(peaks + sums, along: 1))
        return head.map { $0(all) } ?? all
    }
}
