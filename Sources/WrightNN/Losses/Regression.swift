public import WrightGraph

extension Loss {
    /// (prediction − target)².
    public static func meanSquaredError(
        _ prediction: Tensor, target: Tensor, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(prediction, target, "meanSquaredError")
        return reduction((prediction - target).squared())
    }

    /// |prediction − target|.
    public static func meanAbsoluteError(
        _ prediction: Tensor, target: Tensor, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(prediction, target, "meanAbsoluteError")
        return reduction((prediction - target).absolute())
    }

    /// Half the squared error up to `delta`, beyond it a straight line (Huber, 1964).
    public static func huber(
        _ prediction: Tensor, target: Tensor, delta: Double = 1, reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(prediction, target, "huber")
        precondition(delta > 0, "huber: delta \(delta) must be positive")
        let error = prediction - target
        let distance = error.absolute()
        return reduction(
            Tensor.select(
                distance.isLess(than: delta), error.squared() * 0.5, (distance - 0.5 * delta) * delta))
    }

    /// ``huber(_:target:delta:reduction:)`` divided by `beta`, so that the straight part has a slope of 1 (Girshick, *Fast
    /// R-CNN*, 2015).
    public static func smoothL1(
        _ prediction: Tensor, target: Tensor, beta: Double = 1, reduction: Reduction = .mean
    ) -> Tensor {
        guard beta > 0 else { return meanAbsoluteError(prediction, target: target, reduction: reduction) }
        return huber(prediction, target: target, delta: beta, reduction: reduction) / beta
    }

    /// The negative log-likelihood of `target` under normal distributions of these means and variances; `isFull` adds the
    /// constant. Variances below `epsilon` count as `epsilon`.
    public static func gaussianNegativeLogLikelihood(
        _ prediction: Tensor, target: Tensor, variance: Tensor, isFull: Bool = false, epsilon: Double = 1e-6,
        reduction: Reduction = .mean
    ) -> Tensor {
        expectEqualShapes(prediction, target, "gaussianNegativeLogLikelihood")
        let safe = variance.maximum(epsilon)
        let losses = (safe.log() + (prediction - target).squared() / safe) * 0.5
        return reduction(isFull ? losses + 0.5 * HostMath.log(2 * .pi) : losses)
    }
}
