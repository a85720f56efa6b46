/// Decodes tokens one at a time: text comes out as soon as it cannot change any more, so that half a character never does.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipsSpecialTokens: Bool
    /// The last tokens: those whose text is out, which still decide about spaces, and those that wait.
    private var ids: [Int32] = []
    private var prefix: [UInt8] = []
    private var prefixCount = 0

    init(_ tokenizer: Tokenizer, skippingSpecialTokens: Bool) {
        self.tokenizer = tokenizer
        skipsSpecialTokens = skippingSpecialTokens
    }

    /// The text that a token brings; nil while it waits for the rest of a character.
    public mutating func next(_ id: Int32) throws(TokenizerError) -> String? {
        ids.append(id)
        let text = try decoded(ids[...])
        guard text.count > prefix.count, !text.ends(with: Self.replacement), text.starts(with: prefix) else {
            return nil
        }
        let new = text[prefix.count...]
        let kept = ids[prefixCount...]
        prefixCount = kept.count
        ids = Array(kept)
        prefix = try decoded(ids[...])
        return String(decoding: new, as: UTF8.self)
    }

    /// What still waits when no token will come: broken characters as U+FFFD.
    public mutating func finish() throws(TokenizerError) -> String? {
        let text = try decoded(ids[...])
        defer { (ids, prefix, prefixCount) = ([], [], 0) }
        guard text.count > prefix.count, text.starts(with: prefix) else { return nil }
        return String(decoding: text[prefix.count...], as: UTF8.self)
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private func decoded(_ ids: ArraySlice<Int32>) throws(TokenizerError) -> [UInt8] {
        Array(try tokenizer.decode(Array(ids), skippingSpecialTokens: skipsSpecialTokens).utf8)
    }
}

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool {
        count >= other.count && self[(count - other.count)...] == other[...]
    }
}
