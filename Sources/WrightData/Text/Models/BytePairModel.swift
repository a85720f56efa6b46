import WrightRuntime

/// Byte-pair encoding (Sennrich et al., 2016): characters or bytes, joined pair by pair in the order in which training
/// joined them.
public struct BytePairModel: Sendable {
    /// The settings of the model, named as in `tokenizer.json`.
    public struct Config: Hashable, Sendable {
        public var unknownToken: String?
        /// Written before every character of a word but the first.
        public var continuingSubwordPrefix: String?
        /// Written after the last character of a word.
        public var endOfWordSuffix: String?
        /// Neighbouring unknown characters become one token.
        public var fusesUnknown = false
        /// Unknown characters become their bytes, `<0x0A>`, where the vocabulary has these.
        public var fallsBackToBytes = false
        /// A piece that is a token as a whole is that token.
        public var ignoresMerges = false

        public init() {}
    }

    public let vocabulary: Vocabulary
    public let config: Config
    /// The pairs in order, as token numbers.
    let merges: [(left: Int32, right: Int32)]
    /// Pair to rank and joined token.
    private let table: WordTable
    private let byteIDs: [Int32]
    private let unknownID: Int32?
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    /// Texts that are one symbol wherever they stand and join with nothing (SentencePiece's user-defined pieces).
    private let wholes: PieceTrie?
    /// Pieces are bytes, not the characters that tokens spell them by.
    let worksOnBytes: Bool
    /// For `ignoresMerges`, when working on bytes: tokens by their bytes.
    private let wholeTokens: (table: ByteTable, ids: [Int32])?
    /// No token has a `▁` behind something else, so that text can be cut before each: no join would cross the cut.
    let cutsBeforeMarks: Bool

    /// A model; `merges` are pairs of tokens in the order of their rank.
    ///
    /// - Throws: ``FileError`` when a pair or what it makes is not in the vocabulary.
    init(
        vocabulary: Vocabulary, merges: [(left: [UInt8], right: [UInt8])], config: Config, file: String
    ) throws(FileError) {
        let prefix = Array((config.continuingSubwordPrefix ?? "").utf8)
        var pairs: [(Int32, Int32)] = []
        var joined: [Int32] = []
        pairs.reserveCapacity(merges.count)
        func id(_ token: [UInt8], _ rank: Int) throws(FileError) -> Int32 {
            if let id = vocabulary.id(of: token) { return id }
            throw FileError(
                .invalid, file: file, at: .entry("model.merges"),
                Message(.mergeToken, rank + 1, token.text.readable))
        }
        for (rank, (left, right)) in merges.enumerated() {
            pairs.append((try id(left, rank), try id(right, rank)))
            joined.append(try id(left + right.dropFirst(min(prefix.count, right.count)), rank))
        }
        self.init(
            vocabulary: vocabulary, merges: pairs, joined: joined, ranks: (0..<merges.count).map(Int32.init),
            config: config, worksOnBytes: false)
    }

    /// A model of joins that are known to be sound; of equal pairs the last counts.
    init(
        vocabulary: Vocabulary, merges: [(Int32, Int32)], joined: [Int32], ranks: [Int32], config: Config,
        worksOnBytes: Bool, wholes: [(piece: [UInt8], id: Int)] = []
    ) {
        self.vocabulary = vocabulary
        self.config = config
        self.merges = merges.map { (left: $0.0, right: $0.1) }
        self.worksOnBytes = worksOnBytes
        self.wholes = wholes.isEmpty ? nil : PieceTrie(wholes)
        prefix = Array((config.continuingSubwordPrefix ?? "").utf8)
        suffix = Array((config.endOfWordSuffix ?? "").utf8)
        unknownID = config.unknownToken.flatMap { vocabulary.id(of: Array($0.utf8)) }
        var table = WordTable(capacity: merges.count)
        var cuts = true
        let mark = SentencePieceNormalizer.mark
        for (index, pair) in merges.enumerated() {
            table.set(Self.key(pair.0, pair.1), UInt64(UInt32(ranks[index])) << 32 | UInt64(UInt32(joined[index])))
            if cuts, let right = vocabulary.bytes(of: Int(pair.1)), right.starts(with: mark),
                let left = vocabulary.bytes(of: Int(pair.0)), left.suffix(mark.count) != mark[...]
            {
                cuts = false
            }
        }
        self.table = table
        cutsBeforeMarks =
            cuts && vocabulary.id(of: mark) != nil && !worksOnBytes && suffix.isEmpty && prefix.isEmpty
            && !config.ignoresMerges && wholes.isEmpty
        byteIDs = (0..<256).map { byte in
            let name = worksOnBytes ? ByteAlphabet.spelled([UInt8(byte)]) : Self.byteName(UInt8(byte))
            return vocabulary.id(of: name) ?? -1
        }
        if worksOnBytes, config.ignoresMerges {
            var whole = ByteTable(capacity: vocabulary.count)
            var ids: [Int32] = []
            for (token, id) in vocabulary.all {
                if let bytes = ByteAlphabet.decoded(token), whole.insert(bytes).isNew { ids.append(Int32(id)) }
            }
            wholeTokens = (whole, ids)
        } else {
            wholeTokens = nil
        }
        self.rankedJoins = (joined, ranks)
    }

    private let rankedJoins: (joined: [Int32], ranks: [Int32])

    /// The same model for pieces that are bytes; nil when it cannot be (it writes something around characters).
    var onBytes: BytePairModel? {
        guard prefix.isEmpty, suffix.isEmpty, !config.fallsBackToBytes else { return nil }
        return BytePairModel(
            vocabulary: vocabulary, merges: merges.map { ($0.left, $0.right) }, joined: rankedJoins.joined,
            ranks: rankedJoins.ranks, config: config, worksOnBytes: true)
    }

    /// `<0x0A>`.
    static func byteName(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ">")]
    }

    @inline(__always) static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    func tokenize(
        _ piece: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        if config.ignoresMerges {
            let id =
                wholeTokens.map { whole in whole.table.find(piece).map { whole.ids[$0] } } ?? vocabulary.id(of: piece)
            if let id {
                tokens.append(ModelToken(id: id, start: 0, end: Int32(piece.count)))
                return
            }
        }
        scratch.symbols.removeAll()
        if worksOnBytes {
            try appendBytes(of: piece, to: &scratch.symbols)
        } else {
            try appendScalars(of: piece, to: &scratch.symbols)
        }
        scratch.symbols.join(by: table)
        scratch.symbols.append(to: &tokens)
    }

    private func appendBytes(
        of piece: UnsafeBufferPointer<UInt8>, to symbols: inout BytePairSymbols
    ) throws(TokenizerError) {
        var isFused = false
        for byte in piece {
            let id = byteIDs[Int(byte)]
            if id >= 0 {
                symbols.add(id, 1)
                isFused = false
            } else if config.unknownToken != nil {
                guard let unknownID else { throw .noUnknownToken(model: "BPE") }
                symbols.add(unknownID, 1, fused: isFused && config.fusesUnknown)
                isFused = true
            }
        }
    }

    private func appendScalars(
        of piece: UnsafeBufferPointer<UInt8>, to symbols: inout BytePairSymbols
    ) throws(TokenizerError) {
        var isFused = false
        var index = 0
        var spelled: [UInt8] = []
        while index < piece.count {
            if let whole = wholes?.longestPrefix(of: piece, from: index) {
                symbols.add(Int32(whole.id), whole.end - index)
                isFused = false
                index = whole.end
                continue
            }
            let length = piece.scalar(at: index).length
            let end = index + length
            let isDecorated = index > 0 && !prefix.isEmpty || end == piece.count && !suffix.isEmpty
            let id: Int32?
            if isDecorated {
                spelled.removeAll(keepingCapacity: true)
                if index > 0 { spelled += prefix }
                spelled += piece[index..<end]
                if end == piece.count { spelled += suffix }
                id = vocabulary.id(of: spelled)
            } else {
                id = vocabulary.id(of: piece[part: index..<end])
            }
            if let id {
                symbols.add(id, length)
                isFused = false
            } else if let bytes = fallback(isDecorated ? spelled : Array(piece[index..<end])) {
                for byte in bytes { symbols.add(byte, 1) }
                isFused = false
            } else if config.unknownToken != nil {
                guard let unknownID else { throw .noUnknownToken(model: "BPE") }
                symbols.add(unknownID, length, fused: isFused && config.fusesUnknown)
                isFused = true
            }
            index = end
        }
    }

    private func fallback(_ bytes: [UInt8]) -> [Int32]? {
        guard config.fallsBackToBytes, bytes.allSatisfy({ byteIDs[Int($0)] >= 0 }) else { return nil }
        return bytes.map { byteIDs[Int($0)] }
    }
}
