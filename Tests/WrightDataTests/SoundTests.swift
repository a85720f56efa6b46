import Foundation
import Testing
import WrightGraph
import WrightRuntime
@testable import WrightData

/// Sounds: files of every width of sample, other rates, and spectrograms against PyTorch's transform.
struct SoundTests {
    /// A WAV file of these samples, in each frame one for each channel.
    static func wav(
        _ frames: [[Double]], rate: Int = 8000, bits: Int = 16, isFloat: Bool = false, isExtensible: Bool = false
    ) -> [UInt8] {
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        var data: [UInt8] = []
        for value in frames.joined() {
            switch (isFloat, bits) {
            case (true, 32): data += little(Float(value).bitPattern)
            case (true, _): data += little(value.bitPattern)
            case (_, 8): data.append(UInt8((value * 128 + 128).rounded()))
            case (_, 16): data += little(Int16((value * 32_768).rounded()))
            case (_, 24): data += little(Int32((value * 8_388_608).rounded())).prefix(3)
            default: data += little(Int32((value * 2_147_483_648).rounded()))
            }
        }
        let channels = frames.first?.count ?? 1
        let tag = UInt16(isFloat ? 3 : 1)
        var form = little(isExtensible ? 0xFFFE : tag) + little(UInt16(channels)) + little(UInt32(rate))
        form += little(UInt32(rate * channels * bits / 8)) + little(UInt16(channels * bits / 8)) + little(UInt16(bits))
        if isExtensible {
            form += little(UInt16(22)) + little(UInt16(bits)) + little(UInt32(0)) + little(tag)
            form += [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
        }
        func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
            Array(name.utf8) + little(UInt32(bytes.count)) + bytes + (bytes.count % 2 == 1 ? [0] : [])
        }
        // A chunk that nobody knows, of odd length, must be stepped over.
        let inner = Array("WAVE".utf8) + chunk("LIST", [1, 2, 3]) + chunk("fmt ", form) + chunk("data", data)
        return chunk("RIFF", inner)
    }

    static func sine(_ frequency: Double, rate: Int, count: Int) -> [Float] {
        (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    @Test(
        "Samples of every width become numbers from −1 to 1, channels their mean",
        arguments: [(8, false), (16, false), (24, false), (32, false), (32, true), (64, true)])
    func widths(bits: Int, isFloat: Bool) throws {
        for isExtensible in [false, true] {
            let bytes = Self.wav(
                [[0.5, -0.25], [-1, 0.5], [0, 0]], rate: 11_025, bits: bits, isFloat: isFloat,
                isExtensible: isExtensible)
            let sound = try SoundFile.decode(bytes, file: "a.wav")
            #expect(sound.rate == 11_025)
            #expect(sound.samples == [0.125, -0.25, 0])
        }
    }

    @Test("FLAC files hold what was written, channels their mean", arguments: [("mono", 8000), ("stereo", 44_100)])
    func lossless(name: String, rate: Int) throws {
        let sound = try SoundFile.read(Bundle.module.bundlePath + "/Golden/\(name).flac")
        let channels = name == "mono" ? 1 : 2
        #expect(sound.rate == rate && sound.samples.count == (name == "mono" ? 900 : 700))
        for (i, sample) in sound.samples.enumerated() {
            let sum = (0..<channels).reduce(0) { $0 + (i * i + 31 * i * $1) % 199 - 99 }
            #expect(sample == Float(Double(sum) / 256 / Double(channels)))
        }
    }

    @Test("FLAC files that are cut off or damaged anywhere are refused, and never half read")
    func brokenLossless() throws {
        let bytes = try FileAccess.read(Bundle.module.bundlePath + "/Golden/mono.flac")
        for count in stride(from: 4, to: bytes.count, by: 7) {
            let error = fileError { _ = try SoundFile.decode(Array(bytes.prefix(count)), file: "a.flac") }
            #expect(error.map { [.truncated, .invalid].contains($0.kind) } == true, "\(count) bytes: \(error as Any)")
        }
        // Behind the metadata every byte is covered by a check sum.
        let first = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] & 0xFE == 0xF8 })
        for place in stride(from: first, to: bytes.count, by: 5) {
            var damaged = bytes
            damaged[place] ^= 0x10
            let error = fileError { _ = try SoundFile.decode(damaged, file: "a.flac") }
            #expect(error?.kind == .invalid || error?.kind == .truncated, "byte \(place)")
        }
    }

    @Test("What is no sound, cut off, compressed or empty is refused with its place")
    func refused() throws {
        let sound = Self.wav([[0.5], [0.25]])
        for (bytes, kind): ([UInt8], FileError.Kind) in [
            ([], .truncated), (Array("ID3 and some music".utf8), .unsupported), (Array(sound.dropLast(2)), .truncated),
            (Array(sound.prefix(30)), .truncated), (Self.wav([[0.5]], bits: 12), .unsupported),
        ] {
            #expect(fileError { _ = try SoundFile.decode(bytes, file: "a.wav") }?.kind == kind)
        }
        for count in 0..<sound.count {
            // Any part of a file is refused or read, and never reads beyond its end.
            do throws(FileError) { _ = try SoundFile.decode(Array(sound.prefix(count)), file: "a.wav") } catch {
                #expect(error.file == "a.wav")
            }
        }
    }

    @Test(
        "A tone at another rate is the same tone, and what the lower rate cannot hold is gone",
        arguments: [16_000, 5000, 7350])
    func resampling(rate: Int) throws {
        let other = Resampler(from: 8000, to: rate)(Self.sine(440, rate: 8000, count: 8000))
        let wanted = Self.sine(440, rate: rate, count: rate)
        #expect(other.count == rate)
        let middle = (rate / 8)..<(rate * 7 / 8)
        let worst = middle.map { abs(other[$0] - wanted[$0]) }.max()!
        #expect(worst < 2e-3, "off by \(worst)")
        let high = Resampler(from: 16_000, to: rate)(Self.sine(7800, rate: 16_000, count: 16_000))
        if rate < 15_000 { #expect(middle.map { abs(high[$0]) }.max()! < 5e-3) }
    }

    @Test("Decibels in mel bands and cepstral coefficients are those of PyTorch's transform")
    func spectrogram() throws {
        let json = try JSON.load(golden("spectrogram.json"))
        let sound = (0..<1200).map { index -> Float in
            let time = Double(index) / 8000
            let tones = 0.5 * sin(2 * .pi * 440 * time) + 0.2 * sin(2 * .pi * (600 + 4000 * time) * time)
            return Float(tones * exp(-3 * time))
        }
        var config = Spectrogram.Config()
        (config.rate, config.bands) = (8000, 24)
        for (name, coefficients) in [("decibels", nil), ("coefficients", 10)] as [(String, Int?)] {
            config.coefficients = coefficients
            let wanted = (json[name]?.array ?? []).flatMap { $0.array ?? [] }.compactMap(\.double)
            let found = Spectrogram(config)(sound)
            #expect(found.count == wanted.count && found.count == config.frames(1200) * config.width)
            let worst = zip(found, wanted).map { abs(Double($0) - $1) }.max() ?? .infinity
            #expect(worst < 0.02, "\(name) are off by \(worst)")
        }
        #expect(Spectrogram(config)([]).count == config.width, "nothing is one piece of silence")
    }

    @Test("Augmentation is a function of seed, epoch and row; it moves and silences, and nothing else")
    func augmentation() {
        let values = (0..<(20 * 8)).map { Float($0 + 1) }
        func augmented(_ epoch: Int, _ seed: UInt64 = 1) -> [Float] {
            let buffer = Buffer(values, shape: [1, 20, 8, 1])
            SpectrogramAugmentation().apply(to: buffer, rows: [3], position: DataPosition(seed: seed, epoch: epoch))
            return buffer.array()
        }
        #expect(augmented(0) == augmented(0))
        let many = (0..<30).map { augmented($0) }
        #expect(Set(many).count > 20)
        for sound in many {
            let shift = sound.indices.first { sound[$0] != 0 }.map { Int(sound[$0]) - 1 - $0 } ?? 0
            #expect(abs(shift) <= 2 * 8 && shift % 8 == 0)
            #expect(sound.indices.allSatisfy { sound[$0] == 0 || Int(sound[$0]) - 1 - $0 == shift })
            #expect(sound.count { $0 != 0 } > 20 * 8 / 2)
        }
    }
}

/// Folders and arrays as tables.
struct MediaRecordsTests {
    private func rows(_ path: String) throws -> (columns: [String], rows: [[String?]], report: DropReport) {
        var reader = try Records.open(path)
        var rows: [[String?]] = []
        while let record = try reader.next() { rows.append(record.fields) }
        return (reader.columns, rows, reader.report)
    }

    @Test("A folder's files are rows: labels are folders, parts are train and test; what is neither is counted")
    func folders() throws {
        let folder = TemporaryFolder()
        for name in ["cat/b.png", "dog/x/a.JPG", "cat/a.wav", "cat/notes.txt", ".hidden/c.png"] {
            _ = folder.write("", name)
        }
        let found = try rows(folder.path)
        #expect(found.columns == ["file", "label"])
        #expect(found.rows == [["cat/a.wav", "cat"], ["cat/b.png", "cat"], ["dog/x/a.JPG", "dog"]])
        #expect(found.report.dropped == 1)

        let parted = TemporaryFolder()
        for name in ["train/1/a.png", "val/1/b.png", "Test/2/c.png"] { _ = parted.write("", name) }
        let parts = try rows(parted.path)
        #expect(parts.columns == ["file", "label", "split"])
        #expect(parts.rows.map { $0[2] } == ["test", "train", "validation"])

        _ = folder.write("file_name,loudness\ncat/a.wav,3\n", "metadata.csv")
        #expect(try rows(folder.path).columns == ["file_name", "loudness"])
        #expect(throws: FileError.self) { try rows(TemporaryFolder().path) }
    }

    @Test("Pictures in arrays are rows with their part, and are read by their names")
    func arrays() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/digits.npz"
        func images(_ count: Int) -> Buffer { Buffer((0..<(count * 6)).map { UInt8($0) }, shape: [count, 2, 3]) }
        try NumPyArchive.write(
            [
                ("train_images", images(2)), ("train_labels", Buffer([7, 9] as [Int32], shape: [2, 1])),
                ("test_images", images(1)), ("test_labels", Buffer([7] as [Int32], shape: [1, 1])),
            ], to: path)
        let found = try rows(path)
        #expect(found.columns == ["image", "label", "split"])
        #expect(
            found.rows == [
                ["train_images[0]", "7", "train"], ["train_images[1]", "9", "train"], ["test_images[0]", "7", "test"],
            ])
        let names = found.rows.map { "\(path)/\($0[0]!)" }
        #expect(names.allSatisfy(PictureSource.isPicture))
        let source = try PictureSource(names)
        #expect(try source.read(names[1]).array(of: UInt8.self) == [6, 7, 8, 9, 10, 11])
        #expect(try source.read(names[1], channels: 3).shape == [2, 3, 3])
        #expect(fileError { _ = try source.read("\(path)/train_images[2]") }?.kind == .missing)
        #expect(Records.base(of: path) == path)
    }
}
