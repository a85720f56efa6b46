public import WrightGraph

/// Normalises groups of channels (the last axis) of each example by itself, over all its other axes (Wu & He, *Group
/// normalization*, 2018). One group for each channel is instance normalisation.
public struct GroupNorm: Layer {
    /// The settings of group normalisation.
    public struct Config: Hashable, Sendable {
        public var groups: Int
        public var channels: Int
        public var epsilon: Double
        public var isAffine: Bool

        public init(groups: Int, channels: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
            self.groups = groups
            self.channels = channels
            self.epsilon = epsilon
            self.isAffine = isAffine
        }
    }

    public let config: Config
    /// The scale, `[channels]`; starts at 1.
    public let weight: Parameter?
    /// The offset, `[channels]`; starts at 0.
    public let bias: Parameter?

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(
            config.groups > 0 && config.channels % config.groups == 0,
            "GroupNorm: \(config.channels) channels do not fall into \(config.groups) equal groups")
        self.config = config
        weight = config.isAffine ? source.parameter([config.channels], .ones) : nil
        bias = config.isAffine ? source.parameter([config.channels], .zeros) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.rank >= 2 && x.shape[x.rank - 1] == config.channels,
            "GroupNorm: needs [batch, ..., \(config.channels) channels], received \(x.type)")
        let split = [config.groups, config.channels / config.groups]
        let places = x.shape.dropFirst().dropLast().reduce(1, *)
        let grouped = x.reshaped([x.shape[0], places] + split)
        return Moments(of: grouped, along: [1, 3])
            .normalized(
                epsilon: config.epsilon, weight: weight?.value.reshaped(split), bias: bias?.value.reshaped(split)
            ).reshaped(x.shape)
    }
}
