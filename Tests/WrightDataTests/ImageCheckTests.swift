import Testing
import WrightData
import WrightGraph

/// Pictures that are there twice, though with another size or another compression.
@Suite struct ImageCheckTests {
    private let folder = TemporaryFolder()

    /// Soft blobs in places that the seed decides.
    private func picture(_ seed: UInt64, height: Int = 48, width: Int = 64) -> Buffer {
        var random = KeyedRandom(seed: seed, stream: .shuffle)
        let blobs = (0..<6).map { _ in (random.uniform(), random.uniform(), 255 * random.uniform()) }
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                let (y, x) = (Double(row) / Double(height), Double(column) / Double(width))
                let value = blobs.reduce(0) { sum, blob in
                    sum + blob.2 / (1 + 40 * ((y - blob.0) * (y - blob.0) + (x - blob.1) * (x - blob.1)))
                }
                pixels += [UInt8](repeating: UInt8(min(value, 255)), count: 3)
            }
        }
        return Buffer(pixels, shape: [height, width, 3])
    }

    private func write(_ part: String, _ name: String, _ image: Buffer, jpeg: Bool = false) {
        _ = folder.write(jpeg ? ImageFile.jpeg(image, quality: 60) : ImageFile.png(image), "\(part)/\(name)")
    }

    /// Catches a hash that size or compression changes, one that different pictures share, and wrong names.
    @Test func picturesThatAreThereTwiceAreFound() throws {
        for seed in 0..<40 { write("train", "\(seed % 2 == 0 ? "cat" : "dog")/\(seed).png", picture(UInt64(seed))) }
        for seed in 100..<120 { write("test", "cat/\(seed).png", picture(UInt64(seed))) }
        write("train", "dog/copy of 4.jpg", picture(4, height: 30, width: 40), jpeg: true)
        write("test", "cat/copy of 7.jpg", picture(7, height: 96, width: 128), jpeg: true)
        _ = folder.write("no picture", "test/cat/broken.png")
        let parts = try ["train", "test"].map { (name: $0, folder: try ImageFolder("\(folder.path)/\($0)")) }
        let report = try ImageCheck().report(parts, workers: 2)
        func found(_ kind: DataFinding.Kind) -> [DataFinding] { report.findings.filter { $0.kind == kind } }
        #expect(found(.nearDuplicates).map(\.paths) == [["dog/copy of 4.jpg"]])
        #expect(found(.nearOverlap).map(\.paths) == [["cat/copy of 7.jpg"]])
        #expect(found(.contradictions).map(\.paths) == [["cat/4.png", "dog/copy of 4.jpg"]])
        #expect(found(.unreadable).map(\.count) == [1])
        #expect(report.findings.count == 4, "\(report.findings.map(\.text))")
        #expect(report.findings[0].kind == .nearOverlap && report.findings[0].share == 1.0 / 22)
    }

    /// Catches a check that takes all blank pictures for one.
    @Test func plainPicturesAreNotCompared() throws {
        for value in 0..<5 {
            write(
                "train", "a/\(value).png",
                Buffer([UInt8](repeating: UInt8(40 * value), count: 300), shape: [10, 10, 3]))
        }
        let parts = [(name: "train", folder: try ImageFolder("\(folder.path)/train"))]
        #expect(try ImageCheck().report(parts).findings.isEmpty)
    }
}
