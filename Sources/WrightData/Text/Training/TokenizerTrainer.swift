import WrightRuntime

/// Trains a tokenizer's vocabulary on texts.
///
/// ```swift
/// var trainer = TokenizerTrainer(like: try Tokenizer.untrained(.byteLevelBPE))
/// try trainer.add("a text")
/// let tokenizer = try trainer.finish()
/// ```
public struct TokenizerTrainer {
    /// How large the vocabulary becomes and what it always has.
    public struct Config: Hashable, Sendable {
        /// The most tokens.
        public var vocabularySize = 30_000
        /// Pairs (BPE, WordPiece) and words that are rarer are left out.
        public var minimumFrequency = 0
        /// Tokens that come first; they are never cut and are left out when decoding.
        public var specialTokens: [String] = []
        /// The most different characters; the rarest go.
        public var alphabetLimit: Int?
        /// Characters that are in the vocabulary even if the texts lack them.
        public var initialAlphabet: [Unicode.Scalar] = []
        /// The most characters of a token, for BPE and WordPiece.
        public var maximumTokenLength: Int?
        /// The most characters of a piece of a unigram model.
        public var maximumPieceLength = 16
        /// How many of the pieces each pruning of a unigram model keeps.
        public var shrinkingFactor = 0.75
        /// How often expectation and maximisation follow each other before each pruning.
        public var subIterations = 2
        /// How many pieces training of a unigram model begins with.
        public var seedSize = 1_000_000

        public init() {}
    }

    private let template: Tokenizer
    private let config: Config
    private let scratch = EncodeScratch()
    private var words = WordCounts()

    /// A trainer for the same kind of model, with the same parts around it, as `template` has.
    public init(like template: Tokenizer, _ config: Config = Config()) {
        self.template = template
        self.config = config
    }

    /// Counts the words of a text.
    public mutating func add(_ text: String) throws(TokenizerError) { try add(bytes: Array(text.utf8)) }

    /// Counts the words of bytes, which need not be well-formed UTF-8.
    public mutating func add(bytes: [UInt8]) throws(TokenizerError) {
        var words = words
        self.words = WordCounts()
        defer { self.words = words }
        try template.pieces(of: bytes.repairedUTF8(), scratch) { words.add($0) }
    }

    /// Counts the words of the lines of a file, line ends included.
    public mutating func add(contentsOf path: String) throws {
        let bytes = try FileAccess.read(path, limit: 1 << 34)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            try add(bytes: Array(bytes[start..<end]))
            start = end
        }
    }

    /// Makes the vocabulary of what was counted.
    ///
    /// - Throws: ``TokenizerError`` when nothing was counted or the vocabulary is too small for the characters.
    public func finish() throws -> Tokenizer {
        guard words.count > 0 else { throw TokenizerError.noTexts }
        var counts = words.all
        if template.usesByteAlphabet { counts = counts.map { (ByteAlphabet.spelled($0.word), $0.count) } }
        let model: TokenModel
        switch template.model {
        case .bytePair(let old):
            var pairs = BytePairTrainer(
                config, prefix: old.config.continuingSubwordPrefix, suffix: old.config.endOfWordSuffix)
            // What the model falls back to must be in the vocabulary, but it is no special token.
            pairs.firstTokens = old.config.fallsBackToBytes ? (0..<256).map { BytePairModel.byteName(UInt8($0)) } : []
            pairs.train(on: counts)
            model = .bytePair(
                BytePairModel(
                    vocabulary: Vocabulary(distinct: pairs.tokens), merges: pairs.merges.map { ($0.left, $0.right) },
                    joined: pairs.merges.map(\.joined), ranks: pairs.merges.indices.map { Int32($0) },
                    config: old.config, worksOnBytes: false))
        case .wordPiece(let old):
            var pairs = BytePairTrainer(config, prefix: old.continuingSubwordPrefix, suffix: nil)
            pairs.train(on: counts)
            model = .wordPiece(
                WordPieceModel(
                    vocabulary: Vocabulary(distinct: pairs.tokens), unknownToken: old.unknownToken,
                    continuingSubwordPrefix: old.continuingSubwordPrefix, maximumCharacters: old.maximumCharacters))
        case .wordLevel(let old):
            model = .wordLevel(
                WordLevelModel(
                    vocabulary: Vocabulary(distinct: frequentWords(counts)), unknownToken: old.unknownToken))
        case .unigram(let old):
            let unknown = old.unknownID.flatMap { old.vocabulary.token($0) }
            model = .unigram(
                try UnigramTrainer(config, unknownToken: unknown, fallsBackToBytes: old.fallsBackToBytes).train(
                    on: counts))
        }
        return try finished(model)
    }

    /// The words by how often they came, of equals by their bytes, behind the special tokens.
    private func frequentWords(_ counts: [(word: [UInt8], count: Int)]) -> [[UInt8]] {
        let words = counts.filter { $0.count >= config.minimumFrequency }.sorted { one, other in
            one.count != other.count ? one.count > other.count : one.word.lexicographicallyPrecedes(other.word)
        }
        let special = config.specialTokens.map { Array($0.utf8) }
        return Array((special + words.map(\.word).filter { !special.contains($0) }).prefix(config.vocabularySize))
    }

    /// The template with the model, and with the special tokens' numbers.
    private func finished(_ model: TokenModel) throws(TokenizerError) -> Tokenizer {
        var added = template.addedTokens.filter { !config.specialTokens.contains($0.content) }
        var next = model.vocabulary.rows
        func number(_ token: String) -> Int {
            if let id = model.vocabulary.id(of: token) { return id }
            defer { next += 1 }
            return next
        }
        for index in added.indices { added[index].id = number(added[index].content) }
        added += config.specialTokens.map { AddedToken($0, id: number($0), isSpecial: true) }
        return try Tokenizer(
            model: model, normalizer: template.normalizer, preTokenizer: template.preTokenizer,
            postProcessor: template.postProcessor?.renumbered { number($0) }, decoder: template.decoder,
            addedTokens: added, truncation: template.truncation, padding: template.padding)
    }
}

extension PostProcessor {
    /// The same with the numbers that tokens have in another vocabulary.
    fileprivate func renumbered(_ number: (String) -> Int) -> PostProcessor {
        func new(_ token: SpecialToken) -> SpecialToken { SpecialToken(token.token, number(token.token)) }
        return switch self {
        case .byteLevel: self
        case .bert(let separator, let classifier): .bert(separator: new(separator), classifier: new(classifier))
        case .roberta(let separator, let classifier, let trims, let adds):
            .roberta(separator: new(separator), classifier: new(classifier), trimsOffsets: trims, addsPrefixSpace: adds)
        case .template(let single, let pair, let tokens):
            .template(single: single, pair: pair, tokens: tokens.mapValues { $0.map(new) })
        case .sequence(let parts): .sequence(parts.map { $0.renumbered(number) })
        }
    }
}

/// How often each word came, in the order in which they first came.
struct WordCounts {
    private var table = ByteTable(capacity: 1 << 12)
    private var counts: [Int] = []

    var count: Int { counts.count }

    mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
        let (index, isNew) = table.insert(word)
        if isNew { counts.append(1) } else { counts[index] += 1 }
    }

    var all: [(word: [UInt8], count: Int)] { counts.indices.map { (table[$0], counts[$0]) } }
}
