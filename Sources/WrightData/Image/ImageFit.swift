public import WrightGraph

/// How an image of another shape becomes one of the wanted height and width.
public enum ImageFit: String, Hashable, Sendable, CaseIterable {
    /// Scaled until it covers the wanted size, then cut to its middle: proportions stay, edges may be lost.
    case crop
    /// Scaled until it lies inside the wanted size, black around it: proportions and everything shown stay.
    case pad
    /// Scaled along each axis by itself: everything shown stays, proportions do not.
    case stretch
}

extension ImageFile {
    /// Brings uint8 or float32 [H, W, C] to another height and width.
    public static func fit(
        _ image: Buffer, height: Int, width: Int, _ fit: ImageFit = .crop, _ resampling: Resampling = .antialiased
    ) -> Buffer {
        let factors = [Double(height) / Double(image.shape[0]), Double(width) / Double(image.shape[1])]
        let factor: Double
        switch fit {
        case .stretch: return resize(image, height: height, width: width, resampling)
        case .crop: factor = factors.max()!
        case .pad: factor = factors.min()!
        }
        func scaled(_ extent: Int, _ wanted: Int) -> Int {
            let length = Int((Double(extent) * factor).rounded())
            return fit == .crop ? max(length, wanted) : max(min(length, wanted), 1)
        }
        let size = (scaled(image.shape[0], height), scaled(image.shape[1], width))
        let resized = resize(image, height: size.0, width: size.1, resampling)
        return size == (height, width) ? resized : centred(resized, height, width)
    }

    /// The image in the middle of another size: what sticks out is cut, what is missing is zero.
    private static func centred(_ image: Buffer, _ height: Int, _ width: Int) -> Buffer {
        let result = Buffer(zeros: TensorType([height, width, image.shape[2]], image.dtype))
        let pixelBytes = image.shape[2] * image.dtype.byteCount
        let rows = min(height, image.shape[0])
        let columns = min(width, image.shape[1])
        func start(_ buffer: Buffer, _ row: Int) -> UnsafeMutableRawPointer {
            let top = (buffer.shape[0] - rows) / 2 + row
            return buffer.pointer + (top * buffer.shape[1] + (buffer.shape[1] - columns) / 2) * pixelBytes
        }
        for row in 0..<rows {
            start(result, row).copyMemory(from: start(image, row), byteCount: columns * pixelBytes)
        }
        return result
    }
}
