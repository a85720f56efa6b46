import WrightGraph
import WrightNN

/// Joins what is known of several inputs into one row of numbers: `[n, width]` each to `[n, outputs]`.
protocol InputCombiner: Module {
    /// Numbers that come out.
    var outputs: Int { get }
    func callAsFunction(_ parts: [Tensor]) -> Tensor
}

/// Side by side.
struct Concatenation: InputCombiner {
    let outputs: Int

    init(_ widths: [Int]) { outputs = widths.reduce(0, +) }

    func callAsFunction(_ parts: [Tensor]) -> Tensor { Self.joined(parts) }

    static func joined(_ parts: [Tensor]) -> Tensor {
        parts.count > 1 ? Tensor.concatenated(parts, along: 1) : parts[0]
    }
}

/// Each input made into numbers of one kind and let through as far as all inputs together say (Arevalo et al., *Gated
/// Multimodal Units for Information Fusion*, 2017), so that one that is of no use for a row is kept out of it.
struct GatedFusion: InputCombiner {
    let outputs: Int
    /// One for each input.
    let contents: [Linear]
    /// The gates of all inputs side by side, from all of them.
    let gate: Linear

    init(_ widths: [Int], outputs: Int, from source: inout ParameterSource) {
        self.outputs = outputs
        contents = widths.map { Linear($0, outputs, from: &source) }
        gate = Linear(widths.reduce(0, +), outputs * widths.count, from: &source)
    }

    func callAsFunction(_ parts: [Tensor]) -> Tensor {
        let gates = gate(Tensor.concatenated(parts, along: 1)).sigmoid()
            .split(sizes: parts.map { _ in outputs }, along: 1)
        let shares = zip(zip(contents, parts), gates).map { $0.0($0.1).tanh() * $1 }
        return shares.dropFirst().reduce(shares[0]) { $0 + $1 }
    }
}

/// Each input made into a vector of one length; they look at each other (attention with several heads, Vaswani et al., 2017,
/// over normalised vectors, added to what they were), and stand side by side.
struct CrossAttention: InputCombiner {
    let projections: [Linear]
    let norm: LayerNorm
    let attention: MultiHeadAttention

    var outputs: Int { projections.count * attention.config.dimension }

    init(_ widths: [Int], dimension: Int, from source: inout ParameterSource) {
        projections = widths.map { Linear($0, dimension, from: &source) }
        norm = LayerNorm(.init(shape: [dimension]), from: &source)
        attention = MultiHeadAttention(.init(dimension: dimension, heads: Self.heads(dimension)), from: &source)
    }

    func callAsFunction(_ parts: [Tensor]) -> Tensor {
        let vectors = Tensor.concatenated(zip(projections, parts).map { $0($1).expandedAxis(at: 1) }, along: 1)
        return (vectors + attention(norm(vectors))).flattened(from: 1)
    }

    /// As many heads, up to eight, as a vector can be cut into.
    static func heads(_ dimension: Int) -> Int { [8, 4, 2].first { dimension % $0 == 0 } ?? 1 }
}
