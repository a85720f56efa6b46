import Testing
import Wright
@testable import WrightTasks

/// What is said of measured rows beside their plain metrics.
struct InsightTests {
    /// Probabilities of "yes" against the truth, as an evaluation has them.
    private func output(_ scores: [Float], _ truths: [Bool]) throws -> TaskEvaluation.Output {
        let fields = truths.map { $0 ? "yes" : "no" }
        let feature = try CategoryOutput.BinarySettings().fit(fields)
        let predictions = Predictions(probabilities: scores.map { [1 - $0, $0] }, labels: truths.map { $0 ? 1 : 0 })
        var metrics = feature.metrics
        for index in metrics.indices { try metrics[index].add(predictions) }
        return TaskEvaluation.Output(
            name: "answer", values: metrics.flatMap(\.values), rows: Array(scores.indices), predictions: predictions,
            feature: feature)
    }

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var random = KeyedRandom(seed: seed, stream: .shuffle)
        return (0..<count).map { _ in random.uniform() }
    }

    @Test("Few values are slices by name, numbers fifths, texts thirds by length, and what is missing has its own")
    func slices() {
        #expect(SliceColumn.parts(["b", nil, "a"]) == ["b", "(missing)", "a"])
        let ages: [String?] = (0..<100).map { "\($0)" } + [nil]
        let parts = SliceColumn.parts(ages)
        #expect(Set(parts) == ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 99", "(missing)"])
        #expect(parts[19] == "0 to 19" && parts[20] == "20 to 39")
        let texts: [String?] = (0..<90).map { String(repeating: "长", count: $0 + 1) }
        #expect(Set(SliceColumn.parts(texts)) == ["1 to 30 letters", "31 to 60 letters", "61 to 90 letters"])
        let skewed: [String?] = (0..<200).map { $0 < 150 ? "0" : "\($0)" }
        #expect(SliceColumn.parts(skewed)[0].hasPrefix("0"), "many equal numbers must not make empty ranges")
    }

    @Test("The slice that a model fails on is named, worse beyond chance, and others are not")
    func worstSlice() throws {
        let (noise, colors) = (random(450, seed: 1), random(450, seed: 2))
        let truths = noise.indices.map { $0 % 2 == 0 }
        let city = colors.map { $0 < 0.2 ? "Wien" : $0 < 0.6 ? "Graz" : "Linz" }
        // In Wien the scores say nothing, elsewhere nearly everything.
        let scores = truths.indices.map { row in
            Float(city[row] == "Wien" ? noise[row] : (truths[row] ? 0.5 : 0) + noise[row] * 0.5)
        }
        let findings = try SliceFindings(
            output(scores, truths), [("city", city), ("even", truths.indices.map { "\($0 / 2 % 2)" })])
        let worst = try #require(findings.worst.first)
        #expect(worst.slice.column == "city" && worst.slice.part == "Wien" && worst.isWorse)
        #expect(worst.slice.count == city.count { $0 == "Wien" })
        #expect(worst.interval.low < worst.slice.value && worst.slice.value < worst.interval.high)
        #expect(findings.worst.count { $0.isWorse } == 1)
        #expect(findings.json["columns"]?["city"]?.array?.count == 3)
    }

    @Test("Thresholds by group bring rates together, judged on rows that they were not chosen on")
    func fairness() throws {
        let noise = random(1200, seed: 3)
        let truths = noise.indices.map { $0 % 2 == 0 }
        let group: [String?] = noise.indices.map { $0 % 5 < 2 ? "a" : "b" }
        let scores = noise.indices.map { row in
            Float((truths[row] ? 0.3 : 0) + noise[row] * 0.6 + (group[row] == "a" ? 0.1 : 0))
        }
        let output = try output(scores, truths)
        let finding = try #require(try FairnessFinding(output, column: "group", fields: group))
        let after = try #require(
            finding.mitigation.after.first { $0.name == "demographic_parity_difference" }?.value)
        #expect(finding["demographic_parity_difference"] > 0.1)
        #expect(after < 0.08)
        #expect(finding.mitigation.accuracyBefore == output.values.first { $0.name == "accuracy" }?.value)
        #expect(finding.mitigation.thresholds["a"]! > finding.mitigation.thresholds["b"]!)
        #expect(try FairnessFinding(output, column: "same", fields: group.map { _ in "x" }) == nil)
    }

    @Test("Groups are compared at the threshold that decides, not at one half")
    func fairnessAtThreshold() throws {
        let noise = random(1200, seed: 5)
        let truths = noise.indices.map { $0 % 4 == 0 }
        let group: [String?] = noise.indices.map { $0 % 5 < 2 ? "a" : "b" }
        let plain = try output(noise.indices.map { Float((truths[$0] ? 0.2 : 0) + noise[$0] * 0.5) }, truths)
        var goal = GoalConfig()
        goal.costs = ["yes": ["no": 6], "no": ["yes": 1]]
        let feature = try plain.feature.deciding(
            for: goal, predictions: plain.predictions.outputs, truths: plain.predictions.targets)
        var confusion = try #require(feature.metrics.first as? ConfusionMatrix)
        try confusion.add(plain.predictions)
        let decided = TaskEvaluation.Output(
            name: plain.name, values: confusion.values, rows: plain.rows, predictions: plain.predictions,
            feature: feature)
        let finding = try #require(try FairnessFinding(decided, column: "group", fields: group))
        let yes = (confusion[0, 1] + confusion[1, 1])
        #expect(finding.threshold < 0.4 && finding.threshold > 0)
        #expect(finding.groups.reduce(0) { $0 + $1.hits + $1.falseAlarms } == yes, "as often as the model says yes")
        #expect(abs(finding.mitigation.accuracyBefore - confusion.accuracy) < 1e-9)
    }

    @Test("Curves go from corner to corner and counts add up")
    func pictures() throws {
        let noise = random(300, seed: 4)
        let truths = noise.indices.map { $0 % 3 == 0 }
        let picture = try ClassPicture(
            output(noise.map { Float($0) }, truths).predictions, labels: ["no", "yes"],
            confusion: ConfusionMatrix(classes: 2))
        let curve = try #require(picture.curves.first)
        #expect(curve.label == "yes" && curve.roc[0] == (0, 0) && curve.roc.last! == (1, 1))
        #expect(picture.calibration.reduce(0) { $0 + $1.count } == 300)
        let numbers = try NumberPicture(
            Predictions(values: noise.map { Float($0) }, targets: noise.map { _ in 0.5 }))
        #expect(numbers.residuals.reduce(0) { $0 + $1.count } == 300)
        #expect(numbers.medianError <= numbers.ninetyPercentError && numbers.ninetyPercentError <= 0.5)
    }

    @Test("Forecasts are drawn in the column's unit, and what nobody knows counts nothing")
    func forecasts() throws {
        // Three forecasts of two rows ahead, off by 0 and 1, by 1 and nobody knows, and by 2 and 3, on the common scale.
        let picture = try ForecastPicture(
            Predictions(
                outputs: Buffer([0, 1, 1, 1, 2, 3] as [Float], shape: [3, 2]),
                targets: Buffer([0, 0, 0, .nan, 0, 0] as [Float], shape: [3, 2])),
            rows: [10, 20, 30], center: 100, scale: 10)
        #expect(picture.errors == [10, 20])
        #expect(picture.typical.row == 20 && picture.typical.error == 10)
        #expect(picture.typical.forecast == [110, 110] && picture.typical.truth[0] == 100)
        #expect(picture.typical.truth[1].isNaN)
        #expect(picture.poor.row == 20, "nine tenths of three, rounded down")
    }

    @Test("Asked-for columns that are not there are named with near ones")
    func missingColumn() throws {
        let folder = try TaskFolder()
        let table = try TaskTable(folder.write("city,answer\na,yes\nb,no\n", "rows.csv"))
        let evaluation = TaskEvaluation(
            outputs: [try output([0.2, 0.7], [false, true])], examples: 2, report: DropReport(unit: "row"))
        let error = #expect(throws: ConfigProblems.self) {
            try TaskInsight(evaluation, table, .init(slices: ["citi"], sensitive: ["sex"]))
        }
        #expect("\(try #require(error))".contains("Did you mean 'city'?") && "\(error!)".contains("sensitive"))
    }
}
