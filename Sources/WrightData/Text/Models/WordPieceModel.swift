/// WordPiece (Schuster and Nakajima, 2012; Devlin et al., 2019): the longest token from the left, again and again.
public struct WordPieceModel: Sendable {
    public let vocabulary: Vocabulary
    public let unknownToken: String
    /// Written before tokens inside of words.
    public let continuingSubwordPrefix: String
    /// Longer words are unknown.
    public let maximumCharacters: Int
    private let unknownID: Int32?
    /// Tokens inside of words, without the prefix.
    private let inner: ByteTable
    private let innerIDs: [Int32]
    private let longest: Int

    init(vocabulary: Vocabulary, unknownToken: String, continuingSubwordPrefix: String, maximumCharacters: Int) {
        self.vocabulary = vocabulary
        self.unknownToken = unknownToken
        self.continuingSubwordPrefix = continuingSubwordPrefix
        self.maximumCharacters = maximumCharacters
        unknownID = vocabulary.id(of: Array(unknownToken.utf8))
        var inner = ByteTable(capacity: vocabulary.count)
        var innerIDs: [Int32] = []
        var longest = 0
        let prefix = Array(continuingSubwordPrefix.utf8)
        for (token, id) in vocabulary.all {
            longest = max(longest, token.count)
            if token.starts(with: prefix), inner.insert(Array(token.dropFirst(prefix.count))).isNew {
                innerIDs.append(Int32(id))
            }
        }
        self.inner = inner
        self.innerIDs = innerIDs
        self.longest = longest
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, into tokens: inout [ModelToken]) throws(TokenizerError) {
        let first = tokens.count
        var characters = 0
        for byte in piece where byte & 0xC0 != 0x80 { characters += 1 }
        var start = characters > maximumCharacters ? -1 : 0
        while start >= 0, start < piece.count {
            var end = piece.scalarStart(min(piece.count, start + longest))
            if start + longest >= piece.count { end = piece.count }
            var found: Int32?
            while end > start {
                let part = piece[part: start..<end]
                found = start == 0 ? vocabulary.id(of: part) : inner.find(part).map { innerIDs[$0] }
                if found != nil { break }
                end = piece.scalarStart(end - 1)
            }
            guard let found else {
                start = -1
                break
            }
            tokens.append(ModelToken(id: found, start: Int32(start), end: Int32(end)))
            start = end
        }
        guard start < 0 else { return }
        guard let unknownID else { throw .noUnknownToken(model: "WordPiece") }
        tokens.removeSubrange(first...)
        tokens.append(ModelToken(id: unknownID, start: 0, end: Int32(piece.count)))
    }
}
