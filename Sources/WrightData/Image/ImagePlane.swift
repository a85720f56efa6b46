import WrightGraph

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A kind of pixel that can be augmented.
protocol Pixel: BufferElement {
    /// The value of white.
    static var white: Float { get }
    var value: Float { get }
    /// The nearest value from black to white.
    init(clamping value: Float)
    /// The nearest value that the type has.
    init(nearest value: Float)
}

extension UInt8: Pixel {
    static var white: Float { 255 }
    var value: Float { Float(self) }
    init(clamping value: Float) { self = UInt8(Swift.max(0, Swift.min(255, value)) + 0.5) }
    init(nearest value: Float) { self.init(clamping: value) }
}

extension Float: Pixel {
    static var white: Float { 1 }
    var value: Float { self }
    init(clamping value: Float) { self = Swift.max(0, Swift.min(1, value)) }
    init(nearest value: Float) { self = value }
}

/// One image [H, W, C] in memory, changed in place.
struct ImagePlane<P: Pixel> {
    // Safety: points to height × width × channels pixels for the duration of the call that made the plane.
    let pixels: UnsafeMutablePointer<P>
    let height: Int
    let width: Int
    let channels: Int

    init(_ pixels: UnsafeMutablePointer<P>, height: Int, width: Int, channels: Int) {
        self.pixels = pixels
        self.height = height
        self.width = width
        self.channels = channels
    }

    private var size: Int { height * width * channels }

    /// Copies the image to `scratch`, then gives `body` this image as the target and the copy as the source.
    func moveThroughScratch(_ scratch: UnsafeMutablePointer<P>, _ body: (Self, Self) -> Void) {
        scratch.update(from: pixels, count: size)
        body(self, Self(scratch, height: height, width: width, channels: channels))
    }

    /// Writes `source`, mirrored, then moved by `shift` (down, right).
    func place(
        _ source: Self, mirroredVertically: Bool, horizontally: Bool, shift: (Int, Int), fill: P
    ) {
        for y in 0..<height {
            let row = pixels + y * width * channels
            let from = mirroredVertically ? height - 1 - (y - shift.0) : y - shift.0
            guard from >= 0, from < height else {
                row.update(repeating: fill, count: width * channels)
                continue
            }
            let sourceRow = source.pixels + from * width * channels
            // The columns that come from inside the image; what lies beside them is filled.
            let inside = max(0, min(shift.1, width))..<max(0, min(width + shift.1, width))
            row.update(repeating: fill, count: inside.lowerBound * channels)
            (row + inside.upperBound * channels).update(repeating: fill, count: (width - inside.upperBound) * channels)
            if horizontally {
                for x in inside {
                    let left = width - 1 - (x - shift.1)
                    for channel in 0..<channels { row[x * channels + channel] = sourceRow[left * channels + channel] }
                }
            } else {
                (row + inside.lowerBound * channels).update(
                    from: sourceRow + (inside.lowerBound - shift.1) * channels, count: inside.count * channels)
            }
        }
    }

    /// Writes `source` turned by so many degrees, counter-clockwise, about its centre.
    func place(_ source: Self, turnedBy degrees: Double, fill: P) {
        let radians = degrees * .pi / 180
        let (cosine, sine) = (cos(radians), sin(radians))
        let (middleY, middleX) = (Double(height - 1) / 2, Double(width - 1) / 2)
        let step = width * channels
        for y in 0..<height {
            // Where the row's first pixel comes from: the inverse turn. Each next one is a step along it. In whole
            // numbers of 2⁻³² pixels: the floor is a shift, many times faster than a checked conversion.
            var fromY = Self.fixed(middleY - middleX * sine + (Double(y) - middleY) * cosine)
            var fromX = Self.fixed(middleX - middleX * cosine - (Double(y) - middleY) * sine)
            let (stepY, stepX) = (Self.fixed(sine), Self.fixed(cosine))
            for x in 0..<width {
                let (y0, x0) = (fromY >> 32, fromX >> 32)
                let shareY = Float(UInt32(truncatingIfNeeded: fromY)) * 0x1p-32
                let shareX = Float(UInt32(truncatingIfNeeded: fromX)) * 0x1p-32
                fromY &+= stepY
                fromX &+= stepX
                let target = pixels + y * step + x * channels
                if y0 >= 0, y0 < height - 1, x0 >= 0, x0 < width - 1 {
                    let corner = source.pixels + y0 * step + x0 * channels
                    for channel in 0..<channels {
                        let (a, b) = (corner[channel].value, corner[channels + channel].value)
                        let (c, d) = (corner[step + channel].value, corner[step + channels + channel].value)
                        let (upper, lower) = (a + (b - a) * shareX, c + (d - c) * shareX)
                        target[channel] = P(clamping: upper + (lower - upper) * shareY)
                    }
                } else {
                    for channel in 0..<channels {
                        let (a, b) = (source.at(y0, x0, channel, fill), source.at(y0, x0 + 1, channel, fill))
                        let (c, d) = (source.at(y0 + 1, x0, channel, fill), source.at(y0 + 1, x0 + 1, channel, fill))
                        let (upper, lower) = (a + (b - a) * shareX, c + (d - c) * shareX)
                        target[channel] = P(clamping: upper + (lower - upper) * shareY)
                    }
                }
            }
        }
    }

    /// So many times 2⁻³².
    private static func fixed(_ value: Double) -> Int { Int((value * 0x1p32).rounded()) }

    /// A pixel's value; `fill` outside the image.
    private func at(_ y: Int, _ x: Int, _ channel: Int, _ fill: P) -> Float {
        y >= 0 && y < height && x >= 0 && x < width ? pixels[(y * width + x) * channels + channel].value : fill.value
    }

    func brighten(_ factor: Float) {
        for index in 0..<size { pixels[index] = P(clamping: pixels[index].value * factor) }
    }

    /// Moves every value away from the mean grey by the factor.
    func spread(_ factor: Float) {
        var total = 0.0
        for pixel in 0..<(height * width) { total += Double(grey(pixel)) }
        let mean = Float(total / Double(height * width))
        for index in 0..<size { pixels[index] = P(clamping: mean + (pixels[index].value - mean) * factor) }
    }

    /// Moves every colour away from its grey by the factor; grey images stay as they are.
    func saturate(_ factor: Float) {
        guard channels >= 3 else { return }
        for pixel in 0..<(height * width) {
            let grey = grey(pixel)
            for channel in 0..<3 {
                let index = pixel * channels + channel
                pixels[index] = P(clamping: grey + (pixels[index].value - grey) * factor)
            }
        }
    }

    /// Paints a square around a pixel; what lies outside the image is cut off.
    func paint(squareOf side: Int, at centre: (Int, Int), _ fill: P) {
        let rows = max(0, centre.0 - side / 2)..<min(height, centre.0 - side / 2 + side)
        let columns = max(0, centre.1 - side / 2)..<min(width, centre.1 - side / 2 + side)
        for y in rows {
            (pixels + (y * width + columns.lowerBound) * channels).update(
                repeating: fill, count: columns.count * channels)
        }
    }

    /// The brightness of a pixel, weighted as ITU-R BT.601 says.
    private func grey(_ pixel: Int) -> Float {
        let start = pixel * channels
        guard channels >= 3 else { return pixels[start].value }
        return 0.299 * pixels[start].value + 0.587 * pixels[start + 1].value + 0.114 * pixels[start + 2].value
    }
}
