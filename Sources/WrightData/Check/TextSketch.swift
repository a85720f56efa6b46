/// A text's runs of five letters, and sixty-four numbers that two texts share about as often as they share runs (Broder,
/// *On the resemblance and containment of documents*, 1997).
struct TextSketch {
    private static let numbers = 64
    /// What is behind them does not count: books take no longer than pages.
    private static let maximumLetters = 5000
    /// Texts that agree in all four numbers of any band are compared: nine of ten pairs that share 0.6, and nearly all
    /// that share 0.8.
    private static let band = 4

    private let runs: Set<UInt64>
    private let minima: [UInt64]

    /// Nil for a text that is too short to say anything. Case, punctuation and white space do not count.
    init?(_ text: String) {
        let letters = text.lowercased().unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        .prefix(Self.maximumLetters).map(\.value)
        guard letters.count >= 20 else { return nil }
        var runs: Set<UInt64> = []
        for start in 0...letters.count - 5 {
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
            for letter in letters[start..<start + 5] { hash = Self.mixed(hash ^ UInt64(letter)) }
            runs.insert(hash)
        }
        var minima = [UInt64](repeating: .max, count: Self.numbers)
        for run in runs {
            for index in 0..<Self.numbers {
                minima[index] = min(minima[index], Self.mixed(run &+ UInt64(index) &* 0xD6E8_FEB8_6659_FD93))
            }
        }
        self.runs = runs
        self.minima = minima
    }

    /// A bijection that leaves no bit where it was (Steele, Lea & Flood, *Fast splittable pseudorandom number
    /// generators*, 2014).
    @inline(__always) private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// The share of runs that both have, of all that either has.
    func similarity(_ other: Self) -> Double {
        let shared = runs.intersection(other.runs).count
        return Double(shared) / Double(runs.count + other.runs.count - shared)
    }

    /// Texts that are similar to the first of their group, in order.
    static func groups(_ sketches: [TextSketch], atLeast similarity: Double) -> [[Int]] {
        var leaders: [[UInt64]: [Int]] = [:]
        var groups: [Int: [Int]] = [:]
        for (index, sketch) in sketches.enumerated() {
            let keys = stride(from: 0, to: numbers, by: band).map { [UInt64($0)] + sketch.minima[$0..<$0 + band] }
            let candidates = Set(keys.flatMap { leaders[$0] ?? [] }).sorted()
            if let leader = candidates.first(where: { sketches[$0].similarity(sketch) >= similarity }) {
                groups[leader, default: [leader]].append(index)
            } else {
                for key in keys { leaders[key, default: []].append(index) }
            }
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}
