/// How much of a transcript has to be changed to make it right: substitutions, deletions and insertions of words (WER) or
/// of characters (CER), divided by the length of the references. It can be more than 1.
public struct ErrorRate: TextMetric, Hashable {
    /// What is counted.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
        /// What stands between white space.
        case words = "wer"
        /// Scalars, blanks inside of the text included.
        case characters = "cer"
    }

    /// The fewest changes that turn a reference into a text; where there are several ways, the one with most substitutions.
    public struct Edits: Hashable, Sendable {
        public var substitutions = 0
        /// Of the reference and missing in the text.
        public var deletions = 0
        /// Not of the reference and in the text.
        public var insertions = 0
        /// The length of the reference.
        public var length = 0

        public var total: Int { substitutions + deletions + insertions }
        /// Changes per unit of the reference; infinite if something is said where nothing was right.
        public var rate: Double { total == 0 ? 0 : Double(total) / Double(length) }

        static func += (sum: inout Edits, other: Edits) {
            sum.substitutions += other.substitutions
            sum.deletions += other.deletions
            sum.insertions += other.insertions
            sum.length += other.length
        }
    }

    public let unit: Unit
    public private(set) var edits = Edits()
    private var count = 0

    public init(_ unit: Unit) { self.unit = unit }

    /// Of several references the one that is nearest, by its rate, counts.
    public mutating func add(_ hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "an error rate compares a text with at least one reference")
        var numbers = WordNumbers()
        let text = units(of: hypothesis, &numbers)
        let all = references.map { Edits(from: units(of: $0, &numbers), to: text) }
        edits += all.min { $0.rate < $1.rate }!
        count += 1
    }

    private func units(of text: String, _ numbers: inout WordNumbers) -> [Int] {
        switch unit {
        case .words: numbers(text.unicodeScalars.words)
        case .characters: Word(text.unicodeScalars).trimmed.map { Int($0.value) }
        }
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard unit == other.unit else {
            throw .merge(metric: unit.rawValue, reason: "the other is \(other.unit.rawValue)")
        }
        edits += other.edits
        count += other.count
    }

    public var rate: Double { count == 0 ? .nan : edits.rate }

    public var values: [MetricValue] {
        [
            MetricValue(unit.rawValue, rate),
            MetricValue("\(unit.rawValue)_substitutions", Double(edits.substitutions)),
            MetricValue("\(unit.rawValue)_deletions", Double(edits.deletions)),
            MetricValue("\(unit.rawValue)_insertions", Double(edits.insertions)),
        ]
    }
}

extension ErrorRate.Edits {
    /// Levenshtein's distance (1966), row by row. A cost holds changes in its high half and, subtracted, substitutions in
    /// its low half, so that the smallest cost is the one that is meant.
    init(from reference: [Int], to text: [Int]) {
        let change = 1 << 32
        var row = (0...text.count).map { $0 * change }
        for unit in reference {
            var diagonal = row[0]
            row[0] += change
            for index in text.indices {
                let substituted = diagonal + (unit == text[index] ? 0 : change - 1)
                diagonal = row[index + 1]
                row[index + 1] = Swift.min(substituted, Swift.min(diagonal, row[index]) + change)
            }
        }
        let cost = row[text.count]
        let total = (cost + change - 1) >> 32
        substitutions = total * change - cost
        let surplus = text.count - reference.count
        insertions = (total - substitutions + surplus) / 2
        deletions = insertions - surplus
        length = reference.count
    }
}
