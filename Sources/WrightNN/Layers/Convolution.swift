public import WrightGraph

/// A convolution over one to three spatial axes: `[batch, spatial…, inputs]` to `[batch, spatial…, outputs]`. The length
/// of `kernel` says how many spatial axes there are. Starts as PyTorch's.
public struct Convolution: Layer {
    /// The settings of a convolution. Lists have one number for each spatial axis, or one for all.
    public struct Config: Hashable, Sendable {
        public var inputs: Int
        public var outputs: Int
        public var kernel: [Int]
        public var strides: [Int]
        public var padding: Padding
        public var dilation: [Int]
        /// Channels are split into so many groups that don't see each other.
        public var groups: Int
        public var hasBias: Bool
        public var weightInitializer: Initializer
        public var biasInitializer: Initializer

        public init(
            inputs: Int, outputs: Int, kernel: [Int], strides: [Int] = [1], padding: Padding = .none,
            dilation: [Int] = [1], groups: Int = 1, hasBias: Bool = true,
            weightInitializer: Initializer = .inverseRootFan, biasInitializer: Initializer = .inverseRootFan
        ) {
            self.inputs = inputs
            self.outputs = outputs
            self.kernel = kernel
            self.strides = strides
            self.padding = padding
            self.dilation = dilation
            self.groups = groups
            self.hasBias = hasBias
            self.weightInitializer = weightInitializer
            self.biasInitializer = biasInitializer
        }

        /// Each channel by itself, to `multiplier` channels.
        public static func depthwise(
            channels: Int, multiplier: Int = 1, kernel: [Int], strides: [Int] = [1], padding: Padding = .none,
            dilation: [Int] = [1], hasBias: Bool = true
        ) -> Config {
            Config(
                inputs: channels, outputs: channels * multiplier, kernel: kernel, strides: strides, padding: padding,
                dilation: dilation, groups: channels, hasBias: hasBias)
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
            "Convolution: \(inputs) inputs and \(outputs) outputs do not fall into \(groups) equal groups")
        self.config = config
        let area = config.kernel.reduce(1, *)
        let fans = Fans(input: area * inputs / groups, output: area * outputs)
        weight = source.parameter(
            [outputs] + config.kernel + [inputs / groups], config.weightInitializer, fans: fans)
        bias = config.hasBias ? source.parameter([outputs], config.biasInitializer, fans: fans) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let axes = config.kernel.count
        precondition(
            x.rank == axes + 2 && x.shape[x.rank - 1] == config.inputs,
            "Convolution: needs [batch, \(axes) spatial axes, \(config.inputs) channels], received \(x.type)")
        let strides = config.strides.perAxis(axes, "Convolution: strides")
        let dilation = config.dilation.perAxis(axes, "Convolution: dilation")
        let padding = config.padding.amounts(
            kernel: config.kernel, dilation: dilation, strides: strides, layer: "Convolution")
        let y = x.convolved(
            with: weight.value, strides: strides, padding: padding, dilation: dilation, groups: config.groups)
        return bias.map { y + $0.value } ?? y
    }
}
