import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
@testable import WrightTrain

/// How far numbers can be trusted: intervals, comparisons, slices, fairness, costs.
struct TrustTests {
    /// Scores of two classes that overlap: class 1 is shifted by `shift`.
    private func scored(_ count: Int, shift: Double, seed: UInt64 = 1) -> Predictions {
        var random = KeyedRandom(seed: seed, stream: .shuffle)
        let labels = (0..<count).map { $0 % 2 }
        let scores = labels.map { Float(0.3 + Double($0) * shift + 0.4 * (random.uniform() - 0.5)) }
        return Predictions(scores: scores, labels: labels)
    }

    /// Catches draws without replacement (no spread) and ends taken from the wrong quantile: the spread of a mean is known.
    @Test func anIntervalHasTheWidthThatTheoryGives() throws {
        let count = 400
        let hits = (0..<count).map { $0 % 5 == 0 ? 0 : 1 }
        let data = Predictions(scores: hits.map { Float($0) }, labels: [Int](repeating: 1, count: count))
        let interval = try #require(
            try Bootstrap(replicates: 2000).intervals(of: [ConfusionMatrix(classes: 2)], over: data).first)
        #expect(interval.name == "accuracy" && interval.value == 0.8)
        let width = 2 * 1.96 * (0.8 * 0.2 / Double(count)).squareRoot()
        #expect(abs(interval.high - interval.low - width) < 0.1 * width)
        #expect(interval.low < 0.8 && interval.high > 0.8)
        #expect(
            try Bootstrap(replicates: 20, seed: 3).intervals(
                of: [RankingScores(classes: 2)], over: scored(50, shift: 0.1))
                == Bootstrap(replicates: 20, seed: 3).intervals(
                    of: [RankingScores(classes: 2)], over: scored(50, shift: 0.1)))
    }

    /// Catches a winner named by the larger number where low is better, and chance taken for a finding.
    @Test("Draws of a part of the examples give intervals as wide as draws of all")
    func partialDraws() throws {
        let labels = (0..<4000).map { $0 % 2 }
        let data = Predictions(scores: labels.map { Float($0 * 37 % 50 + ($0 * 7919) % 13) / 70 }, labels: labels)
        let noisy = Predictions(scores: labels.indices.map { Float(($0 * 7919) % 1009) / 1009 }, labels: labels)
        var part = Bootstrap(replicates: 300)
        part.maximumExamples = 500
        for data in [data, noisy] {
            let whole = try Bootstrap(replicates: 300).intervals(of: [ConfusionMatrix(classes: 2)], over: data)[0]
            let narrowed = try part.intervals(of: [ConfusionMatrix(classes: 2)], over: data)[0]
            #expect(narrowed.value == whole.value)
            #expect(abs((narrowed.high - narrowed.low) - (whole.high - whole.low)) <= 0.3 * (whole.high - whole.low))
        }
    }

    /// Catches draws whose ties are broken, whose weights are dropped, or whose steps count for another sequence.
    @Test("Values of draws are those of examples that come as often", arguments: [2, 4])
    func redrawn(classes: Int) throws {
        var random = KeyedRandom(seed: 9, stream: .bootstrap)
        let count = 60
        // Few different scores, so that many are equal.
        let outputs = (0..<(count * classes)).map { _ in Float(random.integer(below: 7)) / 7 }
        let truths = (0..<count).map { _ in Int32(random.integer(below: classes)) }
        let plain = Predictions(outputs: Buffer(outputs, shape: [count, classes]), targets: Buffer(truths))
        // The same as ten sequences of six steps, of which the last are not there.
        var steps = truths
        for row in 0..<10 { for step in (6 - row % 3)..<6 { steps[row * 6 + step] = -1 } }
        let sequences = Predictions(
            outputs: Buffer(outputs, shape: [10, 6 * classes]), targets: Buffer(steps, shape: [10, 6]))
        let costs = DecisionCosts(
            (0..<classes).map { truth in (0..<classes).map { truth == $0 ? 0 : Double(1 + truth) } })
        let scores = StepScores(
            [ConfusionMatrix(classes: classes), RankingScores(classes: classes)], classes: classes)
        for (metric, predictions): (any RedrawnMetric, Predictions) in [
            (RankingScores(classes: classes), plain), (scores, sequences), (ConfusionMatrix(classes: classes), plain),
            (ProbabilityScores(classes: classes), plain), (TopKAccuracy(k: 1, classes: classes), plain),
            (MeanCost(costs), plain),
        ] {
            let redrawing = try metric.redrawing(predictions)
            for _ in 0..<5 {
                let places = (0..<predictions.count).map { _ in random.integer(below: predictions.count) }
                var counts = [Int32](repeating: 0, count: predictions.count)
                for place in places { counts[place] += 1 }
                let wanted = try Bootstrap.measure([metric], predictions.examples(at: places))
                let found = redrawing(counts)
                #expect(found.map(\.name) == wanted.map(\.name))
                for (one, other) in zip(found, wanted) where !other.value.isNaN {
                    #expect(abs(one.value - other.value) < 1e-9, "\(one.name): \(one.value), not \(other.value)")
                }
            }
        }
    }

    @Test func comparisonsSayWhoIsBetterOnlyWhenTheyKnow() throws {
        let (good, bad) = (scored(300, shift: 0.4), scored(300, shift: 0.1))
        let bootstrap = Bootstrap(replicates: 200)
        let area = try PairedComparison(
            .init("weak", bad), .init("strong", good), goal: .init("roc_auc", goal: .highest),
            metric: RankingScores(classes: 2), bootstrap: bootstrap)
        #expect(area.isSignificant && area.difference.low > 0)
        #expect(area.sentence.english.hasPrefix("strong is better than weak: roc_auc "))
        let loss = try PairedComparison(
            .init("strong", good), .init("weak", bad), goal: .init("log_loss"), metric: ProbabilityScores(classes: 2),
            bootstrap: bootstrap)
        #expect(loss.isSignificant && loss.sentence.english.hasPrefix("strong is better than weak"))
        let same = try PairedComparison(
            .init("a", scored(60, shift: 0.1)), .init("b", scored(60, shift: 0.1, seed: 2)),
            goal: .init("roc_auc", goal: .highest), metric: RankingScores(classes: 2), bootstrap: bootstrap)
        #expect(!same.isSignificant && same.sentence.english.hasPrefix("No significant difference between a and b"))
        #expect(throws: MetricError.self) {
            try PairedComparison(
                .init("a", good), .init("b", bad), goal: .init("f2"), metric: RankingScores(classes: 2))
        }
        #expect(throws: MetricError.self) {
            try McNemarTest(.init("a", good), .init("b", scored(298, shift: 0)), classes: 2)
        }
    }

    @Test func mcNemarCountsWhatOneOfTheTwoGetsRight() throws {
        let first = Predictions(scores: [0.9, 0.9, 0.1, 0.1], labels: [1, 1, 1, 0])
        let second = Predictions(scores: [0.9, 0.1, 0.9, 0.9], labels: [1, 1, 1, 0])
        let test = try McNemarTest(.init("a", first), .init("b", second), classes: 2)
        #expect(test.onlyFirst == 2 && test.onlySecond == 1)
    }

    /// Catches a tiny slice named worst, and rows beyond the limit that nobody counts.
    @Test func theWorstSliceIsNamed() throws {
        var slices = SliceScores(by: "city", metrics: [ConfusionMatrix(classes: 2)], maximumSlices: 3)
        let scores = [Float](repeating: 0.9, count: 80)
        let labels = (0..<80).map { $0 < 40 ? 1 : $0 < 79 ? $0 % 2 : 0 }
        let cities = (0..<80).map { $0 < 40 ? "Bern" : $0 < 79 ? "北京" : "Ulm" }
        try slices.add(Predictions(scores: scores, labels: labels), values: cities)
        try slices.add(Predictions(scores: [0.9], labels: [1]), values: ["Rom"])
        #expect(slices.slices.map(\.name) == ["Bern", "北京", "Ulm"] && slices.unsliced == 1)
        let worst = try #require(slices.worst(.init("accuracy", goal: .highest)))
        #expect(worst.name == "北京" && worst.count == 39 && worst["accuracy"]! < 0.6)
        #expect(throws: MetricError.self) { try slices.add(Predictions(scores: [0.9], labels: [1]), values: []) }
    }

    /// Catches rates of the wrong denominator, and thresholds that equalise nothing.
    @Test func unfairnessIsMeasuredAndMitigated() throws {
        var fairness = GroupFairness()
        // Group a: 4 of 10 selected, of 5 right ones 3. Group b: 2 of 10 selected, of 5 right ones 2.
        let a: [Float] = [0.9, 0.9, 0.88, 0.13, 0.14, 0.8, 0.16, 0.17, 0.18, 0.19]
        let b: [Float] = [0.9, 0.9, 0.38, 0.37, 0.36, 0.35, 0.34, 0.33, 0.32, 0.31]
        let labels = (0..<20).map { $0 % 10 < 5 ? 1 : 0 }
        try fairness.add(
            Predictions(scores: a + b, labels: labels), groups: (0..<20).map { $0 < 10 ? "a" : "b" })
        func value(_ name: String, _ thresholds: [String: Float] = [:]) throws -> Double {
            try #require(fairness.values(thresholds: thresholds).first { $0.name == name }?.value)
        }
        #expect(abs(try value("demographic_parity_difference") - 0.2) < 1e-12)
        #expect(abs(try value("disparate_impact") - 0.5) < 1e-12)
        #expect(abs(try value("equal_opportunity_difference") - 0.2) < 1e-12)
        #expect(abs(try value("equalized_odds_difference") - 0.2) < 1e-12)
        let selection = fairness.thresholds(equalising: .selection)
        #expect(try value("demographic_parity_difference", selection) == 0)
        let odds = fairness.thresholds(equalising: .truePositive)
        #expect(try value("equal_opportunity_difference", odds) == 0)
    }

    /// Catches costs read by column instead of row, and a threshold that leaves out its own example.
    @Test func costsDecide() throws {
        let costs = DecisionCosts(falsePositive: 1, falseNegative: 9)
        #expect(costs.answer(for: [0.85, 0.15]) == 1 && costs.answer(for: [0.95, 0.05]) == 0)
        var confusion = ConfusionMatrix(classes: 2)
        try confusion.add(Predictions(scores: [0.9, 0.9, 0.1, 0.1], labels: [1, 0, 1, 0]))
        #expect(costs.meanCost(of: confusion) == 2.5)
        let curve = ThresholdCurve(scores: [0.9, 0.6, 0.4, 0.2], isPositive: [true, false, true, false])
        let generous = curve.cheapestThreshold(falsePositive: 1, falseNegative: 9)
        #expect(generous.threshold > 0.2 && generous.threshold < 0.4 && generous.meanCost == 0.25)
        let strict = curve.cheapestThreshold(falsePositive: 9, falseNegative: 1)
        #expect(strict.threshold > 0.6 && strict.threshold < 0.9 && strict.meanCost == 0.25)
        let never = curve.cheapestThreshold(falsePositive: 9, falseNegative: 0)
        #expect(never.threshold >= 0.9 && never.meanCost == 0)
    }
}
