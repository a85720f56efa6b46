import Testing
import Wright
import WrightData
import WrightTrain
@testable import WrightTasks

/// Goals: what is asked for is measured and said, costs and metrics decide, and labels that cannot be right are found.
struct GoalTests {
    /// 600 rows of which a fifth says yes, the more likely the larger x is.
    private static func rows(_ seed: UInt64 = 1) -> String {
        var random = KeyedRandom(seed: seed, stream: .shuffle)
        return "x,y\n"
            + (0..<600).map { _ in
                let x = random.uniform()
                return "\((x * 1000).rounded() / 1000),\(random.uniform() < 0.4 * x ? "yes" : "no")"
            }.joined(separator: "\n") + "\n"
    }

    private static let task = """
        data: {path: rows.csv}
        inputs: [{name: x, type: number}]
        outputs: [{name: y, type: binary}]
        model: {hidden: 16, frequencies: 2}
        train: {epochs: 3, folds: 2, learning_rate: 0.01}
        """

    private func run(_ goal: String, _ folder: TaskFolder) throws -> TaskRun.Result {
        try folder.write(Self.rows(), "rows.csv")
        return try folder.run(folder.config(Self.task + "\ngoal: \(goal)"))
    }

    @Test("Costs decide: answers are other ones than the most probable, cost less, and survive saving")
    func costs() throws {
        let folder = try TaskFolder()
        let plain = try run("{}", folder).model
        let result = try run("{costs: {yes: {no: 10}, no: {yes: 1}}}", folder)
        let table = try TaskTable(folder.write(Self.rows(2), "new.csv"))
        func answers(_ model: TaskModel) throws -> [String] { try model.predict(table)[0].fields }
        let truths = try #require(table.column("y"))
        func cost(_ answers: [String]) -> Double {
            zip(answers, truths).reduce(0) { $0 + ($1.0 == $1.1! ? 0 : $1.1 == "yes" ? 10 : 1) } / Double(truths.count)
        }
        let (before, after) = (try answers(plain), try answers(result.model))
        #expect(after.count { $0 == "yes" } > before.count { $0 == "yes" } + 50)
        #expect(cost(after) < cost(before) - 0.1)
        let measured = try result.model.evaluate(table).json["outputs"]?["y"]
        #expect(abs((measured?["mean_cost"]?.double ?? 0) - cost(after)) < 1e-9)
        #expect(abs((measured?["accuracy"]?.double ?? 0) - Double(zip(after, truths).count { $0 == $1 }) / 600) < 1e-9)
        try TaskArtifact.write(result.model, to: "\(folder.path)/model", writer: "test")
        #expect(try answers(TaskArtifact.read("\(folder.path)/model", on: CPUBackend())) == after)
    }

    @Test("Whether the goal is met is said with the value, and so is the time of a prediction")
    func verdicts() throws {
        let folder = try TaskFolder()
        let met = try run("{metric: roc_auc, at_least: 0.5, latency_ms: 5000}", folder)
        #expect(met.goal.map(\.isMet) == [true, true])
        #expect(
            met.goal[0].text.english.contains("roc_auc of \"y\" is 0.")
                && met.goal[0].text.english.contains("at least 0.5"))
        #expect(met.model.metrics["goal"]?.array?.count == 2)
        let missed = try run("{metric: log_loss, at_most: 0.01}", folder)
        #expect(missed.goal.map(\.isMet) == [false])
    }

    @Test(
        "A goal that cannot be is named before anything is trained",
        arguments: [
            ("{at_least: 0.9}", "'metric' is missing"), ("{metric: roc_acu, at_least: 0.9}", "Did you mean 'roc_auc'?"),
            ("{metric: rmse, at_most: 3}", "has no metric \"rmse\""),
            ("{metric: accuracy, at_least: 0.9, at_most: 0.8}", "below 'at_least'"),
            ("{costs: {maybe: {no: 1}}}", "\"maybe\", which is no class"), ("{output: z}", "no output \"z\""),
            ("{sensitive: [sex]}", "no column \"sex\""), ("{costs: {yes: 3}}", "a map from names"),
        ])
    func wrongGoals(goal: String, says: String) throws {
        let folder = try TaskFolder()
        let error = #expect(throws: ConfigProblems.self) { try run(goal, folder) }
        #expect("\(try #require(error))".contains(says), "\(error!)")
    }

    private static let labels = LabelNames(["no", "yes"])!

    /// Probabilities of yes, and truths by lot that follow `honest` of them.
    private func made(_ count: Int, _ honest: (Double) -> Double) -> (Buffer, Buffer) {
        var random = KeyedRandom(seed: 5, stream: .shuffle)
        var (values, truths): ([Float], [Int32]) = ([], [])
        for _ in 0..<count {
            let p = random.uniform()
            values += [Float(1 - p), Float(p)]
            truths.append(random.uniform() < honest(p) ? 1 : 0)
        }
        return (Buffer(values, shape: [count, 2]), Buffer(truths))
    }

    @Test("A threshold for F1 lies below one half when yes is rare, and a metric of ranks moves nothing")
    func thresholds() throws {
        let (probabilities, truths) = made(2000) { 0.5 * $0 * $0 }
        var goal = GoalConfig()
        goal.metric = "f1_macro"
        let decision = try ClassDecision(goal, labels: Self.labels, probabilities: probabilities, truths: truths)
        func score(_ deciding: DecisionCosts?) throws -> Double {
            var confusion = ConfusionMatrix(classes: 2, deciding: deciding)
            try confusion.add(Predictions(outputs: probabilities, targets: truths))
            return confusion.f1(.macro)
        }
        #expect(try score(decision.deciding) > score(nil) + 0.05)
        goal.metric = "roc_auc"
        #expect(
            try ClassDecision(goal, labels: Self.labels, probabilities: probabilities, truths: truths).deciding == nil)
    }

    @Test("Overconfident probabilities are drawn to the middle, and a few rows fit nothing")
    func temperature() throws {
        var goal = GoalConfig()
        goal.calibration = .temperature
        let (probabilities, truths) = made(2000) { 0.5 + 0.4 * ($0 - 0.5) }
        let decision = try ClassDecision(goal, labels: Self.labels, probabilities: probabilities, truths: truths)
        #expect(decision.temperature > 2)
        let again = try #require(ClassDecision(json: decision.json, classes: 2))
        #expect(again == decision)
        #expect(ClassDecision(json: ["temperature": -1], classes: 2) == nil)
        let (few, answers) = made(20) { $0 }
        #expect(try ClassDecision(goal, labels: Self.labels, probabilities: few, truths: answers).temperature == 1)
    }

    /// Rows of several degrees of sureness, contradicted as often as they say, and each `flip`th of every degree once more.
    private func rows(flip: Int?) -> (probabilities: Buffer, truths: Buffer, flipped: Set<Int>) {
        var (values, truths): ([Float], [Int32]) = ([], [])
        var flipped: Set<Int> = []
        for confidence in [0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 0.99] as [Float] {
            for row in 0..<400 {
                let answer = row % 3
                values += (0..<3).map { $0 == answer ? confidence : (1 - confidence) / 2 }
                let isHard = Float(row) < 400 * (1 - confidence)
                let isFlipped = flip.map { row % $0 == 1 && !isHard } ?? false
                if isFlipped { flipped.insert(truths.count) }
                truths.append(Int32(isHard || isFlipped ? (answer + 1) % 3 : answer))
            }
        }
        return (Buffer(values, shape: [truths.count, 3]), Buffer(truths), flipped)
    }

    @Test(
        "Labels that networks contradict where they are sure are found, the surest first, and about as many as there are"
    )
    func labelErrors() {
        let (probabilities, truths, flipped) = rows(flip: 12)
        let suspects = LabelErrors.suspects(probabilities, truths: truths)
        #expect(abs(suspects.count - flipped.count) < flipped.count / 2, "\(suspects.count) of \(flipped.count)")
        // Of the rows that are surest, 33 are wrong and 4 only hard.
        let found = suspects.prefix(37).count { flipped.contains($0.index) }
        #expect(found == 33, "\(found) of the first 37")
        #expect(suspects.allSatisfy { $0.likely == ($0.given + 2) % 3 })
        #expect(zip(suspects, suspects.dropFirst()).allSatisfy { $0.margin >= $1.margin })
    }

    @Test("Rows that are only hard are no wrong labels, however many are contradicted")
    func hardRows() {
        let (probabilities, truths, _) = rows(flip: nil)
        #expect(LabelErrors.suspects(probabilities, truths: truths).isEmpty)
    }
}
