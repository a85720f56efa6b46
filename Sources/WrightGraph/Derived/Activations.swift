/// Activation functions with PyTorch's formulas and defaults, at their bends too.
///
/// Where a formula overflows in the half that is not chosen, its argument is replaced there: an infinity times the zero
/// cotangent of a branch not taken would be NaN.
extension Tensor {
    /// x where positive, `slope` · x elsewhere.
    public func leakyRelu(slope: Double = 0.01) -> Tensor { Self.select(isGreater(than: 0), self, self * slope) }

    /// x where positive, `weight` · x elsewhere; `weight` has one element or one for each channel of the last axis
    /// (He et al., *Delving deep into rectifiers*, 2015).
    public func prelu(weight: Tensor) -> Tensor { Self.select(isGreater(than: 0), self, self * weight) }

    /// x where positive, `alpha` · (exp(x) − 1) elsewhere (Clevert et al., 2015).
    public func elu(alpha: Double = 1) -> Tensor {
        let isPositive = isGreater(than: 0)
        let safe = Self.select(isPositive, .constant(0, dtype), self)
        return Self.select(isPositive, self, safe.expm1() * alpha)
    }

    /// The self-normalising ELU (Klambauer et al., 2017).
    public func selu() -> Tensor { elu(alpha: 1.673_263_242_354_377_3) * 1.050_700_987_355_480_5 }

    /// x · Φ(x), Φ being the normal distribution function (Hendrycks & Gimpel, 2016), by the error function.
    public func gelu() -> Tensor { self * 0.5 * ((self * 0.5.squareRoot()).erf() + 1) }

    /// ``gelu()`` by its approximation with tanh, as GPT-2 has it.
    public func geluTanh() -> Tensor {
        let inner = (self + self * squared() * 0.044_715) * (2 / Double.pi).squareRoot()
        return self * 0.5 * (inner.tanh() + 1)
    }

    /// x · sigmoid(x), also known as swish.
    public func silu() -> Tensor { self * sigmoid() }

    /// The square of ReLU (So et al., *Primer*, 2021).
    public func reluSquared() -> Tensor { relu().squared() }

    /// x · tanh(softplus(x)) (Misra, 2019).
    public func mish() -> Tensor { self * softplus().tanh() }

    /// log(1 + exp(`beta` · x)) / `beta`; x itself where `beta` · x is above `threshold`, where both are equal in float32.
    public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
        let scaled = self * beta
        let isLinear = scaled.isGreater(than: threshold)
        let safe = Self.select(isLinear, .constant(0, dtype), scaled)
        return Self.select(isLinear, self, safe.exp().log1p() / beta)
    }

    /// log(sigmoid(x)), without overflow.
    public func logSigmoid() -> Tensor { minimum(0) - (-absolute()).exp().log1p() }

    /// x / (1 + |x|).
    public func softsign() -> Tensor { self / (absolute() + 1) }

    /// x held between two numbers; no gradient flows at and beyond them.
    public func hardtanh(minimum: Double = -1, maximum: Double = 1) -> Tensor {
        let (low, high) = (Tensor.constant(minimum, dtype), Tensor.constant(maximum, dtype))
        return Self.select(
            isLessOrEqual(to: minimum), low, Self.select(isGreaterOrEqual(to: maximum), high, self))
    }

    /// x held between 0 and 6.
    public func relu6() -> Tensor { hardtanh(minimum: 0, maximum: 6) }

    /// relu6(x + 3) / 6, a sigmoid of straight lines (Howard et al., *Searching for MobileNetV3*, 2019).
    public func hardsigmoid() -> Tensor { (self + 3).relu6() / 6 }

    /// x · relu6(x + 3) / 6 (Howard et al., 2019).
    public func hardswish() -> Tensor { self * (self + 3).relu6() / 6 }

    /// The first half of `axis` times the sigmoid of the second half (Dauphin et al., 2016).
    public func glu(along axis: Int = -1) -> Tensor {
        let halves = split(into: 2, along: axis)
        return halves[0] * halves[1].sigmoid()
    }

    /// x held within `range`; the gradient flows inside and at the bounds. NaN stays NaN.
    public func clamped(to range: ClosedRange<Double>) -> Tensor {
        let (low, high) = (Tensor.constant(range.lowerBound, dtype), Tensor.constant(range.upperBound, dtype))
        return Self.select(
            isLess(than: range.lowerBound), low, Self.select(isGreater(than: range.upperBound), high, self))
    }
}
