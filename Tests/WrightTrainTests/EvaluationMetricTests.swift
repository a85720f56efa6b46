import Foundation
import Testing
import WrightGraph
import WrightRuntime
import WrightTrain

/// Label sets, ranked lists, forecasts and calibration against scikit-learn and SciPy (`Golden/make_evaluation.py`).
struct EvaluationMetricTests {
    static let golden: JSON = {
        do {
            return try JSON.load(Bundle.module.url(forResource: "Golden/evaluation", withExtension: "json")!.path)
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func numbers(_ json: JSON, _ key: String) -> [Double] { json[key]!.array!.map { $0.double! } }

    private func predictions(_ json: JSON, width: Int) -> Predictions {
        let (outputs, targets) = (numbers(json, "outputs"), numbers(json, "targets"))
        let shape = width == 1 ? [outputs.count] : [outputs.count / width, width]
        return Predictions(
            outputs: Buffer(outputs.map { Float($0) }, shape: shape),
            targets: Buffer(targets.map { Float($0) }, shape: shape))
    }

    /// Measures in one piece and as two merged halves.
    private func expect<M: Metric>(_ empty: M, _ all: Predictions, _ golden: JSON) throws {
        var (whole, first, second) = (empty, empty, empty)
        try whole.add(all)
        let half = all.count / 3
        try first.add(Predictions(outputs: all.outputs.rows(0..<half), targets: all.targets.rows(0..<half)))
        try second.add(
            Predictions(outputs: all.outputs.rows(half..<all.count), targets: all.targets.rows(half..<all.count)))
        try first.merge(second)
        for (name, value) in golden["values"]!.object! {
            for metric in [whole, first] {
                let ours = try #require(metric.values.first { $0.name == name }?.value)
                #expect(abs(ours - value.double!) < 1e-9, "\(name): \(ours), expected \(value)")
            }
        }
    }

    /// Catches labels without examples left out of the mean.
    @Test(arguments: [0, 1]) func labelSetsEqualScikitLearn(_ index: Int) throws {
        let golden = try #require(Self.golden["label sets"]?.array?[index])
        let labels = golden["labels"]!.integer!
        try expect(LabelSetScores(labels: labels), predictions(golden, width: labels), golden)
    }

    /// Catches ties that are given the better order, and a `k` beyond the end of the list.
    @Test(arguments: [0, 1, 2]) func rankedListsEqualScikitLearn(_ index: Int) throws {
        let golden = try #require(Self.golden["ranked lists"]?.array?[index])
        let metric = RankedListScores(k: golden["k"]!.integer!)
        try expect(metric, predictions(golden, width: golden["items"]!.integer!), golden)
    }

    /// Catches padding that is ranked.
    @Test func itemsOfMinusInfinityTakeNoPart() {
        var (padded, plain) = (RankedListScores(k: 3), RankedListScores(k: 3))
        padded.add(scores: [0.5, -.infinity, 0.2], relevances: [0, 5, 1])
        plain.add(scores: [0.5, 0.2], relevances: [0, 1])
        #expect(padded.values == plain.values && plain.values.contains(MetricValue("mrr", 0.5)))
    }

    @Test(arguments: [0, 1]) func forecastsEqualTheirDefinitions(_ index: Int) throws {
        let golden = try #require(Self.golden["forecasts"]?.array?[index])
        let metric = ForecastErrors(training: numbers(golden, "training"), season: golden["season"]!.integer!)
        try expect(metric, predictions(golden, width: 1), golden)
    }

    /// Catches a fit that stops early, a wrong sign, and steps that are not interpolated.
    @Test func calibrationsEqualScikitLearn() throws {
        let golden = try #require(Self.golden["calibration"])
        let data = Predictions(
            scores: numbers(golden, "probabilities").map { Float($0) },
            labels: numbers(golden, "labels").map { Int($0) })
        guard case .temperature(let temperature) = try Calibration.fittedTemperature(data, classes: 2),
            case .sigmoid(let slope, let intercept) = try Calibration.fittedSigmoid(data)
        else {
            Issue.record("another calibration")
            return
        }
        #expect(abs(temperature - golden["temperature"]!.double!) < 1e-5)
        #expect(abs(slope - golden["slope"]!.double!) < 1e-5 && abs(intercept - golden["intercept"]!.double!) < 1e-5)
        let isotonic = try Calibration.fittedIsotonic(data)
        for (asked, expected) in zip(numbers(golden, "asked"), numbers(golden, "isotonic")) {
            #expect(abs(isotonic.calibrated([1 - asked, asked])[1] - expected) < 1e-6, "at \(asked)")
        }
        for calibration in [isotonic, .temperature(temperature), .sigmoid(slope: slope, intercept: intercept)] {
            #expect(Calibration(json: calibration.json) == calibration)
            let one = try calibration.calibrated(Buffer([Float](arrayLiteral: 0.2, 0.9)))
            let two = try calibration.calibrated(Buffer([Float](arrayLiteral: 0.8, 0.2, 0.1, 0.9), shape: [2, 2]))
            #expect(abs(one.doubles[1] - two.doubles[3]) < 1e-6 && abs(two.doubles[0] + two.doubles[1] - 1) < 1e-6)
        }
        #expect(throws: MetricError.self) {
            try isotonic.calibrated(Buffer([Float](arrayLiteral: 1, 0, 0), shape: [1, 3]))
        }
    }

    /// Catches a tail summed on the wrong side.
    @Test func mcNemarEqualsTheBinomialTest() throws {
        for item in try #require(Self.golden["binomial"]?.array) {
            let test = McNemarTest(onlyFirst: item["first"]!.integer!, onlySecond: item["second"]!.integer!)
            #expect(abs(test.probability - item["probability"]!.double!) < 1e-9, "\(item)")
        }
    }

    /// Catches entities that end or begin elsewhere than seqeval's (`Golden/make_entities.py`), and steps that are not there.
    @Test("Entities are found as seqeval finds them, whatever tags follow each other")
    func entities() throws {
        let path = try #require(Bundle.module.url(forResource: "Golden/entities", withExtension: "json")).path
        for golden in try #require(try JSON.load(path).array) {
            func rows(_ key: String) -> [[String]] { golden[key]!.array!.map { $0.array!.compactMap(\.string) } }
            let tags = golden["tags"]!.array!.compactMap(\.string)
            let (truths, said) = (rows("truths"), rows("said"))
            let steps = 13
            var targets = [Int32](repeating: -1, count: truths.count * steps)
            var outputs = [Float](repeating: 0.1, count: truths.count * steps * tags.count)
            for (row, (truth, answer)) in zip(truths, said).enumerated() {
                for (step, (one, other)) in zip(truth, answer).enumerated() {
                    targets[row * steps + step] = Int32(tags.firstIndex(of: one)!)
                    outputs[(row * steps + step) * tags.count + tags.firstIndex(of: other)!] = 0.9
                }
            }
            var scores = EntityScores(tags: tags)
            try scores.add(
                Predictions(
                    outputs: Buffer(outputs, shape: [truths.count, steps * tags.count]),
                    targets: Buffer(targets, shape: [truths.count, steps])))
            for (name, value) in zip(["precision", "recall", "f1"], scores.values) {
                #expect(abs(value.value - golden[name]!.double!) < 1e-9, "\(name): \(value.value)")
            }
        }
        #expect(!EntityScores.areTags(["O", "X"]) && !EntityScores.areTags(["O", "I-A", "0"]))
        #expect(!EntityScores.areTags(["no", "yes"]) && EntityScores.areTags(["B-A", "O"]))
    }
}
