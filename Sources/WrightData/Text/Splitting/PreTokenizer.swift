/// How normalized text is cut into the pieces that a model tokenizes: the pre-tokenizers of `tokenizer.json`.
public indirect enum PreTokenizer: Hashable, Sendable {
    /// What becomes of the matches of a split.
    public enum Behavior: String, Hashable, Sendable, CaseIterable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    /// Where ``metaspace`` puts its mark although no space is there.
    public enum PrependScheme: String, Hashable, Sendable, CaseIterable {
        case first, never, always
    }

    /// GPT-2's cutting, and its way to write bytes as characters.
    case byteLevel(addsPrefixSpace: Bool, trimsOffsets: Bool, cuts: Bool)
    /// At white space, and around punctuation.
    case bert
    /// Words and runs of other characters, without white space.
    case whitespace
    /// At white space alone.
    case whitespaceSplit
    /// Spaces become a mark, and text is cut before each mark if `splits`.
    case metaspace(mark: UInt32, scheme: PrependScheme, splits: Bool)
    case split(TextPattern, Behavior, inverted: Bool)
    case punctuation(Behavior)
    case digits(individual: Bool)
    /// At one character, which is removed.
    case delimiter(UInt32)
    case sequence([PreTokenizer])

    /// GPT-2's pattern.
    static let gpt2: TextPattern = {
        do {
            return try TextPattern(
                expression: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#)
        } catch {
            preconditionFailure("GPT-2's pattern is sound: \(error)")
        }
    }()

    func apply(to pieces: inout PieceList, _ matchers: inout MatcherStore) throws(TokenizerError) {
        switch self {
        case .byteLevel(let addsPrefixSpace, _, let cuts):
            try Self.cutByteLevel(addsPrefixSpace: addsPrefixSpace, cuts: cuts, &pieces, &matchers)
            pieces.spellBytes()
        case .bert:
            pieces.cut(.removed) { ScalarClass.of($0).contains(.space) }
            pieces.cut(.isolated) { ScalarClass.of($0).contains(.punctuation) }
        case .whitespace: pieces.cutWords()
        case .whitespaceSplit: pieces.cut(.removed) { ScalarClass.of($0).contains(.space) }
        case .metaspace(let mark, let scheme, let splits):
            pieces.markSpaces(mark, scheme)
            if splits { pieces.cut(.mergedWithNext) { $0 == mark } }
        case .split(let pattern, let behavior, let inverted):
            try pieces.cut(pattern, behavior, inverted: inverted, &matchers)
        case .punctuation(let behavior): pieces.cut(behavior) { ScalarClass.of($0).contains(.punctuation) }
        case .digits(let individual):
            pieces.cut(individual ? .isolated : .contiguous) { ScalarClass.of($0).contains(.number) }
        case .delimiter(let scalar): pieces.cut(.removed) { $0 == scalar }
        case .sequence(let parts): for part in parts { try part.apply(to: &pieces, &matchers) }
        }
    }

    /// The part of ``byteLevel`` before bytes become characters.
    static func cutByteLevel(
        addsPrefixSpace: Bool, cuts: Bool, _ pieces: inout PieceList, _ matchers: inout MatcherStore
    ) throws(TokenizerError) {
        if addsPrefixSpace { pieces.prependSpaces() }
        if cuts { try pieces.cut(gpt2, .isolated, inverted: false, &matchers) }
    }

    /// This pre-tokenizer without a byte level at its end: a byte-level BPE then works on bytes as they are, which gives
    /// the same tokens. Nil where there is no such end.
    var withoutFinalSpelling: (before: [PreTokenizer], addsPrefixSpace: Bool, cuts: Bool)? {
        switch self {
        case .byteLevel(let addsPrefixSpace, _, let cuts): return ([], addsPrefixSpace, cuts)
        case .sequence(let parts):
            guard case .byteLevel(let addsPrefixSpace, _, let cuts)? = parts.last else { return nil }
            let before = Array(parts.dropLast())
            return before.contains(where: \.spellsBytes) ? nil : (before, addsPrefixSpace, cuts)
        default: return nil
        }
    }

    private var spellsBytes: Bool {
        switch self {
        case .byteLevel: true
        case .sequence(let parts): parts.contains(where: \.spellsBytes)
        default: false
        }
    }
}
