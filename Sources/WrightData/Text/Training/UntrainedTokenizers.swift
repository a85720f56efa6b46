import WrightRuntime

/// The usual tokenizers, by what they cut text into.
public enum TokenizerKind: String, Hashable, Sendable, CaseIterable {
    /// One token for each character.
    case character
    /// One token for each word and each run of punctuation.
    case word
    /// Byte-pair encoding of bytes, as GPT-2 has it: any text can be encoded.
    case byteLevelBPE = "byte-bpe"
    /// Byte-pair encoding of characters that falls back to bytes, as Llama has it.
    case bpe
    /// As BERT has it.
    case wordPiece = "wordpiece"
    /// A unigram model, as T5 and XLM-R have it.
    case unigram

    /// The special tokens that such tokenizers have.
    public var specialTokens: [String] {
        switch self {
        case .character, .word: ["<unk>", "<pad>"]
        case .byteLevelBPE: ["<|endoftext|>"]
        case .bpe: ["<unk>", "<s>", "</s>"]
        case .wordPiece: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        case .unigram: ["<unk>", "<pad>", "</s>"]
        }
    }

    /// The characters that training must not leave out.
    public var initialAlphabet: [Unicode.Scalar] {
        self == .byteLevelBPE ? ByteAlphabet.scalars.compactMap { Unicode.Scalar($0) } : []
    }
}

extension Tokenizer {
    /// A tokenizer of a usual kind without a vocabulary, to train one like it.
    public static func untrained(_ kind: TokenizerKind, lowercases: Bool = false) throws -> Tokenizer {
        let mark = UInt32(0x2581)
        let empty = Vocabulary(distinct: [])
        let lowercase: [Normalizer] = lowercases ? [.lowercase] : []
        switch kind {
        case .character:
            return try Tokenizer(
                model: .wordLevel(WordLevelModel(vocabulary: empty, unknownToken: "<unk>")),
                normalizer: .sequence([.form(.nfc)] + lowercase),
                preTokenizer: .split(TextPattern(expression: #"[\s\S]"#), .isolated, inverted: false), decoder: .fuse)
        case .word:
            return try Tokenizer(
                model: .wordLevel(WordLevelModel(vocabulary: empty, unknownToken: "<unk>")),
                normalizer: .sequence([.form(.nfc)] + lowercase), preTokenizer: .whitespace)
        case .byteLevelBPE:
            return try Tokenizer(
                model: .bytePair(BytePairModel(empty, BytePairModel.Config())),
                normalizer: lowercases ? .lowercase : nil,
                preTokenizer: .byteLevel(addsPrefixSpace: false, trimsOffsets: true, cuts: true),
                postProcessor: .byteLevel(addsPrefixSpace: false, trimsOffsets: false), decoder: .byteLevel)
        case .bpe:
            var config = BytePairModel.Config()
            config.unknownToken = "<unk>"
            config.fusesUnknown = true
            config.fallsBackToBytes = true
            return try Tokenizer(
                model: .bytePair(BytePairModel(empty, config)), normalizer: lowercases ? .lowercase : nil,
                preTokenizer: .metaspace(mark: mark, scheme: .always, splits: true),
                decoder: .sequence([
                    .replace(TextPattern(text: "▁"), by: " "), .byteFallback, .fuse, .strip(0x20, start: 1, stop: 0),
                ]))
        case .wordPiece:
            var bert = BERTNormalizer()
            bert.lowercases = lowercases
            let tokens = ["[CLS]", "[SEP]"].map { ($0, [PostProcessor.SpecialToken($0, 0)]) }
            return try Tokenizer(
                model: .wordPiece(
                    WordPieceModel(
                        vocabulary: empty, unknownToken: "[UNK]", continuingSubwordPrefix: "##", maximumCharacters: 100)
                ),
                normalizer: .bert(bert), preTokenizer: .bert,
                postProcessor: .template(
                    single: [.token("[CLS]", type: 0), .first(type: 0), .token("[SEP]", type: 0)],
                    pair: [
                        .token("[CLS]", type: 0), .first(type: 0), .token("[SEP]", type: 0), .second(type: 1),
                        .token("[SEP]", type: 1),
                    ], tokens: Dictionary(uniqueKeysWithValues: tokens)),
                decoder: .wordPiece(prefix: "##", cleansUp: true))
        case .unigram:
            return try Tokenizer(
                model: .unigram(
                    UnigramModel(pieces: [(Array("<unk>".utf8), 0)], unknownID: 0, fallsBackToBytes: false)),
                normalizer: .sequence([.nmt, .form(.nfkc)] + lowercase),
                preTokenizer: .metaspace(mark: mark, scheme: .always, splits: true),
                decoder: .metaspace(mark: mark, removesFirst: true))
        }
    }
}

extension BytePairModel {
    /// A model without merges.
    fileprivate init(_ vocabulary: Vocabulary, _ config: Config) {
        self.init(vocabulary: vocabulary, merges: [], joined: [], ranks: [], config: config, worksOnBytes: false)
    }
}
