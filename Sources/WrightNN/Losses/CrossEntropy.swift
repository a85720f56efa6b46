public import WrightGraph

extension Loss {
    /// The negative log-likelihood of classes under a softmax.
    ///
    /// - Parameters:
    ///   - logits: `[…, classes]`, before any softmax.
    ///   - classes: int32 `[…]`. A class outside the axis that is not ignored gives NaN.
    ///   - weights: how much each class counts; the mean divides by the sum of the weights seen.
    ///   - labelSmoothing: this share of the target is spread evenly over all classes (Szegedy et al., 2016).
    ///   - ignored: examples of this class count nothing and are left out of the mean.
    public static func crossEntropy(
        _ logits: Tensor, classes: Tensor, weights: Tensor? = nil, labelSmoothing: Double = 0,
        ignoring ignored: Int? = nil, reduction: Reduction = .mean
    ) -> Tensor {
        precondition(
            logits.rank >= 1 && logits.shape.dropLast() == classes.shape[...] && classes.dtype.isInteger,
            "crossEntropy: needs logits [..., classes] and whole numbers [...], received \(logits.type), \(classes.type)"
        )
        guard let weights else {
            return unweighted(
                logits, classes, labelSmoothing: labelSmoothing, ignoring: ignored, reduction: reduction)
        }
        let (axis, count) = (logits.rank - 1, logits.shape[logits.rank - 1])
        let label = classes.expandedAxis(at: -1)
        let isLabel = Tensor.iota(count).cast(to: classes.dtype).isEqual(to: label)
        let zero = Tensor.constant(0, logits.dtype)
        let logs = logits.logSoftmax()

        func chosen(_ values: Tensor) -> Tensor { Tensor.select(isLabel, values, zero).sum(along: [axis]) }

        let isClass = classes.isGreaterOrEqual(to: 0).and(classes.isLess(than: Double(count)))
        var losses = Tensor.select(
            isClass, -chosen(logs * weights), .constant(.nan, logits.dtype))
        if labelSmoothing > 0 {
            let spread = -(logs * weights).sum(along: [axis])
            losses = losses * (1 - labelSmoothing) + spread * (labelSmoothing / Double(count))
        }
        var share = chosen(weights)
        if let ignored {
            let isIgnored = classes.isEqual(to: Double(ignored))
            losses = Tensor.select(isIgnored, zero, losses)
            share = Tensor.select(isIgnored, zero, share)
        }
        guard reduction == .mean else { return reduction(losses) }
        return losses.sum() / share.broadcast(to: losses.shape).sum()
    }

    private static func unweighted(
        _ logits: Tensor, _ classes: Tensor, labelSmoothing: Double, ignoring ignored: Int?, reduction: Reduction
    ) -> Tensor {
        // Larger whole numbers must not become classes when they are cut to 32 bits.
        let bound = Double(Int32.max)
        let labels = classes.dtype == .int64 ? classes.minimum(bound).maximum(1 - bound) : classes
        let losses = Tensor(
            SoftmaxCrossEntropy(smoothing: labelSmoothing, ignored: ignored ?? SoftmaxCrossEntropy.nothingIgnored),
            logits.reshaped([classes.count, logits.shape[logits.rank - 1]]),
            labels.cast(to: .int32).reshaped([classes.count])
        ).reshaped(classes.shape)
        guard let ignored, reduction == .mean else { return reduction(losses) }
        let isCounted = classes.isEqual(to: Double(ignored)).not()
        return losses.sum() / isCounted.cast(to: logits.dtype).sum()
    }

    /// The cross-entropy of target distributions `[…, classes]` (mixup, distillation) under the softmax of `logits`.
    public static func crossEntropy(
        _ logits: Tensor, probabilities: Tensor, weights: Tensor? = nil, labelSmoothing: Double = 0,
        reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(logits, probabilities, "crossEntropy")
        let count = logits.shape[logits.rank - 1]
        let target =
            labelSmoothing > 0
            ? probabilities * (1 - labelSmoothing) + labelSmoothing / Double(count) : probabilities
        let logs = logits.logSoftmax()
        return reduction(-((weights.map { logs * $0 } ?? logs) * target).sum(along: [-1]))
    }

    /// The Kullback–Leibler divergence of the distribution with these log-probabilities from the target, element by
    /// element; ``Reduction/batchMean`` is the mathematical one. `isLogTarget`: the target is given as logarithms too.
    public static func klDivergence(
        _ logProbabilities: Tensor, target: Tensor, isLogTarget: Bool = false, reduction: Reduction = .batchMean
    ) -> Tensor {
        expectEqualShapes(logProbabilities, target, "klDivergence")
        if isLogTarget { return reduction(target.exp() * (target - logProbabilities)) }
        // 0 · log 0 is 0.
        let isZero = target.isEqual(to: 0)
        let logTarget = Tensor.select(isZero, .constant(1, target.dtype), target).log()
        return reduction(target * (logTarget - logProbabilities))
    }
}
