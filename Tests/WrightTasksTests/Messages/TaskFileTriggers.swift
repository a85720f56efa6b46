import Wright
import WrightTesting

@testable import WrightTasks

/// What makes the messages of task files and saved tasks come up.
enum TaskFileTriggers {
    static let all: [MessageCode: MessageTrigger] = files.merging(rules) { one, _ in one }.merging(runs) { one, _ in one
    }

    private static let sound = """
        data: {path: rows.csv}
        inputs: [{name: a, type: number}]
        outputs: [{name: y, type: binary}]

        """

    private static func config(_ text: String, set path: String? = nil) throws {
        let overrides = path.map { [(path: $0, value: ConfigNode(JSON.integer(1), place: .override("\($0)=1")))] }
        _ = try TaskFolder().config(text, overrides ?? [])
    }

    private static func columns(_ inputs: String, _ outputs: String, _ rest: String = "") throws {
        try config("data: {path: a.csv}\ninputs: [\(inputs)]\noutputs: [\(outputs)]\n\(rest)")
    }

    private static func run(_ rest: String = "", csv: String = "a,y\n1,p\n2,q\n3,p\n4,q\n", _ text: String = sound)
        throws
    {
        let folder = try TaskFolder()
        try folder.write(csv, "rows.csv")
        _ = try folder.run(folder.config(text + rest))
    }

    private static let files: [MessageCode: MessageTrigger] = [
        .noSuchFile: { _ = try TaskConfig(file: "/nowhere/run.yaml") },
        .emptyTaskFile: { try config("") }, .yaml: { try config("a: [1") }, .notYAML: { try config("a: \u{1}\n") },
        .taskFileTooLarge: {
            try config("a: " + String(repeating: "[", count: 90) + String(repeating: "]", count: 90))
        },
        .keyNotText: { try config("? [a]\n: 1\n") },
        .settingValue: { try config(sound + "train: {folds: many}") },
        .unknownSetting: { try config(sound + "trian: {folds: 2}") },
        .missingSetting: { try config("data: {path: a}\n") },
        .unknownType: { try columns("{name: a, type: numbr}", "{name: y, type: binary}") },
        .columnInListTwice: {
            try columns("{name: a, type: number}, {name: a, type: text}", "{name: y, type: binary}")
        },
        .noSuchOutput: { try config(sound + "goal: {metric: accuracy, at_least: 0.5, output: z}") },
        .noSuchElement: { try config(sound, set: "inputs.b.type") },
        .nothingInside: { try config(sound, set: "data.path.name") },
    ]

    private static let numbers = "a,y\n1,1\n2,2\n3,3\n4,4\n"

    private static let rules: [MessageCode: MessageTrigger] = [
        .goalBounds: { try config(sound + "goal: {metric: accuracy, at_least: 0.9, at_most: 0.8}") },
        .pathAndPaths: { try config(sound.replacing("{path: rows.csv}", with: "{path: a, paths: [b]}")) },
        .delimiter: { try config(sound.replacing("rows.csv", with: "rows.csv, delimiter: ab")) },
        .splitNeedsColumn: { try config(sound + "split: {kind: time}") },
        .splitLeavesNothing: { try config(sound + "split: {validation: 0.5, test: 0.5}") },
        .combiner: { try config(sound + "model: {network: ft-transformer, combiner: gated}") },
        .coefficients: {
            try columns("{name: a, type: audio, bands: 8, coefficients: 9}", "{name: y, type: binary}")
        },
        .sequenceNeedsSequence: { try columns("{name: a, type: number}", "{name: b, type: sequence}") },
        .sequenceGivenAway: { try columns("{name: a, type: sequence}", "{name: a, type: sequence}") },
        .forecastNeedsSeries: {
            try columns("{name: a, type: series}", "{name: b, type: forecast}", "split: {kind: time, column: t}")
        },
        .forecastNeedsTime: { try columns("{name: a, type: series}", "{name: a, type: forecast}") },
        .answerGivenAway: { try columns("{name: a, type: number}", "{name: a, type: number}") },
        .seriesNeedsForecast: { try columns("{name: a, type: series}", "{name: b, type: number}") },
    ]

    private static let runs: [MessageCode: MessageTrigger] = [
        .missingColumn: { try run(csv: "b,y\n1,p\n2,q\n") },
        .balancedNeedsClasses: {
            try run(
                "train: {sampling: balanced}\n", csv: numbers,
                sound.replacing("y, type: binary", with: "y, type: number"))
        },
        .noSuchMetric: { try run("goal: {metric: roc_acu, at_least: 0.9}\n") },
        .costsNameNoClass: { try run("goal: {costs: {maybe: {p: 1}}}\n") },
        .costsNeedClasses: {
            try run(
                "goal: {costs: {p: {q: 1}}}\n", csv: numbers,
                sound.replacing("y, type: binary", with: "y, type: number"))
        },
        .otherColumns: {
            let folder = try TaskFolder()
            try folder.write("a,y\n1,p\n", "rows.csv")
            try folder.write("b,y\n1,p\n", "other.csv")
            let text = sound.replacing("path: rows.csv", with: "paths: [rows.csv, other.csv]")
            _ = try folder.run(folder.config(text))
        },
        .noRowLeft: {
            try run(csv: "a,y\n,p\n,q\n", sound.replacing("rows.csv", with: "rows.csv, clean: {drop_missing: [a]}"))
        },
        .onlyColumnNames: { try run(csv: "a,y\n") },
        .valueOfSpace: {
            let folder = try TaskFolder()
            try folder.write("a,y\n1,p\n2,q\n3,p\n4,q\n", "rows.csv")
            let file = try folder.write(sound + "tune: {space: {model.hiden: {choice: [4]}}}\n", "run.yaml")
            _ = try TuneRun(file: file, folder: "\(folder.path)/search", on: CPUBackend()).run()
        },
        .cannotPredict: { try initial("a,y\n1,\n2,\n", "y") },
        .nothingToLearnFrom: { try initial("y\np\nq\np\nq\n", "y") },
        .notTask: { try saved("{}") }, .taskConfig: { try saved(#"{"task": 3}"#) },
        .missingFeature: { try saved(#"{"networks": 1, "task": \#(task)}"#, features: "{}") },
        .savedFeature: {
            try saved(#"{"networks": 1, "task": \#(task)}"#, features: #"{"inputs": {"a": {}}, "outputs": {"y": {}}}"#)
        },
    ]

    private static let task =
        #"{"data": {"path": "a"}, "inputs": [{"name": "a", "type": "number"}], "outputs": [{"name": "y", "type": "binary"}]}"#

    private static func initial(_ csv: String, _ target: String) throws {
        let folder = try TaskFolder()
        let table = try TaskTable(folder.write(csv, "rows.csv"))
        _ = try InitialTask.text(table, path: "rows.csv", targets: [target], data: DataConfig())
    }

    /// Reads a folder whose config has these members beside the format.
    private static func saved(_ members: String, features: String = "{}") throws {
        let folder = try TaskFolder()
        guard case .object(var object) = try JSON(parsing: members) else { return }
        if object.count > 0 {
            (object["format"], object["format_version"]) = (.string("wright task"), 3)
        }
        try folder.write(JSON.object(object).text(), "config.json")
        try folder.write(features, "features.json")
        _ = try TaskArtifact.read(folder.path, on: CPUBackend())
    }
}
