/// Whether short answers are right: exactly, and by the F1 of their words (Rajpurkar et al., *SQuAD*, 2016), the mean over
/// answers, from 0 to 1. Of several references the best counts.
public struct AnswerMatch: TextMetric, Hashable {
    /// What is left out before answers are compared, and what counts as a word. Case never does.
    public enum Normalization: String, Hashable, Sendable, CaseIterable {
        /// That of SQuAD's own script: ASCII punctuation and English articles are left out; words stand between blanks.
        case english
        /// All punctuation and blanks between ideographs are left out; each ideograph is a word (Cui et al., *A Span-Extraction
        /// Dataset for Chinese Machine Reading Comprehension*, 2019).
        case chinese
    }

    public let normalization: Normalization
    private var count = 0.0
    private var exact = 0.0
    private var f1 = 0.0

    public init(_ normalization: Normalization = .english) { self.normalization = normalization }

    public mutating func add(_ hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "an answer is compared with at least one reference")
        var numbers = WordNumbers()
        let words = numbers(segmented(hypothesis))
        var (bestExact, bestF1) = (0.0, 0.0)
        for reference in references {
            let other = numbers(segmented(reference))
            bestExact = max(bestExact, words == other ? 1 : 0)
            bestF1 = max(bestF1, Self.f1(words, other))
        }
        exact += bestExact
        f1 += bestF1
        count += 1
    }

    /// Two empty answers are equal; that is how SQuAD 2.0 counts a question without an answer.
    private static func f1(_ words: [Int], _ other: [Int]) -> Double {
        guard !words.isEmpty, !other.isEmpty else { return words == other ? 1 : 0 }
        let matched = NGramCounts(words, order: 1).matches(NGramCounts(other, order: 1))
        return 2 * Double(matched) / Double(words.count + other.count)
    }

    private func segmented(_ text: String) -> [Word] {
        let scalars = text.unicodeScalars.lowercased
        switch normalization {
        case .english: return Self.withoutArticles(scalars.filter { !$0.isASCIIPunctuation }).words
        case .chinese:
            return scalars.filter { !$0.isPunctuation && !$0.isASCIIPunctuation }
                .setApart(\.properties.isIdeographic).words
        }
    }

    /// An article is a whole run of letters and numbers, wherever it stands.
    private static func withoutArticles(_ text: Word) -> Word {
        let articles: Set<Word> = [["a"], ["a", "n"], ["t", "h", "e"]]
        var result = Word()
        var run = Word()
        for scalar in text {
            if scalar.isLetterOrNumber {
                run.append(scalar)
            } else {
                result += (articles.contains(run) ? [" "] : run) + [scalar]
                run = []
            }
        }
        return result + (articles.contains(run) ? [" "] : run)
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        guard normalization == other.normalization else {
            throw .merge(metric: "exact match", reason: "answers were compared in different ways")
        }
        exact += other.exact
        f1 += other.f1
        count += other.count
    }

    public var values: [MetricValue] {
        [MetricValue("exact_match", exact / count), MetricValue("token_f1", f1 / count)]
    }
}
