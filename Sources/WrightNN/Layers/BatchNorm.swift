public import WrightGraph
import WrightRuntime

/// Normalises each channel (the last axis) by the mean and variance of the batch and, where there are some, the spatial
/// axes (Ioffe & Szegedy, *Batch normalization*, 2015). Keeps running statistics, which stand in when not training.
/// Formula and defaults are PyTorch's: the batch is normalised with the biased variance, the running one is unbiased.
public struct BatchNorm: Layer {
    /// The settings of batch normalisation.
    public struct Config: Hashable, Sendable {
        public var channels: Int
        /// How much of a step's statistics the running ones take in.
        public var momentum: Double
        public var epsilon: Double
        /// Whether a learned scale and offset follow.
        public var isAffine: Bool

        public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true) {
            self.channels = channels
            self.momentum = momentum
            self.epsilon = epsilon
            self.isAffine = isAffine
        }
    }

    public let config: Config
    /// The scale, `[channels]`; starts at 1.
    public let weight: Parameter?
    /// The offset, `[channels]`; starts at 0.
    public let bias: Parameter?
    public let runningMean: ModuleState
    public let runningVariance: ModuleState

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(config.channels > 0, "BatchNorm: \(config.channels) channels")
        self.config = config
        let ones = [Float](repeating: 1, count: config.channels)
        weight = config.isAffine ? source.parameter([config.channels], .ones) : nil
        bias = config.isAffine ? source.parameter([config.channels], .zeros) : nil
        runningMean = ModuleState("running mean", Buffer(zeros: TensorType([config.channels])))
        runningVariance = ModuleState("running variance", Buffer(ones))
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.rank >= 2 && x.shape[x.rank - 1] == config.channels,
            "BatchNorm: needs [batch, ..., \(config.channels) channels], received \(x.type)")
        guard let pass = Pass.current, pass.isTraining else {
            let inverse = (runningVariance.value + config.epsilon).reciprocalSquareRoot()
            let scale = weight.map { inverse * $0.value } ?? inverse
            let offset = -(runningMean.value * scale)
            return x * scale + (bias.map { offset + $0.value } ?? offset)
        }
        let count = x.count / config.channels
        precondition(
            count > 1, "BatchNorm: one value for each channel has no variance; train with batches of at least 2")
        let moments = Moments(of: x, along: Array(x.shape.indices.dropLast()))
        let mean = moments.mean.reshaped([config.channels]).stoppingGradient()
        let variance = moments.variance.reshaped([config.channels]).stoppingGradient()
        pass.assign(runningMean.variable, runningMean.value * (1 - config.momentum) + mean * config.momentum)
        let unbiased = config.momentum * Double(count) / Double(count - 1)
        pass.assign(
            runningVariance.variable, runningVariance.value * (1 - config.momentum) + variance * unbiased)
        return moments.normalized(epsilon: config.epsilon, weight: weight?.value, bias: bias?.value)
    }
}
