public import WrightGraph

/// The key of a training run's random numbers, kept in memory so that a checkpoint can hold it.
///
/// Numbers are a function of (seed, step, stream, element) alone (Salmon et al., *Parallel random numbers: as easy as
/// 1, 2, 3*, 2011): nothing depends on the number of threads or on what ran before.
public struct RandomState: Sendable {
    /// int32[4]: the seed's low and high half, the step's low and high half.
    public let key: Variable

    public init(seed: UInt64) {
        key = Variable("random key", Buffer([Int32](Self.words(seed: seed, step: 0))))
    }

    public static func words(seed: UInt64, step: UInt64) -> [Int32] {
        [seed, seed >> 32, step, step >> 32].map { Int32(truncatingIfNeeded: $0) }
    }

    public var seed: UInt64 { joined(0) }
    public var step: UInt64 { joined(2) }

    /// Puts the state where a checkpoint says it was.
    public func restore(seed: UInt64, step: UInt64) {
        let words = Self.words(seed: seed, step: step)
        key.buffer.withElements(of: Int32.self) { for index in 0..<4 { $0[index] = words[index] } }
    }

    /// What makes the next run of a graph use the next step's numbers.
    public var advance: Assignment { Assignment(key, Tensor(key) + Tensor([Int32]([0, 0, 1, 0]))) }

    private func joined(_ index: Int) -> UInt64 {
        let words = key.buffer.array(of: Int32.self)
        return UInt64(UInt32(bitPattern: words[index])) | UInt64(UInt32(bitPattern: words[index + 1])) << 32
    }
}
