/// Random numbers by their place: number i of a key is a function of both alone (Steele, Lea & Flood, *Fast splittable
/// pseudorandom number generators*, 2014). Made for filling parameters before anything runs; graphs use `Random`.
struct CounterRandom {
    private let key: UInt64

    init(key: UInt64) { self.key = Self.mix(key) }

    /// The key of the `index`-th of many streams under one seed.
    static func key(seed: UInt64, index: Int) -> UInt64 {
        mix(mix(seed) ^ UInt64(truncatingIfNeeded: index) &* 0xD6E8_FEB8_6659_FD93)
    }

    private static func mix(_ x: UInt64) -> UInt64 {
        var z = x &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Two numbers in [0, 1), multiples of 2^-24.
    private func pair(_ index: Int) -> (Float, Float) {
        let bits = Self.mix(key &+ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15)
        return (Float(bits >> 40) * 0x1p-24, Float((bits >> 8) & 0xFF_FFFF) * 0x1p-24)
    }

    /// Two independent normal numbers (Box & Muller, 1958), at most 5.8 from 0.
    private func normalPair(_ index: Int) -> (Float, Float) {
        let (u, v) = pair(index)
        let radius = (-2 * HostMath.log(1 - u)).squareRoot()
        let angle = 2 * Float.pi * v
        return (radius * HostMath.cosine(angle), radius * HostMath.sine(angle))
    }

    func fill(_ elements: UnsafeMutableBufferPointer<Float>, uniform range: ClosedRange<Double>) {
        let (low, width) = (Float(range.lowerBound), Float(range.upperBound - range.lowerBound))
        fillPairs(elements) { index in
            let (u, v) = pair(index)
            return (low + width * u, low + width * v)
        }
    }

    func fill(_ elements: UnsafeMutableBufferPointer<Float>, normal: (mean: Double, deviation: Double)) {
        let (mean, deviation) = (Float(normal.mean), Float(normal.deviation))
        fillPairs(elements) { index in
            let (a, b) = normalPair(index)
            return (mean + deviation * a, mean + deviation * b)
        }
    }

    func fill(
        _ elements: UnsafeMutableBufferPointer<Float>, normal: (mean: Double, deviation: Double),
        within range: ClosedRange<Double>
    ) {
        let (mean, deviation) = (Float(normal.mean), Float(normal.deviation))
        let (low, high) = (Float(range.lowerBound), Float(range.upperBound))
        let reach = 5.5 * deviation
        precondition(
            low < mean + reach && high > mean - reach && low < high,
            "a normal distribution of mean \(mean) and deviation \(deviation) has next to nothing within \(range)")
        var index = 0
        var place = 0
        while place < elements.count {
            let (a, b) = normalPair(index)
            index += 1
            for value in [mean + deviation * a, mean + deviation * b] where value >= low && value <= high {
                guard place < elements.count else { break }
                elements[place] = value
                place += 1
            }
        }
    }

    @inline(__always)
    private func fillPairs(_ elements: UnsafeMutableBufferPointer<Float>, _ pair: (Int) -> (Float, Float)) {
        let pairs = elements.count / 2
        for index in 0..<pairs {
            let (a, b) = pair(index)
            elements[2 * index] = a
            elements[2 * index + 1] = b
        }
        if elements.count % 2 == 1 { elements[elements.count - 1] = pair(pairs).0 }
    }
}
