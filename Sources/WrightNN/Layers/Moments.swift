import WrightGraph

/// Mean and variance along some axes, shaped so that gradients stay cheap.
///
/// With the mean held constant as `a`, both `mean((x − a)²) − (mean(x) − a)²` and `x − a` differ from variance and
/// distance by terms that are zero in value. Keeping those terms makes derivatives of every order right, and differentiating
/// through the constant leaves two reductions over the data where the plain formulas leave three, one after the other.
struct Moments {
    /// `x − a`: the distance from the mean, which is held constant.
    let centered: Tensor
    /// `mean(x)`, with the axes kept at an extent of 1.
    let mean: Tensor
    /// `mean(x) − a`: zero in value.
    let drift: Tensor
    /// The biased variance, with the axes kept.
    let variance: Tensor

    init(of x: Tensor, along axes: [Int]) {
        mean = x.mean(along: axes, keepingAxes: true)
        let fixed = mean.stoppingGradient()
        centered = x - fixed
        drift = mean - fixed
        variance = centered.squared().mean(along: axes, keepingAxes: true) - drift.squared()
    }

    /// `(x − mean) / √(variance + epsilon)`.
    func normalized(epsilon: Double) -> Tensor {
        let inverse = (variance + epsilon).reciprocalSquareRoot()
        return centered * inverse - drift * inverse
    }

    /// `(x − mean) / √(variance + epsilon) · weight + bias` for weights that vary along no reduced axis, so that scale and
    /// offset are worked out before they meet the data: one multiplication and one addition for each element.
    func normalized(epsilon: Double, weight: Tensor?, bias: Tensor?) -> Tensor {
        let inverse = (variance + epsilon).reciprocalSquareRoot()
        let scale = weight.map { inverse * $0 } ?? inverse
        let offset = bias.map { $0 - drift * scale } ?? -(drift * scale)
        return centered * scale + offset
    }
}
