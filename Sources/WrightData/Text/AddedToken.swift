/// A token that is found in text before any model sees it.
public struct AddedToken: Hashable, Sendable {
    public var content: String
    public var id: Int
    /// Left out when decoding, if asked.
    public var isSpecial = false
    /// Found only where no word character is next to it.
    public var isSingleWord = false
    /// Takes the white space before it.
    public var stripsLeft = false
    /// Takes the white space behind it.
    public var stripsRight = false
    /// Looked for in normalized text, in its own normalized form.
    public var isNormalized = false

    public init(_ content: String, id: Int, isSpecial: Bool = false) {
        self.content = content
        self.id = id
        self.isSpecial = isSpecial
        isNormalized = !isSpecial
    }
}

/// Finds added tokens in text: from the left, of those that begin at one place the longest.
struct AddedTokenMatcher: Sendable {
    private let trie: PieceTrie
    private let tokens: [AddedToken]
    /// Bytes that a token begins with.
    private let isFirst: [Bool]
    private let onlyFirst: UInt8?

    /// `forms` are what the tokens look like in the text that is searched.
    init(_ tokens: [AddedToken], forms: [[UInt8]]) {
        self.tokens = tokens
        trie = PieceTrie(forms.enumerated().lazy.map { ($1, $0) })
        let first = Set(forms.compactMap(\.first))
        isFirst = (0..<256).map { first.contains(UInt8($0)) }
        onlyFirst = first.count == 1 ? first.first : nil
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Cuts the text: `body` gets every part in order, with the token where it is one.
    func forEachPart(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>, AddedToken?) throws -> Void) rethrows {
        var last = 0
        var index = 0
        while let start = candidate(in: text, from: index) {
            guard let (end, number) = trie.longestPrefix(of: text, from: start) else {
                index = start + 1
                continue
            }
            index = end
            let token = tokens[number]
            if token.isSingleWord, Self.isWord(before: start, text) || Self.isWord(at: end, text) { continue }
            var (from, to) = (start, end)
            if token.stripsLeft { from = max(Self.spaceStart(start, text), last) }
            if token.stripsRight { to = Self.spaceEnd(end, text) }
            from = max(from, last)
            if last < from { try body(last..<from, nil) }
            try body(from..<max(to, from), token)
            last = max(to, from)
        }
        if last < text.count { try body(last..<text.count, nil) }
    }

    @inline(__always) private func candidate(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        if let onlyFirst {
            while index < text.count, text[index] != onlyFirst { index += 1 }
        } else {
            while index < text.count, !isFirst[Int(text[index])] { index += 1 }
        }
        return index < text.count ? index : nil
    }

    private static func isWord(before index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        index > 0 && ScalarClass.of(text.scalar(at: text.scalarStart(index - 1)).value).contains(.word)
    }

    private static func isWord(at index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        index < text.count && ScalarClass.of(text.scalar(at: index).value).contains(.word)
    }

    private static func spaceStart(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = index
        while index > 0, case let before = text.scalarStart(index - 1),
            ScalarClass.of(text.scalar(at: before).value).contains(.space)
        {
            index = before
        }
        return index
    }

    private static func spaceEnd(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = index
        while index < text.count, case let (scalar, length) = text.scalar(at: index),
            ScalarClass.of(scalar).contains(.space)
        {
            index += length
        }
        return index
    }
}
