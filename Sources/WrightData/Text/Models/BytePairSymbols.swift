/// The symbols of one piece while they are joined.
struct BytePairSymbols {
    private struct Symbol {
        var id: Int32
        /// Bytes; 0 for one that became part of the symbol before it.
        var length: Int32
        var previous: Int32
        var next: Int32
    }

    private var symbols: [Symbol] = []
    /// What joining the symbol with the next one gives: rank and token, `.max` for nothing.
    private var joins: [UInt64] = []
    private var heap: [UInt64] = []

    mutating func removeAll() { symbols.removeAll(keepingCapacity: true) }

    /// Adds a symbol, or adds to the last one when it is `fused`.
    @inline(__always) mutating func add(_ id: Int32, _ length: Int, fused: Bool = false) {
        if fused, !symbols.isEmpty {
            symbols[symbols.count - 1].length += Int32(length)
        } else {
            let place = Int32(symbols.count)
            symbols.append(Symbol(id: id, length: Int32(length), previous: place - 1, next: place + 1))
        }
    }

    /// Joins pairs, each time the one with the lowest rank, of equal ranks the first.
    mutating func join(by table: WordTable) {
        guard symbols.count > 1 else { return }
        joins.removeAll(keepingCapacity: true)
        for index in 0..<(symbols.count - 1) {
            joins.append(table[BytePairModel.key(symbols[index].id, symbols[index + 1].id)] ?? .max)
        }
        joins.append(.max)
        if symbols.count <= 32 { joinShort(by: table) } else { joinLong(by: table) }
    }

    /// Looks through all pairs for each join: fastest for words.
    private mutating func joinShort(by table: WordTable) {
        var count = symbols.count
        symbols.withUnsafeMutableBufferPointer { symbols in
            joins.withUnsafeMutableBufferPointer { joins in
                while true {
                    var best = UInt64.max
                    var place = 0
                    for index in 0..<count where joins[index] >> 32 < best >> 32 {
                        best = joins[index]
                        place = index
                    }
                    if best == .max { return }
                    symbols[place].id = Int32(truncatingIfNeeded: best)
                    symbols[place].length += symbols[place + 1].length
                    count -= 1
                    var index = place + 1
                    while index < count {
                        symbols[index] = symbols[index + 1]
                        joins[index] = joins[index + 1]
                        index += 1
                    }
                    joins[count] = .max
                    joins[place] =
                        place + 1 < count
                        ? table[BytePairModel.key(symbols[place].id, symbols[place + 1].id)] ?? .max : .max
                    if place > 0 {
                        joins[place - 1] = table[BytePairModel.key(symbols[place - 1].id, symbols[place].id)] ?? .max
                    }
                }
            }
        }
        symbols.removeSubrange(count...)
    }

    /// Keeps pairs in a heap: n log n for texts without a cut.
    private mutating func joinLong(by table: WordTable) {
        heap.removeAll(keepingCapacity: true)
        for (index, join) in joins.enumerated() where join != .max { push((join >> 32) << 32 | UInt64(index)) }
        while let top = pop() {
            let place = Int(truncatingIfNeeded: top & 0xFFFF_FFFF)
            // A pair that has changed since it was put into the heap has another rank, or none.
            guard symbols[place].length > 0, joins[place] != .max, joins[place] >> 32 == top >> 32 else { continue }
            let next = Int(symbols[place].next)
            symbols[place].id = Int32(truncatingIfNeeded: joins[place])
            symbols[place].length += symbols[next].length
            symbols[place].next = symbols[next].next
            symbols[next].length = 0
            joins[next] = .max
            if symbols[place].next < symbols.count { symbols[Int(symbols[place].next)].previous = Int32(place) }
            renew(place, table)
            if symbols[place].previous >= 0 { renew(Int(symbols[place].previous), table) }
        }
        symbols.removeAll { $0.length == 0 }
    }

    private mutating func renew(_ place: Int, _ table: WordTable) {
        let next = Int(symbols[place].next)
        joins[place] =
            next < symbols.count ? table[BytePairModel.key(symbols[place].id, symbols[next].id)] ?? .max : .max
        if joins[place] != .max { push((joins[place] >> 32) << 32 | UInt64(place)) }
    }

    private mutating func push(_ entry: UInt64) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 4, heap[parent] > entry {
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    private mutating func pop() -> UInt64? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return top }
        var parent = 0
        while true {
            let first = parent * 4 + 1
            guard first < heap.count else { break }
            var child = first
            for other in (first + 1)..<max(first + 1, min(first + 4, heap.count)) where heap[other] < heap[child] {
                child = other
            }
            guard heap[child] < last else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return top
    }

    func append(to tokens: inout [ModelToken]) {
        var start: Int32 = 0
        for symbol in symbols {
            tokens.append(ModelToken(id: symbol.id, start: start, end: start + symbol.length))
            start += symbol.length
        }
    }
}
