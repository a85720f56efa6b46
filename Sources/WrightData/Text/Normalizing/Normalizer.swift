import CWrightText

/// How text is changed before it is cut: the normalizers of `tokenizer.json`, and SentencePiece's own.
public indirect enum Normalizer: Hashable, Sendable {
    /// Unicode normalization forms (UAX 15).
    case form(NormalizationForm)
    case lowercase
    /// Removes white space at the ends.
    case strip(left: Bool, right: Bool)
    /// Removes marks; decompose first to separate them from letters.
    case stripAccents
    case replace(TextPattern, by: String)
    /// Puts text before text that is not empty.
    case prepend(String)
    case bert(BERTNormalizer)
    /// Removes control characters and makes spaces of other separators, as in Google's translation models.
    case nmt
    /// SentencePiece's compiled replacements, applied to grapheme clusters as the reference library does.
    case precompiled(CharacterMap)
    /// Each byte as a visible character, as GPT-2 writes them.
    case byteLevel
    /// SentencePiece's normalization as its own library does it.
    case sentencePiece(SentencePieceNormalizer)
    case sequence([Normalizer])

    func apply(to text: inout AlignedText, _ matchers: inout MatcherStore) throws(TokenizerError) {
        switch self {
        case .form(let form): form.apply(to: &text)
        case .lowercase: text.lowercase()
        case .strip(let left, let right): text.strip(left: left, right: right)
        case .stripAccents: text.filter { !ScalarClass.of($0).contains(.mark) }
        case .replace(let pattern, let content):
            var ranges: [Range<Int>] = []
            let bytes = text.bytes
            let result = bytes.withUnsafeBufferPointer { buffer in
                Result { () throws(TokenizerError) in
                    try pattern.forEachMatch(in: buffer, &matchers) { ranges.append($0) }
                }
            }
            try result.get()
            text.replace(ranges.filter { !$0.isEmpty }, by: Array(content.utf8))
        case .prepend(let prefix): text.prepend(Array(prefix.utf8))
        case .bert(let bert): bert.apply(to: &text)
        case .nmt: text.filter({ !Self.isRemovedByNMT($0) }, Self.nmtMapped)
        case .precompiled(let map): map.applyToGraphemes(of: &text)
        case .byteLevel: text = ByteAlphabet.spelled(text)
        case .sentencePiece(let normalizer): text = normalizer.normalized(text)
        case .sequence(let parts): for part in parts { try part.apply(to: &text, &matchers) }
        }
    }

    private static func isRemovedByNMT(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: true
        default: false
        }
    }

    private static func nmtMapped(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: 0x20
        default: scalar
        }
    }
}

extension AlignedText {
    /// Lower case by Unicode's default mapping, scalar by scalar.
    mutating func lowercase() {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            mapASCII { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
            return
        }
        var changes: [Change] = []
        changes.reserveCapacity(bytes.count)
        for scalar in bytes.scalars {
            if scalar < 0x80 {
                changes.append(Change(scalar >= 0x41 && scalar <= 0x5A ? scalar | 0x20 : scalar))
            } else if scalar == 0x130 {
                // The one letter whose lower case is two scalars.
                changes.append(Change(0x69))
                changes.append(Change(0x307, 1))
            } else {
                changes.append(Change(wright_scalar_lowercase(scalar)))
            }
        }
        replace(by: changes)
    }

    /// Removes white space at the ends.
    mutating func strip(left: Bool, right: Bool) {
        let scalars = bytes.scalars
        let isSpace = { (scalar: UInt32) in ScalarClass.of(scalar).contains(.space) }
        let leading = left ? scalars.prefix(while: isSpace).count : 0
        let trailing = right ? scalars.reversed().prefix(while: isSpace).count : 0
        guard leading > 0 || trailing > 0 else { return }
        let kept = leading + trailing >= scalars.count ? [] : scalars[leading..<(scalars.count - trailing)]
        replace(by: kept.map { Change($0) }, dropping: leading)
    }
}
