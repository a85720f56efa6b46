public import WrightGraph

/// Two linear layers with an activation between them, for each place by itself; gated, a third one's output is multiplied
/// by the activation's (Shazeer, *GLU variants improve Transformer*, 2020; with SiLU it is SwiGLU).
public struct FeedForward: Layer {
    /// The settings of a feed-forward layer.
    public struct Config: Hashable, Sendable {
        public var dimension: Int
        public var hidden: Int
        public var activation: Activation
        public var isGated: Bool
        public var hasBias: Bool
        public var weightInitializer: Initializer
        /// Of the last layer.
        public var outputInitializer: Initializer
        public var biasInitializer: Initializer

        public init(
            dimension: Int, hidden: Int, activation: Activation = .relu, isGated: Bool = false, hasBias: Bool = true,
            weightInitializer: Initializer = .inverseRootFan, outputInitializer: Initializer = .inverseRootFan,
            biasInitializer: Initializer = .inverseRootFan
        ) {
            self.dimension = dimension
            self.hidden = hidden
            self.activation = activation
            self.isGated = isGated
            self.hasBias = hasBias
            self.weightInitializer = weightInitializer
            self.outputInitializer = outputInitializer
            self.biasInitializer = biasInitializer
        }
    }

    public let config: Config
    /// Into the activation.
    public let expansion: Linear
    /// What the activation's output is multiplied by.
    public let gate: Linear?
    public let output: Linear

    public init(_ config: Config, from source: inout ParameterSource) {
        self.config = config
        let inner = Linear.Config(
            inputs: config.dimension, outputs: config.hidden, hasBias: config.hasBias,
            weightInitializer: config.weightInitializer, biasInitializer: config.biasInitializer)
        expansion = Linear(inner, from: &source)
        gate = config.isGated ? Linear(inner, from: &source) : nil
        output = Linear(
            .init(
                inputs: config.hidden, outputs: config.dimension, hasBias: config.hasBias,
                weightInitializer: config.outputInitializer, biasInitializer: config.biasInitializer), from: &source)
    }

    /// `[…, dimension]` to the same.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let activated = config.activation(expansion(x))
        return output(gate.map { activated * $0(x) } ?? activated)
    }
}
