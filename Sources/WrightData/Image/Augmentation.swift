import WrightGraph
public import WrightRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Random changes to images [H, W, C], uint8 or float32 from 0 to 1, that keep what they show.
///
/// They are done in the order of the properties. The numbers depend on seed, epoch and row alone, so they are the same
/// for any number of workers and after a resume.
public struct Augmentation: Hashable, Sendable {
    /// The probability of a mirror image, left to right.
    public var flipHorizontally = 0.0
    /// The probability of a mirror image, top to bottom.
    public var flipVertically = 0.0
    /// The image is moved by up to so many pixels in both directions: padded by them, then cut to its size.
    public var cropPadding = 0
    /// The image is turned by up to so many degrees either way, bilinearly.
    public var rotation = 0.0
    /// Brightness, contrast and saturation are multiplied by a factor from 1 − x to 1 + x.
    public var brightness = 0.0
    public var contrast = 0.0
    public var saturation = 0.0
    /// A square of so many pixels is painted over (DeVries and Taylor, *Cutout*, 2017).
    public var cutout = 0
    /// What fills pixels that come from outside, and the cutout: 0 black, 1 white.
    public var fill: Float = 0
    /// Images and labels are blended with the next of the batch by a share from Beta(x, x) (Zhang et al., *mixup*,
    /// 2018). Labels become float32 [N, classes].
    public var mixup = 0.0

    public init() {}

    /// Traps when the dataset's types do not fit.
    func check(_ inputs: [TensorType], _ targets: [TensorType], classes: Int?) {
        precondition(
            inputs.first.map { $0.rank == 3 && ($0.dtype == .uint8 || $0.dtype == .float32) } ?? false,
            "images are augmented as uint8 or float32 [H, W, C]; the first input is \(inputs.map(\.description))")
        precondition(
            mixup == 0 || classes != nil && targets.first == TensorType([], .int32),
            "mixup needs class numbers int32 as targets and the number of classes (Pipeline.Config.classes)")
    }

    func apply(to samples: inout Samples, rows: [Int], position: DataPosition, classes: Int?) throws {
        apply(to: samples.inputs[0], rows: rows, position: position)
        guard mixup > 0, let classes else { return }
        let shares = rows.map { row in
            var random = KeyedRandom(seed: position.seed, epoch: position.epoch, row: row, stream: .mixup)
            return Float(random.beta(mixup))
        }
        switch samples.inputs[0].dtype {
        case .uint8: samples.inputs[0] = mixed(UInt8.self, samples.inputs[0], shares)
        default: samples.inputs[0] = mixed(Float.self, samples.inputs[0], shares)
        }
        samples.targets[0] = try softLabels(samples.targets[0].array(), shares, classes)
    }

    /// Everything but mixup, which changes labels too.
    func apply(to images: Buffer, rows: [Int], position: DataPosition) {
        switch images.dtype {
        case .uint8: apply(UInt8.self, to: images, rows, position)
        default: apply(Float.self, to: images, rows, position)
        }
    }

    private func apply<P: Pixel>(_: P.Type, to images: Buffer, _ rows: [Int], _ position: DataPosition) {
        let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
        let size = height * width * channels
        guard size > 0 else { return }
        images.withElements(of: P.self) { pixels in
            withUnsafeTemporaryAllocation(of: P.self, capacity: size) { scratch in
                for (index, row) in rows.enumerated() {
                    var random = KeyedRandom(
                        seed: position.seed, epoch: position.epoch, row: row, stream: .augmentation)
                    let plane = ImagePlane(
                        pixels.baseAddress! + index * size, height: height, width: width, channels: channels)
                    apply(to: plane, scratch.baseAddress!, &random)
                }
            }
        }
    }

    /// Draws every number whether it is used or not, so that switching one change on leaves the others as they were.
    private func apply<P: Pixel>(
        to image: ImagePlane<P>, _ scratch: UnsafeMutablePointer<P>, _ random: inout KeyedRandom
    ) {
        let mirrors = (random.uniform() < flipVertically, random.uniform() < flipHorizontally)
        let reach = 2 * cropPadding + 1
        let shift = (random.integer(below: reach) - cropPadding, random.integer(below: reach) - cropPadding)
        let angle = random.uniform(-rotation, rotation)
        let factors = [brightness, contrast, saturation].map { Float(random.uniform(1 - $0, 1 + $0)) }
        let centre = (random.integer(below: image.height), random.integer(below: image.width))
        let fill = P(clamping: self.fill * P.white)
        if mirrors != (false, false) || shift != (0, 0) {
            image.moveThroughScratch(scratch) {
                $0.place($1, mirroredVertically: mirrors.0, horizontally: mirrors.1, shift: shift, fill: fill)
            }
        }
        if angle != 0 { image.moveThroughScratch(scratch) { $0.place($1, turnedBy: angle, fill: fill) } }
        if brightness != 0 { image.brighten(factors[0]) }
        if contrast != 0 { image.spread(factors[1]) }
        if saturation != 0 { image.saturate(factors[2]) }
        if cutout > 0 { image.paint(squareOf: cutout, at: centre, fill) }
    }

    private func mixed<P: Pixel>(_: P.Type, _ images: Buffer, _ shares: [Float]) -> Buffer {
        let result = Buffer(uninitialised: images.type)
        let size = images.count / max(shares.count, 1)
        images.withElements(of: P.self) { source in
            result.withElements(of: P.self) { target in
                for (index, share) in shares.enumerated() {
                    let one = index * size
                    let other = (index + 1) % shares.count * size
                    for offset in 0..<size {
                        let value = source[one + offset].value * share + source[other + offset].value * (1 - share)
                        target[one + offset] = P(clamping: value)
                    }
                }
            }
        }
        return result
    }

    private func softLabels(_ labels: [Int32], _ shares: [Float], _ classes: Int) throws -> Buffer {
        var soft = [Float](repeating: 0, count: labels.count * classes)
        for (index, share) in shares.enumerated() {
            for (label, part) in [(labels[index], share), (labels[(index + 1) % labels.count], 1 - share)] {
                guard label >= 0, label < classes else { throw LabelOutOfRange(label: Int(label), classes: classes) }
                soft[index * classes + Int(label)] += part
            }
        }
        return Buffer(soft, shape: [labels.count, classes])
    }
}

/// A label that is not the number of a class.
public struct LabelOutOfRange: CataloguedError, Hashable {
    public let label: Int
    public let classes: Int

    public var message: Message { Message(.labelOutOfRange, label, classes, classes - 1) }
}

extension KeyedRandom {
    /// A number from Beta(a, a), by Jöhnk's method (*Metrika* 8, 1964): fast for a ≤ 1, which mixup uses.
    mutating func beta(_ a: Double) -> Double {
        // The bound is never met for sensible a; a tiny a underflows to a coin toss.
        for _ in 0..<1000 {
            let x = pow(uniform(), 1 / a)
            let y = pow(uniform(), 1 / a)
            if x + y > 0, x + y <= 1 { return x / (x + y) }
        }
        return a < 1 ? (uniform() < 0.5 ? 0 : 1) : 0.5
    }
}
