import Foundation
import Testing
import Wright
@testable import WrightTasks

/// Training a task in parts, by folds, for a look, and how long it takes.
struct TaskTrainingTests {
    private static let task = """
        data: {path: rows.csv}
        \(MadeRows.columns)
        split: {test: 0.2}
        model: {hidden: 16, frequencies: 4, word_dimension: 8, filters: 4}
        train: {epochs: 6, folds: 3, batch_size: 16, learning_rate: 0.005, patience: 2}
        """

    /// Asks a run to end after a step.
    private final class Stopper: Callback {
        private let step: Int
        private let interruption: Interruption

        init(after step: Int, _ interruption: Interruption) {
            self.step = step
            self.interruption = interruption
        }

        func stepEnded(_ report: borrowing StepReport) -> Directive {
            if report.step == step { interruption.request() }
            return .proceed
        }
    }

    private func weights(_ result: TaskRun.Result, _ folder: TaskFolder, _ name: String) throws -> Data {
        try TaskArtifact.write(result.model, to: "\(folder.path)/\(name)", writer: "test")
        return try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)/model.safetensors"))
    }

    private func folder(_ rows: Int = 120) throws -> TaskFolder {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(rows), "rows.csv")
        return folder
    }

    private func interrupted(_ folder: TaskFolder, member: Int, step: Int) throws {
        var run = TaskRun(try folder.config(Self.task), file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.workingFolder = "\(folder.path)/training"
        let interruption = run.interruption
        run.callbacks = { number, _ in number == member ? [Stopper(after: step, interruption)] : [] }
        let error = #expect(throws: TrainingError.self) { try run.run() }
        guard case .interrupted(_, _?) = error else {
            Issue.record("it must say where its checkpoint is: \(String(describing: error))")
            return
        }
    }

    private func resumed(_ folder: TaskFolder, _ text: String = task) throws -> (TaskRun.Result, said: [String]) {
        var said: [String] = []
        var run = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.workingFolder = "\(folder.path)/training"
        run.resumes = true
        run.say = { said.append($0.english) }
        return (try run.run(), said)
    }

    /// Catches a network that is trained again, a best or a curve that a checkpoint forgets, and seeds that depend on what
    /// ran before.
    @Test(
        "An interrupted run that is resumed ends with the weights of one that was not", arguments: [0, 1, 2], [1, 19])
    func resumes(member: Int, step: Int) throws {
        let folder = try folder()
        let whole = try folder.run(folder.config(Self.task))
        try interrupted(folder, member: member, step: step)
        let (result, said) = try resumed(folder)
        #expect(said.count { $0.contains("trained before") } == member, "\(said)")
        #expect(try weights(result, folder, "two") == weights(whole, folder, "one"))
        #expect(result.model.curves == whole.model.curves)
        #expect(result.test?.json == whole.test?.json)
    }

    @Test("Another task or other rows are not taken up, and what differs is named")
    func otherRun() throws {
        let folder = try folder()
        try interrupted(folder, member: 1, step: 1)
        func problem(_ text: String) throws -> String {
            "\(try #require(#expect(throws: TrainingError.self) { try resumed(folder, text) }))"
        }
        let changed = Self.task.replacing("0.005", with: "0.004").replacing(
            "color, type: category", with: "color, type: text")
        let words = try problem(changed)
        #expect(words.contains("train.learning_rate: 0.005 in the earlier run, 0.004 now"), "\(words)")
        #expect(words.contains("task.inputs.color.type: \"category\" in the earlier run, \"text\" now"), "\(words)")
        try folder.write(MadeRows.csv(120).replacing("7.4,", with: "7.5,"), "rows.csv")
        #expect(try problem(Self.task).contains("fingerprint: "))
        try folder.write(MadeRows.csv(120), "rows.csv")
        _ = try resumed(folder, Self.task.replacing("patience: 2", with: "patience: 2, maximum_seconds: 500"))
    }

    @Test("Scores of folds are those of single networks: their weighted mean is what all held-out rows give")
    func folds() throws {
        let folder = try folder(121)
        let result = try folder.run(folder.config(Self.task))
        let scores = try #require(
            result.folds?.outputs.first { $0.name == "big" }?.scores.first { $0.name == "accuracy" })
        #expect(scores.values.count == 3)
        let sizes = try splitSizes(folder)
        let mean = zip(scores.values, sizes).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(sizes.reduce(0, +))
        let pooled = try #require(result.validation?.outputs[0].values.first { $0.name == "accuracy" }?.value)
        #expect(abs(mean - pooled) < 1e-9, "\(scores.values) \(sizes) \(pooled)")
        let saved = result.model.metrics["cross_validation"]?["folds"]?["big"]?["accuracy"]
        #expect(saved?["mean"]?.double == scores.mean && saved?["values"]?.array?.count == 3)
        #expect(FoldScores.Score(name: "x", values: [1, 2, 6]).deviation == 7.0.squareRoot())
    }

    private func splitSizes(_ folder: TaskFolder) throws -> [Int] {
        let run = TaskRun(try folder.config(Self.task), file: "\(folder.path)/run.yaml", on: CPUBackend())
        return try run.prepare().split.members.map(\.validation.count)
    }

    @Test("A few rows are learned by heart; rows that contradict each other are not, and that is said")
    func memorisation() throws {
        let folder = try folder()
        let run = TaskRun(try folder.config(Self.task), file: "\(folder.path)/run.yaml", on: CPUBackend())
        let known = try run.memorise(batches: 2)
        #expect(known.isReached && known.rows == 32 && known.advice.isEmpty, "\(known)")
        let rows = (0..<40).map { "\($0 % 2),\($0 % 3 == 0 ? "yes" : "no")" }
        try folder.write("x,y\n" + rows.joined(separator: "\n") + "\n", "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs: [{name: x, type: number}]
            outputs: [{name: y, type: binary}]
            """
        var other = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend())
        other.maximumSeconds = 0.3
        let unknown = try other.memorise(batches: 2)
        #expect(!unknown.isReached && unknown.contradictions > 0, "\(unknown)")
        #expect(unknown.advice.first?.english.contains("the inputs of an earlier row and another answer") == true)
    }

    @Test("The estimate speaks of all networks, and of a time that is too short")
    func estimate() throws {
        let folder = try folder()
        var said: [String] = []
        let text = Self.task.replacing("epochs: 6", with: "epochs: 10000000").replacing(
            "patience: 2", with: "patience: 99999")
        var run = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.maximumSeconds = 600
        let interruption = run.interruption
        run.say = { line in
            said.append(line.english)
            if line.english.hasPrefix("note: there are") { interruption.request() }
        }
        #expect(throws: TrainingError.self, "\(said)") { try run.run() }
        let line = try #require(said.first { $0.hasPrefix("estimate: ") }, "\(said)")
        #expect(line.contains("at most") && line.contains("3 networks of 40,000,000 steps"), "\(line)")
        #expect(line.contains("memory about"), "\(line)")
        #expect(said.count { $0.hasPrefix("estimate: ") } == 1)
    }

    @Test("Balanced sampling draws a rare class as often as the other, and is refused where there are no classes")
    func sampling() throws {
        let folder = try TaskFolder()
        let rows = (0..<400).map { "\($0 * 7 % 11),\($0),\($0 % 20 == 0 ? "yes" : "no")" }
        try folder.write("x,z,y\n" + rows.joined(separator: "\n") + "\n", "rows.csv")
        let text = """
            data: {path: rows.csv}
            split: {validation: 0}
            inputs: [{name: x, type: number}]
            outputs: [{name: y, type: binary}]
            train: {folds: 1, epochs: 6, sampling: all}
            """
        func meanProbability(_ text: String) throws -> Double {
            let table = try TaskTable("\(folder.path)/rows.csv")
            let columns = try folder.run(folder.config(text)).model.predict(table)
            let fields = try #require(columns.first { $0.name == "y_probability_yes" }).fields
            return fields.reduce(0) { $0 + Double($1)! } / Double(fields.count)
        }
        let (all, balanced) = (
            try meanProbability(text), try meanProbability(text.replacing("sampling: all", with: "sampling: balanced"))
        )
        #expect(all < 0.15 && balanced > 0.3 && balanced < 0.7, "\(all) \(balanced)")
        let number = text.replacing("name: y, type: binary", with: "name: z, type: number")
            .replacing("sampling: all", with: "sampling: balanced")
        #expect(try folder.problems(number, trains: true).map(\.setting) == ["train.sampling"])
    }

    @Test(
        "Small tables are learned by several networks too, and numbers in enough steps",
        arguments: [(7, 1, 500), (15, 7, 500), (200, 10, 71), (1000, 10, 60), (5000, 5, 60)])
    func smallTables(rows: Int, folds: Int, epochs: Int) {
        let numbers = FittingConfig().resolved(rows: rows, work: .numbers, split: .stratified, learnsNumbers: true)
        #expect(numbers.folds == folds && numbers.epochs == epochs, "\(numbers.json.text())")
        let classes = FittingConfig().resolved(rows: rows, work: .numbers, split: .stratified)
        #expect(classes.folds == folds && classes.epochs == 60, "more steps learn classes of few rows by heart")
    }

    @Test("Numbers of wide tables are taken as they are, where nothing else is said")
    func waves() {
        var config = NetworkConfig()
        #expect(config.frequencies(of: 256) == 16 && config.frequencies(of: 257) == 0)
        config.frequencies = 4
        #expect(config.frequencies(of: 10_000) == 4)
    }

    @Test("A preset says what sizes are at first, wherever it stands, and settings that are given win")
    func presets() throws {
        let folder = try TaskFolder()
        let text = """
            data: {path: rows.csv}
            inputs: [{name: x, type: number}]
            outputs: [{name: y, type: binary}]
            model: {hidden: 48, preset: large}
            """
        let large = try folder.config(text)
        #expect(large.model.hidden == 48 && large.model.memory == 256 && large.model.channels == [64, 128, 256])
        #expect(large.resolvedText.contains("preset: large") && large.resolvedText.contains("frequencies: 32"))
        #expect(try folder.config(large.resolvedText).json == large.json)
        let medium = try folder.config(text.replacing("hidden: 48, preset: large", with: "preset: medium"))
        var plain = medium.model
        plain.preset = nil
        #expect(plain.json == NetworkConfig().json, "medium is what settings are without a preset")
    }
}
