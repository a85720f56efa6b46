import CWrightImage
public import WrightGraph
public import WrightRuntime

/// PNG and JPEG files as pixels: uint8 [H, W, C], 0 black to 255 white.
public enum ImageFile {
    /// What a file may cost to read. Small files can state huge sizes, and decoders then take all memory.
    public struct Limits: Hashable, Sendable {
        public var pixels = 100_000_000
        public var fileBytes = 256 << 20

        public init() {}
    }

    /// The formats that are read and written.
    public enum Format: String, Hashable, Sendable { case png, jpeg }

    /// What a file says of itself before its pixels are decoded.
    public struct Header: Hashable, Sendable {
        public let format: Format
        public let height: Int
        public let width: Int
        /// 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha; palettes count as colour.
        public let channels: Int
        /// 8 or 16; fewer bits in the file count as 8.
        public let bits: Int
    }

    /// Reads the image at `path` with so many channels (1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha), or as
    /// many as the file has.
    ///
    /// Colour becomes grey by the weights of ITU-R BT.601; alpha is left out or set to opaque; 16 bits become 8. JPEG
    /// files are turned the way their camera was held. Damaged files are refused, also where a viewer would show part.
    public static func read(
        _ path: String, channels: Int? = nil, limits: Limits = Limits()
    ) throws(FileError) -> Buffer {
        try decode(FileAccess.read(path, limit: limits.fileBytes), file: path, channels: channels, limits: limits)
    }

    /// Decodes an image file in memory; `file` is what errors call it.
    public static func decode(
        _ bytes: [UInt8], file: String, channels: Int? = nil, limits: Limits = Limits()
    ) throws(FileError) -> Buffer {
        let header = try header(bytes, file: file)
        try check(header, limits, file)
        let channels = channels ?? header.channels
        precondition(1...4 ~= channels, "an image of \(channels) channels cannot be decoded; ask for 1 to 4")
        var problem = wright_codec_problem()
        switch header.format {
        case .png:
            let image = Buffer(uninitialised: TensorType([header.height, header.width, channels], .uint8))
            let pixels = image.pointer.assumingMemoryBound(to: UInt8.self)
            let status = wright_png_decode(bytes, bytes.count, UInt32(channels), pixels, &problem)
            try require(status, problem, file)
            return image
        case .jpeg:
            let colours = channels >= 3 ? 3 : 1
            let image = Buffer(uninitialised: TensorType([header.height, header.width, colours], .uint8))
            let pixels = image.pointer.assumingMemoryBound(to: UInt8.self)
            let status = wright_jpeg_decode(
                bytes, bytes.count, UInt32(colours), UInt32(header.width), UInt32(header.height), pixels, &problem)
            try require(status, problem, file)
            let turned = image.turned(Orientation(exifIn: bytes))
            return colours == channels ? turned : turned.withOpaqueAlpha
        }
    }

    /// The values of a 16-bit PNG file as int32 [H, W, C], 0 to 65,535: depth maps, radiographs. Alpha is not read.
    public static func read16(_ path: String, limits: Limits = Limits()) throws(FileError) -> Buffer {
        let bytes = try FileAccess.read(path, limit: limits.fileBytes)
        let header = try header(bytes, file: path)
        try check(header, limits, path)
        guard header.format == .png, header.bits == 16 else {
            throw FileError(.unsupported, file: path, Message(.notSixteenBits))
        }
        let count = header.height * header.width * header.channels
        let values = Buffer(uninitialised: TensorType([header.height, header.width, header.channels], .int32))
        var problem = wright_codec_problem()
        // Decoded into the upper half of the result, then widened from the front: no second block of memory.
        let half = (values.pointer + 2 * count).assumingMemoryBound(to: UInt16.self)
        let status = wright_png_decode16(bytes, bytes.count, UInt32(header.channels), half, &problem)
        try require(status, problem, path)
        let wide = values.pointer.assumingMemoryBound(to: Int32.self)
        for index in 0..<count { wide[index] = Int32(half[index]) }
        return values
    }

    /// The header of the image at `path`. A PNG file's check sums are verified.
    public static func header(_ path: String, limits: Limits = Limits()) throws(FileError) -> Header {
        try header(FileAccess.read(path, limit: limits.fileBytes), file: path)
    }

    static func header(_ bytes: [UInt8], file: String) throws(FileError) -> Header {
        guard let format = bytes.first == 0x89 ? Format.png : bytes.first == 0xFF ? .jpeg : nil else {
            throw FileError(
                bytes.isEmpty ? .truncated : .unsupported, file: file, at: .byte(0),
                bytes.isEmpty ? Message(.emptyPicture) : Message(.notPicture))
        }
        var raw = wright_image_header()
        var problem = wright_codec_problem()
        let status =
            switch format {
            case .png: wright_png_check(bytes, bytes.count, &raw, &problem)
            case .jpeg: wright_jpeg_check(bytes, bytes.count, &raw, &problem)
            }
        try require(status, problem, file)
        return Header(
            format: format, height: Int(raw.height), width: Int(raw.width), channels: Int(raw.channels),
            bits: Int(raw.bits))
    }

    private static func check(_ header: Header, _ limits: Limits, _ file: String) throws(FileError) {
        guard header.height <= limits.pixels / max(header.width, 1) else {
            throw FileError(
                .tooLarge, file: file,
                Message(.pictureTooLarge, "\(header.width) × \(header.height)", limits.pixels))
        }
    }

    private static func require(
        _ status: wright_codec_status, _ problem: wright_codec_problem, _ file: String
    ) throws(FileError) {
        let kind: FileError.Kind? =
            switch status {
            case .ok: nil
            case .truncated: .truncated
            case .invalid: .invalid
            case .unsupported: .unsupported
            case .outOfMemory: .tooLarge
            }
        guard let kind else { return }
        throw FileError(
            kind, file: file, at: problem.position > 0 ? .byte(problem.position) : .whole,
            Message(kind == .unsupported ? .pictureForm : .pictureDamaged, Phrase.codec(problem.text)))
    }
}

// MARK: Encoding

extension ImageFile {
    /// Encodes uint8 [H, W, C], 1 to 4 channels, as a PNG file.
    public static func png(_ image: Buffer) -> [UInt8] {
        encode(image, 1...4) { pixels, width, height, channels, encoded, count, problem in
            wright_png_encode(pixels, width, height, channels, encoded, count, problem)
        }
    }

    /// Encodes uint8 [H, W, C], 1 or 3 channels, as a JPEG file; quality is from 1 to 100.
    public static func jpeg(_ image: Buffer, quality: Int = 90) -> [UInt8] {
        precondition(image.shape.last != 2, "JPEG has no alpha")
        return encode(image, 1...3) { pixels, width, height, channels, encoded, count, problem in
            wright_jpeg_encode(pixels, width, height, channels, Int32(quality), encoded, count, problem)
        }
    }

    /// Writes the image to `path`, whole or not at all: as JPEG where the name says so, else as PNG.
    public static func write(_ image: Buffer, to path: String) throws(FileError) {
        let name = path.lowercased()
        let isJPEG = name.hasSuffix(".jpg") || name.hasSuffix(".jpeg")
        try AtomicFile.write(isJPEG ? jpeg(image) : png(image), to: path)
    }

    private static func encode(
        _ image: Buffer, _ channels: ClosedRange<Int>,
        _ encoder: (
            UnsafePointer<UInt8>, UInt32, UInt32, UInt32, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
            UnsafeMutablePointer<Int>, UnsafeMutablePointer<wright_codec_problem>
        ) -> wright_codec_status
    ) -> [UInt8] {
        precondition(
            image.dtype == .uint8 && image.type.rank == 3 && channels.contains(image.shape[2]) && image.count > 0,
            "an image to encode is uint8 [H, W, C], this is \(image.type)")
        var encoded: UnsafeMutablePointer<UInt8>?
        var count = 0
        var problem = wright_codec_problem()
        let status = image.withElements(of: UInt8.self) { pixels in
            encoder(
                pixels.baseAddress!, UInt32(image.shape[1]), UInt32(image.shape[0]), UInt32(image.shape[2]), &encoded,
                &count, &problem)
        }
        // Encoding pixels of a sound shape fails only for want of memory.
        precondition(status == .ok, problem.text)
        defer { wright_codec_free(encoded) }
        return Array(UnsafeBufferPointer(start: encoded, count: count))
    }
}

extension Buffer {
    /// Grey or colour pixels with an alpha channel of 255.
    fileprivate var withOpaqueAlpha: Buffer {
        let channels = shape[2]
        let result = Buffer(uninitialised: TensorType([shape[0], shape[1], channels + 1], .uint8))
        let target = result.pointer.assumingMemoryBound(to: UInt8.self)
        withElements(of: UInt8.self) { source in
            for pixel in 0..<(shape[0] * shape[1]) {
                for channel in 0..<channels {
                    target[pixel * (channels + 1) + channel] = source[pixel * channels + channel]
                }
                target[pixel * (channels + 1) + channels] = 255
            }
        }
        return result
    }
}
