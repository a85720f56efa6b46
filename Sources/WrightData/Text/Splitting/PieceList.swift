/// Text and the pieces that it is cut into so far.
struct PieceList {
    private(set) var text: AlignedText
    private(set) var pieces: [Range<Int>]

    init(_ text: AlignedText) {
        self.text = text
        pieces = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
    }

    // MARK: Cutting

    /// A part between cuts: a match, or what lies before, between and after matches.
    private struct Part {
        var range: Range<Int>
        var isMatch: Bool
    }

    /// Cuts every piece at the scalars for which `isDelimiter` holds.
    mutating func cut(_ behavior: PreTokenizer.Behavior, _ isDelimiter: (UInt32) -> Bool) {
        var result: [Range<Int>] = []
        result.reserveCapacity(pieces.count)
        var parts: [Part] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                var start = piece.lowerBound
                var index = start
                parts.removeAll(keepingCapacity: true)
                while index < piece.upperBound {
                    let (scalar, length) = bytes.scalar(at: index)
                    if isDelimiter(scalar) {
                        if start < index { parts.append(Part(range: start..<index, isMatch: false)) }
                        parts.append(Part(range: index..<(index + length), isMatch: true))
                        start = index + length
                    }
                    index += length
                }
                if start < index { parts.append(Part(range: start..<index, isMatch: false)) }
                Self.arrange(parts, behavior, &result)
            }
        }
        pieces = result
    }

    /// Keeps runs of word characters and runs of what is neither word nor white space.
    mutating func cutWords() {
        var result: [Range<Int>] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                var start = piece.lowerBound
                var last: ScalarClass = .space
                var index = start
                while index < piece.upperBound {
                    let (scalar, length) = bytes.scalar(at: index)
                    let kind = ScalarClass.of(scalar).intersection([.word, .space])
                    if kind != last {
                        if last != .space, start < index { result.append(start..<index) }
                        start = index
                        last = kind
                    }
                    index += length
                }
                if last != .space, start < index { result.append(start..<index) }
            }
        }
        pieces = result
    }

    /// Cuts every piece at the matches of a pattern.
    mutating func cut(
        _ pattern: TextPattern, _ behavior: PreTokenizer.Behavior, inverted: Bool, _ matchers: inout MatcherStore
    ) throws(TokenizerError) {
        var result: [Range<Int>] = []
        result.reserveCapacity(text.bytes.count / 4 + 4)
        let outcome = text.bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(TokenizerError) in
                var parts: [Part] = []
                for piece in pieces {
                    var start = piece.lowerBound
                    parts.removeAll(keepingCapacity: true)
                    try pattern.forEachMatch(in: bytes[part: piece], &matchers) { match in
                        let from = piece.lowerBound + match.lowerBound
                        let to = piece.lowerBound + match.upperBound
                        if start < from { parts.append(Part(range: start..<from, isMatch: inverted)) }
                        parts.append(Part(range: from..<to, isMatch: !inverted))
                        start = to
                    }
                    if start < piece.upperBound {
                        parts.append(Part(range: start..<piece.upperBound, isMatch: inverted))
                    }
                    Self.arrange(parts, behavior, &result)
                }
            }
        }
        try outcome.get()
        pieces = result
    }

    /// Appends what `behavior` makes of the parts.
    private static func arrange(_ parts: [Part], _ behavior: PreTokenizer.Behavior, _ result: inout [Range<Int>]) {
        let first = result.count
        switch behavior {
        case .isolated: for part in parts where !part.range.isEmpty { result.append(part.range) }
        case .removed: for part in parts where !part.isMatch && !part.range.isEmpty { result.append(part.range) }
        case .contiguous:
            var wasMatch = false
            for part in parts {
                join(part.range, part.isMatch == wasMatch, first, &result)
                wasMatch = part.isMatch
            }
        case .mergedWithPrevious:
            var wasMatch = false
            for part in parts {
                join(part.range, part.isMatch && !wasMatch, first, &result)
                wasMatch = part.isMatch
            }
        case .mergedWithNext:
            var start: Int?
            for (index, part) in parts.enumerated() {
                let isJoined = part.isMatch && index + 1 < parts.count && !parts[index + 1].isMatch
                if isJoined {
                    start = start ?? part.range.lowerBound
                    continue
                }
                let range = (start ?? part.range.lowerBound)..<part.range.upperBound
                if !range.isEmpty { result.append(range) }
                start = nil
            }
        }
    }

    private static func join(_ range: Range<Int>, _ isJoined: Bool, _ first: Int, _ result: inout [Range<Int>]) {
        if isJoined, result.count > first {
            result[result.count - 1] = result[result.count - 1].lowerBound..<range.upperBound
        } else if !range.isEmpty {
            result.append(range)
        }
    }

    // MARK: Changing

    /// Makes new text of every piece.
    private mutating func rewrite(_ body: (Range<Int>, AlignedText, inout AlignedTextBuilder) -> Void) {
        var builder = AlignedTextBuilder(base: text.base)
        var result: [Range<Int>] = []
        for piece in pieces {
            let start = builder.count
            body(piece, text, &builder)
            result.append(start..<builder.count)
        }
        text = builder.text
        pieces = result
    }

    /// Puts a space before every piece that does not begin with one.
    mutating func prependSpaces() {
        guard pieces.contains(where: { text.bytes[$0.lowerBound] != 0x20 }) else { return }
        rewrite { piece, text, builder in
            if text.bytes[piece.lowerBound] != 0x20 { builder.append([0x20], like: piece.lowerBound, of: text) }
            builder.append(piece, of: text)
        }
    }

    /// Writes every byte as a character.
    mutating func spellBytes() {
        rewrite { piece, text, builder in
            for index in piece { builder.append(ByteAlphabet.spelled([text.bytes[index]]), like: index, of: text) }
        }
    }

    /// Makes every space a mark, and puts one in front by the scheme.
    mutating func markSpaces(_ mark: UInt32, _ scheme: PreTokenizer.PrependScheme) {
        var markBytes: [UInt8] = []
        markBytes.append(scalar: mark)
        rewrite { piece, text, builder in
            let starts = text.bytes[piece.lowerBound] == 0x20 || text.bytes[piece].starts(with: markBytes)
            let isFirst = scheme == .first && text.origin(of: piece.lowerBound..<(piece.lowerBound + 1)).lowerBound == 0
            if !starts, scheme == .always || isFirst { builder.append(markBytes, like: piece.lowerBound, of: text) }
            var start = piece.lowerBound
            for index in piece where text.bytes[index] == 0x20 {
                builder.append(start..<index, of: text)
                builder.append(markBytes, like: index, of: text)
                start = index + 1
            }
            builder.append(start..<piece.upperBound, of: text)
        }
    }
}
