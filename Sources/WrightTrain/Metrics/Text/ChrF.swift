/// How many runs of one to six characters a translation shares with its reference, recall counted twice as much as
/// precision (Popović, *chrF*, 2015), from 0 to 100 as sacrebleu gives it; with runs of up to two words as well it is
/// chrF++ (Popović, 2017).
public struct ChrF: TextMetric, Hashable {
    /// Which runs are counted, and how they are weighed.
    public struct Config: Hashable, Sendable {
        /// The longest runs of characters; white space does not count as one.
        public var characterOrder = 6
        /// The longest runs of words: 0 for chrF, 2 for chrF++.
        public var wordOrder = 0
        /// How many times as much as precision recall counts.
        public var beta = 2
        public var isCaseSensitive = true

        public init(wordOrder: Int = 0) { self.wordOrder = wordOrder }
    }

    /// Runs of one order: of the texts, of their references, and in both.
    private struct Counts: Hashable {
        var found = 0
        var wanted = 0
        var matched = 0
    }

    public let config: Config
    private var counts: [Counts]
    private var count = 0

    public init(_ config: Config = Config()) {
        precondition(
            config.characterOrder >= 1 && config.wordOrder >= 0,
            "chrF counts runs of at least 1 character, not \(config.characterOrder)")
        self.config = config
        counts = [Counts](repeating: Counts(), count: config.characterOrder + config.wordOrder)
    }

    /// The reference with the best score is the one that counts.
    public mutating func add(_ hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "chrF compares a text with at least one reference")
        var numbers = WordNumbers()
        let found = runs(of: hypothesis, &numbers)
        var best: (score: Double, counts: [Counts])?
        for reference in references {
            let wanted = runs(of: reference, &numbers)
            let counts = zip(found, wanted).map { found, wanted in
                // Nothing can be right in an order that the reference is too short for.
                Counts(
                    found: wanted.total > 0 ? found.total : 0, wanted: wanted.total, matched: found.matches(wanted))
            }
            let score = score(counts)
            if best.map({ score > $0.score }) ?? true { best = (score, counts) }
        }
        for (order, new) in best!.counts.enumerated() {
            counts[order].found += new.found
            counts[order].wanted += new.wanted
            counts[order].matched += new.matched
        }
        count += 1
    }

    private func runs(of text: String, _ numbers: inout WordNumbers) -> [NGramCounts] {
        var scalars = Word(text.unicodeScalars)
        if !config.isCaseSensitive { scalars = scalars.lowercased }
        let characters = scalars.lazy.filter { !$0.isSpace }.map { Int($0.value) }
        let sequence = Array(characters)
        let words = config.wordOrder > 0 ? numbers(scalars.words.flatMap(Self.withoutPunctuation)) : []
        return (0..<config.characterOrder).map { NGramCounts(sequence, order: $0 + 1) }
            + (0..<config.wordOrder).map { NGramCounts(words, order: $0 + 1) }
    }

    /// A word and the one sign behind it, or else before it.
    private static func withoutPunctuation(_ word: Word) -> [Word] {
        guard word.count > 1 else { return [word] }
        if word[word.count - 1].isASCIIPunctuation { return [Array(word.dropLast()), [word[word.count - 1]]] }
        if word[0].isASCIIPunctuation { return [[word[0]], Array(word.dropFirst())] }
        return [word]
    }

    private func score(_ counts: [Counts]) -> Double {
        var (precision, recall, orders) = (0.0, 0.0, 0.0)
        for order in counts where order.found > 0 && order.wanted > 0 {
            precision += Double(order.matched) / Double(order.found)
            recall += Double(order.matched) / Double(order.wanted)
            orders += 1
        }
        guard precision + recall > 0 else { return 0 }
        precision /= orders
        recall /= orders
        let factor = Double(config.beta * config.beta)
        return 100 * (1 + factor) * precision * recall / (factor * precision + recall)
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard config == other.config else { throw .merge(metric: "chrF", reason: "the settings differ") }
        for order in counts.indices {
            counts[order].found += other.counts[order].found
            counts[order].wanted += other.counts[order].wanted
            counts[order].matched += other.counts[order].matched
        }
        count += other.count
    }

    /// From 0 to 100.
    public var score: Double { count == 0 ? .nan : score(counts) }

    public var values: [MetricValue] {
        [MetricValue("chrf" + String(repeating: "+", count: config.wordOrder), score)]
    }
}
