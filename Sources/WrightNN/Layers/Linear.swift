public import WrightGraph

/// `x · weight + bias` over the last axis: `[…, inputs]` to `[…, outputs]`. Starts as PyTorch's.
public struct Linear: Layer {
    /// The settings of a linear layer.
    public struct Config: Hashable, Sendable {
        public var inputs: Int
        public var outputs: Int
        public var hasBias: Bool
        public var weightInitializer: Initializer
        public var biasInitializer: Initializer

        public init(
            inputs: Int, outputs: Int, hasBias: Bool = true, weightInitializer: Initializer = .inverseRootFan,
            biasInitializer: Initializer = .inverseRootFan
        ) {
            self.inputs = inputs
            self.outputs = outputs
            self.hasBias = hasBias
            self.weightInitializer = weightInitializer
            self.biasInitializer = biasInitializer
        }
    }

    /// `[inputs, outputs]`.
    public let weight: Parameter
    /// `[outputs]`.
    public let bias: Parameter?

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(
            config.inputs > 0 && config.outputs > 0, "Linear: \(config.inputs) inputs, \(config.outputs) outputs")
        let fans = Fans(input: config.inputs, output: config.outputs)
        weight = source.parameter([config.inputs, config.outputs], config.weightInitializer, fans: fans)
        bias = config.hasBias ? source.parameter([config.outputs], config.biasInitializer, fans: fans) : nil
    }

    /// With every other setting at its default.
    public init(_ inputs: Int, _ outputs: Int, from source: inout ParameterSource) {
        self.init(Config(inputs: inputs, outputs: outputs), from: &source)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.shape.last == weight.shape[0],
            "Linear: needs [..., \(weight.shape[0])], received \(x.type); images need Flatten() before a linear layer")
        let product = x.matmul(weight.value)
        return bias.map { product + $0.value } ?? product
    }
}
