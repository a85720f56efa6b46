/// Random numbers by their place: number i of a key is a function of both alone (Steele, Lea & Flood, *Fast splittable
/// pseudorandom number generators*, 2014). Made for filling parameters before anything runs; graphs use `Random`.
struct CounterRandom {
    private let key: UInt64
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(key: UInt64) { self.key = Self.mix(key) }

    /// The key of the `index`-th of many streams under one seed.
    static func key(seed: UInt64, index: Int) -> UInt64 {
        mix(mix(seed) ^ UInt64(truncatingIfNeeded: index) &* 0xD6E8_FEB8_6659_FD93)
    }

    @inline(__always)
    private static func mix(_ x: UInt64) -> UInt64 {
        var z = x &+ increment
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    func fill(_ elements: UnsafeMutableBufferPointer<Float>, uniform range: ClosedRange<Double>) {
        let (middle, reach) = (
            Float(range.lowerBound + range.upperBound) / 2, Float(range.upperBound - range.lowerBound) / 2
        )
        fill(elements) { middle + reach * $0 }
    }

    /// Normal numbers, at most 5.3 deviations from the mean, by the inverse of their distribution function, so that one
    /// draw gives one number within any range.
    func fill(
        _ elements: UnsafeMutableBufferPointer<Float>, normal: (mean: Double, deviation: Double),
        within range: ClosedRange<Double> = -.infinity ... .infinity
    ) {
        let (mean, scale) = (Float(normal.mean), Float(normal.deviation * 2.0.squareRoot()))
        func quantile(_ x: Double) -> Double { HostMath.erf((x - normal.mean) / (normal.deviation * 2.0.squareRoot())) }
        let (low, high) = (quantile(range.lowerBound), quantile(range.upperBound))
        precondition(low < high, "a normal distribution \(normal) has next to nothing within \(range)")
        let (middle, reach) = (Float(low + high) / 2, Float(high - low) / 2)
        let (least, most) = (Float(range.lowerBound), Float(range.upperBound))
        fill(elements) { min(max(mean + scale * Self.inverseErf(middle + reach * $0), least), most) }
    }

    /// Sets each element to `value` of its number in (−1, 1), an odd multiple of 2^-23; two elements share 64 bits.
    @inline(__always)
    private func fill(_ elements: UnsafeMutableBufferPointer<Float>, _ value: (Float) -> Float) {
        guard var place = elements.baseAddress else { return }
        let end = place + elements.count
        var counter = key
        while place < end {
            counter &+= Self.increment
            let bits = Self.mix(counter)
            place.pointee = value(Float(2 * Int32(truncatingIfNeeded: bits >> 41) - 0x7F_FFFF) * 0x1p-23)
            place += 1
            guard place < end else { return }
            place.pointee = value(Float(2 * Int32(truncatingIfNeeded: (bits >> 9) & 0x7F_FFFF) - 0x7F_FFFF) * 0x1p-23)
            place += 1
        }
    }

    /// The inverse of the error function, within 4e-7 of the true value's size (Giles, *Approximating the erfinv
    /// function*, 2011).
    @inline(__always)
    private static func inverseErf(_ x: Float) -> Float {
        var w = -HostMath.log((1 - x) * (1 + x))
        var p: Float
        if w < 5 {
            w -= 2.5
            p = 2.81022636e-08
            p = 3.43273939e-07 + p * w
            p = -3.5233877e-06 + p * w
            p = -4.39150654e-06 + p * w
            p = 0.00021858087 + p * w
            p = -0.00125372503 + p * w
            p = -0.00417768164 + p * w
            p = 0.246640727 + p * w
            p = 1.50140941 + p * w
        } else {
            w = w.squareRoot() - 3
            p = -0.000200214257
            p = 0.000100950558 + p * w
            p = 0.00134934322 + p * w
            p = -0.00367342844 + p * w
            p = 0.00573950773 + p * w
            p = -0.0076224613 + p * w
            p = 0.00943887047 + p * w
            p = 1.00167406 + p * w
            p = 2.83297682 + p * w
        }
        return p * x
    }
}
