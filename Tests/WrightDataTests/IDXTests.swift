import CWrightImage
import Testing
import WrightData
import WrightGraph
import WrightRuntime

let fashionFolder = "/usr/share/datasets/fashion-mnist"

/// The same bytes as a gzip file, by the program's own writer of compressed IDX files' library.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var problem = wright_codec_problem()
    precondition(wright_deflate(.gzip, bytes, bytes.count, &encoded, &count, &problem) == .ok)
    defer { wright_codec_free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
}

/// uint8 [3, 2, 2].
private let sound: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2] + Array(1...12)

@Suite struct IDXTests {
    @Test(.enabled(if: FileAccess.exists(fashionFolder), "install dataset-fashion-mnist to run this"))
    func readsFashionMNIST() throws {
        let test = try ArrayDataset.idx(folder: fashionFolder, part: "t10k")
        #expect(test.count == 10_000)
        #expect(test.inputTypes == [TensorType([28, 28, 1], .uint8)])
        #expect(test.targetTypes == [TensorType([], .int32)])
        // The first ten test labels, as published: ankle boot, pullover, trouser, trouser, shirt …
        #expect(test.labels.prefix(10) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
        #expect(Dictionary(test.labels.map { ($0, 1) }, uniquingKeysWith: +).values.allSatisfy { $0 == 1000 })
        let measured = try Normalisation(measuring: test)
        #expect(abs(measured.means[0] - 0.2868) < 1e-3 && abs(measured.deviations[0] - 0.3524) < 1e-3)
    }

    @Test func readsPlainAndCompressedAlike() throws {
        let folder = TemporaryFolder()
        for bytes in [sound, gzipped(sound)] {
            let buffer = try IDX.load(folder.write(bytes, "x"))
            #expect(buffer.type == TensorType([3, 2, 2], .uint8))
            #expect(buffer.array(of: UInt8.self) == Array(1...12))
        }
        let twoStreams = gzipped(Array(sound[..<7])) + gzipped(Array(sound[7...]))
        #expect(try IDX.load(folder.write(twoStreams, "x")).array(of: UInt8.self) == Array(1...12))
    }

    @Test func numbersAreBigEndian() throws {
        let folder = TemporaryFolder()
        let short = folder.write([0, 0, 0x0B, 1, 0, 0, 0, 2, 1, 0, 0xFF, 0xFE], "short")
        #expect(try IDX.load(short).array(of: Int32.self) == [256, -2])
        let float = folder.write([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0], "float")
        #expect(try IDX.load(float).array(of: Float.self) == [1])
    }

    @Test func writesWhatItReads() throws {
        let folder = TemporaryFolder()
        for name in ["x", "x.gz"] {
            for dtype in [DType.uint8, .int8, .int32, .float32, .float64] {
                let type = TensorType([5, 3], dtype)
                let buffer = Buffer(type, doubles: (0..<15).map { Double($0) })
                try IDX.write(buffer, to: folder.path + "/" + name)
                let read = try IDX.load(folder.path + "/" + name)
                #expect(read.type == type)
                #expect(read.doubles == buffer.doubles)
            }
        }
    }

    @Test func everyTruncationAndExtensionIsRefused() {
        let folder = TemporaryFolder()
        for whole in [sound, gzipped(sound)] {
            for count in 0..<whole.count {
                let path = folder.write(whole[..<count], "x")
                let error = fileError { _ = try IDX.load(path) }
                #expect(error?.file == path, "\(count) bytes")
            }
            #expect(fileError { _ = try IDX.load(folder.write(whole + [7], "x")) } != nil)
        }
    }

    @Test func everyFlippedBitOfACompressedFileIsNoticedOrHarmless() throws {
        let folder = TemporaryFolder()
        let whole = gzipped(sound)
        var refused = 0
        for bit in 0..<(whole.count * 8) {
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let path = folder.write(bytes, "x")
            do {
                // The time stamp and a few other header bytes carry no data.
                #expect(try IDX.load(path).array(of: UInt8.self) == Array(1...12), "bit \(bit)")
            } catch { refused += 1 }
        }
        #expect(refused > whole.count * 8 / 2)
    }

    @Test(
        arguments: [
            ([], "the magic number"), ([0, 0, 8], "the magic number"),
            ([1, 0, 8, 1, 0, 0, 0, 0], "does not start like"),
            ([0, 0, 7, 1, 0, 0, 0, 0], "does not start like"), ([0, 0, 8, 0], "axes"), ([0, 0, 8, 255], "axes"),
            ([0, 0, 8, 3, 0, 0], "the extents"),
            ([0, 0, 14, 3] + [UInt8](repeating: 255, count: 12), "has more than"),
            ([0, 0, 8, 1, 255, 255, 255, 255], "promises 4294967295 bytes"),
        ] as [([UInt8], String)]) func refusesBadHeaders(_ bytes: [UInt8], _ cause: String)
    {
        let folder = TemporaryFolder()
        let error = fileError { _ = try IDX.load(folder.write(bytes, "x")) }
        #expect(error?.cause.contains(cause) == true, "\(error as Any)")
    }

    @Test func aGzipBombStopsAtWhatItsHeaderPromises() {
        let folder = TemporaryFolder()
        let bomb = gzipped([0, 0, 8, 1, 0, 0, 0, 16] + [UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 100_000)
        let error = fileError { _ = try IDX.load(folder.write(bomb, "x.gz")) }
        #expect(error?.cause.contains("more bytes follow the 16") == true)
    }

    @Test func labelsMustFitTheImages() {
        let folder = TemporaryFolder()
        _ = folder.write(sound, "train-images-idx3-ubyte")
        #expect(fileError { _ = try ArrayDataset.idx(folder: folder.path, part: "train") }?.kind == .missing)
        _ = folder.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], "train-labels-idx1-ubyte")
        let error = fileError { _ = try ArrayDataset.idx(folder: folder.path, part: "train") }
        #expect(error?.cause.contains("2 labels for 3 images") == true)
    }
}
