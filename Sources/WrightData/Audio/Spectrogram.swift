#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a sound is over time: for each piece of it the power in bands of the mel scale (Stevens, Volkmann & Newman, 1937; the
/// formula is O'Shaughnessy's, 1987) in decibel below the loudest, or their cepstral coefficients (Davis & Mermelstein, 1980).
public struct Spectrogram: Sendable {
    /// The settings of a spectrogram.
    public struct Config: Hashable, Sendable {
        /// Samples in a second.
        public var rate = 16_000
        /// Seconds in a piece.
        public var window = 0.025
        /// Seconds from the start of one piece to the next.
        public var hop = 0.010
        public var bands = 40
        /// The lowest frequency of the lowest band; the highest is half the rate.
        public var lowest = 20.0
        /// What is so many decibel below the loudest is silence.
        public var range = 80.0
        /// How many cepstral coefficients take the place of the bands; nil keeps the bands.
        public var coefficients: Int?

        public init() {}

        /// Numbers for each piece.
        public var width: Int { coefficients ?? bands }

        /// Pieces in so many samples.
        public func frames(_ samples: Int) -> Int { max(0, samples - windowSamples) / hopSamples + 1 }

        var windowSamples: Int { max(2, Int((window * Double(rate)).rounded())) }
        var hopSamples: Int { max(1, Int((hop * Double(rate)).rounded())) }
    }

    public let config: Config
    private let spectrum: PowerSpectrum
    private let window: [Float]
    /// For each band the first frequency, and the weights from there on.
    private let filters: [(start: Int, weights: [Float])]
    /// `[coefficients][bands]`: the cosine transform, its rows of length 1.
    private let cosines: [[Float]]

    public init(_ config: Config = Config()) {
        precondition(
            config.bands > 0 && config.rate > 0 && config.hop > 0 && config.coefficients ?? 1 <= config.bands,
            "Spectrogram: \(config) has no bands, no time, or more coefficients than bands")
        self.config = config
        let samples = config.windowSamples
        var size = 2
        while size < samples { size *= 2 }
        spectrum = PowerSpectrum(size: size)
        window = (0..<samples).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(samples))) }
        func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
        let (low, high) = (mel(config.lowest), mel(Double(config.rate) / 2))
        let edges = (0..<(config.bands + 2)).map { index in
            700 * (pow(10, (low + (high - low) * Double(index) / Double(config.bands + 1)) / 2595) - 1)
        }
        let frequencies = (0..<spectrum.count).map { Double($0) * Double(config.rate) / Double(size) }
        filters = (0..<config.bands).map { band in
            let weights = frequencies.map { frequency in
                Float(
                    max(
                        0,
                        min(
                            (frequency - edges[band]) / (edges[band + 1] - edges[band]),
                            (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1]))))
            }
            let start = weights.firstIndex { $0 > 0 } ?? 0
            return (start, Array(weights[start..<((weights.lastIndex { $0 > 0 } ?? start) + 1)]))
        }
        cosines = (0..<(config.coefficients ?? 0)).map { number in
            let length = ((number == 0 ? 1 : 2) / Double(config.bands)).squareRoot()
            return (0..<config.bands).map { band in
                Float(length * cos(.pi * Double(number) * (Double(band) + 0.5) / Double(config.bands)))
            }
        }
    }

    /// `[frames, width]`, row-major, of samples at the config's rate. What is shorter than one piece is filled up with
    /// silence.
    public func callAsFunction(_ samples: [Float]) -> [Float] {
        let (frames, bands) = (config.frames(samples.count), config.bands)
        var decibels = [Float](repeating: 0, count: frames * bands)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * spectrum.size + spectrum.count) { scratch in
            // Safety: three parts of the scratch memory that do not overlap; all are written before they are read.
            let real = UnsafeMutableBufferPointer(rebasing: scratch[..<spectrum.size])
            let imaginary = UnsafeMutableBufferPointer(rebasing: scratch[spectrum.size..<(2 * spectrum.size)])
            let power = UnsafeMutableBufferPointer(rebasing: scratch[(2 * spectrum.size)...])
            for frame in 0..<frames {
                let start = frame * config.hopSamples
                real.update(repeating: 0)
                for index in 0..<max(0, min(window.count, samples.count - start)) {
                    real[index] = samples[start + index] * window[index]
                }
                spectrum(real, imaginary, into: power)
                for (band, filter) in filters.enumerated() {
                    var sum: Float = 0
                    for index in filter.weights.indices { sum += power[filter.start + index] * filter.weights[index] }
                    decibels[frame * bands + band] = 10 * log10f(max(sum, 1e-10))
                }
            }
        }
        let loudest = decibels.max() ?? 0
        for index in decibels.indices { decibels[index] = max(decibels[index] - loudest, -Float(config.range)) }
        guard !cosines.isEmpty else { return decibels }
        return (0..<frames).flatMap { frame in
            cosines.map { cosines in
                cosines.indices.reduce(into: 0) { $0 += cosines[$1] * decibels[frame * bands + $1] }
            }
        }
    }
}
