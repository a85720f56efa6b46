public import WrightGraph
public import WrightNN

/// A residual network for rows of numbers (Gorishniy et al., *Revisiting deep learning models for tabular data*, 2021), with
/// layer normalisation, so that an example's answer does not depend on its batch. `[batch, inputs]` to `[batch, outputs]`.
public struct TabularResNet: Layer {
    /// The settings of a residual network for rows.
    public struct Config: RowModelConfig, Hashable {
        /// Numbers in one example.
        public var inputs: Int
        /// Numbers that blocks pass on.
        public var dimension: Int
        /// Numbers inside of a block.
        public var hidden: Int
        public var blocks: Int
        /// The dropout rate inside of blocks.
        public var dropout: Double
        public var outputs: Int

        public init(
            inputs: Int = 32, dimension: Int = 128, hidden: Int = 256, blocks: Int = 2, dropout: Double = 0.2,
            outputs: Int = 2
        ) {
            self.inputs = inputs
            self.dimension = dimension
            self.hidden = hidden
            self.blocks = blocks
            self.dropout = dropout
            self.outputs = outputs
        }

        public init() { self.init(inputs: 32) }

        /// Small enough for a test.
        public static func tiny() -> Config {
            Config(inputs: 6, dimension: 5, hidden: 7, blocks: 2, dropout: 0, outputs: 3)
        }

        public static var architecture: String { "tabular-resnet" }
        public static var summary: String { "residual network for rows of numbers" }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("inputs", \.inputs), .integer("dimension", \.dimension), .integer("hidden", \.hidden),
                .integer("blocks", \.blocks), .number("dropout", \.dropout, in: 0..<1), .integer("outputs", \.outputs),
            ]
        }

        public func model(from source: inout ParameterSource) -> TabularResNet { TabularResNet(self, from: &source) }
    }

    public let config: Config
    public let stem: Linear
    public let blocks: [Residual]
    public let norm: LayerNorm
    public let head: Linear

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        self.config = config
        stem = Linear(config.inputs, config.dimension, from: &source)
        blocks = (0..<config.blocks).map { _ in
            Residual {
                LayerNorm(.init(shape: [config.dimension]), from: &source)
                Linear(config.dimension, config.hidden, from: &source)
                Activation.relu
                Dropout(config.dropout)
                Linear(config.hidden, config.dimension, from: &source)
            }
        }
        norm = LayerNorm(.init(shape: [config.dimension]), from: &source)
        head = Linear(config.dimension, config.outputs, from: &source)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let features = blocks.reduce(stem(x.flattened(from: 1))) { $1($0) }
        return head(norm(features).relu())
    }
}
