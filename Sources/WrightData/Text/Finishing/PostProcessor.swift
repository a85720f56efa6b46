/// What is put around the tokens of a text: the post-processors of `tokenizer.json`.
public indirect enum PostProcessor: Hashable, Sendable {
    /// Takes white space out of the offsets.
    case byteLevel(addsPrefixSpace: Bool, trimsOffsets: Bool)
    /// `[CLS] a [SEP] b [SEP]`.
    case bert(separator: SpecialToken, classifier: SpecialToken)
    /// `<s> a </s></s> b </s>`.
    case roberta(separator: SpecialToken, classifier: SpecialToken, trimsOffsets: Bool, addsPrefixSpace: Bool)
    case template(single: [TemplatePart], pair: [TemplatePart], tokens: [String: [SpecialToken]])
    case sequence([PostProcessor])

    /// A token and its number.
    public struct SpecialToken: Hashable, Sendable {
        public var token: String
        public var id: Int

        public init(_ token: String, _ id: Int) {
            self.token = token
            self.id = id
        }
    }

    /// A place in a template.
    public enum TemplatePart: Hashable, Sendable {
        case first(type: Int)
        case second(type: Int)
        /// The name of a token of the template, which may stand for several.
        case token(String, type: Int)
    }

    /// How many tokens are added.
    func addedCount(isPair: Bool) -> Int {
        switch self {
        case .byteLevel: return 0
        case .bert: return isPair ? 3 : 2
        case .roberta: return isPair ? 4 : 2
        case .template(let single, let pair, let tokens):
            return (isPair ? pair : single).reduce(0) { count, part in
                if case .token(let name, _) = part { count + (tokens[name]?.count ?? 0) } else { count }
            }
        case .sequence(let parts): return parts.reduce(0) { $0 + $1.addedCount(isPair: isPair) }
        }
    }

    /// Makes one encoding of one or two.
    func apply(
        _ first: Encoding, _ second: Encoding?, addingSpecialTokens: Bool, _ spaces: TokenSpaces, texts: [[UInt8]]
    ) -> Encoding {
        var parts = [first] + (second.map { [$0] } ?? [])
        apply(&parts, addingSpecialTokens, spaces, texts)
        return parts.dropFirst().reduce(into: parts[0]) { $0.append($1) }
    }

    private func apply(_ parts: inout [Encoding], _ adds: Bool, _ spaces: TokenSpaces, _ texts: [[UInt8]]) {
        switch self {
        case .byteLevel(let addsPrefixSpace, let trimsOffsets):
            guard trimsOffsets else { return }
            for index in parts.indices { spaces.trim(&parts[index], texts[index], addsPrefixSpace: addsPrefixSpace) }
        case .bert(let separator, let classifier):
            guard adds else { return }
            parts[0] = Self.wrapped([classifier], parts[0], [separator], type: 0)
            if parts.count > 1 { parts[1] = Self.wrapped([], parts[1], [separator], type: 1) }
        case .roberta(let separator, let classifier, let trimsOffsets, let addsPrefixSpace):
            for index in parts.indices {
                if trimsOffsets { spaces.trim(&parts[index], texts[index], addsPrefixSpace: addsPrefixSpace) }
                parts[index].typeIDs = [Int32](repeating: 0, count: parts[index].count)
            }
            guard adds else { return }
            parts[0] = Self.wrapped([classifier], parts[0], [separator], type: 0)
            if parts.count > 1 { parts[1] = Self.wrapped([separator], parts[1], [separator], type: 0) }
        case .template(let single, let pair, let tokens):
            parts = Self.filled(parts.count > 1 ? pair : single, parts, tokens, adds)
        case .sequence(let processors): for processor in processors { processor.apply(&parts, adds, spaces, texts) }
        }
    }

    private static func wrapped(
        _ before: [SpecialToken], _ encoding: Encoding, _ after: [SpecialToken], type: Int32
    ) -> Encoding {
        var result = Encoding()
        result.reserve(encoding.count + 2)
        for token in before { result.append(id: Int32(truncatingIfNeeded: token.id), type: type, special: 1) }
        result.append(encoding)
        for token in after { result.append(id: Int32(truncatingIfNeeded: token.id), type: type, special: 1) }
        return result
    }

    private static func filled(
        _ template: [TemplatePart], _ parts: [Encoding], _ tokens: [String: [SpecialToken]], _ adds: Bool
    ) -> [Encoding] {
        template.map { part in
            var result = Encoding()
            switch part {
            case .first(let type): result.append(parts[0], type: Int32(truncatingIfNeeded: type))
            case .second(let type):
                if parts.count > 1 { result.append(parts[1], type: Int32(truncatingIfNeeded: type)) }
            case .token(let name, let type):
                guard adds else { break }
                for token in tokens[name] ?? [] {
                    result.append(
                        id: Int32(truncatingIfNeeded: token.id), type: Int32(truncatingIfNeeded: type), special: 1)
                }
            }
            return result
        }
    }
}

/// How many spaces each token begins and ends with, for offsets without them.
struct TokenSpaces: Sendable {
    private var leading: [UInt8] = []
    private var trailing: [UInt8] = []

    init(_ vocabulary: Vocabulary, _ added: [Int: [UInt8]]) {
        let rows = max(vocabulary.rows, (added.keys.max() ?? -1) + 1)
        leading = [UInt8](repeating: 0, count: rows)
        trailing = leading
        for id in 0..<rows {
            guard let token = added[id] ?? vocabulary.bytes(of: id) else { continue }
            let scalars = token.scalars
            // U+0120 is the space of the byte alphabet.
            let isSpace = { (scalar: UInt32) in scalar == 0x120 || ScalarClass.of(scalar).contains(.space) }
            leading[id] = UInt8(min(255, scalars.prefix(while: isSpace).count))
            trailing[id] = UInt8(min(255, scalars.reversed().prefix(while: isSpace).count))
        }
    }

    /// A token's spaces are counted as characters of the text, of as many bytes as those have there: what a normalizer
    /// made a space of may have had more.
    func trim(_ encoding: inout Encoding, _ text: [UInt8], addsPrefixSpace: Bool) {
        for index in encoding.ids.indices {
            let id = Int(encoding.ids[index])
            guard leading.indices.contains(id), leading[id] > 0 || trailing[id] > 0 else { continue }
            let offset = encoding.offsets[index]
            var before = Int(leading[id])
            if addsPrefixSpace, before == 1, index == 0 || offset.lowerBound == 0 { before = 0 }
            var start = offset.lowerBound
            while before > 0, start < offset.upperBound {
                start = min(text.scalarEnd(after: start), offset.upperBound)
                before -= 1
            }
            var (end, after) = (offset.upperBound, Int(trailing[id]))
            while after > 0, end > start {
                end = max(text.scalarStart(before: end), start)
                after -= 1
            }
            encoding.offsets[index] = start..<end
        }
    }
}

extension [UInt8] {
    /// Where the next character of sound UTF-8 begins.
    fileprivate func scalarEnd(after place: Int) -> Int {
        var next = place + 1
        while next < count, self[next] & 0xC0 == 0x80 { next += 1 }
        return Swift.min(next, count)
    }

    /// Where the character before a place begins.
    fileprivate func scalarStart(before place: Int) -> Int {
        var start = Swift.min(place, count) - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return Swift.max(start, 0)
    }
}
