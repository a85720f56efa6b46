import Foundation
import Testing
import WrightGraph
import WrightRuntime
import WrightTrain

/// Metrics against scikit-learn's values (`Golden/make_metrics.py`).
struct MetricTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let json: JSON
        var testDescription: String { json["name"]!.string! }
        func numbers(_ key: String) -> [Double] { json[key]!.array!.map { $0.double! } }
        var values: [(key: String, value: Double)] { json["values"]!.object!.map { ($0.key, $0.value.double!) } }
        func list(_ key: String) -> [Double]? { json["lists"]?[key]?.array?.map { $0.double! } }
        var classes: Int { json["classes"]!.integer! }

        /// All examples, as `count` batches of unequal sizes.
        func batches(_ count: Int) -> [Predictions] {
            let labels = numbers("labels").map { Int32($0) }
            let probabilities = numbers("probabilities").map { Float($0) }
            let cuts = (0...count).map { labels.count * $0 * $0 / (count * count) }
            return zip(cuts, cuts.dropFirst()).map { start, end in
                Predictions(
                    outputs: Buffer(
                        Array(probabilities[start * classes..<end * classes]), shape: [end - start, classes]),
                    targets: Buffer(Array(labels[start..<end])))
            }
        }
    }

    static func golden(_ group: String) -> [Case] {
        do {
            let path = Bundle.module.url(forResource: "Golden/metrics", withExtension: "json")!.path
            return try JSON.load(path)[group]!.array!.map(Case.init)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    static let classification = golden("classification")
    static let regression = golden("regression")

    private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
        abs(a - b) <= tolerance * max(1, abs(b))
    }

    /// Catches marginals that do not follow a merge, a pair put down for another one, and a table of all pairs: 20,000
    /// classes have 400 million.
    @Test func confusionOfManyClassesKeepsWhatOccurred() throws {
        var confusion = ConfusionMatrix(classes: 20_000)
        confusion.add(label: 3, predicted: 3, times: 2)
        confusion.add(label: 3, predicted: 19_999)
        var other = ConfusionMatrix(classes: 20_000)
        other.add(label: 3, predicted: 19_999)
        other.add(label: 0, predicted: 1)
        try confusion.merge(other)
        #expect(confusion.total == 5)
        #expect(confusion.support[3] == 4 && confusion.support[0] == 1)
        #expect(confusion.predicted[19_999] == 2 && confusion.predicted[3] == 2)
        let mistakes: [[Int]] = confusion.mistakes.map { [$0.label, $0.predicted, $0.count] }
        #expect(mistakes == [[0, 1, 1], [3, 19_999, 2]])
        #expect(confusion.accuracy == 0.4)
    }

    /// Catches a wrong definition, and a state that depends on where batches end.
    @Test(arguments: classification, [1, 3])
    func classificationEqualsScikitLearn(_ golden: Case, batches: Int) throws {
        var confusion = ConfusionMatrix(classes: golden.classes)
        var scores = ProbabilityScores(classes: golden.classes)
        var ranking = RankingScores(classes: golden.classes)
        var top = golden.classes > 2 ? TopKAccuracy(k: golden.json["k"]!.integer!, classes: golden.classes) : nil
        for batch in golden.batches(batches) {
            try confusion.add(batch)
            try scores.add(batch)
            try ranking.add(batch)
            try top?.add(batch)
        }
        var found = Dictionary(
            uniqueKeysWithValues: (confusion.values + scores.values + ranking.values + (top?.values ?? [])).map {
                ($0.name, $0.value)
            })
        for average in ConfusionMatrix.Average.allCases {
            found["precision_\(average.rawValue)"] = confusion.precision(average)
            found["recall_\(average.rawValue)"] = confusion.recall(average)
            found["f1_\(average.rawValue)"] = confusion.f1(average)
        }
        for (name, value) in golden.values {
            let ours = try #require(found[name], "\(name)")
            // scikit-learn sums log-losses in float32, and two float32 probabilities do not add up to 1 exactly.
            let tolerance = name == "log_loss" || name == "brier_score" ? 1e-6 : 1e-9
            #expect(isClose(ours, value, tolerance), "\(name): \(ours), expected \(value)")
        }
        let classes = 0..<golden.classes
        let pairs = classes.flatMap { label in classes.map { Double(confusion[label, $0]) } }
        #expect(pairs == golden.list("confusion"))
        for (name, ours) in [
            ("precision", confusion.precision), ("recall", confusion.recall), ("f1", confusion.f1),
            ("roc_auc", ranking.areaUnderROC), ("average_precision", ranking.averagePrecision),
        ] {
            guard let expected = golden.list(name) else { continue }
            #expect(zip(ours, expected).allSatisfy { isClose($0, $1) }, "\(name): \(ours), expected \(expected)")
        }
    }

    /// Catches thresholds out of order, and equal scores that make two points.
    @Test func curvesEqualScikitLearn() throws {
        let golden = Self.classification[0]
        var ranking = RankingScores(classes: 2)
        for batch in golden.batches(3) { try ranking.add(batch) }
        let curve = ranking.curve(of: 0)
        #expect(curve.points.map { Double($0.score) } == golden.list("thresholds"))
        for (ours, name) in [
            (curve.points.map(curve.falsePositiveRate), "fpr"), (curve.points.map(curve.truePositiveRate), "tpr"),
            (curve.points.map(\.precision), "curve_precision"),
        ] {
            // scikit-learn's precision ends where all of the class are found.
            let expected = try #require(golden.list(name))
            #expect(zip(ours, expected).allSatisfy { isClose($0, $1) }, "\(name)")
        }
    }

    @Test(arguments: regression)
    func regressionEqualsScikitLearn(_ golden: Case) throws {
        let (outputs, targets) = (
            golden.numbers("outputs").map { Float($0) }, golden.numbers("targets").map { Float($0) }
        )
        var errors = RegressionErrors()
        try errors.add(Predictions(values: outputs, targets: targets))
        var median = MedianAbsoluteError()
        try median.add(Predictions(values: outputs, targets: targets))
        let values = errors.values + median.values
        for (name, value) in golden.values {
            // The median is kept in float32.
            if name == "median_absolute_error" {
                #expect(isClose(median.values[0].value, value, 1e-6))
                continue
            }
            let ours = try #require(values.first { $0.name == name }?.value)
            #expect(isClose(ours, value), "\(name): \(ours), expected \(value)")
        }
    }

    /// Catches a merge that forgets one of its sums.
    @Test(arguments: classification)
    func mergedHalvesEqualTheWhole(_ golden: Case) throws {
        func check<M: Metric>(_ empty: M) throws {
            var (whole, first, second) = (empty, empty, empty)
            let batches = golden.batches(4)
            for batch in batches { try whole.add(batch) }
            for batch in batches[..<2] { try first.add(batch) }
            for batch in batches[2...] { try second.add(batch) }
            try first.merge(second)
            for (a, b) in zip(first.values, whole.values) {
                #expect(isClose(a.value, b.value, 1e-12) || a.value.isNaN && b.value.isNaN, "\(a.name)")
            }
        }
        try check(ConfusionMatrix(classes: golden.classes))
        try check(ProbabilityScores(classes: golden.classes))
        try check(RankingScores(classes: golden.classes))
        if golden.classes > 2 { try check(TopKAccuracy(k: 2, classes: golden.classes)) }
    }

    @Test(arguments: regression)
    func mergedRegressionEqualsTheWhole(_ golden: Case) throws {
        let (outputs, targets) = (
            golden.numbers("outputs").map { Float($0) }, golden.numbers("targets").map { Float($0) }
        )
        var (whole, first, second) = (RegressionErrors(), RegressionErrors(), RegressionErrors())
        try whole.add(Predictions(values: outputs, targets: targets))
        try first.add(Predictions(values: Array(outputs[..<7]), targets: Array(targets[..<7])))
        try second.add(Predictions(values: Array(outputs[7...]), targets: Array(targets[7...])))
        first.merge(second)
        for (a, b) in zip(first.values, whole.values) { #expect(isClose(a.value, b.value), "\(a.name)") }
    }

    /// Catches a single probability read as that of class 0.
    @Test func oneProbabilityIsThatOfClassOne() throws {
        var one = ConfusionMatrix(classes: 2)
        try one.add(Predictions(scores: [0.9, 0.2, 0.6, 0.1], labels: [1, 0, 0, 1]))
        let cells: [Int] = [one[0, 0], one[0, 1], one[1, 0], one[1, 1]]
        #expect(cells == [1, 1, 1, 1])
    }

    /// Catches labels that write outside the matrix, and a refusal that leaves a half-counted batch behind.
    @Test func aLabelOutsideTheClassesIsNamed() {
        var matrix = ConfusionMatrix(classes: 2)
        let batch = Predictions(scores: [0.9, 0.2, 0.1], labels: [1, 0, 7])
        #expect(throws: MetricError.label(metric: "confusion matrix", example: 2, label: 7, classes: 2)) {
            try matrix.add(batch)
        }
        #expect(matrix.total == 0)
    }

    @Test func nothingMeasuredIsNotANumber() {
        #expect(ConfusionMatrix(classes: 3).accuracy.isNaN)
        #expect(RegressionErrors().meanSquaredError.isNaN)
    }
}
