#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The power at each frequency of a piece of a sound, by the fast Fourier transform of radix 2 (Cooley & Tukey, 1965).
struct PowerSpectrum: Sendable {
    /// Samples of a piece, a power of two.
    let size: Int
    private let cosines: [Float]
    private let sines: [Float]
    /// Where each sample goes: its number with the bits in opposite order.
    private let order: [Int]

    init(size: Int) {
        precondition(size >= 2 && size & (size - 1) == 0, "a transform of \(size) samples; it must be a power of two")
        self.size = size
        let angles = (0..<(size / 2)).map { -2 * .pi * Double($0) / Double(size) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(sin($0)) }
        let bits = size.trailingZeroBitCount
        order = (0..<size).map { index in
            (0..<bits).reduce(0) { $0 | (index >> $1 & 1) << (bits - 1 - $1) }
        }
    }

    /// Frequencies from 0 to half the rate.
    var count: Int { size / 2 + 1 }

    /// `power` gets ``count`` numbers. `real` holds ``size`` samples and is changed, as is `imaginary`, of as many.
    func callAsFunction(
        _ real: UnsafeMutableBufferPointer<Float>, _ imaginary: UnsafeMutableBufferPointer<Float>,
        into power: UnsafeMutableBufferPointer<Float>
    ) {
        imaginary.update(repeating: 0)
        for index in 0..<size where order[index] > index { real.swapAt(index, order[index]) }
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                var half = 1
                while half < size {
                    let step = size / (2 * half)
                    for start in stride(from: 0, to: size, by: 2 * half) {
                        for place in 0..<half {
                            let (upper, lower) = (start + place, start + place + half)
                            let (cosine, sine) = (cosines[place * step], sines[place * step])
                            let turnedReal = real[lower] * cosine - imaginary[lower] * sine
                            let turnedImaginary = real[lower] * sine + imaginary[lower] * cosine
                            (real[lower], imaginary[lower]) = (
                                real[upper] - turnedReal, imaginary[upper] - turnedImaginary
                            )
                            real[upper] += turnedReal
                            imaginary[upper] += turnedImaginary
                        }
                    }
                    half *= 2
                }
            }
        }
        for index in 0..<count { power[index] = real[index] * real[index] + imaginary[index] * imaginary[index] }
    }
}
