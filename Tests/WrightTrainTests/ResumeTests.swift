import Foundation
import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

@testable import WrightTrain

/// Checkpoints: a run that was stopped anywhere and resumed comes out as one that was not, bit for bit.
struct ResumeTests {
    private struct Stop: Error {}

    private func config(_ folder: String?, _ change: (inout Trainer.Config) -> Void = { _ in }) -> Trainer.Config {
        var config = Trainer.Config()
        config.epochs = 4
        config.restoresBest = false
        config.validationInterval = .steps(5)
        config.clipping = .norm(1)
        config.plateau = Plateau(decay: 0.5, patience: 1, threshold: 0.01)
        config.checkpoints = folder.map { Trainer.Checkpoints(folder: $0, interval: .steps(3)) }
        change(&config)
        return config
    }

    private func fit(
        _ config: Trainer.Config, _ model: TinyModel = TinyModel(), callbacks: [any Callback] = [],
        resume: Resume = .automatic, interruption: Interruption = Interruption()
    ) throws -> TrainingResult {
        let trainer = try TinyModel.trainer(model, config: config, schedule: CosineSchedule(steps: 40))
        return try trainer.fit(
            TinyModel.pipeline(), validation: TinyModel.pipeline(count: 20, seed: 9), callbacks: callbacks,
            resume: resume, interruption: interruption)
    }

    /// A callback that throws ends the process's part of the run as abruptly as a signal: nothing is written after it.
    private func killer(after step: Int) -> Recorder {
        let recorder = Recorder()
        recorder.onStep = { if $0 == step { throw Stop() } else { return .proceed } }
        return recorder
    }

    /// Catches best weights that are forgotten: here the first validation is the best, and lies before the checkpoint.
    @Test func bestWeightsInMemoryAreResumedToo() throws {
        let folder = try TemporaryFolder()
        func change(_ config: inout Trainer.Config) {
            config.plateau = nil
            config.restoresBest = true
            config.monitor = Trainer.Monitor("loss", goal: .highest)
            config.checkpoints?.keepsBest = false
        }
        let whole = TinyModel()
        _ = try fit(config(nil, change), whole, callbacks: [BestWeights(of: whole)])
        #expect(throws: Stop.self) {
            let model = TinyModel()
            _ = try fit(config(folder.path, change), model, callbacks: [BestWeights(of: model), killer(after: 14)])
        }
        let resumed = TinyModel(seed: 77)
        let result = try fit(config(folder.path, change), resumed, callbacks: [BestWeights(of: resumed)])
        #expect(result.best?.step == 5 && result.best?.checkpoint == nil)
        #expect(resumed.bits == whole.bits)
    }

    /// Catches anything that a checkpoint forgets: moments, random key, position, running means, plateau, sums.
    @Test(arguments: [1, 2], [1, 3, 4, 9, 14, 22])
    func killedAndResumedEqualsUninterrupted(accumulation: Int, step: Int) throws {
        let folder = try TemporaryFolder()
        func change(_ config: inout Trainer.Config) { config.accumulation = accumulation }
        let whole = TinyModel()
        let wholeRecorder = Recorder()
        let expected = try fit(config(nil, change), whole, callbacks: [wholeRecorder])
        guard step < expected.step else { return }

        let first = killer(after: step)
        #expect(throws: Stop.self) { _ = try fit(config(folder.path, change), callbacks: [first]) }
        // Other weights to begin with: all must come from the checkpoint, of which the first is that of step 3.
        let resumed = TinyModel(seed: step <= 3 ? 1 : 77)
        let recorder = Recorder()
        let result = try fit(config(folder.path, change), resumed, callbacks: [recorder])
        #expect(resumed.bits == whole.bits)
        #expect(result.step == expected.step && result.validation == expected.validation)
        #expect(result.best.map(\.value) == expected.best.map(\.value))
        #expect(try #require(recorder.steps.first).step <= step)
        // What is reported, means over an epoch included, is the same too.
        #expect(
            recorder.epochs.map(\.training) == Array(wholeRecorder.epochs.suffix(recorder.epochs.count)).map(\.training)
        )
        let rates = wholeRecorder.steps.suffix(recorder.steps.count).map(\.learningRate)
        #expect(recorder.steps.map(\.learningRate) == rates)
    }

    /// Catches validation done twice or never when Ctrl-C falls between a step and its validation.
    @Test func interruptionWritesACheckpointAndResumes() throws {
        let whole = TinyModel()
        let wholeRecorder = Recorder()
        _ = try fit(config(nil), whole, callbacks: [wholeRecorder])
        let folder = try TemporaryFolder()
        var validations: [Int] = []
        for _ in 0..<100 {
            let interruption = Interruption()
            let recorder = Recorder()
            let model = TinyModel(seed: 99)
            var count = 0
            recorder.onStep = { _ in
                count += 1
                if count == 5 { interruption.request() }
                return .proceed
            }
            defer { validations += recorder.validations.map(\.step) }
            do {
                let seeded = validations.isEmpty && count == 0 ? TinyModel() : model
                _ = try fit(config(folder.path), seeded, callbacks: [recorder], interruption: interruption)
                validations += recorder.validations.map(\.step)
                recorder.events = []
                #expect(seeded.bits == whole.bits)
                break
            } catch let error as TrainingError {
                guard case .interrupted(let step, let checkpoint?) = error else { throw error }
                #expect(checkpoint.hasSuffix("step-0000000\(step)") || step > 9)
                #expect(error.description.contains("Resume from"))
            }
        }
        #expect(validations == wholeRecorder.validations.map(\.step))
    }

    @Test func lastAndBestAreKeptAndTheBestIsRestored() throws {
        let folder = try TemporaryFolder()
        let model = TinyModel()
        let recorder = Recorder()
        let result = try fit(
            config(folder.path) {
                $0.restoresBest = true
                $0.monitor = Trainer.Monitor("loss", goal: .highest)
                $0.plateau = nil
            }, model, callbacks: [recorder])
        let best = try #require(result.best)
        #expect(best.step < result.step)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["best", "last", "lock", "step-0000000\(best.step)", "step-000000\(result.step)"])
        let stored = try SafetensorsFile(folder.path + "/best/model.safetensors").tensor("first.weight")
        #expect(model.first.weight.buffer.array(of: Float.self) == stored.array(of: Float.self))
        #expect(recorder.validations.first { $0.step == best.step }?.values[0].value == best.value)
    }

    /// Catches a resume that silently goes on with other settings.
    @Test func anotherRunsCheckpointIsRefused() throws {
        let folder = try TemporaryFolder()
        _ = try fit(config(folder.path))
        let error = try #require(throws: TrainingError.self) {
            _ = try fit(config(folder.path) { ($0.seed, $0.clipping, $0.epochs) = (4, .none, 9) })
        }
        guard case .otherRun(_, let differences) = error else { return #expect(Bool(false), "\(error)") }
        #expect(
            differences.map(\.english) == [
                "clipping: norm(1.0) in the checkpoint, none now", "seed: 0 in the checkpoint, 4 now",
            ])
        // More epochs are the same run, made longer.
        let longer = try fit(config(folder.path) { $0.epochs = 5 })
        #expect(longer.step == 35)
        // A new run does not take an old one's place unasked.
        #expect(throws: TrainingError.self) { _ = try fit(config(folder.path), resume: .never) }
        let replaced = try fit(config(folder.path) { $0.checkpoints!.replacesEarlierRun = true }, resume: .never)
        #expect(replaced.step == 28)
    }

    @Test func anotherModelsCheckpointNamesTheTensors() throws {
        let folder = try TemporaryFolder()
        _ = try fit(config(folder.path))
        struct Other: Module {
            var first = TinyModel.Dense(4, 3, seed: 1)
        }
        let (model, settings) = (Other(), config(folder.path))
        let trainer = try Trainer(
            model, settings,
            groups: ParameterGroup.separating(weights: Adam(learningRate: 0.02), rest: Adam(learningRate: 0.02)),
            schedule: CosineSchedule(steps: 40), on: Interpreter()
        ) { model, batch in
            let loss = model.first(batch.input.cast(to: .float32)).squared().mean()
            return Objective(loss: loss, measures: ["accuracy": loss])
        }
        let error = try #require(throws: TrainingError.self) {
            _ = try trainer.fit(
                TinyModel.pipeline(), validation: TinyModel.pipeline(count: 20, seed: 9), resume: .automatic)
        }
        guard case .otherRun(_, let differences) = error else { return #expect(Bool(false), "\(error)") }
        #expect(differences.map(\.english).contains("first.weight: float32[4, 5] in the checkpoint, float32[4, 3] now"))
        #expect(differences.map(\.english).contains("second.bias: float32[3] in the checkpoint, nothing now"))
    }

    /// Catches a crash, or a half-restored run, on damaged files.
    @Test(arguments: ["model.safetensors", "optimizer.safetensors", "state.json"])
    func damagedCheckpointsAreNamed(file: String) throws {
        let folder = try TemporaryFolder()
        _ = try fit(config(folder.path))
        let path = folder.path + "/last/" + file
        let whole = try Data(contentsOf: URL(filePath: path))
        for length in [0, 5, whole.count / 2, whole.count - 3] {
            try whole.prefix(length).write(to: URL(filePath: path))
            let error = #expect(throws: (any Error).self) { _ = try fit(config(folder.path) { $0.epochs = 5 }) }
            #expect(error.map { "\($0)" }?.contains(file) == true)
        }
    }

    @Test func twoRunsDoNotShareAFolder() throws {
        let folder = try TemporaryFolder()
        let first = try CheckpointFolder(folder.path)
        let error = #expect(throws: TrainingError.self) { _ = try CheckpointFolder(folder.path) }
        #expect(error.map { "\($0)" }?.contains("another process") == true)
        withExtendedLifetime(first) {}
    }

    /// A write that fails half-way leaves what was there, and the next one succeeds.
    @Test func aFailedWriteLeavesThePreviousCheckpoint() throws {
        let folder = try TemporaryFolder()
        let checkpoints = try CheckpointFolder(folder.path)
        func write(_ step: Int, isBest: Bool = false, fails: Bool = false) throws {
            _ = try checkpoints.write(step: step, isBest: isBest) { path in
                try AtomicFile.write(Array("{}".utf8), to: path + "/state.json")
                if fails { throw Stop() }
            }
        }
        try write(1, isBest: true)
        #expect(throws: Stop.self) { try write(2, fails: true) }
        #expect(try checkpoints.newest == folder.path + "/step-00000001")
        try write(2)
        try write(3)
        #expect(try checkpoints.newest == folder.path + "/step-00000003")
        #expect(checkpoints.checkpoint("best") == folder.path + "/step-00000001")
        try write(3)
        #expect(try checkpoints.newest == folder.path + "/step-00000003.2")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["best", "last", "lock", "step-00000001", "step-00000003.2"])
        // Lost links: the newest whole checkpoint is found.
        try FileManager.default.removeItem(atPath: folder.path + "/last")
        #expect(try checkpoints.newest == folder.path + "/step-00000003.2")
    }
}
