#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Brings sounds from one rate to another by band-limited interpolation: a sinc under a Hann window for each of the places
/// that an output sample may have between two input samples (Smith, *Digital audio resampling*, 2002).
public struct Resampler: Sendable {
    /// Zero crossings of the sinc on each side.
    private static let crossings = 16
    /// The share of the band that passes whole.
    private static let passing = 0.95

    /// In lowest terms: `up` output samples for each `down` input samples.
    private let up: Int
    private let down: Int
    /// Input samples on each side that an output sample is made of.
    private let reach: Int
    /// `2 reach + 1` for each place.
    private let filters: [Float]

    public init(from: Int, to: Int) {
        precondition(from > 0 && to > 0, "a sound of \(min(from, to)) samples a second holds nothing")
        var (one, other) = (from, to)
        while other != 0 { (one, other) = (other, one % other) }
        (up, down) = (to / one, from / one)
        let band = Double(min(from, to)) / Double(from) * Self.passing
        reach = Int((Double(Self.crossings) / band).rounded(.up))
        let width = Double(reach) + 1
        var filters: [Float] = []
        filters.reserveCapacity(up * (2 * reach + 1))
        for place in 0..<up {
            let offset = Double(place) / Double(up)
            for tap in -reach...reach {
                let distance = Double(tap) - offset
                let angle = .pi * distance * band
                let sinc = angle == 0 ? 1 : sin(angle) / angle
                let window = 0.5 + 0.5 * cos(.pi * distance / width)
                filters.append(Float(band * sinc * window))
            }
        }
        self.filters = filters
    }

    public func callAsFunction(_ samples: [Float]) -> [Float] {
        guard up != down else { return samples }
        let count = (samples.count * up + down - 1) / down
        return [Float](unsafeUninitializedCapacity: count) { result, made in
            for index in 0..<count {
                let (whole, place) = (index * down).quotientAndRemainder(dividingBy: up)
                let first = place * (2 * reach + 1)
                var sum: Float = 0
                for at in max(0, whole - reach)..<max(0, min(samples.count, whole + reach + 1)) {
                    sum += samples[at] * filters[first + at - whole + reach]
                }
                result[index] = sum
            }
            made = count
        }
    }
}
