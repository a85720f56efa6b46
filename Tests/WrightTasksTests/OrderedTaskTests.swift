import Testing
import Wright
@testable import WrightTasks

/// Tasks over steps and moments: what is asked of each step, and what comes next.
struct OrderedTaskTests {
    /// Rows of steps: the class of a step is whether its item is the one before it again; nobody who looks only at one
    /// item knows it.
    private static func steps(_ count: Int) -> String {
        var lines = ["item,again"]
        for row in 0..<count {
            let items = (0..<(3 + row % 9)).map { step in
                ["a", "b", "c"][(row * 7 + step * step / 2 + row / 5 * step) % 3]
            }
            let again = items.indices.map { $0 > 0 && items[$0] == items[$0 - 1] ? "y" : "n" }
            lines.append("\(items.joined(separator: " ")),\(again.joined(separator: " "))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("A class for each step is learned from the steps around it; a saved model answers as before, step for step")
    func steps() throws {
        let folder = try TaskFolder()
        let path = try folder.write(Self.steps(160), "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs: [{name: item, type: sequence}]
            outputs: [{name: again, type: sequence}]
            model: {item_dimension: 8, memory: 16, dropout: 0}
            train: {epochs: 30, batch_size: 16, learning_rate: 0.02, patience: 30}
            """
        let result = try folder.run(folder.config(text))
        let table = try TaskTable(path)
        let values = try result.model.evaluate(table).json["outputs"]?["again"]
        #expect(values?["accuracy"]?.double ?? 0 > 0.95, "\(values?.text() ?? "nothing")")
        try TaskArtifact.write(result.model, to: "\(folder.path)/model", writer: "test")
        let loaded = try TaskArtifact.read("\(folder.path)/model", on: CPUBackend())
        let (one, other) = (try result.model.predict(table), try loaded.predict(table))
        #expect(one == other)
        let items = table.column("item")!
        #expect(
            zip(one[0].fields, items).allSatisfy { $0.split(separator: " ").count == $1!.split(separator: " ").count })
    }

    @Test("A shifted sequence knows what came before and not what is asked, and nothing looks ahead")
    func shifted() throws {
        var settings = SequenceInput.Settings()
        settings.shift = 1
        let feature = try settings.fit(["x y x", "y y"])
        let encoded = feature.encode(["x y x", "z", nil])
        let numbers = (0..<3).map { Array(encoded.sequences[0][$0]) }
        #expect(numbers[0][0] == 2 && numbers[1] == [2] && numbers[2] == [])
        let plain = try SequenceInput.Settings().fit(["x y x", "y y"]).encode(["x y x"]).sequences[0]
        #expect(Array(numbers[0].dropFirst()) == Array(plain[0].prefix(2)))
        #expect(encoded.defects.mapValues(\.english) == [2: "without a step"])
        #expect(!feature.shape.sequences[0].looksAhead)

        let folder = try TaskFolder()
        let path = try folder.write(Self.steps(40), "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs: [{name: item, type: sequence}, {name: again, type: sequence, shift: 1}]
            outputs: [{name: again, type: sequence}]
            model: {item_dimension: 4, memory: 6}
            train: {epochs: 1}
            """
        let model = try folder.run(folder.config(text)).model
        let lines = try ["a b b c,n n y n", "a b b c,n n y y", "a b b a,n n y n"].map { row in
            try model.predict(TaskTable(folder.write("item,again\n\(row)\n", "one.csv")))[1].fields[0].split(
                separator: " ")
        }
        #expect(lines[0] == lines[1], "the last answer is asked, not given")
        #expect(lines[0].prefix(3) == lines[2].prefix(3), "a later item is not known before its step")
        _ = path
    }

    @Test("Sequences of other lengths than the rest of their row are counted and left out")
    func misaligned() throws {
        let folder = try TaskFolder()
        let path = try folder.write(Self.steps(30) + "a b c,n n\n", "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs: [{name: item, type: sequence}]
            outputs: [{name: again, type: sequence}]
            model: {item_dimension: 4, memory: 6}
            train: {epochs: 1}
            """
        let measured = try folder.run(folder.config(text)).model.evaluate(TaskTable(path))
        #expect(measured.examples == 30)
        #expect("\(measured.report)".contains("1 with other numbers of steps in \"item\" and \"again\" (line 32)"))
    }

    @Test("Outputs that do not go with their inputs are refused, each in words")
    func misplaced() throws {
        let folder = try TaskFolder()
        func problem(_ inputs: String, _ outputs: String, _ rest: String = "") throws -> String {
            try folder.problems("data: {path: a.csv}\ninputs: [\(inputs)]\noutputs: [\(outputs)]\n\(rest)").map(\.text)
                .joined(separator: " | ")
        }
        #expect(try problem("{name: a, type: number}", "{name: b, type: sequence}").contains("no input is one"))
        #expect(try problem("{name: a, type: sequence}", "{name: a, type: sequence}").contains("shift: 1"))
        #expect(try problem("{name: a, type: series}", "{name: a, type: forecast}").contains("the kind time"))
        #expect(
            try problem("{name: a, type: series}", "{name: b, type: forecast}", "split: {kind: time, column: t}")
                .contains(
                    "of type series too"))
        #expect(try problem("{name: a, type: series}", "{name: b, type: number}").contains("go together"))
    }

    // MARK: Moments

    private static func moments(_ count: Int, leaving out: Set<Int> = [], unknown: Set<Int> = []) -> String {
        let hours = (0..<count).filter { !out.contains($0) }.map { hour -> String in
            let value = Double([0, 3, 5, 4, 1, -2][hour % 6]) + Double(hour) * 0.01
            let other = 100 * Double((hour * 5) % 12)
            let time = "2024-01-\(hour / 24 < 9 ? "0" : "")\(hour / 24 + 1) \(hour % 24 < 10 ? "0" : "")\(hour % 24):00"
            return "\(time),\(unknown.contains(hour) ? "" : "\(value)"),\(other)"
        }
        return (["time,load,other"] + hours).joined(separator: "\n") + "\n"
    }

    @Test("What repeats itself is forecast; the next rows carry on in time; a saved model forecasts as before")
    func forecast() throws {
        let folder = try TaskFolder()
        let table = try TaskTable(folder.write(Self.moments(400), "rows.csv"))
        let text = try InitialTask.text(table, path: "rows.csv", targets: ["load"], data: DataConfig())
        let config = try folder.config(
            text.replacing("seed: 0", with: "epochs: 40\n  learning_rate: 0.01\n  patience: 40"))
        #expect(config.forecasts && config.split.column == "time" && config.inputs.count == 2)
        let result = try folder.run(config)
        let test = result.test?.json["outputs"]?["load"]
        #expect(test?["mse_standardized"]?.double ?? 1 < 0.02, "\(test?.text() ?? "nothing")")
        try TaskArtifact.write(result.model, to: "\(folder.path)/model", writer: "test")
        let loaded = try TaskArtifact.read("\(folder.path)/model", on: CPUBackend())
        let next = try loaded.predict(table)
        #expect(try next == result.model.predict(table))
        #expect(next.map(\.name) == ["time", "load"])
        #expect(next[0].fields.prefix(2) == ["2024-01-17 16:00:00", "2024-01-17 17:00:00"])
        let truth = (400..<408).map { Double([0, 3, 5, 4, 1, -2][$0 % 6]) + Double($0) * 0.01 }
        #expect(next[1].fields.count == 8)
        for (field, value) in zip(next[1].fields, truth) { #expect(abs(Double(field)! - value) < 0.6) }
    }

    @Test("Windows with a gap in time are left out and counted, unknown values count nothing, disorder is refused")
    func gaps() throws {
        let folder = try TaskFolder()
        let text = """
            data: {path: rows.csv}
            split: {kind: time, column: time, validation: 0.2, test: 0.2}
            inputs: [{name: load, type: series, lookback: 12}]
            outputs: [{name: load, type: forecast, horizon: 3}]
            train: {epochs: 1}
            """
        try folder.write(Self.moments(200, leaving: [60, 61], unknown: [20, 199]), "rows.csv")
        var said: [String] = []
        var run = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.say = { said.append($0.english) }
        let result = try run.run()
        #expect(said.contains { $0.contains("1 gap, the first before line 62; 14 rows") }, "\(said)")
        #expect(result.test?.json["outputs"]?["load"]?["mse"]?.double?.isFinite == true)
        // 198 rows: the last three have too little after them, and the windows of the last part end before its first row.
        #expect(result.test?.examples == 40 - 3 + 1)
        var lines = Self.moments(60).split(separator: "\n")
        lines.swapAt(10, 11)
        try folder.write(lines.joined(separator: "\n"), "rows.csv")
        let config = try folder.config(text)
        let error = #expect(throws: (any Error).self) { try folder.run(config) }
        let words = "\(try #require(error))"
        #expect(words.contains("line 12") && words.contains("sort the rows"))
    }

    @Test("Windows belong to the part that their answer lies in, and no answer is in two parts")
    func windows() throws {
        var config = SplitConfig()
        (config.kind, config.validation, config.test) = (.time, 0.2, 0.2)
        let split = try TaskSplit(windowsEndingWith: Array(11..<97), of: 100, horizon: 3, config)
        #expect(split.members[0].training == Array(11...56))
        #expect(split.members[0].validation == Array(59...76))
        #expect(split.test == Array(79..<97))
        #expect(split.fitting == Array(0..<60))
    }

    @Test("A table of steps is seen as one, with its target of the steps before where that has two values")
    func guess() throws {
        let folder = try TaskFolder()
        let table = try TaskTable(folder.write(Self.steps(60), "rows.csv"))
        let config = try folder.config(
            InitialTask.text(table, path: "rows.csv", targets: ["again"], data: DataConfig()))
        #expect(config.inputs.map(\.type) == ["sequence", "sequence"] && config.outputs.map(\.type) == ["sequence"])
        #expect(config.json["inputs"]?.array?[1]["shift"] == 1)
    }
}
