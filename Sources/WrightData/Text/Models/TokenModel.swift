/// A token that a model found in a piece of text.
struct ModelToken: Sendable {
    var id: Int32
    /// Bytes of the piece.
    var start: Int32
    var end: Int32
}

/// What makes tokens of the pieces of text: the models of `tokenizer.json`.
public enum TokenModel: Sendable {
    case bytePair(BytePairModel)
    case wordPiece(WordPieceModel)
    case unigram(UnigramModel)
    /// Whole pieces, each a token: words, or characters.
    case wordLevel(WordLevelModel)

    public var vocabulary: Vocabulary {
        switch self {
        case .bytePair(let model): model.vocabulary
        case .wordPiece(let model): model.vocabulary
        case .unigram(let model): model.vocabulary
        case .wordLevel(let model): model.vocabulary
        }
    }

    /// Appends the tokens of one piece.
    func tokenize(
        _ piece: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        switch self {
        case .bytePair(let model): try model.tokenize(piece, &scratch, into: &tokens)
        case .wordPiece(let model): try model.tokenize(piece, into: &tokens)
        case .unigram(let model): try model.tokenize(piece, &scratch, into: &tokens)
        case .wordLevel(let model): try model.tokenize(piece, into: &tokens)
        }
    }
}

/// Memory that models use again and again.
struct ModelScratch {
    var symbols = BytePairSymbols()
    var path: [UnigramModel.Step] = []
}

/// Whole pieces as tokens: words, or single characters.
public struct WordLevelModel: Sendable {
    public let vocabulary: Vocabulary
    /// What stands for pieces that the vocabulary lacks.
    public let unknownToken: String
    private let unknownID: Int32?

    init(vocabulary: Vocabulary, unknownToken: String) {
        self.vocabulary = vocabulary
        self.unknownToken = unknownToken
        unknownID = vocabulary.id(of: Array(unknownToken.utf8))
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, into tokens: inout [ModelToken]) throws(TokenizerError) {
        guard let id = vocabulary.id(of: piece) ?? unknownID else { throw .noUnknownToken(model: "WordLevel") }
        tokens.append(ModelToken(id: id, start: 0, end: Int32(piece.count)))
    }
}
