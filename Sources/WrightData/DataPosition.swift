public import WrightRuntime

/// Where a run is in its data. Together with the pipeline it decides everything that comes next, so a run that is
/// resumed from it sees the same batches as one that never stopped.
public struct DataPosition: Hashable, Sendable, CustomStringConvertible {
    /// The seed of shuffling and augmentation.
    public var seed: UInt64
    /// Full passes over the data so far.
    public var epoch: Int
    /// Samples of this epoch already taken.
    public var sample: Int

    public init(seed: UInt64 = 0, epoch: Int = 0, sample: Int = 0) {
        self.seed = seed
        self.epoch = epoch
        self.sample = sample
    }

    public var description: String { "epoch \(epoch), sample \(sample), seed \(seed)" }

    /// The position as a checkpoint stores it; the seed is text because JSON has no 64-bit unsigned numbers.
    public var json: JSON {
        ["seed": .string(String(seed)), "epoch": .integer(Int64(epoch)), "sample": .integer(Int64(sample))]
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: JSON) {
        guard let seed = json["seed"]?.string.flatMap({ UInt64($0) }), let epoch = json["epoch"]?.integer,
            let sample = json["sample"]?.integer, epoch >= 0, sample >= 0
        else { return nil }
        self.init(seed: seed, epoch: epoch, sample: sample)
    }
}
