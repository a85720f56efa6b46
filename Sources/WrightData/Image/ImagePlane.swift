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
            for x in 0..<width {
                let left = horizontally ? width - 1 - (x - shift.1) : x - shift.1
                let isInside = left >= 0 && left < width
                for channel in 0..<channels {
                    row[x * channels + channel] = isInside ? sourceRow[left * channels + channel] : fill
                }
            }
        }
    }

    /// Writes `source` turned by so many degrees, counter-clockwise, about its centre.
    func place(_ source: Self, turnedBy degrees: Double, fill: P) {
        let radians = degrees * .pi / 180
        let (cosine, sine) = (Float(cos(radians)), Float(sin(radians)))
        let (middleY, middleX) = (Float(height - 1) / 2, Float(width - 1) / 2)
        for y in 0..<height {
            for x in 0..<width {
                let (dy, dx) = (Float(y) - middleY, Float(x) - middleX)
                // Where the pixel comes from: the inverse turn.
                let fromY = middleY + dx * sine + dy * cosine
                let fromX = middleX + dx * cosine - dy * sine
                let (top, left) = (fromY.rounded(.down), fromX.rounded(.down))
                let (shareY, shareX) = (fromY - top, fromX - left)
                for channel in 0..<channels {
                    func pixel(_ y: Int, _ x: Int) -> Float {
                        let isInside = y >= 0 && y < height && x >= 0 && x < width
                        return isInside ? source.pixels[(y * width + x) * channels + channel].value : fill.value
                    }
                    let (y0, x0) = (Int(top), Int(left))
                    let upper = pixel(y0, x0) * (1 - shareX) + pixel(y0, x0 + 1) * shareX
                    let lower = pixel(y0 + 1, x0) * (1 - shareX) + pixel(y0 + 1, x0 + 1) * shareX
                    pixels[(y * width + x) * channels + channel] = P(
                        clamping: upper * (1 - shareY) + lower * shareY)
                }
            }
        }
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
