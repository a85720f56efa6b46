/// Exponentials normalised along one axis, without overflow: the largest element is subtracted first.
extension Tensor {
    /// exp(x) / Σ exp(x) along `axis`; negative axes count from the last.
    public func softmax(along axis: Int = -1) -> Tensor {
        guard count > 0 else { return self }
        let exponentials = shiftedBelowZero(axis).exp()
        return exponentials / exponentials.sum(along: [axis], keepingAxes: true)
    }

    /// log(softmax(x)) along `axis`, exact where the softmax underflows.
    public func logSoftmax(along axis: Int = -1) -> Tensor {
        guard count > 0 else { return self }
        let shifted = shiftedBelowZero(axis)
        return shifted - shifted.exp().sum(along: [axis], keepingAxes: true).log()
    }

    /// log Σ exp(x) along `axes` (all when not given); −∞ where every element is −∞.
    public func logSumExp(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        let largest = maximum(along: axes, keepingAxes: true).stoppingGradient()
        // An infinite largest element would give ∞ − ∞.
        let isInfinite = largest.absolute().isEqual(to: .infinity)
        let shift = Self.select(isInfinite, .constant(0, dtype), largest)
        let sum = (self - shift).exp().sum(along: axes, keepingAxes: true).log() + shift
        return keepingAxes ? sum : sum.reshaped(largest.shapeWithout(axes))
    }

    /// This tensor minus its largest element along `axis`; the shift cancels, so no gradient needs to flow through it.
    private func shiftedBelowZero(_ axis: Int) -> Tensor {
        self - maximum(along: [axis], keepingAxes: true).stoppingGradient()
    }

    /// The shape without `axes`; of no axes at all when they are not given.
    func shapeWithout(_ axes: [Int]?) -> [Int] {
        let dropped = axes.map { Set($0.map { $0 < 0 ? $0 + rank : $0 }) } ?? Set(shape.indices)
        return shape.indices.filter { !dropped.contains($0) }.map { shape[$0] }
    }
}
