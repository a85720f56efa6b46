/// The substrings of words that are followed by different characters at different places (the inner nodes of a suffix
/// tree), with how often they stand in the list of words, by a suffix array that is sorted as deep as they may be long.
struct FrequentSubstrings {
    private let text: [UInt32]
    private let suffixes: [Int32]
    private let longest: Int

    /// Between words, and in none of them.
    private static let boundary: UInt32 = 0

    init(of words: [[UInt32]], longest: Int) {
        var text: [UInt32] = []
        for word in words where !word.isEmpty {
            text += word
            text.append(Self.boundary)
        }
        self.text = text
        self.longest = longest
        var suffixes = text.indices.map { Int32($0) }
        text.withUnsafeBufferPointer { text in
            suffixes.sort { Self.precedes(Int($0), Int($1), text, longest + 1) }
        }
        self.suffixes = suffixes
    }

    private static func precedes(_ one: Int, _ other: Int, _ text: UnsafeBufferPointer<UInt32>, _ depth: Int) -> Bool {
        for offset in 0..<depth {
            if one + offset >= text.count { return other + offset < text.count }
            if other + offset >= text.count { return false }
            let (first, second) = (text[one + offset], text[other + offset])
            if first != second { return first < second }
        }
        return false
    }

    private func commonPrefix(_ one: Int, _ other: Int) -> Int {
        var length = 0
        while length <= longest, one + length < text.count, other + length < text.count,
            text[one + length] == text[other + length]
        {
            length += 1
        }
        return length
    }

    /// Calls `body` with each substring of two to `longest` characters without a boundary, and its frequency.
    func forEach(_ body: (ArraySlice<UInt32>, Int) -> Void) {
        var open: [(depth: Int, first: Int)] = []
        for rank in 1...max(1, suffixes.count) {
            let common = rank < suffixes.count ? commonPrefix(Int(suffixes[rank - 1]), Int(suffixes[rank])) : 0
            var first = rank - 1
            while let top = open.last, top.depth > common {
                open.removeLast()
                first = top.first
                let start = Int(suffixes[top.first])
                let part = text[start..<min(start + top.depth, text.count)]
                if top.depth > 1, top.depth <= longest, !part.contains(Self.boundary) { body(part, rank - top.first) }
            }
            if common > 0, open.last?.depth ?? 0 < common { open.append((common, first)) }
        }
    }
}
