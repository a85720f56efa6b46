import Wright
import WrightTesting

@testable import WrightTasks

/// What makes the messages of training, of what was trained and of searches come up. Where something has to be trained, it is
/// for one epoch and on a few rows.
enum TrainedTaskTriggers {
    static let all: [MessageCode: MessageTrigger] = runs.merging(models) { one, _ in one }
        .merging(searches) { one, _ in one }

    private static let runs: [MessageCode: MessageTrigger] = [
        .dataRefused: {
            let folder = try TaskFolder()
            try folder.write(CleaningTests.leaking(), "rows.csv")
            _ = try folder.run(folder.config(CleaningTests.task))
        },
        .noTrainingRow: {
            let folder = try TaskFolder()
            try folder.write("s,y,part\n,p,train\n,q,train\na b,p,validation\nb a,q,validation\n", "rows.csv")
            _ = try folder.run(
                folder.config(
                    """
                    data: {path: rows.csv}
                    split: {kind: column, column: part}
                    inputs: [{name: s, type: sequence}]
                    outputs: [{name: y, type: binary}]
                    """))
        },
        .memory: {
            let folder = try TaskFolder()
            let path = try folder.write(MadeRows.csv(120), "rows.csv")
            let text = "data: {path: rows.csv}\n\(MadeRows.columns)\ntrain: {sampling: balanced}\n"
            var run = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend(threads: 1))
            run.table = try TaskTable(paths: [path], run.config.data, limit: 50)
            run.maximumMemory = 64 << 20
            run.checksData = false
            _ = try run.prepare()
        },
    ]

    // MARK: Models

    private static let models: [MessageCode: MessageTrigger] = [
        .noForecast: {
            let folder = try TaskFolder()
            func moments(_ times: some Sequence<Int>) -> String {
                "time,load\n" + times.map { "\($0),\($0 % 5)\n" }.joined()
            }
            try folder.write(moments(0..<40), "rows.csv")
            let model = try folder.run(
                folder.config(
                    """
                    data: {path: rows.csv}
                    split: {kind: time, column: time, validation: 0.2, test: 0.2}
                    inputs: [{name: load, type: series, lookback: 4}]
                    outputs: [{name: load, type: forecast, horizon: 2}]
                    train: {epochs: 1}
                    """)
            ).model
            // The last row comes long after the one before it.
            _ = try model.predict(TaskTable(folder.write(moments(Array(0..<10) + [20]), "later.csv")))
        },
        .noAnswer: {
            let folder = try TaskFolder()
            try folder.write("s,y\n" + String(repeating: "a b,p\nb a,q\n", count: 8), "rows.csv")
            let model = try folder.run(
                folder.config(
                    """
                    data: {path: rows.csv}
                    inputs: [{name: s, type: sequence}]
                    outputs: [{name: y, type: binary}]
                    model: {hidden: 4, item_dimension: 4, memory: 4}
                    train: {epochs: 1, folds: 1}
                    """)
            ).model
            _ = try model.integratedGradients(row: 0, of: TaskTable(folder.write("s,y\n,p\n", "empty.csv")))
        },
        .noKnownTruth: {
            let folder = try TaskFolder()
            let rows = MadeRows.csv(3).replacing(",yes,", with: ",perhaps,").replacing(",no,", with: ",perhaps,")
            let model = try TaskArtifact.read("\(StoredTaskTests.stored)/task-2", on: CPUBackend(threads: 1))
            _ = try model.evaluate(TaskTable(folder.write(rows, "rows.csv")))
        },
        .otherAnswers: {
            _ = try evaluation("y", ["no", "yes"]).compared(as: "a", with: evaluation("y", ["no", "perhaps"]), as: "b")
        },
        .nothingToCompare: {
            _ = try evaluation("y", ["no", "yes"]).compared(as: "a", with: evaluation("z", ["no", "yes"]), as: "b")
        },
    ]

    /// Two rows that are answered rightly.
    private static func evaluation(_ output: String, _ classes: [String?]) throws -> TaskEvaluation {
        let answers = TaskEvaluation.Output(
            name: output, values: [], rows: [0, 1],
            predictions: Predictions(probabilities: [[1, 0], [0, 1]], labels: [0, 1]),
            feature: try CategoryOutput.BinarySettings().fit(classes))
        return TaskEvaluation(outputs: [answers], examples: 2, report: DropReport(unit: "row"))
    }

    // MARK: Searches

    /// A search in the folder `search`, of a number that follows from another.
    private static func search(
        _ folder: TaskFolder, _ rest: String = "", parts: [String] = ["train", "validation"]
    ) throws -> TuneRun {
        let rows = (0..<12).map { "\($0),\(2 * $0),\(parts[$0 / 11])\n" }
        try folder.write("a,y,part\n" + rows.joined(), "rows.csv")
        let file = try folder.write(
            """
            data: {path: rows.csv}
            inputs: [{name: a, type: number}]
            outputs: [{name: y, type: number}]
            split: {kind: column, column: part}
            model: {hidden: 4, frequencies: 2}
            train: {epochs: 1}
            tune: {trials: 1}
            \(rest)
            """, "run.yaml")
        return try TuneRun(file: file, folder: "\(folder.path)/search", on: CPUBackend(threads: 1))
    }

    private static let searches: [MessageCode: MessageTrigger] = [
        .notATrial: {
            let folder = try TaskFolder()
            try FileAccess.createFolder("\(folder.path)/search")
            try folder.write("{\"trial\": 3}\n", "search/trials.jsonl")
            _ = try search(folder).run()
        },
        .searchTime: {
            let folder = try TaskFolder()
            var run = try search(folder)
            run.maximumSeconds = 0
            _ = try run.run()
        },
        .noHeldOut: {
            let folder = try TaskFolder()
            _ = try search(folder, parts: ["train", "train"]).run()
        },
        // Of a single row nobody can say how much of the difference between rows is explained.
        .metricNotFinite: {
            let folder = try TaskFolder()
            _ = try search(folder, "goal: {metric: r2}").run()
        },
    ]
}
