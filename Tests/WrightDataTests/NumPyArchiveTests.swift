import Testing
import WrightData
import WrightGraph
import WrightRuntime

@Suite struct NumPyArchiveTests {
    @Test(arguments: ["stored.npz", "deflated.npz"]) func readsWhatNumPyWrote(_ name: String) throws {
        let archive = try NumPyArchive(golden(name))
        #expect(archive.names == ["images", "labels"])
        let images = try archive.array("images")
        #expect(images.type == TensorType([2, 3, 4], .uint8))
        #expect(images.doubles == (0..<24).map(Double.init))
        #expect(try archive.array("labels").array(of: Int32.self) == [0, 1])
        #expect(fileError { _ = try archive.array("x") }?.remedy.contains("\"images\"") == true)
    }

    @Test func writesWhatItReads() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/x.npz"
        let arrays = [
            ("a", Buffer((0..<10_000).map { Float($0 % 7) }, shape: [100, 100])), ("b", Buffer([1, 2] as [Int64])),
            ("empty", Buffer(zeros: TensorType([0, 4], .uint8))),
        ]
        for compressed in [false, true] {
            try NumPyArchive.write(arrays, to: path, compressed: compressed)
            let archive = try NumPyArchive(path)
            for (name, buffer) in arrays {
                #expect(try archive.array(name).type == buffer.type)
                #expect(try archive.array(name).doubles == buffer.doubles)
            }
            #expect((contents(path).count < 5000) == compressed)
        }
    }

    private func readAll(_ bytes: [UInt8]) throws {
        let archive = try NumPyArchive(storage(bytes), file: "x.npz")
        for name in archive.names { _ = try archive.array(name) }
    }

    @Test(arguments: ["stored.npz", "deflated.npz"]) func everyTruncationIsRefused(_ name: String) {
        let bytes = contents(golden(name))
        for count in 0..<bytes.count {
            #expect(throws: FileError.self, "\(count) bytes") { try readAll(Array(bytes[..<count])) }
        }
    }

    @Test func flippedBitsAreNoticedOrHarmless() throws {
        let bytes = contents(golden("deflated.npz"))
        var refused = 0
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                let archive = try NumPyArchive(storage(flipped), file: "x.npz")
                // Names and times may change; what is in the arrays may not.
                for name in archive.names {
                    let values = try archive.array(name).doubles
                    #expect(values == (0..<24).map(Double.init) || values == [0, 1], "bit \(bit)")
                }
            } catch { refused += 1 }
        }
        #expect(refused > bytes.count * 8 / 2)
    }

    @Test func membersThatClaimTooMuchTakeNoMemory() throws {
        var bytes = contents(golden("deflated.npz"))
        // The uncompressed size in the directory's first record.
        let record = (0..<bytes.count).first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }!
        bytes.replaceSubrange((record + 24)..<(record + 28), with: [0xF0, 0xFF, 0xFF, 0xFF])
        let error = fileError { try readAll(bytes) }
        #expect(error?.cause.contains("cannot hold") == true, "\(error as Any)")
    }

    @Test func picklesInsideAreRefused() throws {
        let folder = TemporaryFolder()
        let pickled = contents(golden("objects.npy"))
        // A stored archive whose one member is the pickled array: the sound one with its bytes replaced would fail its
        // sum, so it is written here.
        let path = folder.path + "/x.npz"
        try NumPyArchive.write([("a", Buffer([UInt8](repeating: 0, count: 3)))], to: path)
        #expect(try NumPyArchive(path).array("a").count == 3)
        let error = fileError { _ = try NumPy.read(storage(pickled), 0..<pickled.count, file: "x.npz", entry: "a") }
        #expect(error?.position == .entry("a"))
        #expect(error?.cause.contains("pickled") == true)
    }
}
