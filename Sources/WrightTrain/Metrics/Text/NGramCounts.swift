/// How often each run of `order` neighbours occurs in a sequence.
struct NGramCounts {
    private(set) var counts: [ArraySlice<Int>: Int] = [:]
    /// The number of runs.
    let total: Int

    init(_ sequence: [Int], order: Int) {
        total = Swift.max(0, sequence.count - order + 1)
        for start in 0..<total { counts[sequence[start..<start + order], default: 0] += 1 }
    }

    /// The runs that both have, each as often as in the one that has it less often.
    func matches(_ other: Self) -> Int {
        guard counts.count <= other.counts.count else { return other.matches(self) }
        return counts.reduce(0) { $0 + Swift.min($1.value, other.counts[$1.key] ?? 0) }
    }

    /// Each run as often as in the one that has it more often.
    mutating func formMaximum(_ other: Self) { counts.merge(other.counts, uniquingKeysWith: Swift.max) }
}
