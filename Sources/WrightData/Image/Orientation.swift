import WrightGraph

/// How an image must be turned to be seen upright: the orientation tag of EXIF (JEITA CP-3451).
struct Orientation: Hashable {
    /// 1 to 8; 1 is upright.
    let value: Int

    var swapsAxes: Bool { value >= 5 }

    /// Looks for the tag in a JPEG file's segments; upright when there is none, or when anything about it is odd.
    init(exifIn bytes: [UInt8]) { value = Self.find(bytes) ?? 1 }

    private static func find(_ bytes: [UInt8]) -> Int? {
        var at = 2
        // Segments: a marker, a length that counts itself, and so many bytes; the picture follows a start of scan.
        while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
            let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
            let end = at + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            if bytes[at + 1] == 0xE1, bytes[(at + 4)..<end].starts(with: Array("Exif".utf8) + [0, 0]) {
                return orientation(inTIFF: bytes[(at + 10)..<end])
            }
            at = end
        }
        return nil
    }

    private static func orientation(inTIFF tiff: ArraySlice<UInt8>) -> Int? {
        let isLittleEndian = tiff.first == UInt8(ascii: "I")
        func number(_ at: Int, _ size: Int) -> Int? {
            guard at >= 0, at + size <= tiff.count else { return nil }
            let bytes = tiff[(tiff.startIndex + at)..<(tiff.startIndex + at + size)]
            return (isLittleEndian ? bytes.reversed() : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let at = directory + 2 + 12 * entry
            guard let tag = number(at, 2) else { return nil }
            if tag == 0x0112 { return number(at + 8, 2).flatMap { 1...8 ~= $0 ? $0 : nil } }
        }
        return nil
    }
}

extension Buffer {
    /// Pixels uint8 [H, W, C], turned upright.
    func turned(_ orientation: Orientation) -> Buffer {
        guard orientation.value != 1 else { return self }
        let (height, width, channels) = (shape[0], shape[1], shape[2])
        let swaps = orientation.swapsAxes
        let result = Buffer(
            uninitialised: TensorType([swaps ? width : height, swaps ? height : width, channels], .uint8))
        let mirrorsRows = [3, 4, 7, 8].contains(orientation.value)
        let mirrorsColumns = [2, 3, 6, 7].contains(orientation.value)
        let target = result.pointer.assumingMemoryBound(to: UInt8.self)
        withElements(of: UInt8.self) { source in
            for y in 0..<result.shape[0] {
                for x in 0..<result.shape[1] {
                    // In the turned image's axes first, then back to the stored ones.
                    let row = mirrorsRows ? result.shape[0] - 1 - y : y
                    let column = mirrorsColumns ? result.shape[1] - 1 - x : x
                    let from = swaps ? column * width + row : row * width + column
                    for channel in 0..<channels {
                        target[(y * result.shape[1] + x) * channels + channel] = source[from * channels + channel]
                    }
                }
            }
        }
        return result
    }
}
