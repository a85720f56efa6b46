public import WrightGraph

/// What becomes of pixels on their way into a batch.
public enum PixelFormat: Hashable, Sendable {
    /// They stay as the dataset has them; the model normalises. The fastest way: a quarter of the memory traffic.
    case stored
    /// float32, from 0 to 1.
    case unit
    /// float32, from 0 to 1, then less the mean and divided by the deviation of each channel.
    case normalised(Normalisation)

    func apply(to images: Buffer) -> Buffer {
        switch self {
        case .stored: images
        case .unit: Normalisation(means: [0], deviations: [1]).apply(to: images)
        case .normalised(let normalisation): normalisation.apply(to: images)
        }
    }
}

/// The mean and the standard deviation of each channel, of pixels from 0 to 1.
public struct Normalisation: Hashable, Sendable {
    /// One for each channel, or one for all.
    public var means: [Float]
    public var deviations: [Float]

    public init(means: [Float], deviations: [Float]) {
        precondition(
            means.count == deviations.count && !means.isEmpty && deviations.allSatisfy { $0 > 0 },
            "a normalisation needs as many means as deviations, and deviations above zero: \(means), \(deviations)")
        self.means = means
        self.deviations = deviations
    }

    /// Measures the first inputs of the dataset, images [H, W, C]; constant channels get the deviation 1.
    public init(measuring dataset: some Dataset) throws {
        let channels = dataset.inputTypes.first?.shape.last ?? 1
        var sums = PixelSums(channels: channels)
        for start in stride(from: 0, to: dataset.count, by: 256) {
            sums.add(try dataset.samples(Array(start..<min(start + 256, dataset.count))).inputs[0])
        }
        (means, deviations) = sums.meansAndDeviations
    }

    /// uint8 (0 to 255) or float32 (0 to 1) images [N, H, W, C] as normalised float32.
    public func apply(to images: Buffer) -> Buffer {
        let channels = images.shape.last ?? 1
        precondition(
            means.count == 1 || means.count == channels,
            "\(means.count) means do not fit the channels of \(images.type)")
        let result = Buffer(uninitialised: TensorType(images.shape, .float32))
        let target = result.pointer.assumingMemoryBound(to: Float.self)
        let scales = (0..<channels).map { 1 / deviations[$0 % deviations.count] }
        let shifts = (0..<channels).map { -means[$0 % means.count] / deviations[$0 % deviations.count] }
        switch images.dtype {
        case .uint8:
            // 256 values a channel: one table each, exact and without a multiplication.
            let table: [Float] = (0..<channels).flatMap { channel in
                (0..<256).map { Float($0) / 255 * scales[channel] + shifts[channel] }
            }
            images.withElements(of: UInt8.self) { source in
                for pixel in stride(from: 0, to: images.count, by: channels) {
                    for channel in 0..<channels {
                        target[pixel + channel] = table[channel << 8 | Int(source[pixel + channel])]
                    }
                }
            }
        case .float32:
            images.withElements(of: Float.self) { source in
                for pixel in stride(from: 0, to: images.count, by: channels) {
                    for channel in 0..<channels {
                        target[pixel + channel] = source[pixel + channel] * scales[channel] + shifts[channel]
                    }
                }
            }
        default: preconditionFailure("pixels are uint8 or float32, not \(images.dtype.rawValue)")
        }
        return result
    }
}

extension Normalisation {
    /// The same in a graph, where it costs next to nothing: uint8 (0 to 255) or float32 (0 to 1) images.
    public func callAsFunction(_ images: Tensor) -> Tensor {
        let unit: Float = images.dtype == .uint8 ? 255 : 1
        let scales = deviations.map { 1 / ($0 * unit) }
        let shifts = zip(means, deviations).map { -$0 / $1 }
        return images.cast(to: .float32) * Tensor(scales) + Tensor(shifts)
    }
}

/// Sums of pixel values and of their squares, for each channel.
private struct PixelSums {
    private var sums: [Double]
    private var squares: [Double]
    private var pixels = 0

    init(channels: Int) {
        sums = [Double](repeating: 0, count: channels)
        squares = sums
    }

    mutating func add(_ images: Buffer) {
        let channels = sums.count
        pixels += images.count / channels
        switch images.dtype {
        case .uint8:
            // Counting each of the 256 values is exact and faster than adding squares; four tables in turn, because
            // neighbours are often equal and would wait for each other.
            var counts = [Int](repeating: 0, count: 4 * channels * 256)
            counts.withUnsafeMutableBufferPointer { counts in
                images.withElements(of: UInt8.self) { values in
                    for pixel in 0..<(values.count / channels) {
                        for channel in 0..<channels {
                            let table = (pixel & 3) * channels + channel
                            counts[table << 8 | Int(values[pixel * channels + channel])] += 1
                        }
                    }
                }
            }
            for (index, count) in counts.enumerated() {
                let value = Double(index & 255) / 255
                sums[(index >> 8) % channels] += Double(count) * value
                squares[(index >> 8) % channels] += Double(count) * value * value
            }
        case .float32:
            images.withElements(of: Float.self) { values in
                for index in values.indices {
                    let value = Double(values[index])
                    sums[index % channels] += value
                    squares[index % channels] += value * value
                }
            }
        default: preconditionFailure("pixels are uint8 or float32, not \(images.dtype.rawValue)")
        }
    }

    var meansAndDeviations: ([Float], [Float]) {
        let count = Double(max(pixels, 1))
        let deviations = zip(sums, squares).map { sum, square in
            let variance = square / count - (sum / count) * (sum / count)
            return variance > 1e-10 ? Float(variance.squareRoot()) : 1
        }
        return (sums.map { Float($0 / count) }, deviations)
    }
}
