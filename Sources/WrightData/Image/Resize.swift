public import WrightGraph

/// How the pixels of a resized image are made from those of the original.
public enum Resampling: String, Hashable, Sendable, CaseIterable {
    /// From the four nearest pixels, also when shrinking (PyTorch's `interpolate` with `align_corners=False`).
    case bilinear
    /// Bilinear with a filter that grows when shrinking, so that nothing is skipped (Pillow's `BILINEAR`, PyTorch's
    /// `antialias=True`).
    case antialiased
    /// The mean over the area that a new pixel covers (OpenCV's `INTER_AREA`).
    case area
}

extension ImageFile {
    /// Resizes uint8 or float32 [H, W, C] to another height and width.
    public static func resize(
        _ image: Buffer, height: Int, width: Int, _ resampling: Resampling = .antialiased
    ) -> Buffer {
        precondition(
            image.type.rank == 3 && image.count > 0 && height > 0 && width > 0,
            "cannot resize \(image.type) to \(height) × \(width)")
        if image.shape[0] == height, image.shape[1] == width { return image }
        switch image.dtype {
        case .uint8: return resize(UInt8.self, image, height, width, resampling)
        case .float32: return resize(Float.self, image, height, width, resampling)
        default: preconditionFailure("pixels are uint8 or float32, not \(image.dtype.rawValue)")
        }
    }

    /// Columns first, then rows: both filters are products of one along each axis.
    private static func resize<P: Pixel>(
        _: P.Type, _ image: Buffer, _ height: Int, _ width: Int, _ resampling: Resampling
    ) -> Buffer {
        let (oldHeight, oldWidth, channels) = (image.shape[0], image.shape[1], image.shape[2])
        let columns = Taps(from: oldWidth, to: width, resampling)
        let rows = Taps(from: oldHeight, to: height, resampling)
        let result = Buffer(uninitialised: TensorType([height, width, channels], P.dtype))
        let rowLength = width * channels
        image.withElements(of: P.self) { source in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: (oldHeight + 1) * rowLength) { scratch in
                for y in 0..<oldHeight {
                    let from = source.baseAddress! + y * oldWidth * channels
                    let to = scratch.baseAddress! + y * rowLength
                    for x in 0..<width {
                        for channel in 0..<channels {
                            var sum: Float = 0
                            for tap in columns.range(x) {
                                sum += columns.weights[tap] * from[(columns.first(x, tap)) * channels + channel].value
                            }
                            to[x * channels + channel] = sum
                        }
                    }
                }
                let target = result.pointer.assumingMemoryBound(to: P.self)
                let sums = scratch.baseAddress! + oldHeight * rowLength
                for y in 0..<height {
                    sums.update(repeating: 0, count: rowLength)
                    for tap in rows.range(y) {
                        let weight = rows.weights[tap]
                        let from = scratch.baseAddress! + rows.first(y, tap) * rowLength
                        for index in 0..<rowLength { sums[index] += weight * from[index] }
                    }
                    for index in 0..<rowLength { target[y * rowLength + index] = P(nearest: sums[index]) }
                }
            }
        }
        return result
    }
}

/// For each new position along an axis, the old positions it is made from and their weights, which add up to 1.
private struct Taps {
    private var starts: [Int] = []
    private var ends: [Int] = []
    private var firsts: [Int] = []
    private(set) var weights: [Float] = []

    init(from old: Int, to new: Int, _ resampling: Resampling) {
        let scale = Double(old) / Double(new)
        for index in 0..<new {
            let (first, weights) = Self.weights(index, scale, old, resampling)
            let total = weights.reduce(0, +)
            starts.append(self.weights.count)
            firsts.append(first)
            self.weights += weights.map { Float($0 / total) }
            ends.append(self.weights.count)
        }
    }

    /// The indices into `weights` of one new position.
    func range(_ index: Int) -> Range<Int> { starts[index]..<ends[index] }

    /// The old position that a weight belongs to.
    func first(_ index: Int, _ tap: Int) -> Int { firsts[index] + tap - starts[index] }

    private static func weights(
        _ index: Int, _ scale: Double, _ old: Int, _ resampling: Resampling
    ) -> (first: Int, weights: [Double]) {
        switch resampling {
        case .bilinear:
            let place = max((Double(index) + 0.5) * scale - 0.5, 0)
            let first = min(Int(place), old - 1)
            return first + 1 < old ? (first, [1 - (place - Double(first)), place - Double(first)]) : (first, [1])
        case .antialiased:
            let centre = (Double(index) + 0.5) * scale
            let reach = max(scale, 1)
            let first = max(Int(centre - reach + 0.5), 0)
            let last = max(min(Int(centre + reach + 0.5), old), first + 1)
            return (first, (first..<last).map { max(1 - abs((Double($0) - centre + 0.5) / reach), 0) })
        case .area:
            let (low, high) = (Double(index) * scale, Double(index + 1) * scale)
            let first = min(Int(low), old - 1)
            let last = max(min(Int(high.rounded(.up)), old), first + 1)
            return (first, (first..<last).map { max(min(high, Double($0 + 1)) - max(low, Double($0)), 1e-12) })
        }
    }
}
