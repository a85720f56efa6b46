/// Statistics along some axes (all when not given; negative ones count from the last), with PyTorch's defaults. The axes
/// are dropped, or kept with an extent of 1.
extension Tensor {
    public func mean(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        sum(along: axes, keepingAxes: keepingAxes) / Double(extent(along: axes))
    }

    /// The mean of the squared distances from the mean; `unbiased` divides by one less than the number of elements
    /// (Bessel's correction), which gives NaN for a single one.
    public func variance(along axes: [Int]? = nil, unbiased: Bool = true, keepingAxes: Bool = false) -> Tensor {
        let distances = self - mean(along: axes, keepingAxes: true)
        let count = extent(along: axes)
        return distances.squared().sum(along: axes, keepingAxes: keepingAxes) / Double(unbiased ? count - 1 : count)
    }

    /// The square root of ``variance(along:unbiased:keepingAxes:)``.
    public func standardDeviation(
        along axes: [Int]? = nil, unbiased: Bool = true, keepingAxes: Bool = false
    ) -> Tensor {
        variance(along: axes, unbiased: unbiased, keepingAxes: keepingAxes).squareRoot()
    }

    /// (Σ |x|^`order`)^(1/`order`): the Euclidean norm for 2, the largest magnitude for infinity. The Euclidean norm's
    /// gradient at zero is zero.
    public func norm(_ order: Double = 2, along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        precondition(order > 0, "norm: the order \(order) must be positive")
        switch order {
        case 1: return absolute().sum(along: axes, keepingAxes: keepingAxes)
        case 2:
            let sum = squared().sum(along: axes, keepingAxes: keepingAxes)
            let isZero = sum.isEqual(to: 0)
            let root = Self.select(isZero, .constant(1, dtype), sum).squareRoot()
            return Self.select(isZero, .constant(0, dtype), root)
        case .infinity: return absolute().maximum(along: axes, keepingAxes: keepingAxes)
        default: return absolute().power(order).sum(along: axes, keepingAxes: keepingAxes).power(1 / order)
        }
    }

    /// How many elements one result is made from.
    private func extent(along axes: [Int]?) -> Int {
        precondition(dtype.isFloatingPoint, "a mean of \(type) is no whole number; cast(to: .float32) first")
        return (axes ?? Array(shape.indices)).reduce(1) { $0 * shape[$1 < 0 ? $1 + rank : $1] }
    }
}
