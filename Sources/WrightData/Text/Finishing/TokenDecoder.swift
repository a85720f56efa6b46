import WrightRuntime

/// How tokens become text again: the decoders of `tokenizer.json`.
public indirect enum TokenDecoder: Hashable, Sendable {
    case byteLevel
    case wordPiece(prefix: String, cleansUp: Bool)
    case metaspace(mark: UInt32, removesFirst: Bool)
    /// Bytes like `<0x0A>` become characters; what is no UTF-8 becomes U+FFFD, one for each byte.
    case byteFallback
    case fuse
    /// Removes up to so many of a character at the ends of every token.
    case strip(UInt32, start: Int, stop: Int)
    case replace(TextPattern, by: String)
    case bytePair(suffix: String)
    /// Connectionist temporal classification (Graves et al., 2006): repeated tokens are one.
    case ctc(padding: String, delimiter: String, cleansUp: Bool)
    case sentencePiece(SentencePieceDecoder)
    case sequence([TokenDecoder])

    func apply(to tokens: [[UInt8]], _ matchers: inout MatcherStore) throws(TokenizerError) -> [[UInt8]] {
        switch self {
        case .byteLevel:
            var bytes: [UInt8] = []
            for token in tokens { bytes += ByteAlphabet.decoded(token) ?? token }
            return [bytes.repairedUTF8()]
        case .wordPiece(let prefix, let cleansUp):
            let prefix = Array(prefix.utf8)
            return tokens.enumerated().map { index, token in
                let joined =
                    index == 0
                    ? token : token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
                return cleansUp ? Self.cleaned(joined) : joined
            }
        case .metaspace(let mark, let removesFirst):
            var bytes: [UInt8] = []
            bytes.append(scalar: mark)
            return tokens.enumerated().map { index, token in
                token.replacing(bytes, by: index == 0 && removesFirst ? [] : [0x20])
            }
        case .byteFallback: return Self.joinedBytes(tokens)
        case .fuse: return [tokens.flatMap(\.self)]
        case .strip(let scalar, let start, let stop):
            return tokens.map { token in
                var scalars = token.scalars[...]
                for _ in 0..<min(start, scalars.count) where scalars.first == scalar { scalars.removeFirst() }
                for _ in 0..<min(stop, scalars.count) where scalars.last == scalar { scalars.removeLast() }
                return scalars.reduce(into: []) { $0.append(scalar: $1) }
            }
        case .replace(let pattern, let content):
            var result: [[UInt8]] = []
            for token in tokens {
                var ranges: [Range<Int>] = []
                let outcome = token.withUnsafeBufferPointer { buffer in
                    Result { () throws(TokenizerError) in
                        try pattern.forEachMatch(in: buffer, &matchers) { ranges.append($0) }
                    }
                }
                try outcome.get()
                var new: [UInt8] = []
                var last = 0
                for range in ranges {
                    new += token[last..<range.lowerBound]
                    new += Array(content.utf8)
                    last = range.upperBound
                }
                result.append(new + token[last...])
            }
            return result
        case .bytePair(let suffix):
            return tokens.enumerated().map { index, token in
                token.replacing(Array(suffix.utf8), by: index == tokens.count - 1 ? [] : [0x20])
            }
        case .ctc(let padding, let delimiter, let cleansUp):
            return Self.collapsed(tokens).compactMap { token in
                var new = token.replacing(Array(padding.utf8), by: [])
                if cleansUp { new = Self.cleaned(new).replacing(Array(delimiter.utf8), by: [0x20]) }
                return new.isEmpty ? nil : new
            }
        case .sentencePiece(let decoder): return [decoder.text(of: tokens)]
        case .sequence(let parts):
            var result = tokens
            for part in parts { result = try part.apply(to: result, &matchers) }
            return result
        }
    }

    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Runs of byte tokens as text, or as U+FFFD for each where they are no UTF-8.
    private static func joinedBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var run: [UInt8] = []
        func flush() {
            guard !run.isEmpty else { return }
            result.append(run.withUnsafeBytes { $0.firstInvalidUTF8 } == nil ? run : run.flatMap { _ in replacement })
            run = []
        }
        for token in tokens {
            if let byte = byte(token) {
                run.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }

    /// The byte that `<0x0A>` names.
    static func byte(_ token: [UInt8]) -> UInt8? {
        guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">") else { return nil }
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        // Rust's parser takes a sign before one digit.
        if token[3] == UInt8(ascii: "+") { return digit(token[4]) }
        guard let high = digit(token[3]), let low = digit(token[4]) else { return nil }
        return high << 4 | low
    }

    private static func collapsed(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private static let clutter: [([UInt8], [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    /// Spaces before punctuation and abbreviations taken out.
    private static func cleaned(_ text: [UInt8]) -> [UInt8] {
        clutter.reduce(text) { $0.replacing($1.0, by: $1.1) }
    }
}
