import Foundation
import Testing
import WrightData
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime
import WrightTesting

@testable import WrightTrain

/// Every code of training, trained models and metrics, said because of what is wrong.
struct TrainMessageTests {
    private static let triggers = training.merging(models) { one, _ in one }.merging(metrics) { one, _ in one }

    @Test("A code is said by what it is for, alike in both languages", arguments: Array(triggers.keys))
    func code(code: MessageCode) throws { expectMessage(code, Self.triggers[code]!) }

    @Test("No code of these areas is without a trigger")
    func everyCode() {
        // Between them are the codes of trained tasks and of models of texts: tests of tasks and of the program have them.
        expectEveryCode(in: [3000...3106, 3111...3111, 3114...3999], isTriggeredBy: Self.triggers.keys)
    }

    // MARK: Training

    private static func config(_ change: (inout Trainer.Config) -> Void = { _ in }) -> Trainer.Config {
        var config = Trainer.Config()
        config.epochs = 1
        change(&config)
        return config
    }

    private static func fit(
        _ config: Trainer.Config, callbacks: [any Callback] = [], resume: Resume = .automatic,
        interruption: Interruption = Interruption()
    ) throws {
        _ = try TinyModel.trainer(config: config).fit(
            TinyModel.pipeline(), validation: TinyModel.pipeline(count: 20, seed: 9), callbacks: callbacks,
            resume: resume, interruption: interruption)
    }

    private static func interrupted(at step: Int, folder: String?) throws {
        let interruption = Interruption()
        let recorder = Recorder()
        recorder.onStep = { now in
            if now == step { interruption.request() }
            return .proceed
        }
        try fit(
            config { $0.checkpoints = folder.map { Trainer.Checkpoints(folder: $0, interval: .steps(2)) } },
            callbacks: [recorder], interruption: interruption)
    }

    /// Changes a text in the state of a finished run's checkpoint and goes on from there.
    private static func resumed(replacing text: String, with other: String) throws {
        let folder = try TemporaryFolder()
        let settings = config { $0.checkpoints = Trainer.Checkpoints(folder: folder.path, interval: .steps(2)) }
        try fit(settings)
        let path = folder.path + "/last/state.json"
        let state = try String(contentsOfFile: path, encoding: .utf8)
        try state.replacing(text, with: other).write(toFile: path, atomically: true, encoding: .utf8)
        try fit(
            config {
                $0.checkpoints = settings.checkpoints; $0.epochs = 2
            })
    }

    private static func earlier(_ resume: Resume, _ change: (inout Trainer.Config) -> Void = { _ in }) throws {
        let folder = try TemporaryFolder()
        let settings = config { $0.checkpoints = Trainer.Checkpoints(folder: folder.path, interval: .steps(2)) }
        try fit(settings)
        try fit(
            config {
                $0.checkpoints = settings.checkpoints; change(&$0)
            }, resume: resume)
    }

    private static func groups(_ groups: [ParameterGroup], loss: @escaping @Sendable (TinyModel) -> Tensor) throws {
        let trainer = try Trainer(TinyModel(), config(), groups: groups, on: Interpreter()) { model, _ in
            Objective(loss: loss(model))
        }
        _ = try trainer.fit(TinyModel.pipeline())
    }

    private static let training: [MessageCode: MessageTrigger] = [
        .diverged: {
            try groups([ParameterGroup(optimizer: SGD(learningRate: 1))]) { model in
                let squares = model.parameters.map { $0.parameter.value.squared().sum() }
                return (Tensor.constant(-1) - squares.reduce(Tensor.constant(0)) { $0 + $1 }).log()
            }
        },
        .interrupted: {
            let folder = try TemporaryFolder()
            try interrupted(at: 3, folder: folder.path)
        },
        .interruptedAtOnce: { throw TrainingError.interrupted(step: 0, checkpoint: nil) },
        .interruptedUnsaved: { try interrupted(at: 3, folder: nil) },
        .otherRun: { try earlier(.automatic) { $0.seed = 9 } }, .earlierRun: { try earlier(.never) },
        .checkpointDamaged: { try resumed(replacing: "formatVersion", with: "version") },
        .checkpointVersion: { try resumed(replacing: "\"formatVersion\": ", with: "\"formatVersion\": 9") },
        .checkpointUnwritten: {
            let folder = try TemporaryFolder()
            let path = folder.path + "/checkpoints"
            let recorder = Recorder()
            recorder.onStep = { step in
                if step == 1 {
                    try FileAccess.removeTree(path)
                    try AtomicFile.write([], to: path)
                }
                return .proceed
            }
            try fit(
                config { $0.checkpoints = Trainer.Checkpoints(folder: path, interval: .steps(2)) },
                callbacks: [recorder])
        },
        .bestWeights: { try BestWeights(of: TinyModel()).restore([:]) },
        .folderInUse: {
            let folder = try TemporaryFolder()
            let first = try CheckpointFolder(folder.path)
            try withExtendedLifetime(first) { _ = try CheckpointFolder(folder.path) }
        },
        .mustBePositive: { try fit(config { $0.accumulation = 0 }) }, .noEnd: { try fit(config { $0.epochs = nil }) },
        .validationBySeconds: { try fit(config { $0.validationInterval = .seconds(1) }) },
        .plateauGoal: {
            var plateau = Plateau(decay: 0.5, patience: 1, threshold: 0.01)
            plateau.goal = .highest
            try fit(config { [plateau] in $0.plateau = plateau })
        },
        .callbackTwice: { try fit(config { $0.patience = 3 }, callbacks: [EarlyStopping(patience: 2)]) },
        .monitorMetric: { try fit(config { $0.monitor = Trainer.Monitor("f1") }) },
        .goalWithoutMetric: { try fit(config(), callbacks: [GoalReached("f1", 0.9, goal: .highest)]) },
        .noPredictions: {
            let evaluator = Evaluator(TinyModel(), on: Interpreter()) { model, batch in
                Objective(loss: model(batch.input.cast(to: .float32)).mean())
            }
            _ = try evaluator.evaluate(TinyModel.pipeline(), metrics: [ConfusionMatrix(classes: 3)])
        },
        .nothingToTrain: { throw ParameterGroupError.nothingToTrain },
        .inNoGroup: {
            try groups([ParameterGroup("none", optimizer: SGD(learningRate: 1)) { _, _ in false }]) {
                $0.first.weight.value.sum()
            }
        },
        .unreached: { try groups([ParameterGroup(optimizer: SGD(learningRate: 1))]) { $0.first.weight.value.sum() } },
    ]

    // MARK: Models

    private static let sample = ModelFolder(
        task: "classification", model: ["architecture": "tiny", "settings": ["width": 5]],
        input: .numbers(InputForm(shape: [2], normalisation: Normalisation(means: [0.5], deviations: [0.2]))),
        labels: LabelNames(["hat", "coat"]), training: [], metrics: [:], curves: [:], writer: "test")

    /// Reads a model whose config has another text.
    private static func model(replacing text: String, with other: String) throws {
        let folder = try TemporaryFolder()
        try sample.save(TinyModel(), to: folder.path)
        let path = folder.path + "/config.json"
        let config = try String(contentsOfFile: path, encoding: .utf8)
        try config.replacing(text, with: other).write(toFile: path, atomically: true, encoding: .utf8)
        _ = try ModelFolder(folder.path)
        try ModelFolder.loadWeights(into: TinyModel(), from: folder.path)
    }

    private struct Other: Module {
        var first = TinyModel.Dense(4, 7, seed: 1)
    }

    private static let models: [MessageCode: MessageTrigger] = [
        .noModel: { _ = try ModelFolder("/nowhere") },
        .notModelConfig: { try model(replacing: "wright model", with: "wrong model") },
        .newerFormat: { try model(replacing: "\"format_version\": 1", with: "\"format_version\": 2") },
        .modelConfig: { try model(replacing: "\"hat\"", with: "\"coat\"") },
        .weightsCutShort: { try model(replacing: "\"weights\": \"", with: "\"weights\": \"0") },
        .otherTensors: {
            let folder = try TemporaryFolder()
            try sample.save(TinyModel(), to: folder.path)
            try ModelFolder.loadWeights(into: Other(), from: folder.path)
        },
        .modelSettings: { _ = try Catalog.config(["architecture": "mlp", "settings": ["hidden": "many"]]) },
    ]

    // MARK: Metrics

    private static let metrics: [MessageCode: MessageTrigger] = [
        .metricOutputs: {
            try add(Predictions(outputs: Buffer([1, 2] as [Float]), targets: Buffer([0, 1] as [Int32])))
        },
        .metricTargets: {
            try add(
                Predictions(
                    outputs: Buffer([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3]), targets: Buffer([0, 1] as [Float])))
        },
        .metricLabel: { try add(Predictions(probabilities: [[1, 0, 0], [0, 1, 0]], labels: [0, 7])) },
        .metricMerge: {
            var matrix = ConfusionMatrix(classes: 3)
            try matrix.merge(ConfusionMatrix(classes: 4))
        },
        .metricExamples: {
            var slices = SliceScores(by: "age", metrics: [ConfusionMatrix(classes: 2)])
            try slices.add(Predictions(scores: [0.9], labels: [1]), values: [])
        },
    ]

    private static func add(_ batch: Predictions) throws {
        var matrix = ConfusionMatrix(classes: 3)
        try matrix.add(batch)
    }
}
