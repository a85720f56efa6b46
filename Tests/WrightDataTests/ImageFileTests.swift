import Testing
import WrightData
import WrightGraph
import WrightRuntime

/// A PNG chunk with a right check sum.
func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in body {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    return bigEndian(UInt32(data.count)) + body + bigEndian(~sum)
}

func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

private let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

private func header(width: UInt32, height: UInt32) -> [UInt8] {
    signature + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0])
}

@Suite struct ImageFileTests {
    /// The pixels that Pillow sees.
    private func recorded(_ name: String) throws -> Buffer {
        let pixels = try NumPy.load(golden("\(name).pixels.npy"))
        return pixels.type.rank == 2 ? pixels.reshaped(pixels.shape + [1]) : pixels
    }

    @Test(arguments: ["L.png", "LA.png", "RGB.png", "RGBA.png", "palette.png", "interlaced.png", "onebit.png"])
    func pngPixelsAreExactlyThoseOfPillow(_ name: String) throws {
        let image = try ImageFile.read(golden(name))
        let expected = try recorded(name)
        #expect(image.type == expected.type)
        #expect(image.array(of: UInt8.self) == expected.array(of: UInt8.self))
    }

    @Test(arguments: ["baseline.jpg", "progressive.jpg", "full.jpg", "grey.jpg", "turned.jpg"])
    func jpegPixelsAreThoseOfPillow(_ name: String) throws {
        let image = try ImageFile.read(golden(name))
        let expected = try recorded(name)
        #expect(image.type == expected.type)
        let differences = zip(image.doubles, expected.doubles).map { abs($0 - $1) }
        // Decoders of other versions may round differently.
        #expect(differences.max()! <= 3)
    }

    @Test func inksBecomeLight() throws {
        let image = try ImageFile.read(golden("cmyk.jpg"))
        let expected = try recorded("cmyk.jpg")
        #expect(image.type == expected.type)
        #expect(zip(image.doubles, expected.doubles).allSatisfy { abs($0 - $1) <= 4 })
        #expect(try ImageFile.read(golden("cmyk.jpg"), channels: 1).shape == [40, 56, 1])
    }

    @Test func channelsAreConvertedAsAskedFor() throws {
        let grey = try ImageFile.read(golden("RGB.png"), channels: 1)
        #expect(grey.doubles == (try recorded("rgb_as_grey")).doubles)
        for name in ["L.png", "LA.png", "RGB.png", "RGBA.png", "palette.png", "grey.jpg", "baseline.jpg"] {
            let own = try ImageFile.header(golden(name))
            for channels in 1...4 {
                let image = try ImageFile.read(golden(name), channels: channels)
                #expect(image.shape == [own.height, own.width, channels])
                let colour = try ImageFile.read(golden(name), channels: 3).array(of: UInt8.self)
                let pixels = image.array(of: UInt8.self)
                for pixel in 0..<(own.height * own.width) where channels >= 3 {
                    #expect(
                        pixels[(pixel * channels)..<(pixel * channels + 3)] == colour[(pixel * 3)..<(pixel * 3 + 3)])
                    if channels == 4, own.channels % 2 == 1 { #expect(pixels[pixel * 4 + 3] == 255) }
                }
            }
        }
    }

    @Test func sixteenBitsAreReadExactlyOrAsEight() throws {
        let path = golden("deep.png")
        #expect(try ImageFile.header(path).bits == 16)
        let deep = try ImageFile.read16(path)
        let expected = try recorded("deep.png")
        #expect(deep.array(of: Int32.self) == expected.array(of: Int32.self))
        let bytes = try ImageFile.read(path).doubles
        #expect(zip(bytes, expected.doubles).allSatisfy { abs($0 - $1 / 257) <= 1 })
        #expect(fileError { _ = try ImageFile.read16(golden("RGB.png")) }?.kind == .unsupported)
    }

    @Test func pngKeepsEveryPixelAndJPEGNearly() throws {
        let folder = TemporaryFolder()
        for channels in 1...4 {
            var random = TestRandom(UInt64(channels))
            let image = Buffer(
                (0..<(9 * 14 * channels)).map { _ in UInt8.random(in: 0...255, using: &random) },
                shape: [9, 14, channels])
            try ImageFile.write(image, to: folder.path + "/x.png")
            let read = try ImageFile.read(folder.path + "/x.png")
            #expect(read.type == image.type)
            #expect(read.doubles == image.doubles)
        }
        for channels in [1, 3] {
            let smooth = Buffer(
                (0..<(32 * 48 * channels)).map { UInt8($0 / channels % 48 * 5) }, shape: [32, 48, channels])
            try ImageFile.write(smooth, to: folder.path + "/x.jpg")
            let read = try ImageFile.read(folder.path + "/x.jpg")
            #expect(read.type == smooth.type)
            #expect(zip(read.doubles, smooth.doubles).allSatisfy { abs($0 - $1) < 12 })
        }
    }

    @Test(arguments: ["RGB.png", "palette.png", "interlaced.png", "deep.png"])
    func everyTruncatedPNGIsRefused(_ name: String) {
        let bytes = contents(golden(name))
        for count in 0..<bytes.count {
            let error = fileError { _ = try ImageFile.decode(Array(bytes[..<count]), file: "x.png") }
            #expect(error?.file == "x.png", "\(count) of \(bytes.count) bytes")
        }
    }

    @Test(arguments: ["RGB.png", "palette.png"]) func everyFlippedBitOfAPNGIsNoticed(_ name: String) {
        let bytes = contents(golden(name))
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FileError.self, "bit \(bit)") { try ImageFile.decode(flipped, file: "x.png") }
        }
    }

    @Test(arguments: ["baseline.jpg", "progressive.jpg", "grey.jpg"])
    func everyTruncatedJPEGIsRefused(_ name: String) {
        let bytes = contents(golden(name))
        // The last two bytes are the end marker, which decoders do without.
        for count in 0..<(bytes.count - 2) {
            #expect(throws: FileError.self, "\(count) of \(bytes.count) bytes") {
                try ImageFile.decode(Array(bytes[..<count]), file: "x.jpg")
            }
        }
    }

    @Test func imagesOfAbsurdSizesTakeNoMemory() {
        for (width, height) in [(1_000_000, 1_000_000), (100_001, 1000), (0x7FFF_FFFF, 0x7FFF_FFFF)]
            as [(UInt32, UInt32)]
        {
            let bomb = header(width: width, height: height) + chunk("IDAT", [0x78, 0x9C]) + chunk("IEND", [])
            let error = fileError { _ = try ImageFile.decode(bomb, file: "x.png") }
            #expect(error?.kind == .tooLarge, "\(error as Any)")
        }
        let outOfRange = header(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF) + chunk("IDAT", [1]) + chunk("IEND", [])
        #expect(fileError { _ = try ImageFile.decode(outOfRange, file: "x") }?.cause.contains("out of range") == true)
        var limits = ImageFile.Limits()
        limits.pixels = 13 * 17 - 1
        #expect(fileError { _ = try ImageFile.read(golden("RGB.png"), limits: limits) }?.kind == .tooLarge)
        limits.pixels = 13 * 17
        #expect(throws: Never.self) { try ImageFile.read(golden("RGB.png"), limits: limits) }
        limits.fileBytes = 50
        #expect(fileError { _ = try ImageFile.read(golden("RGB.png"), limits: limits) }?.kind == .tooLarge)
        // A JPEG header that states 65,500 × 65,500 pixels.
        var jpeg = contents(golden("baseline.jpg"))
        let frame = (0..<jpeg.count).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }!
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(fileError { _ = try ImageFile.decode(jpeg, file: "x.jpg") }?.kind == .tooLarge)
    }

    @Test func filesThatAreNoImagesAreNamedAsSuch() {
        for bytes in [[], [0], Array("GIF89a".utf8), [0xFF], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF], [0x89]] as [[UInt8]] {
            let error = fileError { _ = try ImageFile.decode(bytes, file: "photo.png") }
            #expect(error?.description.contains("photo.png") == true)
        }
        let noPixels = header(width: 1, height: 1) + chunk("IEND", [])
        #expect(fileError { _ = try ImageFile.decode(noPixels, file: "x") }?.cause.contains("no pixels") == true)
        let noHeader = signature + chunk("IDAT", [1]) + chunk("IEND", [])
        #expect(fileError { _ = try ImageFile.decode(noHeader, file: "x") }?.cause.contains("header") == true)
        let zero = header(width: 0, height: 1) + chunk("IDAT", [1]) + chunk("IEND", [])
        #expect(fileError { _ = try ImageFile.decode(zero, file: "x") }?.cause.contains("zero") == true)
        let garbage = header(width: 4, height: 4) + chunk("IDAT", [1, 2, 3, 4]) + chunk("IEND", [])
        #expect(fileError { _ = try ImageFile.decode(garbage, file: "x") }?.cause.contains("libpng") == true)
    }
}

@Suite struct ResizeTests {
    private let sizes = [(11, 9), (23, 31), (40, 50), (1, 1), (46, 10)]

    @Test func antialiasedIsPillows() throws {
        let source = try NumPy.load(golden("resize.source.npy"))
        for (height, width) in sizes {
            let expected = try NumPy.load(golden("resize.antialiased.\(height)x\(width).npy"))
            let resized = ImageFile.resize(source, height: height, width: width, .antialiased)
            #expect(resized.type == expected.type)
            // Pillow rounds between the two passes.
            #expect(zip(resized.doubles, expected.doubles).allSatisfy { abs($0 - $1) <= 1 })
        }
    }

    @Test func bilinearIsPyTorchs() throws {
        let source = try NumPy.load(golden("resize.source.npy"))
        for (height, width) in sizes {
            let expected = try NumPy.load(golden("resize.bilinear.\(height)x\(width).npy"))
            let bytes = ImageFile.resize(source, height: height, width: width, .bilinear)
            #expect(zip(bytes.doubles, expected.doubles).allSatisfy { abs($0 - $1) <= 0.51 })
            let floats = Buffer(TensorType(source.shape), doubles: source.doubles)
            let resized = ImageFile.resize(floats, height: height, width: width, .bilinear)
            #expect(zip(resized.doubles, expected.doubles).allSatisfy { abs($0 - $1) <= 1e-3 })
        }
    }

    @Test func areaIsTheMeanOfWhatIsCovered() throws {
        let source = try NumPy.load(golden("resize.area.source.npy"))
        for (height, width) in [(12, 8), (8, 32), (1, 1), (48, 64)] {
            let expected = try NumPy.load(golden("resize.area.\(height)x\(width).npy"))
            let resized = ImageFile.resize(source, height: height, width: width, .area)
            #expect(zip(resized.doubles, expected.doubles).allSatisfy { abs($0 - $1) <= 1 })
        }
        // Three pixels to two: each new one covers one and a half old ones.
        let line = Buffer([0, 3, 6] as [Float], shape: [1, 3, 1])
        let halves = ImageFile.resize(line, height: 1, width: 2, .area).doubles
        #expect(abs(halves[0] - 1) < 1e-6 && abs(halves[1] - 5) < 1e-6)
    }

    @Test func aConstantImageStaysConstant() {
        let grey = Buffer([UInt8](repeating: 77, count: 17 * 13 * 3), shape: [17, 13, 3])
        for resampling in Resampling.allCases {
            for (height, width) in [(1, 1), (5, 40), (34, 26), (16, 12)] {
                let resized = ImageFile.resize(grey, height: height, width: width, resampling)
                #expect(resized.array(of: UInt8.self).allSatisfy { $0 == 77 })
            }
        }
    }
}
