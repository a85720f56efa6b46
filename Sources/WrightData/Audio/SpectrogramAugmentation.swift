import WrightGraph

/// Random changes to spectrograms [frames, bands, 1], float32, that keep what is heard: they are moved in time, and a
/// stretch of time and some bands are silenced (Park et al., *SpecAugment*, 2019).
public struct SpectrogramAugmentation: Hashable, Sendable {
    /// They are moved by up to this share of their frames either way.
    public var shift = 0.1
    /// Up to this share of the frames, and of the bands, is silenced at one place.
    public var timeMask = 0.15
    public var bandMask = 0.15
    /// What stands where nothing is left.
    public var fill: Float = 0

    public init() {}

    func apply(to sounds: Buffer, rows: [Int], position: DataPosition) {
        precondition(
            sounds.dtype == .float32 && sounds.type.rank == 4,
            "spectrograms are augmented as float32 [n, frames, bands, 1], not \(sounds.type)")
        let (frames, bands) = (sounds.shape[1], sounds.shape[2] * sounds.shape[3])
        sounds.withElements(of: Float.self) { values in
            for (index, row) in rows.enumerated() {
                var random = KeyedRandom(seed: position.seed, epoch: position.epoch, row: row, stream: .augmentation)
                let start = index * frames * bands
                let sound = UnsafeMutableBufferPointer(rebasing: values[start..<(start + frames * bands)])
                let reach = Int(shift * Double(frames))
                move(sound, by: (random.integer(below: 2 * reach + 1) - reach) * bands)
                let time = span(timeMask, of: frames, &random)
                for place in (time.lowerBound * bands)..<(time.upperBound * bands) { sound[place] = fill }
                let band = span(bandMask, of: bands, &random)
                for frame in 0..<frames {
                    for place in band { sound[frame * bands + place] = fill }
                }
            }
        }
    }

    private func span(_ share: Double, of count: Int, _ random: inout KeyedRandom) -> Range<Int> {
        let length = random.integer(below: Int(share * Double(count)) + 1)
        let start = random.integer(below: count - length + 1)
        return start..<(start + length)
    }

    private func move(_ sound: UnsafeMutableBufferPointer<Float>, by offset: Int) {
        let kept = sound.count - abs(offset)
        if offset > 0 {
            for place in (0..<kept).reversed() { sound[place + offset] = sound[place] }
            for place in 0..<offset { sound[place] = fill }
        } else if offset < 0 {
            for place in 0..<kept { sound[place] = sound[place - offset] }
            for place in kept..<sound.count { sound[place] = fill }
        }
    }
}
