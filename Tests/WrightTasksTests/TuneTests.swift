import Foundation
import Testing
import Wright
@testable import WrightTasks

/// Searching for settings: what is tried next, what is kept, and what comes of it.
struct TuneTests {
    private static let task = """
        # Keep me.
        data: {path: rows.csv}  # and me
        \(MadeRows.columns)
        split: {test: 0.25}
        model:
          # a small one
          hidden: 8  # for a test
          frequencies: 2
          word_dimension: 4
          filters: 2
        train: {epochs: 9, folds: 2, batch_size: 16}
        goal: {output: price}
        tune:
          search: mixed
          trials: 15
          space:
            train.learning_rate: {log: [0.0005, 0.02]}
            model.hidden: {choice: [4, 8, 16]}
            model.dropout: {range: [0, 0.4], step: 0.1}
        """

    private func folder(_ rows: String = MadeRows.csv(80)) throws -> TaskFolder {
        let folder = try TaskFolder()
        try folder.write(rows, "rows.csv")
        return folder
    }

    private func tuning(_ folder: TaskFolder, _ text: String = task, to name: String = "search") throws -> TuneRun {
        try TuneRun(file: folder.write(text, "run.yaml"), folder: "\(folder.path)/\(name)", on: CPUBackend(threads: 1))
    }

    /// What decides; times never come again.
    private func rows(_ result: TuneRun.Result) -> [String] {
        result.ranked.map { trial in
            var trial = trial
            trial.seconds = 0
            return trial.json.text()
        }
    }

    @Test("A search that was interrupted and resumed makes the trials of one that was not, and its best file says so")
    func resumes() throws {
        let folder = try folder()
        let text = Self.task.replacing("trials: 15", with: "trials: 6").replacing("mixed", with: "bayes")
        let whole = try tuning(folder, text, to: "whole").run()
        #expect(whole.ranked.count == 6 && whole.ranked.allSatisfy { $0.error == nil })
        var first = try tuning(folder, text)
        let interruption = first.interruption
        first.say = { if $0.english.hasPrefix("trial 3 of") { interruption.request() } }
        let error = #expect(throws: TrainingError.self) { try first.run() }
        guard case .interrupted(_, _?) = error else {
            Issue.record("it must say how to go on: \(String(describing: error))")
            return
        }
        var again = try tuning(folder, text)
        var said: [String] = []
        again.say = { said.append($0.english) }
        #expect(try rows(again.run()) == rows(whole))
        #expect(said.first == "3 trials made before")
        var other = try tuning(folder, text.replacing("[4, 8, 16]", with: "[4, 8, 32]"))
        other.trials = 7
        #expect(
            "\(try #require(#expect(throws: TrainingError.self) { try other.run() }))".contains("space.model.hidden"))

        let best = try #require(whole.best)
        #expect(best.isWhole && whole.metric == "r2" && best.score ?? 0 >= whole.first?.score ?? 1)
        let written = try String(contentsOfFile: whole.bestFile, encoding: .utf8)
        for kept in ["# Keep me.", "# and me", "# a small one", "# for a test", "path: \"../rows.csv\""] {
            #expect(written.contains(kept), "\(written)")
        }
        let config = try TaskConfig(file: whole.bestFile)
        let trained = try TaskRun(config, file: whole.bestFile, on: CPUBackend(threads: 1)).run()
        let score = trained.validation?.outputs[1].values.first { $0.name == "r2" }?.value
        #expect(score == best.score, "training the best file gives the best trial's score")
    }

    @Test("Rows that are kept for the test decide nothing")
    func testRowsPlayNoPart() throws {
        let text = Self.task.replacing("split: {test: 0.25}", with: "split: {kind: column, column: part}")
            .replacing("folds: 2", with: "folds: 1").replacing("trials: 15", with: "trials: 3")
        func scores(price: String) throws -> [Double?] {
            let lines = MadeRows.csv(60).split(separator: "\n").enumerated().map { index, line in
                let part = index == 0 ? "part" : ["train", "train", "validation", "test"][index % 4]
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                let changed = part == "test" ? fields.dropLast().joined(separator: ",") + ",\(price)" : String(line)
                return "\(changed),\(part)"
            }
            let folder = try folder(lines.joined(separator: "\n") + "\n")
            return try tuning(folder, text).run().ranked.map(\.score)
        }
        #expect(try scores(price: "1") == scores(price: "999"))
    }

    @Test("A trial that fails is kept with its error, and the others go on")
    func failures() throws {
        let folder = try folder()
        let text = Self.task.replacing(
            "model.hidden: {choice: [4, 8, 16]}", with: "goal.metric: {choice: [nonsense, r2]}"
        )
        .replacing("goal: {output: price}", with: "goal: {output: price, metric: r2}")
        .replacing("search: mixed", with: "search: random").replacing("trials: 15", with: "trials: 7")
        let result = try tuning(folder, text).run()
        let failed = result.ranked.filter { $0.score == nil }
        #expect(!failed.isEmpty && failed.count < 6 && result.ranked.count == 7)
        #expect(
            failed.allSatisfy { $0.error?.contains("nonsense") ?? false && $0.settings["goal.metric"] == "nonsense" })
        #expect(result.ranked.last?.score == nil && result.best?.score != nil)
        let lines = try String(contentsOfFile: "\(folder.path)/search/trials.jsonl", encoding: .utf8)
        #expect(lines.split(separator: "\n").count == 7)
    }

    @Test("Time that is over ends a search in order")
    func timeIsOver() throws {
        let folder = try folder()
        var search = try tuning(folder, Self.task.replacing("trials: 15", with: "trials: 1000"))
        search.maximumSeconds = 2
        do {
            let result = try search.run()
            #expect((1..<1000).contains(result.ranked.count) && result.best != nil)
        } catch let problem as FeatureProblem {
            // A machine that is busy enough does not get through the first.
            #expect("\(problem)".contains("--max-time"))
        }
    }

    @Test("Ranges whose values a setting cannot have are named before anything is trained")
    func impossibleRanges() throws {
        let folder = try folder()
        let text = Self.task.replacing("model.hidden: {choice: [4, 8, 16]}", with: "model.hiden: {choice: [4]}")
            .replacing("{range: [0, 0.4], step: 0.1}", with: "{range: [0, 2], step: 0.5}")
        let error = try #require(
            #expect(throws: ConfigProblems.self) { _ = try tuning(folder, text).run() })
        #expect(error.problems.map(\.setting) == ["tune.space.model.dropout", "tune.space.model.hiden"])
        #expect("\(error)".contains("Did you mean 'hidden'?"), "\(error)")
        for wrong in ["{log: [0, 1]}", "{range: [2, 1]}", "{choice: []}", "{log: [1, 2], step: 1}", "[1, 2]", "{}"] {
            let text = Self.task.replacing("{choice: [4, 8, 16]}", with: wrong)
            #expect(throws: ConfigProblems.self, "\(wrong)") { try folder.config(text) }
        }
        for config in [
            try folder.config(Self.task), try folder.config(Self.task.replacing("text}", with: "category}")),
        ] {
            for (path, range) in TuneSpace.usual(for: config) {
                for place in [0, 0.999] {
                    let value = ConfigNode(range.value(at: place))
                    _ = try folder.config(Self.task, [(path: path, value: value)])
                }
            }
        }
    }

    @Test("Values have places that lead back to them")
    func places() throws {
        let ranges: [TuneRange] = [
            .choice(["a", 2, [1, 2]]), .range(low: 0, high: 0.5, step: 0.1), .range(low: 16, high: 64, step: 16),
            .log(low: 1e-5, high: 30), .range(low: -1, high: 1, step: nil),
        ]
        for range in ranges {
            for step in 0..<50 {
                let value = range.value(at: Double(step) / 50)
                let place = try #require(range.place(of: value), "\(range) \(value)")
                #expect(range.value(at: place) == value || range.count == nil, "\(range) \(value)")
                if range.count == nil { #expect(abs(place - Double(step) / 50) < 0.001) }
            }
        }
        #expect((0..<4).map { ranges[2].value(at: Double($0) / 4) } == [16, 32, 48, 64], "whole numbers stay whole")
        #expect(ranges[1].value(at: 0.99) == .number(0.5) && ranges[1].value(at: 0.5) == .number(0.3))
        #expect(TuneRange.log(low: 1e-4, high: 1e-2).value(at: 0.5) == .number(0.001))
    }

    @Test("Halving gives the best third of a rung thrice the epochs, and takes another where too many failed")
    func halving() {
        let space = TuneSpace(["train.learning_rate": .log(low: 1e-4, high: 1e-1)])
        let search = TuneSearch(space: space, search: .halving, seed: 3)
        var trials: [TuneTrial] = []
        for number in 0..<27 {
            var trial = search.next(after: trials)
            #expect(trial.number == number)
            // Loss by place in the bracket; in the second bracket all but two fail.
            if number < 14 { trial.score = Double((number * 5) % 13) }
            if number == 15 || number == 16 { trial.score = Double(number) }
            if number > 22 { trial.score = 1 }
            trials.append(trial)
        }
        #expect(
            trials.map { ($0.budget * 9).rounded() } == [9]
                + (0..<2).flatMap { _ in [1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9] })
        let ranked = trials[1...9].sorted { $0.score! < $1.score! }
        #expect(trials[10...12].map(\.settings) == ranked.prefix(3).map(\.settings))
        let winner = trials[10...12].min { $0.score! < $1.score! }
        #expect(trials[13].settings == winner?.settings)
        #expect(trials[23...24].map(\.settings) == trials[15...16].map(\.settings))
        #expect(
            !trials[14...22].map(\.settings).contains(trials[25].settings), "a new one in the place of a failed one")
    }

    /// Catches an estimator that takes bad for good, or dimensions for each other.
    @Test("Choosing by what was found ends nearer to the best than lots do")
    func parzen() {
        let space = TuneSpace([
            "a": .range(low: 0, high: 1, step: nil), "b": .range(low: 0, high: 1, step: nil),
            "c": .choice(["x", "y", "z", "w"]),
        ])
        func best(_ search: TuneConfig.Search, seed: UInt64) -> Double {
            let search = TuneSearch(space: space, search: search, seed: seed)
            var trials: [TuneTrial] = []
            for _ in 0..<50 {
                var trial = search.next(after: trials)
                let (a, b) = (trial.settings["a"]?.double ?? 1, trial.settings["b"]?.double ?? 1)
                let penalty = trial.settings["c"] == "z" ? 0 : 0.3
                trial.score = (a - 0.7) * (a - 0.7) + (b - 0.2) * (b - 0.2) + penalty
                trials.append(trial)
            }
            return trials.compactMap(\.score).min()!
        }
        let seeds = (0..<15).map { UInt64($0) }
        let lots = seeds.reduce(0) { $0 + best(.random, seed: $1) }
        let chosen = seeds.reduce(0) { $0 + best(.bayes, seed: $1) }
        #expect(chosen < lots / 2, "by what was found \(chosen), by lot \(lots)")
    }

    @Test(
        "Settings are put into the text where they belong",
        arguments: [
            ("train:\n  epochs: 3 # few\n", "train:\n  epochs: 7 # few\n"),
            ("train: {seed: 1, epochs: 3}  # all\n", "train: {seed: 1, epochs: 7}  # all\n"),
            ("train: {}\n", "train: {epochs: 7}\n"),
            ("train:\n    seed: 1\n", "train:\n    epochs: 7\n    seed: 1\n"),
            ("a: 1 # epochs: 9\n", "a: 1 # epochs: 9\n\ntrain:\n  epochs: 7\n"),
            ("{\"train\": {\"epochs\": 3}}\n", "{\"train\": {\"epochs\": 7}}\n"),
            ("train:\n  epochs:\n    3\n", "# Comments could not be kept.\ntrain:\n  epochs: 7\n"),
        ])
    func edits(before: String, after: String) throws {
        let folder = try TaskFolder()
        let file = try folder.write(before, "run.yaml")
        #expect(try TaskFileEdit.text(file, setting: [("train.epochs", 7)]) == after)
    }

    @Test("Columns' settings and lists are put in too")
    func columnEdits() throws {
        let folder = try TaskFolder()
        let text =
            "inputs:\n  - name: a  # first\n    type: text\n  - {name: b, type: number}\nmodel:\n  channels: [1, 2] # two\n"
        let edited = try TaskFileEdit.text(
            folder.write(text, "run.yaml"),
            setting: [("inputs.a.type", "set"), ("inputs.b.scale", "log"), ("model.channels", [3, 4, 5])])
        #expect(edited.contains("- name: a  # first\n    type: set"), "\(edited)")
        #expect(edited.contains("scale: log") && edited.contains("channels: [3, 4, 5] # two"), "\(edited)")
    }
}
