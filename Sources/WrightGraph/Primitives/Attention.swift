/// Scaled dot-product attention (Vaswani et al., *Attention is all you need*, 2017) and its gradient.
///
/// Queries are `[batch, queries, heads, headSize]`, keys and values `[batch, keys, keyHeads, headSize]`, where `keyHeads`
/// divides `heads`: neighbouring query heads share a key head (Ainslie et al., *GQA*, 2023). ``Role/forward`` gives one
/// vector of the output `[batch, queries, heads, headSize]` and then the logarithms of the sums of exponentials
/// `[batch, heads, queries]`; ``Role/gradient`` takes that vector, and the gradients of its two parts, after the first
/// operands, and gives the gradients of query, key and value, one after the other. So a backend needs no matrix of scores.
///
/// The place of query i among the keys is i + keys − queries: the last query stands at the last key. A query that sees no
/// key gives zeros, and a logarithm of 0.
public struct Attention: Primitive {
    /// Which of the two this is.
    public enum Role: String, Hashable, Sendable, CaseIterable { case forward, gradient }

    /// Whether, and from where, later keys are hidden.
    public enum Causality: String, Hashable, Sendable, CaseIterable {
        /// Every key is seen.
        case none
        /// A query sees the keys up to its own place; the last query stands at the last key.
        case end
        /// The same, but the last query stands at the last of the keys that `lengths` leaves, as with a cache.
        case length
    }

    public var role: Role
    /// What the products of queries and keys are multiplied by.
    public var scale: Double
    public var causality: Causality
    /// How many keys a query sees at most, up to its own place (and without causality as many after it); 0 for all.
    public var window: Int
    /// Key heads of a single first operand that holds queries, keys and values as its heads, `[batch, places,
    /// heads + 2 keyHeads, headSize]`, as one projection makes them; 0 for three operands.
    public var packedKeyHeads: Int
    /// Whether there is an operand `[batch]` of int32 that says how many keys each sequence has.
    public var hasLengths: Bool
    /// Whether there is an operand `[batch or 1, heads or 1, queries, keys]` that is added to the scaled products.
    public var hasMask: Bool

    public init(
        _ role: Role = .forward, scale: Double, causality: Causality = .none, window: Int = 0, packedKeyHeads: Int = 0,
        hasLengths: Bool = false, hasMask: Bool = false
    ) {
        self.role = role
        self.scale = scale
        self.causality = causality
        self.window = window
        self.packedKeyHeads = packedKeyHeads
        self.hasLengths = hasLengths
        self.hasMask = hasMask
    }

    public static var names: [String] { Role.allCases.map(name) }
    private static func name(_ role: Role) -> String { role == .forward ? "attention" : "attention_gradient" }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let role = Role.allCases.first(where: { Self.name($0) == name }),
            let causality = Causality(rawValue: try attributes.word("causality", of: name))
        else { throw .invalidAttribute(op: name, reason: "causality is none, end or length") }
        self.init(
            role, scale: try attributes.double("scale", of: name), causality: causality,
            window: try attributes.int("window", of: name),
            packedKeyHeads: try attributes.int("packed_key_heads", of: name),
            hasLengths: try attributes.bool("lengths", of: name), hasMask: try attributes.bool("mask", of: name))
    }

    public var op: Op { .attention(self) }
    public var name: String { Self.name(role) }
    public var attributes: Attributes {
        [
            "scale": .double(scale), "causality": .word(causality.rawValue), "window": .int(window),
            "packed_key_heads": .int(packedKeyHeads), "lengths": .bool(hasLengths), "mask": .bool(hasMask),
        ]
    }

    /// Operands that hold queries, keys and values.
    var sourceCount: Int { packedKeyHeads > 0 ? 1 : 3 }
    /// Where the lengths, the mask, and a gradient's further operands stand.
    public var lengthsIndex: Int? { hasLengths ? sourceCount : nil }
    public var maskIndex: Int? { hasMask ? sourceCount + (hasLengths ? 1 : 0) : nil }
    public var forwardCount: Int { sourceCount + (hasLengths ? 1 : 0) + (hasMask ? 1 : 0) }

    /// The extents that the operands have.
    public struct Extents: Hashable, Sendable {
        public var batch, queries, keys, heads, keyHeads, headSize: Int
        public var outputCount: Int { batch * queries * heads * headSize }
        public var logarithmCount: Int { batch * heads * queries }
        public var keyCount: Int { batch * keys * keyHeads * headSize }
        public var output: [Int] { [batch, queries, heads, headSize] }
        public var logarithms: [Int] { [batch, heads, queries] }
        var key: [Int] { [batch, keys, keyHeads, headSize] }
    }

    /// The extents of operands that are known to fit.
    public func extents(of operands: [TensorType]) -> Extents {
        let (first, second) = (operands[0].shape, operands[packedKeyHeads > 0 ? 0 : 1].shape)
        return Extents(
            batch: first[0], queries: first[1], keys: second[1], heads: first[2] - 2 * packedKeyHeads,
            keyHeads: packedKeyHeads > 0 ? packedKeyHeads : second[2], headSize: first[3])
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(forwardCount + (role == .gradient ? 3 : 0), operands)
        let sources = operands.prefix(sourceCount)
        guard sources.allSatisfy({ $0.rank == 4 }) else {
            throw .shapeMismatch(op: name, operands: operands, reason: "needs [batch, places, heads, head size]")
        }
        let extents = extents(of: operands)
        let floating = operands.enumerated().filter { $0.offset != lengthsIndex }.map(\.element.dtype)
        guard operands[0].dtype.isFloatingPoint, Set(floating).count == 1 else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs floating-point operands of one type")
        }
        guard packedKeyHeads > 0 || (operands[1] == operands[2] && operands[1].shape == extents.key), extents.heads > 0,
            extents.keyHeads > 0, extents.heads % extents.keyHeads == 0
        else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "keys and values need one shape, and the batch and head size of the queries; their heads must "
                    + "divide the queries' heads")
        }
        if let index = lengthsIndex, operands[index] != TensorType([extents.batch], .int32) {
            throw .shapeMismatch(op: name, operands: operands, reason: "lengths are int32[\(extents.batch)]")
        }
        if let index = maskIndex {
            let shape = operands[index].shape
            guard shape.count == 4, [1, extents.batch].contains(shape[0]), [1, extents.heads].contains(shape[1]),
                shape[2] == extents.queries, shape[3] == extents.keys
            else {
                throw .shapeMismatch(
                    op: name, operands: operands, reason: "a mask is [batch or 1, heads or 1, queries, keys]")
            }
        }
        guard window >= 0 else { throw .invalidAttribute(op: name, reason: "window \(window) must be at least 0") }
        let forward = TensorType([extents.outputCount + extents.logarithmCount], operands[0].dtype)
        guard role == .gradient else { return forward }
        guard operands[forwardCount] == forward, operands[forwardCount + 1].shape == extents.output,
            operands[forwardCount + 2].shape == extents.logarithms
        else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs the forward result \(forward) and gradients \(extents.output), \(extents.logarithms)")
        }
        return packedKeyHeads > 0
            ? operands[0] : TensorType([extents.outputCount + 2 * extents.keyCount], operands[0].dtype)
    }

    /// The operands of a cotangent's gradient call.
    private var gradient: Attention {
        var op = self
        op.role = .gradient
        return op
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let extents = extents(of: operands.map(\.type))
        guard role == .forward else {
            let shares = AttentionComposition.secondGradients(cotangent, of: self, operands)
            let count = forwardCount
            // The forward result is worked out again from the first operands, which take its share.
            return Array(shares[..<count]) + [nil] + Array(shares[count...])
        }
        let (output, logarithms) = Self.parts(cotangent, extents)
        let packed = Tensor(gradient, operands + [result, output, logarithms])
        var shares: [Tensor?] =
            packedKeyHeads > 0 ? [packed] : AttentionComposition.unpacked(packed, extents)
        if hasLengths { shares.append(nil) }
        if let index = maskIndex {
            // Rarely wanted, and then the scores' gradients have to be stored anyway.
            let composition = AttentionComposition(self, operands)
            shares.append(composition.maskGradient(output, logarithms, shape: operands[index].shape))
        }
        return shares
    }

    /// The output and the logarithms of a forward result, or of its cotangent.
    static func parts(_ result: Tensor, _ extents: Extents) -> (output: Tensor, logarithms: Tensor) {
        (
            result.sliced(from: [0], sizes: [extents.outputCount]).reshaped(extents.output),
            result.sliced(from: [extents.outputCount], sizes: [extents.logarithmCount]).reshaped(extents.logarithms)
        )
    }

    /// How many pairs of a query and a key one head looks at, if all keys are there: what a backend's speed is counted by.
    public func visiblePairs(_ extents: Extents) -> Int {
        (0..<extents.queries).reduce(0) { $0 + visibleKeys($1, extents, length: extents.keys).count }
    }

    /// The keys that query `query` of a sequence with `length` keys may see.
    func visibleKeys(_ query: Int, _ extents: Extents, length: Int) -> Range<Int> {
        let place = query + (causality == .length ? length : extents.keys) - extents.queries
        var (low, high) = (0, length)
        if causality != .none { high = min(high, place + 1) }
        if window > 0 {
            low = max(0, place - window + 1)
            if causality == .none { high = min(high, place + window) }
        }
        return low..<max(low, high)
    }

    public static var samples: [Sample] {
        func sample(
            _ batch: Int, _ queries: Int, _ keys: Int, _ heads: Int, _ keyHeads: Int, _ size: Int,
            _ causality: Causality = .none, window: Int = 0, lengths: Bool = false, mask: [Int]? = nil,
            packed: Bool = false, role: Role = .forward
        ) -> Sample {
            let op = Attention(
                role, scale: 0.5, causality: causality, window: window, packedKeyHeads: packed ? keyHeads : 0,
                hasLengths: lengths, hasMask: mask != nil)
            let key = TensorType([batch, keys, keyHeads, size])
            var operands =
                packed
                ? [TensorType([batch, keys, heads + 2 * keyHeads, size])]
                : [TensorType([batch, queries, heads, size]), key, key]
            var ranges = operands.map { _ in -1.0...1.0 }
            if lengths {
                operands.append(TensorType([batch], .int32))
                ranges.append(0...Double(keys))
            }
            if let mask { operands.append(TensorType(mask + [queries, keys])) }
            if role == .gradient {
                let outputs = batch * queries * heads
                operands += [
                    TensorType([outputs * (size + 1)]), TensorType([batch, queries, heads, size]),
                    TensorType([batch, heads, queries]),
                ]
            }
            ranges += Array(repeating: -1.0...1.0, count: operands.count - ranges.count)
            // Slopes by differences cost a pass for each element.
            return Sample(op, operands, ranges: ranges, differentiable: role == .forward && queries * keys < 1000)
        }
        let forward = [
            sample(1, 1, 1, 1, 1, 1), sample(2, 3, 5, 2, 1, 3), sample(1, 5, 5, 2, 2, 4, .end),
            sample(1, 7, 3, 1, 1, 2, .end), sample(2, 6, 9, 2, 1, 5, .length, window: 3, lengths: true),
            sample(2, 5, 5, 2, 2, 3, .end, lengths: true, mask: [1, 2]), sample(1, 6, 7, 1, 1, 8, window: 2),
            sample(2, 5, 5, 4, 2, 3, .end, packed: true), sample(2, 1, 6, 4, 2, 9, .length, lengths: true),
            sample(1, 18, 19, 1, 1, 17, .end, mask: [1, 1]),
            // More queries and keys than backends take at a time.
            sample(1, 270, 150, 1, 1, 12), sample(2, 263, 290, 1, 1, 3, .length, window: 70, lengths: true),
        ]
        return forward + [
            sample(2, 3, 5, 2, 1, 3, role: .gradient), sample(1, 66, 101, 2, 1, 9, .end, role: .gradient),
            sample(1, 65, 65, 2, 1, 8, .end, packed: true, role: .gradient),
            sample(2, 17, 40, 1, 1, 16, .length, window: 9, lengths: true, mask: [2, 1], role: .gradient),
            sample(1, 263, 150, 1, 1, 7, role: .gradient), sample(1, 20, 49, 1, 1, 33, .end, role: .gradient),
            sample(1, 259, 120, 1, 1, 7, window: 40, lengths: true, role: .gradient),
        ]
    }
}
