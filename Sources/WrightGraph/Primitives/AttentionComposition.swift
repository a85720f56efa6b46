/// Attention written with matrix products and exponentials, for derivatives that no kernel gives: of a mask, and of a
/// gradient.
struct AttentionComposition {
    let op: Attention
    let extents: Attention.Extents
    /// `[batch, heads, places, headSize]`, the key heads repeated.
    let query, key, value: Tensor
    /// `[batch, heads, queries, keys]`.
    let probabilities: Tensor

    init(_ op: Attention, _ operands: [Tensor]) {
        self.op = op
        let extents = op.extents(of: operands.map(\.type))
        self.extents = extents
        let parts =
            op.packedKeyHeads > 0
            ? operands[0].split(sizes: [extents.heads, extents.keyHeads, extents.keyHeads], along: 2)
            : Array(operands[..<3])
        let group = extents.heads / extents.keyHeads
        func spread(_ x: Tensor) -> Tensor {
            let shape = [extents.batch, extents.keys, extents.keyHeads]
            return x.reshaped(shape + [1, extents.headSize]).broadcast(to: shape + [group, extents.headSize])
                .reshaped([extents.batch, extents.keys, extents.heads, extents.headSize]).permuted([0, 2, 1, 3])
        }
        query = parts[0].permuted([0, 2, 1, 3])
        key = spread(parts[1])
        value = spread(parts[2])
        var scores = query.matmul(key.transposed()) * op.scale
        if let index = op.maskIndex { scores = scores + operands[index].broadcast(to: scores.shape) }
        let dtype = scores.dtype
        let isSeen = Self.visibility(op, extents, lengths: op.lengthsIndex.map { operands[$0] })
            .broadcast(to: scores.shape)
        let hidden = Tensor.constant(-.infinity, dtype)
        let largest = Tensor.select(isSeen, scores, hidden).maximum(along: [-1], keepingAxes: true).stoppingGradient()
        let shift = Tensor.select(largest.isEqual(to: -.infinity), .constant(0, dtype), largest)
        let zero = Tensor.constant(0, dtype)
        let exponentials = Tensor.select(isSeen, Tensor.select(isSeen, scores - shift, zero).exp(), zero)
        let sum = exponentials.sum(along: [-1], keepingAxes: true)
        probabilities = exponentials / Tensor.select(sum.isEqual(to: 0), .constant(1, dtype), sum)
    }

    /// Which keys are seen, to be stretched to `[batch, heads, queries, keys]`.
    private static func visibility(_ op: Attention, _ extents: Attention.Extents, lengths: Tensor?) -> Tensor {
        let shape = [extents.batch, 1, extents.queries, extents.keys]
        let key = Tensor(Iota(shape, axis: 3))
        let all = Tensor.constant(Double(extents.keys), .int32).broadcast(to: [extents.batch])
        let length = (lengths.map { $0.maximum(0).minimum(Double(extents.keys)) } ?? all)
            .reshaped([extents.batch, 1, 1, 1])
        let last = op.causality == .length ? length : all.reshaped([extents.batch, 1, 1, 1])
        let place = Tensor(Iota(shape, axis: 2)) + (last - Double(extents.queries))
        var isSeen = key.isLess(than: length)
        if op.causality != .none { isSeen = isSeen.and(key.isLessOrEqual(to: place)) }
        guard op.window > 0 else { return isSeen }
        isSeen = isSeen.and(key.isGreater(than: place - Double(op.window)))
        return op.causality == .none ? isSeen.and(key.isLess(than: place + Double(op.window))) : isSeen
    }

    /// The gradients of the scores, before they were scaled, from those of output and logarithms.
    private func scoreGradients(_ output: Tensor, _ logarithms: Tensor) -> Tensor {
        let slopes = output.permuted([0, 2, 1, 3]).matmul(value.transposed())
        let mean = (probabilities * slopes).sum(along: [-1], keepingAxes: true)
        return probabilities * (slopes - mean + logarithms.expandedAxis(at: -1))
    }

    func maskGradient(_ output: Tensor, _ logarithms: Tensor, shape: [Int]) -> Tensor {
        let axes = [0, 1].filter { shape[$0] == 1 }
        return scoreGradients(output, logarithms).sum(along: axes, keepingAxes: true).reshaped(shape)
    }

    /// The gradients of query, key and value as the operands lie.
    private func gradients(_ output: Tensor, _ logarithms: Tensor) -> [Tensor] {
        let slopes = scoreGradients(output, logarithms) * op.scale
        let group = extents.heads / extents.keyHeads
        func gathered(_ x: Tensor) -> Tensor {
            x.permuted([0, 2, 1, 3])
                .reshaped([extents.batch, extents.keys, extents.keyHeads, group, extents.headSize]).sum(along: [3])
        }
        return [
            slopes.matmul(key).permuted([0, 2, 1, 3]), gathered(slopes.transposed().matmul(query)),
            gathered(probabilities.transposed().matmul(output.permuted([0, 2, 1, 3]))),
        ]
    }

    /// The three parts of a gradient's result.
    static func unpacked(_ packed: Tensor, _ extents: Attention.Extents) -> [Tensor] {
        let (first, next) = (extents.outputCount, extents.keyCount)
        return [
            packed.sliced(from: [0], sizes: [first]).reshaped(extents.output),
            packed.sliced(from: [first], sizes: [next]).reshaped(extents.key),
            packed.sliced(from: [first + next], sizes: [next]).reshaped(extents.key),
        ]
    }

    /// The shares of a gradient's operands, without the forward result, in a cotangent of its result.
    static func secondGradients(_ cotangent: Tensor, of op: Attention, _ operands: [Tensor]) -> [Tensor?] {
        let count = op.forwardCount
        // Operands may be one node, or depend on each other: each gets a node of its own, to be told apart.
        let leaves = (operands[..<count] + operands[(count + 1)...]).map { Tensor(Reshape($0.shape), $0) }
        let composition = AttentionComposition(op, Array(leaves[..<count]))
        let extents = composition.extents
        let gradients = composition.gradients(leaves[count], leaves[count + 1])
        let parts =
            op.packedKeyHeads > 0
            ? cotangent.split(sizes: [extents.heads, extents.keyHeads, extents.keyHeads], along: 2)
            : unpacked(cotangent, extents)
        let product = zip(gradients, parts).map { ($0 * $1).sum() }.reduce(Tensor.constant(0, cotangent.dtype), +)
        return zip(leaves.indices, product.reachableGradients(of: leaves)).map { $0 == op.lengthsIndex ? nil : $1 }
    }
}
