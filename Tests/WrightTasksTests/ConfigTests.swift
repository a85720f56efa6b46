import Testing
import Wright
@testable import WrightTasks

/// Task files: everything that is wrong at once, with its line; and that what is shown is what was read.
struct ConfigTests {
    static let sound = """
        data:
          path: rows.csv
        inputs:
          - {name: size, type: number}
          - name: color
            type: category
        outputs:
          - name: big
            type: binary
        """

    @Test("A sound file gives its settings, and defaults for the rest")
    func sound() throws {
        let config = try TaskFolder().config(Self.sound)
        #expect(config.inputs.map(\.name) == ["size", "color"])
        #expect(config.inputs.map(\.type) == ["number", "category"])
        #expect(config.outputs.map(\.type) == ["binary"])
        #expect(config.train.seed == 0)
        #expect(config.split.validation == 0.1)
    }

    @Test("All mistakes are found at once, each with its line, and near names are suggested")
    func allMistakes() throws {
        let text = """
            data:
              paht: rows.csv
            inputs:
              - name: size
                type: nmber
              - name: color
                type: category
                minimum_count: many
            outputs:
              - name: big
                type: binary
            train:
              epochs: 0
            modle: {}
            """
        let found = try TaskFolder().problems(text)
        let lines = found.map { if case .line(let line) = $0.place { line } else { 0 } }
        try #require(lines == [2, 5, 8, 13, 14], "\(found)")
        let texts = found.map(\.text)
        #expect(texts[0].contains("Did you mean 'path'?"))
        #expect(texts[1].contains("Did you mean 'number'?"))
        #expect(texts[2].contains("a whole number of at least 1, not \"many\""))
        #expect(texts[3].contains("at least 1"))
        #expect(texts[4].contains("Did you mean 'model'?"))
    }

    @Test("A misspelt key is named beside the one that is missing for it", arguments: ["name", "type"])
    func misspeltIsMissing(key: String) throws {
        let texts = try TaskFolder().problems(
            Self.sound.replacing(
                "{name: size, type: number}",
                with: key == "name" ? "{nams: a, type: number}" : "{name: a, typs: number}")
        )
        .map(\.text)
        #expect(texts.contains { $0.contains("'\(key)' is missing") }, "\(texts)")
        #expect(texts.contains { $0.contains("Did you mean '\(key)'?") }, "\(texts)")
    }

    @Test(
        "What YAML takes for something else stays the text that was written",
        arguments: ["no", "2010", "1e3", "null_", "~x", "是", "a: b", "- x", "#c", " y "])
    func textsStay(name: String) throws {
        let scalar = ConfigText.scalar(name)
        let config = try TaskFolder().config(Self.sound.replacing("size", with: scalar))
        #expect(config.inputs[0].name == name)
    }

    @Test("What 'config show' prints reads back as the same task, and so does its JSON")
    func roundTrip() throws {
        let folder = try TaskFolder()
        let config = try folder.config(
            Self.sound + "\ntrain: {folds: 3, learning_rate: 2.5e-4}\nsplit: {kind: group, column: g}")
        #expect(try folder.config(config.resolvedText).json == config.json)
        #expect(try TaskConfig(JSON(parsing: config.json.text()), file: "config.json").json == config.json)
        #expect(config.json["train"]?["learning_rate"] == 2.5e-4)
    }

    @Test("Overrides enter maps by key and lists by name, and wrong ones say so")
    func overrides() throws {
        let folder = try TaskFolder()
        func override(_ path: String, _ value: JSON) -> (path: String, value: ConfigNode) {
            (path, ConfigNode(value, place: .override("\(path)=\(value.text())")))
        }
        let config = try folder.config(
            Self.sound, [override("train.folds", 4), override("inputs.color.minimum_count", 7)])
        #expect(config.train.folds == 4)
        #expect(config.inputs[1].settings is CategoryInput.Settings)
        #expect(config.json["inputs"]?.array?[1]["minimum_count"] == 7)
        let error = #expect(throws: ConfigProblems.self) {
            try folder.config(Self.sound, [override("inputs.colour.type", "text"), override("train.fold", 1)])
        }
        let texts = try #require(error).problems.map(\.description)
        #expect(texts.contains { $0.contains("--set inputs.colour.type") && $0.contains("Did you mean 'color'?") })
        #expect(texts.contains { $0.contains("--set train.fold=1") && $0.contains("Did you mean 'folds'?") })
    }

    @Test("An output that is an input, a column twice and a split without its column are refused")
    func contradictions() throws {
        let folder = try TaskFolder()
        #expect(
            try folder.problems(Self.sound.replacing("name: big", with: "name: size"))[0].text.contains(
                "is an input too"))
        #expect(try folder.problems(Self.sound.replacing("name: color", with: "name: size"))[0].text.contains("twice"))
        #expect(try folder.problems(Self.sound + "\nsplit: {kind: time}")[0].text.contains("needs 'column'"))
    }

    @Test(
        "What is no task at all is refused with its place",
        arguments: ["", "a: [1", "a: 1\na: 2", "\ta: 1", "[1, 2]", "just text"])
    func noTask(text: String) throws {
        let folder = try TaskFolder()
        let error = #expect(throws: (any Error).self) { try folder.config(text) }
        #expect("\(try #require(error))".contains("run.yaml"))
    }

    @Test("The schema has every setting of every type, and JSON files are read like YAML")
    func schema() throws {
        let properties = try #require(TaskConfig.schema()["properties"])
        #expect(properties.object?.keys == ["data", "split", "inputs", "outputs", "model", "train", "goal", "tune"])
        #expect(properties["inputs"]?["items"]?["oneOf"]?.array?.count == InputTypes.all.count)
        #expect(properties["train"]?["properties"]?["seed"]?["default"] == 0)
        let folder = try TaskFolder()
        let json = try folder.config(Self.sound).json
        #expect(try folder.config(json.text(indented: true)).json == json)
    }

    @Test("Every setting and every kind of column is described in Chinese")
    func chineseSchema() throws {
        func descriptions(_ json: JSON) -> [String] {
            switch json {
            case .object(let object):
                object.flatMap { $0.key == "description" ? [$0.value.string ?? ""] : descriptions($0.value) }
            case .array(let values): values.flatMap(descriptions)
            default: []
            }
        }
        let all = descriptions(TaskConfig.schema(in: .chinese))
        #expect(all.count > 100 && all.count == descriptions(TaskConfig.schema()).count)
        for text in all { #expect(text.contains(/\p{Han}/), "\(text)") }
    }

    @Test("Every metric of every output has a name in Chinese")
    func chineseMetrics() throws {
        let classes = (0..<12).map { "\($0)" }
        let outputs: [any OutputFeature] = [
            try CategoryOutput.CategorySettings().fit(classes + classes),
            try NumberOutput.Settings().fit(["1", "2", "3"]), try SetOutput.Settings().fit(["a b", "b c"]),
            try SequenceOutput.Settings().fit(["a b", "b c"]), try SequenceOutput.Settings().fit(["O B-x", "B-x O"]),
            try ForecastOutput.Settings().fit((0..<400).map { "\($0 % 7)" }),
        ]
        for name in Set(outputs.flatMap { $0.metrics.flatMap(\.values).map(\.name) } + ["mean_cost", "ndcg@10"]) {
            #expect(Phrase.metric(name).chinese.contains(/\p{Han}|NDCG|F1/), "\(name)")
        }
    }
}
