public import WrightGraph

/// Divides each example by the root of its mean square over the last axes (Zhang & Sennrich, *Root mean square layer
/// normalization*, 2019).
public struct RMSNorm: Layer {
    /// The settings of RMS normalisation.
    public struct Config: Hashable, Sendable {
        /// The extents of the last axes, over which the mean is taken.
        public var shape: [Int]
        /// PyTorch's default is the distance from 1 to the next float32.
        public var epsilon: Double
        public var isAffine: Bool

        public init(shape: [Int], epsilon: Double = 0x1p-23, isAffine: Bool = true) {
            self.shape = shape
            self.epsilon = epsilon
            self.isAffine = isAffine
        }
    }

    public let config: Config
    /// The scale, of the normalised shape; starts at 1.
    public let weight: Parameter?

    public init(_ config: Config, from source: inout ParameterSource) {
        self.config = config
        weight = config.isAffine ? source.parameter(config.shape, .ones) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            !config.shape.isEmpty && x.shape.suffix(config.shape.count) == config.shape[...],
            "RMSNorm: needs a tensor whose last axes are \(config.shape), received \(x.type)")
        let axes = Array(x.shape.indices.suffix(config.shape.count))
        let square = x.squared().mean(along: axes, keepingAxes: true)
        let normalized = x * (square + config.epsilon).reciprocalSquareRoot()
        return weight.map { normalized * $0.value } ?? normalized
    }
}
