public import WrightGraph

/// Attention with several heads (Vaswani et al., *Attention is all you need*, 2017) between linear layers: of a sequence to
/// itself, or to another one. Formulas and defaults are those of PyTorch's `nn.MultiheadAttention`.
public struct MultiHeadAttention: Layer {
    /// The settings of an attention layer.
    public struct Config: Hashable, Sendable {
        /// Elements of each place; `heads` divides it.
        public var dimension: Int
        public var heads: Int
        /// Heads of keys and values, each shared by as many query heads (Ainslie et al., *GQA*, 2023); nil for `heads`.
        public var keyHeads: Int?
        /// Whether a place sees only itself and what came before.
        public var isCausal: Bool
        /// How many places, up to its own, a place sees; nil for all.
        public var window: Int?
        public var hasBias: Bool
        /// Turns queries and keys by their places; nil for none.
        public var rotary: RotaryEmbedding?
        public var weightInitializer: Initializer
        /// Of the layer after attention.
        public var outputInitializer: Initializer

        public init(
            dimension: Int, heads: Int, keyHeads: Int? = nil, isCausal: Bool = false, window: Int? = nil,
            hasBias: Bool = true, rotary: RotaryEmbedding? = nil, weightInitializer: Initializer = .xavier(),
            outputInitializer: Initializer = .inverseRootFan
        ) {
            self.dimension = dimension
            self.heads = heads
            self.keyHeads = keyHeads
            self.isCausal = isCausal
            self.window = window
            self.hasBias = hasBias
            self.rotary = rotary
            self.weightInitializer = weightInitializer
            self.outputInitializer = outputInitializer
        }
    }

    public let config: Config
    /// Makes queries, keys and values, in this order, in one product.
    public let projection: Linear
    public let output: Linear

    private var keyHeads: Int { config.keyHeads ?? config.heads }
    private var headSize: Int { config.dimension / config.heads }

    public init(_ config: Config, from source: inout ParameterSource) {
        let keyHeads = config.keyHeads ?? config.heads
        precondition(
            config.heads > 0 && keyHeads > 0 && config.dimension % config.heads == 0 && config.heads % keyHeads == 0,
            "MultiHeadAttention: \(keyHeads) key heads must divide \(config.heads) heads, and those \(config.dimension)"
        )
        self.config = config
        let size = config.dimension / config.heads
        projection = Linear(
            .init(
                inputs: config.dimension, outputs: (config.heads + 2 * keyHeads) * size, hasBias: config.hasBias,
                weightInitializer: config.weightInitializer, biasInitializer: .zeros), from: &source)
        output = Linear(
            .init(
                inputs: config.dimension, outputs: config.dimension, hasBias: config.hasBias,
                weightInitializer: config.outputInitializer, biasInitializer: .zeros), from: &source)
    }

    /// `[batch, places, dimension]` to the same.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, lengths: nil) }

    /// The same where sequence b ends after `lengths[b]` places (int32), and with a `mask`,
    /// `[batch or 1, heads or 1, places, places]`, that is added to the scores; −∞ hides a place.
    public func callAsFunction(_ x: Tensor, lengths: Tensor?, mask: Tensor? = nil) -> Tensor {
        expect(x)
        let total = config.heads + 2 * keyHeads
        let packed = projection(x).reshaped([x.shape[0], x.shape[1], total, headSize])
        let causality: Attention.Causality = config.isCausal ? .end : .none
        guard let rotary = config.rotary else {
            return joined(
                .attention(
                    packed: packed, keyHeads: keyHeads, causality: causality, window: config.window, lengths: lengths,
                    mask: mask))
        }
        let parts = packed.split(sizes: [config.heads, keyHeads, keyHeads], along: 2)
        return joined(
            .attention(
                query: rotary(parts[0]), key: rotary(parts[1]), value: parts[2], causality: causality,
                window: config.window, lengths: lengths, mask: mask))
    }

    /// One place of each sequence, `[batch, 1, dimension]`, at `position` (int32 of no axes), after those that `cache` holds;
    /// it is added to them when the pass is over.
    public func callAsFunction(_ x: Tensor, at position: Tensor, _ cache: KeyValueCache) -> Tensor {
        expect(x)
        precondition(
            config.isCausal && config.window == nil && x.shape[1] == 1,
            "MultiHeadAttention: one place at a time needs causal attention without a window, received \(x.type)")
        let packed = projection(x).reshaped([x.shape[0], 1, config.heads + 2 * keyHeads, headSize])
        var parts = packed.split(sizes: [config.heads, keyHeads, keyHeads], along: 2)
        if let rotary = config.rotary {
            parts[0] = rotary(parts[0], start: position)
            parts[1] = rotary(parts[1], start: position)
        }
        let (keys, values) = cache.adding(parts[1], parts[2], at: position)
        let lengths = (position + .constant(1, .int32)).broadcast(to: [x.shape[0]])
        return joined(.attention(query: parts[0], key: keys, value: values, lengths: lengths))
    }

    /// A cache for so many sequences of at most `capacity` places.
    public func cache(batch: Int, capacity: Int) -> KeyValueCache {
        KeyValueCache(batch: batch, capacity: capacity, keyHeads: keyHeads, headSize: headSize)
    }

    /// Attention of `x`, `[batch, places, dimension]`, to another sequence, `[batch, keys, dimension]`, of which `lengths[b]`
    /// places are there.
    public func callAsFunction(_ x: Tensor, memory: Tensor, lengths: Tensor? = nil, mask: Tensor? = nil) -> Tensor {
        let (keys, values) = keysAndValues(of: memory)
        return self(x, keys: keys, values: values, lengths: lengths, mask: mask)
    }

    /// What places of another sequence, `[batch, keys, dimension]`, are looked at by: `[batch, keys, key heads, head size]`
    /// each. They stay the same while a decoder writes.
    public func keysAndValues(of memory: Tensor) -> (keys: Tensor, values: Tensor) {
        expect(memory)
        let parts = projected(memory, 1, heads: 2 * keyHeads).split(into: 2, along: 2)
        return (parts[0], parts[1])
    }

    /// Attention to another sequence that ``keysAndValues(of:)`` has prepared.
    public func callAsFunction(
        _ x: Tensor, keys: Tensor, values: Tensor, lengths: Tensor? = nil, mask: Tensor? = nil
    ) -> Tensor {
        expect(x)
        precondition(
            config.rotary == nil, "MultiHeadAttention: places of two sequences cannot be compared; leave rotary out")
        return joined(
            .attention(
                query: projected(x, 0, heads: config.heads), key: keys, value: values,
                causality: config.isCausal ? .end : .none, window: config.window, lengths: lengths, mask: mask))
    }

    /// The queries (part 0), or the keys and values (part 1), of `x`.
    private func projected(_ x: Tensor, _ part: Int, heads: Int) -> Tensor {
        let sizes = [config.heads * headSize, 2 * keyHeads * headSize]
        let product = x.matmul(projection.weight.value.split(sizes: sizes, along: 1)[part])
        let bias = projection.bias?.value.split(sizes: sizes)[part]
        return (bias.map { product + $0 } ?? product).reshaped([x.shape[0], x.shape[1], heads, headSize])
    }

    private func joined(_ heads: Tensor) -> Tensor {
        output(heads.reshaped([heads.shape[0], heads.shape[1], config.dimension]))
    }

    private func expect(_ x: Tensor) {
        precondition(
            x.rank == 3 && x.shape[2] == config.dimension,
            "MultiHeadAttention: needs [batch, places, \(config.dimension)], received \(x.type)")
    }
}
