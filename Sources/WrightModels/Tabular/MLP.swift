public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A multilayer perceptron: linear layers with an activation and, while training, dropout after each hidden one. Inputs of
/// any shape are flattened.
public struct MLP: Layer {
    /// The settings of a multilayer perceptron.
    public struct Config: RowModelConfig, Hashable {
        /// Numbers in one example.
        public var inputs: Int
        /// Units of each hidden layer.
        public var hidden: [Int]
        public var outputs: Int
        public var activation: Activation
        /// The dropout rate after each hidden layer; one number stands for all.
        public var dropout: [Double]

        public init(
            inputs: Int = 784, hidden: [Int] = [128], outputs: Int = 10,
            activation: Activation = .relu, dropout: [Double] = [0]
        ) {
            self.inputs = inputs
            self.hidden = hidden
            self.outputs = outputs
            self.activation = activation
            self.dropout = dropout
        }

        public init() { self.init(hidden: [128]) }

        /// Small enough for a test.
        public static func tiny() -> Config { Config(inputs: 6, hidden: [5], outputs: 3) }

        public static var architecture: String { "mlp" }
        public static var summary: String { "multilayer perceptron" }

        public static var fields: [ConfigField<Config>] {
            [
                .integer("inputs", \.inputs), .integers("hidden", \.hidden), .integer("outputs", \.outputs),
                .choice("activation", \.activation), .numbers("dropout", \.dropout, in: 0..<1),
            ]
        }

        public var problems: [Phrase] {
            [1, hidden.count].contains(dropout.count)
                ? []
                : [
                    Phrase(
                        "'dropout' needs one number, or one for each of the \(hidden.count) hidden layers",
                        "'dropout' 应为一个数，或为 \(hidden.count) 个隐藏层各给一个数")
                ]
        }

        public func model(from source: inout ParameterSource) -> MLP { MLP(self, from: &source) }
    }

    public let config: Config
    /// The hidden layers and then the output layer.
    public let layers: [Linear]

    public init(_ config: Config = Config(), from source: inout ParameterSource) {
        precondition(config.problems.isEmpty, "MLP: \(config.problems.joined().english)")
        self.config = config
        let sizes = [config.inputs] + config.hidden + [config.outputs]
        layers = zip(sizes, sizes.dropFirst()).map { Linear($0, $1, from: &source) }
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        var x = x.flattened(from: 1)
        for (index, layer) in layers.dropLast().enumerated() {
            x = config.activation(layer(x))
            x = Dropout(config.dropout[config.dropout.count == 1 ? 0 : index])(x)
        }
        return layers[layers.count - 1](x)
    }
}
