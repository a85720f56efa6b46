/// A unigram language model over pieces (Kudo, 2018): of all ways to cut a text the likeliest.
public struct UnigramModel: Sendable {
    public let vocabulary: Vocabulary
    /// The logarithm of each piece's probability, by number.
    public let scores: [Double]
    public let unknownID: Int?
    /// Unknown characters become their bytes, `<0x0A>`, where the vocabulary has these.
    public let fallsBackToBytes: Bool
    let trie: PieceTrie
    let lowest: Double
    private let byteIDs: [Int32]

    /// How much less likely than the unlikeliest piece an unknown character is.
    static let unknownPenalty = 10.0

    /// A model of pieces with scores, numbered from 0.
    ///
    /// `unmatched` are numbers whose pieces are never found in text (control and byte pieces of SentencePiece), `lowest` is
    /// the score that unknown characters lie below, if it is not that of all pieces.
    init(
        pieces: [(piece: [UInt8], score: Double)], unknownID: Int?, fallsBackToBytes: Bool, unmatched: Set<Int> = [],
        lowest lowestScore: Double? = nil
    ) {
        vocabulary = Vocabulary(distinct: pieces.map(\.piece))
        scores = pieces.map(\.score)
        self.unknownID = unknownID
        self.fallsBackToBytes = fallsBackToBytes
        var lowest = Double.infinity
        for (id, piece) in pieces.enumerated() where piece.score < lowest && !unmatched.contains(id) {
            lowest = piece.score
        }
        self.lowest = lowestScore ?? lowest
        trie = PieceTrie(pieces.enumerated().lazy.filter { !unmatched.contains($0.offset) }.map { ($1.piece, $0) })
        byteIDs = (0..<256).map { [vocabulary] in vocabulary.id(of: BytePairModel.byteName(UInt8($0))) ?? -1 }
    }

    /// The best way to reach a place in the text.
    struct Step {
        var score = 0.0
        var id: Int32 = -1
        /// −1 while no way is known.
        var start: Int32 = -1
    }

    func tokenize(
        _ piece: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        guard !piece.isEmpty else { return }
        try findPath(piece, &scratch.path)
        let first = tokens.count
        var end = piece.count
        while end > 0 {
            let step = scratch.path[end]
            var start = Int(step.start)
            if Int(step.id) == unknownID {
                // Unknown neighbours are one.
                while start > 0, Int(scratch.path[start].id) == unknownID { start = Int(scratch.path[start].start) }
                appendUnknown(piece, start..<end, &tokens)
            } else {
                tokens.append(ModelToken(id: step.id, start: Int32(start), end: Int32(end)))
            }
            end = start
        }
        tokens[first...].reverse()
    }

    private func appendUnknown(
        _ piece: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ tokens: inout [ModelToken]
    ) {
        let (start, end) = (Int32(range.lowerBound), Int32(range.upperBound))
        // Several unknown characters together may be a piece that is never found in text.
        if let id = vocabulary.id(of: piece[part: range]) {
            tokens.append(ModelToken(id: id, start: start, end: end))
        } else if fallsBackToBytes, range.allSatisfy({ byteIDs[Int(piece[$0])] >= 0 }) {
            for index in range.reversed() {
                tokens.append(ModelToken(id: byteIDs[Int(piece[index])], start: start, end: end))
            }
        } else {
            tokens.append(ModelToken(id: Int32(unknownID ?? 0), start: start, end: end))
        }
    }

    /// Viterbi's algorithm over the places of the text, without building the lattice.
    private func findPath(_ piece: UnsafeBufferPointer<UInt8>, _ path: inout [Step]) throws(TokenizerError) {
        path.removeAll(keepingCapacity: true)
        for _ in 0...piece.count { path.append(Step()) }
        let unknownScore = lowest - Self.unknownPenalty
        var start = 0
        while start < piece.count {
            let here = path[start].score
            let length = piece.scalar(at: start).length
            var hasSingle = false
            trie.forEachPrefix(of: piece, from: start) { end, id in
                let score = scores[id] + here
                if path[end].start < 0 || score > path[end].score {
                    path[end] = Step(score: score, id: Int32(id), start: Int32(start))
                }
                if end - start == length { hasSingle = true }
            }
            if !hasSingle {
                let score = unknownScore + here
                let end = start + length
                if path[end].start < 0 || score > path[end].score {
                    guard let unknownID else { throw .noUnknownToken(model: "Unigram") }
                    path[end] = Step(score: score, id: Int32(unknownID), start: Int32(start))
                }
            }
            start += length
        }
    }
}

/// Pieces by their bytes, to find all that begin at a place: a trie whose edges are in one hash table.
struct PieceTrie: Sendable {
    private var edges: WordTable
    /// The piece that ends at each node, or −1.
    private var ends: [Int32] = [-1]

    init(_ pieces: some Sequence<(piece: [UInt8], id: Int)>) {
        edges = WordTable(capacity: 1024)
        for (piece, id) in pieces where !piece.isEmpty {
            var node: UInt64 = 0
            for byte in piece {
                let key = node << 8 | UInt64(byte)
                if let next = edges[key] {
                    node = next
                } else {
                    node = UInt64(ends.count)
                    edges.set(key, node)
                    ends.append(-1)
                }
            }
            ends[Int(node)] = Int32(id)
        }
    }

    /// The longest piece that begins at `start`.
    func longestPrefix(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, id: Int)? {
        var longest: (end: Int, id: Int)?
        forEachPrefix(of: text, from: start) { longest = (end: $0, id: $1) }
        return longest
    }

    /// Calls `body` with the end and the number of every piece that begins at `start`, the shortest first.
    @inline(__always) func forEachPrefix(
        of text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (Int, Int) -> Void
    ) {
        var node: UInt64 = 0
        var index = start
        while index < text.count, let next = edges[node << 8 | UInt64(text[index])] {
            node = next
            index += 1
            if case let id = ends[Int(node)], id >= 0 { body(index, Int(id)) }
        }
    }
}
