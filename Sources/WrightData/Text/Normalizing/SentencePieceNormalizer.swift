/// SentencePiece's normalization (Kudo and Richardson, 2018), as its library does it: longest replacements from the left,
/// white space collapsed, a space in front, and every space shown as `▁`.
public struct SentencePieceNormalizer: Hashable, Sendable {
    public var map: CharacterMap
    public var addsDummyPrefix = true
    public var removesExtraWhitespace = true
    public var escapesWhitespace = true
    /// The space is put behind the words instead of before them.
    public var treatsWhitespaceAsSuffix = false
    /// Pieces that stay as they are wherever they stand.
    public var userDefined: [String] = []

    public init(map: CharacterMap) { self.map = map }

    static let mark = Array("▁".utf8)

    func normalized(_ text: AlignedText) -> AlignedText {
        guard !text.bytes.isEmpty else { return text }
        let space = escapesWhitespace ? Self.mark : [0x20]
        let symbols = userDefined.map { Array($0.utf8) }
        var builder = AlignedTextBuilder(base: text.base)
        text.bytes.withUnsafeBufferPointer { source in
            var index = 0
            if removesExtraWhitespace {
                while index < source.count, case let (length, new) = next(source, index, symbols), new == [0x20] {
                    index += length
                }
            }
            guard index < source.count else { return }
            if addsDummyPrefix, !treatsWhitespaceAsSuffix { builder.append(space, like: index, of: text) }
            var isAfterSpace = removesExtraWhitespace
            var end = builder.count
            while index < source.count {
                var (length, new) = next(source, index, symbols)
                if isAfterSpace { new = Array(new.drop { $0 == 0x20 }) }
                for byte in new {
                    builder.append(byte == 0x20 && escapesWhitespace ? space : [byte], like: index, of: text)
                }
                if let last = new.last {
                    isAfterSpace = removesExtraWhitespace && last == 0x20
                    if last != 0x20 { end = builder.count }
                } else if !removesExtraWhitespace {
                    isAfterSpace = false
                }
                index += length
            }
            if removesExtraWhitespace { builder.keep(first: end) }
            if addsDummyPrefix, treatsWhitespaceAsSuffix {
                builder.append(space, like: source.count - 1, of: text)
            }
        }
        return builder.text
    }

    /// How many bytes the next step reads, and what it makes of them.
    private func next(
        _ source: UnsafeBufferPointer<UInt8>, _ index: Int, _ symbols: [[UInt8]]
    ) -> (Int, [UInt8]) {
        var longest = 0
        for symbol in symbols where symbol.count > longest && index + symbol.count <= source.count {
            if symbol.indices.allSatisfy({ source[index + $0] == symbol[$0] }) { longest = symbol.count }
        }
        if longest > 0 { return (longest, Array(source[index..<(index + longest)])) }
        if let (length, range) = map.longestPrefix(of: source, from: index, to: source.count) {
            return (length, Array(map.bytes[range]))
        }
        let length = source.scalar(at: index).length
        return (length, Array(source[index..<(index + length)]))
    }
}
