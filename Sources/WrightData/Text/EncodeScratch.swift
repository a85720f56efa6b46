import Synchronization

/// What one thread needs to encode: matchers, memory for models, and the tokens of pieces that came before.
// Safety: a scratch is used by one thread at a time, the one that took it out of its pool.
final class EncodeScratch: @unchecked Sendable {
    var matchers = MatcherStore()
    var model = ModelScratch()
    var cache = PieceCache()
    var tokens: [ModelToken] = []
}

/// The scratches of a tokenizer that no thread is using.
final class ScratchPool: Sendable {
    private let idle = Mutex<[EncodeScratch]>([])

    /// Runs `body` with a scratch of its own.
    func withScratch<Result>(_ body: (EncodeScratch) throws(TokenizerError) -> Result) throws(TokenizerError) -> Result
    {
        let scratch = idle.withLock { $0.popLast() } ?? EncodeScratch()
        defer { idle.withLock { $0.append(scratch) } }
        return try body(scratch)
    }
}

/// The tokens of pieces, for pieces that come again: words mostly do.
struct PieceCache {
    private var table = ByteTable(capacity: 4096)
    private var ends: [Int32] = []
    private var tokens: [ModelToken] = []

    /// Longer pieces rarely come again.
    private static let longest = 128
    private static let mostBytes = 4 << 20

    /// The tokens of the piece, made by `make` when they are not known.
    @inline(__always) mutating func tokens(
        of piece: UnsafeBufferPointer<UInt8>, _ made: inout [ModelToken],
        _ make: (inout [ModelToken]) throws(TokenizerError) -> Void, _ body: (ModelToken) -> Void
    ) throws(TokenizerError) {
        guard piece.count <= Self.longest else {
            made.removeAll(keepingCapacity: true)
            try make(&made)
            for token in made { body(token) }
            return
        }
        let hash = table.hash(piece)
        let entry: Int
        if let found = table.find(piece, hash) {
            entry = found
        } else {
            if table.byteCount > Self.mostBytes { self = PieceCache() }
            made.removeAll(keepingCapacity: true)
            try make(&made)
            entry = table.count
            table.add(piece, table.hash(piece))
            tokens += made
            ends.append(Int32(tokens.count))
        }
        tokens.withUnsafeBufferPointer { tokens in
            for index in Int(entry == 0 ? 0 : ends[entry - 1])..<Int(ends[entry]) { body(tokens[index]) }
        }
    }
}
