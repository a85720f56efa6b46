public import WrightGraph
public import WrightNN

/// Numbers as vectors: of each number sines and cosines of learned frequencies, a linear layer of its own, ReLU, and the
/// number itself (Gorishniy et al., *On embeddings for numerical features in tabular deep learning*, 2022). A network
/// then bends more easily along each of them. `[batch, features]` to `[batch, features · (dimension + 1)]`.
public struct PeriodicEmbedding: Layer {
    /// The settings of an embedding of numbers.
    public struct Config: Hashable, Sendable {
        /// Numbers in one example.
        public var features: Int
        /// Frequencies of each.
        public var frequencies: Int
        /// Learned numbers of each, beside the number itself.
        public var dimension: Int
        /// How far apart the frequencies are at first; numbers are expected to spread over about 1.
        public var deviation: Double

        public init(features: Int, frequencies: Int = 16, dimension: Int = 4, deviation: Double = 0.1) {
            self.features = features
            self.frequencies = frequencies
            self.dimension = dimension
            self.deviation = deviation
        }

        /// Numbers that come out for one example.
        public var outputs: Int { features * (dimension + 1) }
    }

    public let config: Config
    /// `[features, frequencies]`, in turns for each unit of the number.
    public let frequencies: Parameter
    /// `[features, 2 · frequencies, dimension]`.
    public let weight: Parameter
    /// `[features, 1, dimension]`.
    public let bias: Parameter

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(
            config.features > 0 && config.frequencies > 0 && config.dimension > 0,
            "PeriodicEmbedding: \(config.features) features, \(config.frequencies) frequencies, \(config.dimension) numbers"
        )
        self.config = config
        frequencies = source.parameter(
            [config.features, config.frequencies], .normal(deviation: config.deviation))
        let fans = Fans(input: 2 * config.frequencies, output: config.dimension)
        weight = source.parameter(
            [config.features, 2 * config.frequencies, config.dimension], .inverseRootFan, fans: fans)
        bias = source.parameter([config.features, 1, config.dimension], .inverseRootFan, fans: fans)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.rank == 2 && x.shape[1] == config.features,
            "PeriodicEmbedding: needs [batch, \(config.features)], received \(x.type)")
        let (count, features) = (x.shape[0], config.features)
        // Features first: each has a product of its own.
        let angles =
            x.permuted([1, 0]).reshaped([features, count, 1])
            * (frequencies.value * (2 * Double.pi)).reshaped([features, 1, config.frequencies])
        let waves = Tensor.concatenated([angles.sine(), angles.cosine()], along: 2)
        let vectors = (waves.matmul(weight.value) + bias.value).relu()
        let flat = vectors.permuted([1, 0, 2]).reshaped([count, features * config.dimension])
        return Tensor.concatenated([x, flat], along: 1)
    }
}
