import Foundation
import Testing
import WrightRuntime
import WrightTrain

/// Metrics of texts against sacrebleu, rouge-score, jiwer and SQuAD's script (`Golden/make_text_metrics.py`).
struct TextMetricTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let json: JSON
        var testDescription: String { json["name"]!.string! }
        var segments: [(text: String, references: [String])] {
            json["segments"]!.array!.map { ($0["text"]!.string!, $0["references"]!.array!.map { $0.string! }) }
        }
        func value(_ name: String) -> Double { json["values"]![name]!.double! }

        func measured<M: TextMetric>(_ empty: M) -> M {
            var metric = empty
            for segment in segments { metric.add(segment.text, references: segment.references) }
            return metric
        }
    }

    static let cases: [Case] = {
        do {
            let path = Bundle.module.url(forResource: "Golden/text_metrics", withExtension: "json")!.path
            return try JSON.load(path).array!.map(Case.init)
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func expect(_ ours: Double, _ theirs: Double, _ name: String) {
        #expect(abs(ours - theirs) <= 1e-9 * max(1, abs(theirs)), "\(name): \(ours), expected \(theirs)")
    }

    /// Catches words told apart in another way, clipping against the wrong reference, and a wrong brevity penalty.
    @Test(arguments: cases) func bleuEqualsSacrebleu(_ golden: Case) {
        var config = BLEU.Config()
        for segmentation in BLEU.Segmentation.allCases {
            config.segmentation = segmentation
            expect(
                golden.measured(BLEU(config)).score, golden.value("bleu_\(segmentation.rawValue)"),
                segmentation.rawValue)
            let sentences = golden.json["sentences"]![segmentation.rawValue]!.array!.map { $0.double! }
            for (segment, theirs) in zip(golden.segments, sentences) {
                expect(BLEU.sentence(segment.text, references: segment.references, config), theirs, segment.text)
            }
        }
        config = BLEU.Config()
        config.smoothing = .none
        expect(golden.measured(BLEU(config)).score, golden.value("bleu_none"), "without smoothing")
        config = BLEU.Config()
        config.isCaseSensitive = false
        expect(golden.measured(BLEU(config)).score, golden.value("bleu_lowercase"), "lower case")
    }

    /// Catches blanks counted as characters and the reference that counts chosen wrongly.
    @Test(arguments: cases) func chrFEqualsSacrebleu(_ golden: Case) {
        for order in [0, 2] {
            let found = golden.measured(ChrF(ChrF.Config(wordOrder: order))).values[0]
            expect(found.value, golden.value(found.name), found.name)
        }
    }

    /// Catches a carry lost between words of 64 in the subsequence, and other scripts counted by the Latin rule.
    @Test(arguments: cases) func rougeEqualsRougeScore(_ golden: Case) {
        for segmentation in ROUGE.Segmentation.allCases {
            for found in golden.measured(ROUGE(segmentation)).values {
                let name = "\(found.name)_\(segmentation.rawValue)"
                expect(found.value, golden.value(name), name)
            }
        }
    }

    /// Catches articles left in and punctuation that is left out only in English.
    @Test(arguments: cases) func answersEqualSQuAD(_ golden: Case) {
        for normalization in AnswerMatch.Normalization.allCases {
            for found in golden.measured(AnswerMatch(normalization)).values {
                let name = "\(found.name)_\(normalization.rawValue)"
                expect(found.value, golden.value(name), name)
            }
        }
    }

    @Test(arguments: cases, ErrorRate.Unit.allCases) func errorRatesEqualJiwer(_ golden: Case, _ unit: ErrorRate.Unit) {
        expect(golden.measured(ErrorRate(unit)).rate, golden.value(unit.rawValue), unit.rawValue)
    }

    /// Catches deletions and insertions that are swapped, and two changes told where one substitution does it.
    @Test func editsAreToldApart() {
        var words = ErrorRate(.words)
        words.add("the cat sat down here now", references: ["a cat sat on the mat here"])
        #expect(words.edits.substitutions == 4 && words.edits.deletions == 1 && words.edits.insertions == 0)
        words = ErrorRate(.words)
        words.add("so b c", references: ["b c"])
        #expect(words.edits.substitutions == 0 && words.edits.deletions == 0 && words.edits.insertions == 1)
        #expect(words.rate == 0.5)
        var characters = ErrorRate(.characters)
        characters.add("", references: ["北京"])
        #expect(characters.edits.deletions == 2 && characters.rate == 1)
    }

    /// Catches a merge that forgets one of its sums.
    @Test(arguments: cases) func mergedHalvesEqualTheWhole(_ golden: Case) throws {
        func check<M: TextMetric>(_ empty: M) throws {
            var (first, second) = (empty, empty)
            for (index, segment) in golden.segments.enumerated() {
                if index % 2 == 0 {
                    first.add(segment.text, references: segment.references)
                } else {
                    second.add(segment.text, references: segment.references)
                }
            }
            try first.merge(second)
            for (merged, whole) in zip(first.values, golden.measured(empty).values) {
                expect(merged.value, whole.value, whole.name)
            }
        }
        try check(BLEU())
        try check(ChrF())
        try check(ROUGE())
        try check(AnswerMatch())
        try check(ErrorRate(.words))
    }

    @Test func settingsThatDifferDoNotMerge() {
        var rate = ErrorRate(.words)
        #expect(throws: MetricError.merge(metric: "wer", reason: "the other is cer")) {
            try rate.merge(ErrorRate(.characters))
        }
        #expect(BLEU().score.isNaN)
    }
}
