/// Which row comes when.
public struct Sampler: Hashable, Sendable {
    /// The kinds of order.
    public enum Order: Hashable, Sendable {
        /// As they lie in the dataset.
        case sequential
        /// Every row once an epoch, in an order of its own each epoch.
        case shuffled
        /// Every row once an epoch: blocks of so many neighbouring rows in an order of their own each epoch, and so the rows
        /// of each. What lies on a disk is then read a piece at a time.
        case blocks(Int)
        /// As many draws as rows, with replacement, each row as likely as its weight says; for rare classes see
        /// ``balancing(_:)``.
        case weighted([Double])
        /// Every row once an epoch, rows of like lengths in one batch, the batches in an order of their own each epoch: little
        /// of a batch is padding then.
        case similarLengths([Int], batchSize: Int)
    }

    /// So many batches' rows are sorted by length together; more leaves less padding and less chance.
    private static let batchesSorted = 64

    public let count: Int
    public let order: Order

    public init(count: Int, order: Order) {
        if case .weighted(let weights) = order {
            precondition(weights.count == count, "\(weights.count) weights for \(count) rows")
            precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights must be finite and not negative")
            precondition(weights.contains { $0 > 0 } || count == 0, "at least one weight must be above zero")
        }
        if case .similarLengths(let lengths, let batchSize) = order {
            precondition(lengths.count == count, "\(lengths.count) lengths for \(count) rows")
            precondition(batchSize >= 1, "a batch of \(batchSize) rows trains nothing")
        }
        if case .blocks(let size) = order { precondition(size >= 1, "a block of \(size) rows holds nothing") }
        self.count = count
        self.order = order
    }

    /// An order in which every class is drawn equally often, whatever its share of the rows.
    public static func balancing(_ labels: [Int32]) -> Order {
        let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
        return .weighted(labels.map { 1 / Double(counts[$0]!) })
    }

    /// The rows of an epoch in order: a function of the arguments alone.
    public func rows(seed: UInt64, epoch: Int) -> [Int] {
        switch order {
        case .sequential: return Array(0..<count)
        case .shuffled:
            var rows = Array(0..<count)
            var random = KeyedRandom(seed: seed, epoch: epoch, stream: .shuffle)
            random.shuffle(&rows)
            return rows
        case .blocks:
            var rows: [Int] = []
            while rows.count < count { rows += part(seed: seed, epoch: epoch, at: rows.count).rows }
            return rows
        case .similarLengths(let lengths, let batchSize):
            return Self.grouped(lengths, batchSize, KeyedRandom(seed: seed, epoch: epoch, stream: .shuffle))
        case .weighted(let weights):
            var total = 0.0
            let ends = weights.map { weight in
                total += weight
                return total
            }
            var random = KeyedRandom(seed: seed, epoch: epoch, stream: .weightedDraw)
            return (0..<count).map { _ in Self.firstIndex(in: ends, above: random.uniform() * total) }
        }
    }

    /// The rows around a place of an epoch's order, and the place of the first of them: of blocks the one that is there, so
    /// that no order is as long as the dataset, else all rows.
    func part(seed: UInt64, epoch: Int, at place: Int) -> (start: Int, rows: [Int]) {
        guard case .blocks(let size) = order else { return (0, rows(seed: seed, epoch: epoch)) }
        var random = KeyedRandom(seed: seed, epoch: epoch, stream: .shuffle)
        var blocks = Array(stride(from: 0, to: count, by: size))
        random.shuffle(&blocks)
        var start = 0
        for first in blocks {
            let last = min(first + size, count)
            guard place >= start + last - first else {
                var rows = Array(first..<last)
                var random = KeyedRandom(seed: seed, epoch: epoch, row: first + 1, stream: .shuffle)
                random.shuffle(&rows)
                return (start, rows)
            }
            start += last - first
        }
        preconditionFailure("there is no place \(place) in an epoch of \(count) rows")
    }

    /// Shuffled rows, sorted by length a pool at a time and cut into batches; whole batches in random order, a last one
    /// that is not whole at the end, where batches are expected to be cut.
    private static func grouped(_ lengths: [Int], _ batchSize: Int, _ random: KeyedRandom) -> [Int] {
        var random = random
        var rows = Array(0..<lengths.count)
        random.shuffle(&rows)
        var batches: [ArraySlice<Int>] = []
        for start in stride(from: 0, to: rows.count, by: batchSize * batchesSorted) {
            let pool = rows[start..<min(start + batchSize * batchesSorted, rows.count)]
            // Rows of one length stay in shuffled order, which their places say.
            let sorted = zip(pool.indices, pool).sorted { (lengths[$0.1], $0.0) < (lengths[$1.1], $1.0) }.map(\.1)
            for first in stride(from: 0, to: sorted.count, by: batchSize) {
                batches.append(sorted[first..<min(first + batchSize, sorted.count)])
            }
        }
        let rest = batches.last.map { $0.count < batchSize } == true ? batches.removeLast() : []
        random.shuffle(&batches)
        return batches.flatMap(\.self) + rest
    }

    /// The first index whose value is above `value`, in ascending values.
    private static func firstIndex(in ends: [Double], above value: Double) -> Int {
        var range = 0..<(ends.count - 1)
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = ends[middle] > value ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }
}
