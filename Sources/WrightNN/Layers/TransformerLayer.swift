public import WrightGraph

/// Attention and a feed-forward layer, each with a normalisation and a shortcut around it (Vaswani et al., 2017; before
/// instead of after: Xiong et al., *On layer normalization in the Transformer architecture*, 2020). With causal attention
/// it is a decoder's layer; with cross-attention that of an encoder–decoder. Equal to PyTorch's `TransformerEncoderLayer`
/// and `TransformerDecoderLayer`.
public struct TransformerLayer: Layer {
    /// Which normalisation.
    public enum Norm: String, Hashable, Sendable, CaseIterable { case layerNorm, rmsNorm }

    /// The settings of a Transformer layer.
    public struct Config: Hashable, Sendable {
        public var attention: MultiHeadAttention.Config
        public var feedForward: FeedForward.Config
        public var norm: Norm
        public var epsilon: Double
        /// Whether the normalisation comes before its layer, inside the shortcut.
        public var isPreNorm: Bool
        /// Of what is added to the shortcuts.
        public var dropout: Double
        /// Whether a second attention, never causal, looks at another sequence.
        public var hasCrossAttention: Bool

        public init(
            attention: MultiHeadAttention.Config, feedForward: FeedForward.Config, norm: Norm = .layerNorm,
            epsilon: Double = 1e-5, isPreNorm: Bool = false, dropout: Double = 0, hasCrossAttention: Bool = false
        ) {
            self.attention = attention
            self.feedForward = feedForward
            self.norm = norm
            self.epsilon = epsilon
            self.isPreNorm = isPreNorm
            self.dropout = dropout
            self.hasCrossAttention = hasCrossAttention
        }
    }

    public let config: Config
    public let attention: MultiHeadAttention
    public let crossAttention: MultiHeadAttention?
    public let feedForward: FeedForward
    public let attentionNorm: SequenceNorm
    public let crossAttentionNorm: SequenceNorm?
    public let feedForwardNorm: SequenceNorm

    public init(_ config: Config, from source: inout ParameterSource) {
        precondition(
            config.attention.dimension == config.feedForward.dimension,
            "TransformerLayer: attention of \(config.attention.dimension) and a feed-forward layer of "
                + "\(config.feedForward.dimension) need one dimension")
        self.config = config
        func norm(_ source: inout ParameterSource) -> SequenceNorm {
            SequenceNorm(config.norm, dimension: config.attention.dimension, epsilon: config.epsilon, from: &source)
        }
        attention = MultiHeadAttention(config.attention, from: &source)
        var cross = config.attention
        (cross.isCausal, cross.window, cross.rotary) = (false, nil, nil)
        crossAttention = config.hasCrossAttention ? MultiHeadAttention(cross, from: &source) : nil
        feedForward = FeedForward(config.feedForward, from: &source)
        attentionNorm = norm(&source)
        crossAttentionNorm = config.hasCrossAttention ? norm(&source) : nil
        feedForwardNorm = norm(&source)
    }

    /// `[batch, places, dimension]` to the same.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, lengths: nil) }

    /// The same for sequences that end after `lengths` places, int32 `[batch]`; with cross-attention `memory` is the other
    /// sequence, `[batch, keys, dimension]`, which ends after `memoryLengths`.
    public func callAsFunction(
        _ x: Tensor, lengths: Tensor?, memory: Tensor? = nil, memoryLengths: Tensor? = nil
    ) -> Tensor {
        precondition(
            (memory != nil) == config.hasCrossAttention,
            "TransformerLayer: needs a memory if, and only if, it has cross-attention")
        var x = added(to: x, attentionNorm) { attention($0, lengths: lengths) }
        if let crossAttention, let crossAttentionNorm, let memory {
            x = added(to: x, crossAttentionNorm) { crossAttention($0, memory: memory, lengths: memoryLengths) }
        }
        return added(to: x, feedForwardNorm) { feedForward($0) }
    }

    /// One place of each sequence, `[batch, 1, dimension]`, at `position`, after those that `cache` holds; see
    /// ``MultiHeadAttention``. With cross-attention `memory` holds the other sequence, which ends after `memoryLengths`.
    public func callAsFunction(
        _ x: Tensor, at position: Tensor, _ cache: KeyValueCache, memory: KeyValueCache? = nil,
        memoryLengths: Tensor? = nil
    ) -> Tensor {
        precondition(
            (memory != nil) == config.hasCrossAttention,
            "TransformerLayer: needs a memory if, and only if, it has cross-attention")
        var x = added(to: x, attentionNorm) { attention($0, at: position, cache) }
        if let crossAttention, let crossAttentionNorm, let memory {
            x = added(to: x, crossAttentionNorm) {
                crossAttention(
                    $0, keys: Tensor(memory.keys), values: Tensor(memory.values), lengths: memoryLengths)
            }
        }
        return added(to: x, feedForwardNorm) { feedForward($0) }
    }

    private func added(to x: Tensor, _ norm: SequenceNorm, _ body: (Tensor) -> Tensor) -> Tensor {
        let dropout = Dropout(config.dropout)
        return config.isPreNorm ? x + dropout(body(norm(x))) : norm(x + dropout(body(x)))
    }
}

/// The normalisation of each place by itself, of the kind that a Transformer asks for.
public struct SequenceNorm: Layer {
    public let layerNorm: LayerNorm?
    public let rmsNorm: RMSNorm?

    public init(_ kind: TransformerLayer.Norm, dimension: Int, epsilon: Double, from source: inout ParameterSource) {
        layerNorm = kind == .layerNorm ? LayerNorm(.init(shape: [dimension], epsilon: epsilon), from: &source) : nil
        rmsNorm = kind == .rmsNorm ? RMSNorm(.init(shape: [dimension], epsilon: epsilon), from: &source) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { layerNorm?(x) ?? rmsNorm?(x) ?? x }
}
