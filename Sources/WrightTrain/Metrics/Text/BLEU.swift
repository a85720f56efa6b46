/// How many runs of one to four words a translation shares with its references, punished when it is too short
/// (Papineni et al., *BLEU*, 2002), from 0 to 100 as sacrebleu gives it (Post, *A Call for Clarity in Reporting BLEU
/// Scores*, 2018).
///
/// Counts are added up over the corpus before anything is divided; for a score of a single text use ``sentence(_:references:_:)``.
public struct BLEU: TextMetric, Hashable {
    /// What to do about an order of which no run matches, whose logarithm does not exist.
    public enum Smoothing: String, Hashable, Sendable, CaseIterable {
        /// The score is 0.
        case none
        /// The first such order counts as half a match, the next as a quarter, and so on.
        case exponential = "exp"
    }

    /// What is counted, and how.
    public struct Config: Hashable, Sendable {
        public var segmentation = Segmentation.v13a
        public var smoothing = Smoothing.exponential
        public var isCaseSensitive = true
        /// Whether orders longer than every text are left out instead of making the score 0.
        public var usesEffectiveOrder = false
        /// The longest runs that are counted.
        public var maximumOrder = 4

        public init() {}
    }

    public let config: Config
    /// Runs of each order that matched, and all that there were.
    public private(set) var matches: [Int]
    public private(set) var totals: [Int]
    /// Words of all texts, and of the references closest to them in length.
    public private(set) var length = 0
    public private(set) var referenceLength = 0
    private var count = 0

    public init(_ config: Config = Config()) {
        precondition(config.maximumOrder >= 1, "BLEU counts runs of at least 1 word, not \(config.maximumOrder)")
        self.config = config
        matches = [Int](repeating: 0, count: config.maximumOrder)
        totals = matches
    }

    /// The score of one text; orders longer than it are left out.
    public static func sentence(_ hypothesis: String, references: [String], _ config: Config = Config()) -> Double {
        var config = config
        config.usesEffectiveOrder = true
        var metric = BLEU(config)
        metric.add(hypothesis, references: references)
        return metric.score
    }

    public mutating func add(_ hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "BLEU compares a text with at least one reference")
        var numbers = WordNumbers()
        let words = numbers(segmented(hypothesis))
        let others = references.map { numbers(segmented($0)) }
        for order in 1...config.maximumOrder {
            let found = NGramCounts(words, order: order)
            var allowed = NGramCounts(others[0], order: order)
            for other in others.dropFirst() { allowed.formMaximum(NGramCounts(other, order: order)) }
            matches[order - 1] += found.matches(allowed)
            totals[order - 1] += found.total
        }
        length += words.count
        referenceLength +=
            others.map(\.count).min {
                (abs($0 - words.count), $0) < (abs($1 - words.count), $1)
            } ?? 0
        count += 1
    }

    private func segmented(_ text: String) -> [Word] {
        var scalars = Word(text.unicodeScalars)
        if !config.isCaseSensitive { scalars = scalars.lowercased }
        while scalars.last?.isSpace == true { scalars.removeLast() }
        return config.segmentation.words(of: scalars)
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard config == other.config else { throw .merge(metric: "bleu", reason: "the settings differ") }
        for order in matches.indices {
            matches[order] += other.matches[order]
            totals[order] += other.totals[order]
        }
        length += other.length
        referenceLength += other.referenceLength
        count += other.count
    }

    /// What the score is multiplied by: 1 for a corpus at least as long as its references, less for a shorter one.
    public var brevityPenalty: Double {
        guard length < referenceLength else { return 1 }
        return length == 0 ? 0 : SystemCalls.exponential(1 - Double(referenceLength) / Double(length))
    }

    /// The share of runs that matched, by order, smoothed, in per cent.
    public var precisions: [Double] {
        var precisions = [Double](repeating: 0, count: config.maximumOrder)
        guard matches.contains(where: { $0 > 0 }) else { return precisions }
        var divisor = 1.0
        for order in precisions.indices where totals[order] > 0 {
            if matches[order] > 0 {
                precisions[order] = 100 * Double(matches[order]) / Double(totals[order])
            } else if config.smoothing == .exponential {
                divisor *= 2
                precisions[order] = 100 / (divisor * Double(totals[order]))
            }
        }
        return precisions
    }

    /// From 0 to 100.
    public var score: Double {
        guard count > 0 else { return .nan }
        let orders = config.usesEffectiveOrder ? totals.count { $0 > 0 } : totals.count
        let counted = precisions.prefix(orders)
        guard orders > 0, counted.allSatisfy({ $0 > 0 }) else { return 0 }
        let mean = counted.reduce(0) { $0 + SystemCalls.naturalLogarithm($1) } / Double(orders)
        return brevityPenalty * SystemCalls.exponential(mean)
    }

    public var values: [MetricValue] { [MetricValue("bleu", score)] }
}
