/// How much of a reference's words a summary holds: F1 of single words, of pairs, and of the longest common subsequence
/// (Lin, *ROUGE*, 2004), the mean over texts, from 0 to 1 as the package rouge-score gives it without stemming.
public struct ROUGE: TextMetric, Hashable {
    /// What counts as a word. Case never does.
    public enum Segmentation: String, Hashable, Sendable, CaseIterable {
        /// Runs of a to z and 0 to 9, as rouge-score has it: other scripts do not count at all.
        case latin
        /// Runs of letters and numbers of any script; each ideograph is a word.
        case anyScript
    }

    public let segmentation: Segmentation
    private var count = 0.0
    private var sums = [0.0, 0.0, 0.0]

    public init(_ segmentation: Segmentation = .latin) { self.segmentation = segmentation }

    /// For each measure the reference with the best score is the one that counts.
    public mutating func add(_ hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "ROUGE compares a text with at least one reference")
        var numbers = WordNumbers()
        let words = numbers(segmented(hypothesis))
        var best = [0.0, 0.0, 0.0]
        for reference in references {
            let other = numbers(segmented(reference))
            for order in 1...2 {
                let (found, wanted) = (NGramCounts(words, order: order), NGramCounts(other, order: order))
                best[order - 1] = max(best[order - 1], Self.f1(found.matches(wanted), found.total, wanted.total))
            }
            best[2] = max(best[2], Self.f1(words.longestCommonSubsequence(with: other), words.count, other.count))
        }
        for place in sums.indices { sums[place] += best[place] }
        count += 1
    }

    private func segmented(_ text: String) -> [Word] {
        var words: [Word] = []
        var word = Word()
        for scalar in text.unicodeScalars.lowercased {
            let isIdeograph = segmentation == .anyScript && scalar.properties.isIdeographic
            let isPart =
                segmentation == .latin
                ? scalar.isDigit || (0x61...0x7A).contains(scalar.value) : scalar.isLetterOrNumber && !isIdeograph
            if isPart {
                word.append(scalar)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = []
            if isIdeograph { words.append([scalar]) }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func f1(_ matched: Int, _ found: Int, _ wanted: Int) -> Double {
        matched == 0 ? 0 : 2 * Double(matched) / Double(found + wanted)
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard segmentation == other.segmentation else {
            throw .merge(metric: "rouge", reason: "the words were told apart in different ways")
        }
        for place in sums.indices { sums[place] += other.sums[place] }
        count += other.count
    }

    public var values: [MetricValue] {
        zip(["rouge1", "rouge2", "rougeL"], sums).map { MetricValue($0, $1 / count) }
    }
}

extension [Int] {
    /// The length of the longest sequence that both hold in order, 64 elements at a time (Hyyrö, *Bit-Parallel LCS-length
    /// Computation Revisited*, 2004).
    func longestCommonSubsequence(with other: [Int]) -> Int {
        let width = (count + 63) / 64
        var places: [Int: [UInt64]] = [:]
        for (index, element) in enumerated() {
            places[element, default: [UInt64](repeating: 0, count: width)][index / 64] |= 1 << UInt64(index % 64)
        }
        var column = [UInt64](repeating: .max, count: width)
        for element in other {
            guard let mask = places[element] else { continue }
            var carry: UInt64 = 0
            for index in column.indices {
                let matched = column[index] & mask[index]
                let (partial, first) = column[index].addingReportingOverflow(matched)
                let (sum, second) = partial.addingReportingOverflow(carry)
                carry = first || second ? 1 : 0
                column[index] = sum | column[index] & ~mask[index]
            }
        }
        return column.reduce(0) { $0 + (~$1).nonzeroBitCount }
    }
}
