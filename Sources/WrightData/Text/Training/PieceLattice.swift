#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// All ways to cut words into pieces, for training.
struct PieceLattice {
    private let trie: PieceTrie
    private let scores: [Double]
    private let unknownScore: Double

    /// Piece 0 stands for unknown characters.
    init(_ pieces: [(piece: [UInt8], score: Double)]) {
        trie = PieceTrie(pieces.enumerated().lazy.dropFirst().map { ($1.piece, $0) })
        scores = pieces.map(\.score)
        unknownScore = (scores.dropFirst().min() ?? 0) - UnigramModel.unknownPenalty
    }

    private struct Edge {
        var start: Int32
        var end: Int32
        var id: Int32
        var score: Double
    }

    /// The pieces in a word by where they begin, the shorter first.
    private func edges(_ word: UnsafeBufferPointer<UInt8>, _ edges: inout [Edge]) {
        edges.removeAll(keepingCapacity: true)
        var start = 0
        while start < word.count {
            let length = word.scalar(at: start).length
            var hasSingle = false
            trie.forEachPrefix(of: word, from: start) { end, id in
                edges.append(Edge(start: Int32(start), end: Int32(end), id: Int32(id), score: scores[id]))
                if end - start == length { hasSingle = true }
            }
            if !hasSingle {
                edges.append(
                    Edge(start: Int32(start), end: Int32(start + length), id: 0, score: unknownScore))
            }
            start += length
        }
    }

    /// The likeliest way to cut a word; nil if there is none without the word as a piece.
    func path(_ word: [UInt8], withoutWhole: Bool) -> [Int]? {
        word.withUnsafeBufferPointer { word in
            var all: [Edge] = []
            edges(word, &all)
            var best = [Double](repeating: 0, count: word.count + 1)
            var last = [Int](repeating: -1, count: word.count + 1)
            for (index, edge) in all.enumerated() {
                let (start, end) = (Int(edge.start), Int(edge.end))
                if start > 0, last[start] < 0 { continue }
                if withoutWhole, end - start == word.count { continue }
                if last[end] < 0 || best[start] + edge.score > best[end] {
                    best[end] = best[start] + edge.score
                    last[end] = index
                }
            }
            var ids: [Int] = []
            var place = word.count
            while place > 0 {
                guard last[place] >= 0 else { return nil }
                ids.append(Int(all[last[place]].id))
                place = Int(all[last[place]].start)
            }
            return ids.reversed()
        }
    }

    /// The likeliest way to cut a word.
    func path(_ word: [UInt8]) -> [Int] { path(word, withoutWhole: false) ?? [] }

    /// How often each piece is expected in the words, over all ways to cut them (forward and backward sums).
    func expectations(_ words: [(word: [UInt8], count: Int)]) -> [Double] {
        var expected = [Double](repeating: 0, count: scores.count)
        var all: [Edge] = []
        var forward: [Double] = []
        var backward: [Double] = []
        for (word, count) in words {
            word.withUnsafeBufferPointer { edges($0, &all) }
            forward = [Double](repeating: -.infinity, count: word.count + 1)
            backward = forward
            forward[0] = 0
            backward[word.count] = 0
            for edge in all {
                forward[Int(edge.end)] = Self.sum(forward[Int(edge.end)], forward[Int(edge.start)] + edge.score)
            }
            for edge in all.reversed() {
                backward[Int(edge.start)] = Self.sum(backward[Int(edge.start)], backward[Int(edge.end)] + edge.score)
            }
            let total = forward[word.count]
            for edge in all {
                let share = forward[Int(edge.start)] + edge.score + backward[Int(edge.end)] - total
                expected[Int(edge.id)] += Double(count) * exp(share)
            }
        }
        return expected
    }

    /// log(exp(x) + exp(y)).
    @inline(__always) private static func sum(_ x: Double, _ y: Double) -> Double {
        let (low, high) = x > y ? (y, x) : (x, y)
        return high > low + 50 ? high : high + log(exp(low - high) + 1)
    }
}
