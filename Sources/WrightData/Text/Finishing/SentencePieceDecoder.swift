import WrightRuntime

/// Text of the pieces of a SentencePiece model, as its own library writes it (`SentencePieceProcessor::Decode`).
public struct SentencePieceDecoder: Hashable, Sendable {
    /// Whether spaces at the start are taken away: one that the normalizer added, or all where it leaves none there.
    public var removesFirst = true
    public var removesAllLeading = true
    /// The piece of what is in no vocabulary, and what stands for it in text.
    public var unknown: String?
    public var unknownSurface = " \u{2047} "
    /// Pieces that are no text: starts, ends, padding.
    public var controls: Set<String> = []

    public init() {}

    func text(of tokens: [[UInt8]]) -> [UInt8] {
        let unknown = unknown.map { Array($0.utf8) }
        let controls = Set(controls.map { Array($0.utf8) })
        var text: [UInt8] = []
        var bytes: [UInt8] = []
        var isStart = removesFirst
        for token in tokens {
            if let byte = TokenDecoder.byte(token) {
                bytes.append(byte)
                continue
            }
            text += Self.repaired(bytes)
            bytes = []
            if !text.isEmpty { isStart = false }
            guard !controls.contains(token) else { continue }
            if token == unknown {
                text += Array(unknownSurface.utf8)
                continue
            }
            var piece = token[...]
            if isStart, piece.starts(with: SentencePieceNormalizer.mark) {
                piece = piece.dropFirst(SentencePieceNormalizer.mark.count)
                isStart = removesAllLeading
            }
            text += Array(piece).replacing(SentencePieceNormalizer.mark, by: [0x20])
        }
        return text + Self.repaired(bytes)
    }

    /// Bytes as text, with U+FFFD for each one that is no part of a character.
    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var (text, rest) = ([UInt8](), bytes[...])
        while let broken = rest.withUnsafeBytes({ $0.firstInvalidUTF8 }) {
            text += rest.prefix(broken)
            text += TokenDecoder.replacement
            rest = rest.dropFirst(broken + 1)
        }
        return text + rest
    }
}
