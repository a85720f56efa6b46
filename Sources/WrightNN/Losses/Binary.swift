public import WrightGraph

extension Loss {
    /// The cross-entropy of independent yes-or-no targets (from 0 to 1) under the sigmoid of `logits`, without overflow.
    /// `positiveWeight` counts positive targets more (one number, or one for each place of the last axis).
    public static func binaryCrossEntropy(
        logits: Tensor, target: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(logits, target, "binaryCrossEntropy")
        let log = logits.logSigmoid()
        let weighted = positiveWeight.map { log * (target * ($0 - 1) + 1) } ?? log
        return reduction(logits * (1 - target) - weighted)
    }

    /// The same for probabilities; prefer logits. Logarithms are held above −100 and the gradient of certainty finite, as in
    /// PyTorch.
    public static func binaryCrossEntropy(
        probabilities: Tensor, target: Tensor, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(probabilities, target, "binaryCrossEntropy")
        func losses(_ p: Tensor) -> Tensor {
            -(target * p.log().maximum(-100) + (1 - target) * (-p).log1p().maximum(-100))
        }
        let isCertain = (probabilities * (1 - probabilities)).isLess(than: 1e-12)
        let usual = losses(Tensor.select(isCertain, .constant(0.5, probabilities.dtype), probabilities))
        // Where the true slope is 0 / 0 or infinite: the value, with PyTorch's slope (p − t) / 1e-12.
        let fixed = probabilities.stoppingGradient()
        let slope = ((fixed - target) / 1e-12).stoppingGradient()
        let certain = losses(fixed).stoppingGradient() + (probabilities - fixed) * slope
        return reduction(Tensor.select(isCertain, certain, usual))
    }

    /// Binary cross-entropy in which examples that are already right count less (Lin et al., *Focal loss for dense object
    /// detection*, 2017). `alpha` weighs positive targets, 1 − `alpha` negative ones.
    public static func focal(
        logits: Tensor, target: Tensor, alpha: Double? = 0.25, gamma: Double = 2, reduction: Reduction = .mean
    ) -> Tensor {
        let probability = logits.sigmoid()
        let entropy = binaryCrossEntropy(logits: logits, target: target, reduction: .none)
        let miss = 1 - (probability * target + (1 - probability) * (1 - target))
        let losses = entropy * miss.power(gamma)
        return reduction(alpha.map { losses * (target * $0 + (1 - target) * (1 - $0)) } ?? losses)
    }

    /// How far a score is from being `margin` beyond zero on the side of its target, which is −1 or 1.
    public static func hinge(
        _ prediction: Tensor, target: Tensor, margin: Double = 1, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(prediction, target, "hinge")
        return reduction((margin - target * prediction).relu())
    }

    /// Distances: themselves where the target is 1, how far they fall short of `margin` where it is −1.
    public static func hingeEmbedding(
        _ distance: Tensor, target: Tensor, margin: Double = 1, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(distance, target, "hingeEmbedding")
        return reduction(Tensor.select(target.isGreater(than: 0), distance, (margin - distance).relu()))
    }
}
