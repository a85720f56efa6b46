import WrightGraph
public import WrightRuntime

/// A sound with one channel.
public struct Sound: Hashable, Sendable {
    /// From −1 to 1.
    public var samples: [Float]
    /// Samples in a second.
    public var rate: Int

    public init(samples: [Float], rate: Int) {
        self.samples = samples
        self.rate = rate
    }

    public var seconds: Double { Double(samples.count) / Double(rate) }
}

/// Sound files: FLAC, and WAV (Microsoft and IBM, *Multimedia programming interface*, 1991, with the extensible format): PCM of 8, 16, 24 and
/// 32 bits and floating point of 32 and 64. Several channels become their mean.
public enum SoundFile {
    /// Larger files are refused.
    private static let maximumBytes = 1 << 30

    /// Whether the name is that of a file which is read.
    public static func isSound(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".wav", ".wave", ".flac"].contains(where: name.hasSuffix)
    }

    public static func read(_ path: String) throws(FileError) -> Sound {
        try decode(FileAccess.read(path, limit: maximumBytes), file: path)
    }

    /// Decodes a file in memory; `file` is what errors call it.
    public static func decode(_ bytes: [UInt8], file: String) throws(FileError) -> Sound {
        guard !FLACFile.isFLAC(bytes) else { return try FLACFile.decode(bytes, file: file) }
        func failure(_ kind: FileError.Kind, _ at: Int, _ message: Message) -> FileError {
            FileError(kind, file: file, at: .byte(at), message)
        }
        func damaged(_ kind: FileError.Kind, _ at: Int, _ english: String, _ chinese: String) -> FileError {
            failure(kind, at, Message(.soundDamaged, Phrase(english, chinese)))
        }
        func number<Word: FixedWidthInteger>(_ at: Int, _: Word.Type) -> Int {
            bytes.withUnsafeBytes { Int(Word(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: Word.self))) }
        }
        func name(_ at: Int) -> String { String(decoding: bytes[at..<(at + 4)], as: UTF8.self) }
        guard bytes.count >= 12, name(0) == "RIFF", name(8) == "WAVE" else {
            throw failure(
                bytes.isEmpty ? .truncated : .unsupported, 0,
                bytes.isEmpty ? Message(.emptySound) : Message(.notSound))
        }
        var form: SampleForm?
        var place = 12
        while place + 8 <= bytes.count {
            let (chunk, stated) = (name(place), number(place + 4, UInt32.self))
            let start = place + 8
            switch chunk {
            case "fmt ":
                guard stated >= 16, start + stated <= bytes.count else {
                    throw damaged(.truncated, place, "the description of its samples is cut off", "采样格式的描述不完整")
                }
                let tag = number(start, UInt16.self)
                // The extensible format has the tag of the samples at the start of a longer name.
                form = SampleForm(
                    tag: tag == 0xFFFE && stated >= 26 ? number(start + 24, UInt16.self) : tag,
                    channels: number(start + 2, UInt16.self), rate: number(start + 4, UInt32.self),
                    bits: number(start + 14, UInt16.self))
            case "data":
                guard let form else {
                    throw damaged(.invalid, place, "its samples come before their description", "采样数据出现在格式描述之前")
                }
                guard form.isReadable else {
                    throw failure(.unsupported, place, Message(.soundForm, form.words))
                }
                // Programs that write into a pipe do not know the length and state the largest.
                let isOpen = stated == 0xFFFF_FFFF
                guard isOpen || start + stated <= bytes.count else {
                    throw damaged(
                        .truncated, place,
                        "\(stated) bytes of samples are promised, \(bytes.count - start) are left",
                        "声明了 \(stated) 字节的采样，只剩 \(bytes.count - start) 字节")
                }
                let end = isOpen ? bytes.count : start + stated
                let samples = form.samples(bytes[start..<end])
                guard !samples.isEmpty else { throw failure(.truncated, place, Message(.noSamples)) }
                return Sound(samples: samples, rate: form.rate)
            default: break
            }
            // Chunks start at even places.
            place = start + stated + stated % 2
        }
        throw damaged(.truncated, bytes.count, "it ends before its samples", "文件在采样数据之前就结束了")
    }
}

/// How samples are written.
private struct SampleForm {
    /// 1 whole numbers, 3 floating point.
    let tag: Int
    let channels: Int
    let rate: Int
    let bits: Int

    var isReadable: Bool {
        channels > 0 && (1...1_000_000).contains(rate)
            && (tag == 1 && [8, 16, 24, 32].contains(bits) || tag == 3 && [32, 64].contains(bits))
    }

    var words: Phrase {
        let kind =
            switch tag {
            case 1: Phrase("whole numbers", "整数")
            case 3: Phrase("floating point", "浮点数")
            default: Phrase("samples in format \(tag)", "格式 \(tag)")
            }
        return kind
            + Phrase(
                " of \(bits) bits, \(channels) channels, \(rate) samples a second, which is not read here",
                "，\(bits) 位，\(channels) 声道，每秒 \(rate) 个采样，这里不读取")
    }

    func samples(_ bytes: ArraySlice<UInt8>) -> [Float] {
        let width = bits / 8
        let frames = bytes.count / (width * channels)
        var samples = [Float](repeating: 0, count: frames)
        bytes.withUnsafeBytes { raw in
            for frame in 0..<frames {
                var sum: Float = 0
                for channel in 0..<channels { sum += value(raw, (frame * channels + channel) * width) }
                samples[frame] = sum / Float(channels)
            }
        }
        return samples
    }

    /// Safety: `at` and the bytes of one sample lie inside `raw`.
    private func value(_ raw: UnsafeRawBufferPointer, _ at: Int) -> Float {
        func word<Word: FixedWidthInteger>(_: Word.Type) -> Word {
            Word(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: Word.self))
        }
        return switch (tag, bits) {
        case (3, 32): Float(bitPattern: word(UInt32.self))
        case (3, _): Float(Double(bitPattern: word(UInt64.self)))
        case (_, 8): (Float(raw[at]) - 128) / 128
        case (_, 16): Float(word(Int16.self)) / 0x1p15
        case (_, 24):
            // The sign lies in the last byte.
            Float(Int(raw[at]) | Int(raw[at + 1]) << 8 | Int(Int8(bitPattern: raw[at + 2])) << 16) / 0x1p23
        default: Float(word(Int32.self)) / 0x1p31
        }
    }
}
