public import WrightGraph

/// A convolution run backwards, which makes an image larger: along each axis
/// `(input − 1) · stride − 2 · padding + dilation · (kernel − 1) + outputPadding + 1` places. Starts as PyTorch's.
public struct TransposedConvolution: Layer {
    /// The settings of a transposed convolution. Lists have one number for each spatial axis, or one for all.
    public struct Config: Hashable, Sendable {
        public var inputs: Int
        public var outputs: Int
        public var kernel: [Int]
        public var strides: [Int]
        /// What the forward convolution would have added, and this one takes off.
        public var padding: Padding
        /// Places more at the end, fewer than the stride.
        public var outputPadding: [Int]
        public var dilation: [Int]
        public var groups: Int
        public var hasBias: Bool
        public var weightInitializer: Initializer
        public var biasInitializer: Initializer

        public init(
            inputs: Int, outputs: Int, kernel: [Int], strides: [Int] = [1], padding: Padding = .none,
            outputPadding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1, hasBias: Bool = true,
            weightInitializer: Initializer = .inverseRootFan, biasInitializer: Initializer = .inverseRootFan
        ) {
            self.inputs = inputs
            self.outputs = outputs
            self.kernel = kernel
            self.strides = strides
            self.padding = padding
            self.outputPadding = outputPadding
            self.dilation = dilation
            self.groups = groups
            self.hasBias = hasBias
            self.weightInitializer = weightInitializer
            self.biasInitializer = biasInitializer
        }
    }

    public let config: Config
    /// `[outputs, kernel…, inputs / groups]`.
    public let weight: Parameter
    /// `[outputs]`.
    public let bias: Parameter?

    public init(_ config: Config, from source: inout ParameterSource) {
        let (inputs, outputs, groups) = (config.inputs, config.outputs, config.groups)
        precondition(
            inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
            "TransposedConvolution: \(inputs) inputs and \(outputs) outputs do not fall into \(groups) equal groups")
        self.config = config
        let area = config.kernel.reduce(1, *)
        // Seen from the forward convolution, as PyTorch measures them.
        let fans = Fans(input: area * outputs / groups, output: area * inputs)
        weight = source.parameter(
            [outputs] + config.kernel + [inputs / groups], config.weightInitializer, fans: fans)
        bias = config.hasBias ? source.parameter([outputs], config.biasInitializer, fans: fans) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let axes = config.kernel.count
        precondition(
            x.rank == axes + 2 && x.shape[x.rank - 1] == config.inputs,
            "TransposedConvolution: needs [batch, \(axes) spatial axes, \(config.inputs) channels], received \(x.type)")
        let strides = config.strides.perAxis(axes, "TransposedConvolution: strides")
        let dilation = config.dilation.perAxis(axes, "TransposedConvolution: dilation")
        let y = x.transposedConvolved(
            with: weight.value, strides: strides,
            padding: config.padding.amounts(
                kernel: config.kernel, dilation: dilation, strides: strides, layer: "TransposedConvolution"),
            outputPadding: config.outputPadding.perAxis(axes, "TransposedConvolution: output padding"),
            dilation: dilation, groups: config.groups)
        return bias.map { y + $0.value } ?? y
    }
}
