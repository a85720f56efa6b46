import WrightRuntime

/// Tokens and their numbers, found from both sides.
public struct Vocabulary: Sendable {
    private let table: ByteTable
    /// The number of each entry of the table.
    private let ids: [Int32]
    /// The entry of each number, or −1.
    private let entries: [Int32]

    /// Numbers above this are refused: they would only cost memory.
    static let largestID = 16_000_000

    /// Tokens by their numbers, which need not be without gaps.
    ///
    /// - Throws: ``FileError`` when a token or a number occurs twice, or a number is negative or beyond 16 million.
    init(_ tokens: [(token: [UInt8], id: Int)], file: String, field: String) throws(FileError) {
        var table = ByteTable(capacity: tokens.count)
        var ids: [Int32] = []
        ids.reserveCapacity(tokens.count)
        var entries = [Int32](repeating: -1, count: tokens.count)
        for (token, id) in tokens {
            guard (0...Self.largestID).contains(id) else {
                throw FileError(
                    .invalid, file: file, at: .entry(field),
                    Message(.tokenNumber, token.text.readable, id, Self.largestID))
            }
            let (entry, isNew) = table.insert(token)
            guard isNew else {
                throw FileError(
                    .invalid, file: file, at: .entry(field), Message(.tokenTwice, token.text.readable))
            }
            while id >= entries.count {
                entries += [Int32](repeating: -1, count: max(id + 1 - entries.count, entries.count))
            }
            guard entries[id] < 0 else {
                throw FileError(
                    .invalid, file: file, at: .entry(field),
                    Message(.sharedNumber, table[Int(entries[id])].text.readable, token.text.readable, id))
            }
            entries[id] = Int32(entry)
            ids.append(Int32(id))
        }
        while entries.last == -1 { entries.removeLast() }
        self.table = table
        self.ids = ids
        self.entries = entries
    }

    /// Tokens numbered from 0; of equal ones the first counts.
    init(distinct tokens: [[UInt8]]) {
        var table = ByteTable(capacity: tokens.count)
        var ids: [Int32] = []
        var entries = [Int32](repeating: -1, count: tokens.count)
        for (id, token) in tokens.enumerated() where table.insert(token).isNew {
            entries[id] = Int32(ids.count)
            ids.append(Int32(id))
        }
        self.table = table
        self.ids = ids
        self.entries = entries
    }

    /// How many tokens there are.
    public var count: Int { ids.count }
    /// One more than the largest number: the rows that an embedding needs.
    public var rows: Int { entries.count }

    @inline(__always) func id(of token: UnsafeBufferPointer<UInt8>) -> Int32? { table.find(token).map { ids[$0] } }

    func id(of token: [UInt8]) -> Int32? { token.withUnsafeBufferPointer { id(of: $0) } }

    /// The number of a token.
    public func id(of token: String) -> Int? { id(of: Array(token.utf8)).map(Int.init) }

    func bytes(of id: Int) -> [UInt8]? {
        guard entries.indices.contains(id), entries[id] >= 0 else { return nil }
        return table[Int(entries[id])]
    }

    /// The token with a number.
    public func token(_ id: Int) -> String? { bytes(of: id)?.text }

    /// Every token with its number, by number.
    var all: [(token: [UInt8], id: Int)] {
        entries.indices.compactMap { id in entries[id] < 0 ? nil : (table[Int(entries[id])], id) }
    }
}
