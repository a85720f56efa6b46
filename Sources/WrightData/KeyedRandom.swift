import WrightGraph

/// Random numbers that are a function of (seed, epoch, row, stream) alone: the same for a sample whichever thread
/// reads it and whatever was read before.
///
/// Philox4x32-10 (Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, 2011).
public struct KeyedRandom: RandomNumberGenerator, Sendable {
    /// What the numbers are for: uses of one key must not share numbers.
    public enum Stream: UInt32, Sendable {
        case shuffle = 1
        case split, augmentation, mixup, weightedDraw, bootstrap, search
    }

    private let key: (UInt32, UInt32)
    private var counter: Philox.Words
    private var words: Philox.Words = (0, 0, 0, 0)
    private var used = 2

    public init(seed: UInt64, epoch: Int = 0, row: Int = 0, stream: Stream) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        let high = UInt32(truncatingIfNeeded: row >> 32)
        counter = (0, UInt32(truncatingIfNeeded: row), UInt32(truncatingIfNeeded: epoch), high << 8 | stream.rawValue)
    }

    public mutating func next() -> UInt64 {
        if used == 2 {
            words = Philox.words(key: key, counter: counter)
            counter.0 &+= 1
            used = 0
        }
        used += 1
        return used == 1
            ? UInt64(words.0) | UInt64(words.1) << 32
            : UInt64(words.2) | UInt64(words.3) << 32
    }

    /// A number in [0, 1) with 53 random bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number in [low, high).
    public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// A whole number in 0..<bound, each equally likely.
    ///
    /// Written out (Lemire, *Fast random integer generation in an interval*, 2019) because the standard library does
    /// not promise the same numbers in every version, and a resumed run needs them.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "there is no whole number below \(bound)")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// Puts the elements into random order (Fisher and Yates).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, integer(below: last + 1))
        }
    }
}
