/// Which row comes when.
public struct Sampler: Hashable, Sendable {
    /// The kinds of order.
    public enum Order: Hashable, Sendable {
        /// As they lie in the dataset.
        case sequential
        /// Every row once an epoch, in an order of its own each epoch.
        case shuffled
        /// As many draws as rows, with replacement, each row as likely as its weight says; for rare classes see
        /// ``balancing(_:)``.
        case weighted([Double])
    }

    public let count: Int
    public let order: Order

    public init(count: Int, order: Order) {
        if case .weighted(let weights) = order {
            precondition(weights.count == count, "\(weights.count) weights for \(count) rows")
            precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights must be finite and not negative")
            precondition(weights.contains { $0 > 0 } || count == 0, "at least one weight must be above zero")
        }
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
