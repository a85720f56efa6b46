public import WrightGraph

extension Loss {
    /// How far every wrong class comes within `margin` of the right one, to `power` 1 or 2, divided by the number of
    /// classes; `[batch, classes]` and int32 `[batch]`.
    public static func multiClassHinge(
        _ scores: Tensor, classes: Tensor, margin: Double = 1, power: Int = 1, reduction: Reduction = .mean
    ) -> Tensor {
        precondition(power == 1 || power == 2, "multiClassHinge: power \(power) must be 1 or 2")
        precondition(
            scores.rank >= 1 && scores.shape.dropLast() == classes.shape[...] && classes.dtype.isInteger,
            "multiClassHinge: needs scores [..., classes] and whole numbers [...], received \(scores.type), "
                + "\(classes.type)")
        let (axis, count) = (scores.rank - 1, scores.shape[scores.rank - 1])
        let isLabel = Tensor.iota(count).cast(to: classes.dtype).isEqual(to: classes.expandedAxis(at: -1))
        let zero = Tensor.constant(0, scores.dtype)
        let right = Tensor.select(isLabel, scores, zero).sum(along: [axis], keepingAxes: true)
        let misses = (scores - right + margin).relu()
        let wrong = Tensor.select(isLabel, zero, power == 2 ? misses.squared() : misses)
        return reduction(wrong.sum(along: [axis]) / Double(count))
    }

    /// How far the anchor's distance from the positive example comes within `margin` of its distance from the negative
    /// one; all `[batch, dimension]` (Schroff et al., *FaceNet*, 2015). `epsilon` is added to each difference.
    public static func tripletMargin(
        anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, epsilon: Double = 1e-6,
        reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(anchor, positive, "tripletMargin")
        expectEqualShapes(anchor, negative, "tripletMargin")
        let near = (anchor - positive + epsilon).norm(along: [-1])
        let far = (anchor - negative + epsilon).norm(along: [-1])
        return reduction((near - far + margin).relu())
    }

    /// 1 − cosine of pairs whose target is 1, the cosine beyond `margin` of pairs whose target is −1; `[…, dimension]` and
    /// targets `[…]`.
    public static func cosineEmbedding(
        _ first: Tensor, _ second: Tensor, target: Tensor, margin: Double = 0, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(first, second, "cosineEmbedding")
        precondition(
            first.shape.dropLast() == target.shape[...],
            "cosineEmbedding: pairs \(first.type) need one target each, received \(target.type)")
        func length2(_ x: Tensor) -> Tensor { x.squared().sum(along: [-1]) + 1e-12 }
        let cosine = (first * second).sum(along: [-1]) / (length2(first) * length2(second)).squareRoot()
        return reduction(Tensor.select(target.isGreater(than: 0), 1 - cosine, (cosine - margin).relu()))
    }
}
