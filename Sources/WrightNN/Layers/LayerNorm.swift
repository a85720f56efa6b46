public import WrightGraph

/// Normalises each example by itself, over its last axes (Ba et al., *Layer normalization*, 2016).
public struct LayerNorm: Layer {
    /// The settings of layer normalisation.
    public struct Config: Hashable, Sendable {
        /// The extents of the last axes, over which mean and variance are taken.
        public var shape: [Int]
        public var epsilon: Double
        public var isAffine: Bool
        /// Whether an affine layer has an offset too.
        public var hasBias: Bool

        public init(shape: [Int], epsilon: Double = 1e-5, isAffine: Bool = true, hasBias: Bool = true) {
            self.shape = shape
            self.epsilon = epsilon
            self.isAffine = isAffine
            self.hasBias = hasBias
        }
    }

    public let config: Config
    /// The scale, of the normalised shape; starts at 1.
    public let weight: Parameter?
    /// The offset, of the normalised shape; starts at 0.
    public let bias: Parameter?

    public init(_ config: Config, from source: inout ParameterSource) {
        self.config = config
        weight = config.isAffine ? source.parameter(config.shape, .ones) : nil
        bias = config.isAffine && config.hasBias ? source.parameter(config.shape, .zeros) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            !config.shape.isEmpty && x.shape.suffix(config.shape.count) == config.shape[...],
            "LayerNorm: needs a tensor whose last axes are \(config.shape), received \(x.type)")
        let axes = Array(x.shape.indices.suffix(config.shape.count))
        let normalized = Moments(of: x, along: axes).normalized(epsilon: config.epsilon)
        let scaled = weight.map { normalized * $0.value } ?? normalized
        return bias.map { scaled + $0.value } ?? scaled
    }
}
