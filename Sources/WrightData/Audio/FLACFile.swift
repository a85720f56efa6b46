import CWrightSound
import WrightRuntime

/// FLAC files (RFC 9639) of any width of sample, decoded by libFLAC; several channels become their mean.
enum FLACFile {
    /// More samples would be more memory than a gigabyte of any other sound takes.
    static let maximumFrames = 1 << 28

    /// Whether the bytes start like such a file.
    static func isFLAC(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "fLaC".utf8) }

    /// Decodes a file in memory; `file` is what errors call it.
    static func decode(
        _ bytes: [UInt8], file: String, maximumFrames: Int = FLACFile.maximumFrames
    ) throws(FileError) -> Sound {
        var sound = wright_sound()
        var problem = wright_sound_problem()
        let status = bytes.withUnsafeBufferPointer {
            wright_flac_decode($0.baseAddress, $0.count, maximumFrames, &sound, &problem)
        }
        defer { wright_sound_free(sound.samples) }
        let kind: FileError.Kind
        switch status {
        case .ok:
            // Safety: the decoder gave as many samples, which are freed when this scope is left.
            let samples = Array(UnsafeBufferPointer(start: sound.samples, count: sound.count))
            return Sound(samples: samples, rate: Int(sound.rate))
        case .truncated: kind = .truncated
        case .invalid: kind = .invalid
        case .tooLarge: kind = .tooLarge
        }
        // The message is a text that ends with a zero, inside of its bytes.
        let message = withUnsafeBytes(of: problem.message) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        throw FileError(
            kind, file: file, at: .byte(problem.position),
            Message(kind == .tooLarge ? .soundTooLong : .soundDamaged, Phrase.codec(message)))
    }
}
