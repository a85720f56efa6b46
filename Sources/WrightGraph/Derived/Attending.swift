/// Attention as functions of tensors; the formulas, masks and references are at ``Attention``.
extension Tensor {
    /// What queries `[batch, queries, heads, headSize]` gather from values `[batch, keys, keyHeads, headSize]`:
    /// softmax(query · keyᵀ · scale + mask) · value, as `[batch, queries, heads, headSize]`. `keyHeads` divides `heads`.
    ///
    /// - Parameters:
    ///   - scale: 1 / √headSize when not given.
    ///   - causality: whether later keys are hidden; with fewer queries than keys the last query stands at the last key.
    ///   - window: how many keys, up to its own place, a query sees at most; nil for all.
    ///   - lengths: int32 `[batch]`, how many keys each sequence has; the others are not seen (nor read).
    ///   - mask: added to the scaled products, `[batch or 1, heads or 1, queries, keys]`; −∞ hides a key.
    public static func attention(
        query: Tensor, key: Tensor, value: Tensor, scale: Double? = nil, causality: Attention.Causality = .none,
        window: Int? = nil, lengths: Tensor? = nil, mask: Tensor? = nil
    ) -> Tensor {
        attention([query, key, value], 0, scale, causality, window, lengths, mask)
    }

    /// Attention of queries, keys and values that lie in one tensor, `[batch, places, heads + 2 · keyHeads, headSize]`, as
    /// one projection makes them. The parameters are those of ``attention(query:key:value:scale:causality:window:lengths:mask:)``.
    public static func attention(
        packed: Tensor, keyHeads: Int, scale: Double? = nil, causality: Attention.Causality = .none,
        window: Int? = nil, lengths: Tensor? = nil, mask: Tensor? = nil
    ) -> Tensor {
        precondition(keyHeads > 0, "attention: needs at least one key head, received \(keyHeads)")
        return attention([packed], keyHeads, scale, causality, window, lengths, mask)
    }

    private static func attention(
        _ sources: [Tensor], _ keyHeads: Int, _ scale: Double?, _ causality: Attention.Causality, _ window: Int?,
        _ lengths: Tensor?, _ mask: Tensor?
    ) -> Tensor {
        precondition(
            sources.allSatisfy { $0.rank == 4 },
            "attention: needs [batch, places, heads, head size], received \(sources.map(\.type))")
        precondition(window ?? 1 > 0, "attention: a window of \(window ?? 1) sees nothing; it must be at least 1")
        let size = max(sources[0].shape[3], 1)
        let op = Attention(
            scale: scale ?? 1 / Double(size).squareRoot(), causality: causality, window: window ?? 0,
            packedKeyHeads: keyHeads, hasLengths: lengths != nil, hasMask: mask != nil)
        let operands = sources + [lengths, mask].compactMap { $0 }
        return Attention.parts(Tensor(op, operands), op.extents(of: operands.map(\.type))).output
    }
}
