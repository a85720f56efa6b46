import Foundation
import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTrain

/// Keeps what a run says, and may ask for things.
final class Recorder: Callback {
    var steps: [StepReport] = []
    var events: [TrainingEvent] = []
    var onStep: (Int) throws -> Directive = { _ in .proceed }

    func stepEnded(_ step: borrowing StepReport) throws -> Directive {
        steps.append(copy step)
        return try onStep(step.step)
    }

    func received(_ event: TrainingEvent) -> Directive {
        events.append(event)
        return .proceed
    }

    var epochs: [EpochReport] { events.compactMap { if case .epochEnded(let report) = $0 { report } else { nil } } }
    var validations: [ValidationReport] {
        events.compactMap { if case .validated(let report) = $0 { report } else { nil } }
    }
}

struct TrainerTests {
    private func config(epochs: Int = 3, _ change: (inout Trainer.Config) -> Void = { _ in }) -> Trainer.Config {
        var config = Trainer.Config()
        config.epochs = epochs
        change(&config)
        return config
    }

    /// Catches a loop that miscounts, and a step that does not train.
    @Test func lossFallsAndEventsAreInOrder() throws {
        let recorder = Recorder()
        let model = TinyModel()
        let trainer = try TinyModel.trainer(model, config: config(epochs: 20))
        let result = try trainer.fit(
            TinyModel.pipeline(), validation: TinyModel.pipeline(count: 20, seed: 9),
            metrics: [ConfusionMatrix(classes: 3)], callbacks: [recorder])
        #expect(result.end == .completed && result.step == 20 * 7 && result.epochs == 20)
        #expect(recorder.steps.map(\.step) == Array(1...140))
        #expect(recorder.steps[6].batch == 7 && recorder.steps[6].examples == 2 && recorder.steps[7].batch == 1)
        #expect(recorder.steps[139].totalExamples == 1000)
        #expect(recorder.epochs.count == 20 && recorder.validations.count == 20)
        #expect(recorder.epochs[0].examples == 50)
        let names = ["loss"] + ConfusionMatrix(classes: 2).values.map(\.name)
        #expect(recorder.validations[0].values.map(\.name) == names)
        #expect(recorder.epochs[19].training[0].value < recorder.epochs[0].training[0].value * 0.7)
        #expect(try #require(result.best).value < recorder.validations[0].values[0].value)
        #expect(model.states[0].state.variable.buffer.array(of: Float.self).allSatisfy { $0 != 0 })
    }

    /// Catches an epoch mean that weighs the short last batch like the others.
    @Test func meansAreOverExamples() throws {
        let recorder = Recorder()
        let trainer = try TinyModel.trainer(config: config(epochs: 1))
        _ = try trainer.fit(TinyModel.pipeline(), callbacks: [recorder])
        let mean = recorder.steps.reduce(0) { $0 + $1.loss * Double($1.examples) } / 50
        #expect(abs(recorder.epochs[0].training[0].value - mean) < 1e-12)
    }

    /// Catches state that leaks between runs: same seed, same bits.
    @Test func sameSeedSameBits() throws {
        let models = [TinyModel(), TinyModel()]
        for model in models { _ = try TinyModel.trainer(model, config: config()).fit(TinyModel.pipeline()) }
        #expect(models[0].bits == models[1].bits)
        let other = TinyModel()
        _ = try TinyModel.trainer(other, config: config { $0.seed = 8 }).fit(TinyModel.pipeline())
        #expect(other.bits != models[0].bits)
    }

    /// Catches a wrong weighting of batches within a step: accumulated gradients equal those of the large batch. Dropout
    /// and running means see other batches, so this model has neither.
    @Test func accumulationEqualsTheLargeBatch() throws {
        struct Line: Module {
            var weight = Parameter(Buffer([Float](repeating: 0.1, count: 4), shape: [4, 1]))
        }
        func train(_ accumulation: Int, _ batchSize: Int) throws -> ([Float], [StepReport]) {
            let recorder = Recorder()
            let model = Line()
            let trainer = try Trainer(
                model, config(epochs: 2) { ($0.accumulation, $0.clipping) = (accumulation, .norm(0.5)) },
                groups: [ParameterGroup(optimizer: SGD(learningRate: 0.05))], on: Interpreter()
            ) { model, batch in
                let x = batch.input.cast(to: .float32) * 0.1
                let y = x.matmul(model.weight.value).reshaped([batch.count])
                return Objective(loss: (y - batch.target.cast(to: .float32)).squared().mean())
            }
            _ = try trainer.fit(TinyModel.pipeline(count: 44, batchSize: batchSize), callbacks: [recorder])
            return (model.weight.buffer.array(), recorder.steps)
        }
        let (whole, wholeSteps) = try train(1, 12)
        let (parts, partSteps) = try train(3, 4)
        #expect(zip(whole, parts).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(partSteps.map(\.examples) == wholeSteps.map(\.examples))
        #expect(partSteps.map(\.batch) == [3, 6, 9, 11, 3, 6, 9, 11])
        for (a, b) in zip(wholeSteps, partSteps) {
            #expect(abs(a.loss - b.loss) < 1e-5 && abs(a.gradientNorm! - b.gradientNorm!) < 1e-4)
        }
    }

    /// Catches a parameter that trains as if frozen without a word (candle#2168 and others).
    @Test func aParameterWithoutGradientIsNamed() throws {
        let model = TinyModel()
        let trainer = try Trainer(
            model, config(), groups: [ParameterGroup(optimizer: Adam())], on: Interpreter()
        ) { model, batch in Objective(loss: model.first(batch.input.cast(to: .float32)).mean()) }
        let error = try #require(throws: ParameterGroupError.self) { _ = try trainer.fit(TinyModel.pipeline()) }
        #expect(error == .unreached(paths: ["second.weight", "second.bias"]))
    }

    @Test func whatIsFrozenStays() throws {
        let model = TinyModel()
        model.first.weight.isTrainable = false
        let before: [Float] = model.first.weight.buffer.array()
        _ = try TinyModel.trainer(model, config: config()).fit(TinyModel.pipeline())
        #expect(model.first.weight.buffer.array() == before)
    }

    @Test func stepsTimeAndCallbacksEndTraining() throws {
        func end(_ config: Trainer.Config, _ recorder: Recorder = Recorder()) throws -> TrainingResult {
            try TinyModel.trainer(config: config).fit(TinyModel.pipeline(), callbacks: [recorder])
        }
        let recorder = Recorder()
        #expect(try end(config { $0.steps = 10 }, recorder).step == 10)
        // The epoch that was cut short is reported with what there is of it.
        #expect(recorder.epochs.map(\.examples) == [50, 24])
        let timed = try end(config(epochs: 1_000_000) { $0.timeLimit = 0.05 })
        #expect(timed.end == .timeLimit && timed.seconds < 5)
        let stopping = Recorder()
        stopping.onStep = { $0 == 5 ? .stop(reason: Phrase("enough")) : .proceed }
        let stopped = try end(config(), stopping)
        #expect(stopped.end == .stopped(reason: Phrase("enough")) && stopped.step == 5)
    }

    @Test func validationIntervalAndPatience() throws {
        let recorder = Recorder()
        let trainer = try TinyModel.trainer(
            config: config(epochs: 50) {
                $0.validationInterval = .steps(3)
                $0.patience = 2
                $0.monitor = Trainer.Monitor("accuracy", goal: .highest)
            }, optimizer: SGD(learningRate: 1e-12))
        let result = try trainer.fit(
            TinyModel.pipeline(), validation: TinyModel.pipeline(count: 16), callbacks: [recorder])
        #expect(recorder.validations.map(\.step).prefix(2) == [3, 6])
        #expect("\(result.end)" == "no better value in 2 validations")
        #expect(recorder.validations.map(\.isBest).suffix(2) == [false, false])
    }

    @Test func plateauLowersTheRate() throws {
        let recorder = Recorder()
        let trainer = try TinyModel.trainer(
            config: config(epochs: 4) { $0.plateau = Plateau(decay: 0.5, patience: 0, threshold: 0.9) },
            optimizer: SGD(learningRate: 1e-12))
        _ = try trainer.fit(TinyModel.pipeline(), validation: TinyModel.pipeline(count: 16), callbacks: [recorder])
        #expect(recorder.epochs[0].learningRate == 1e-12)
        #expect(recorder.epochs[3].learningRate < 1e-12)
    }

    @Test func limitsUseLessData() throws {
        func run(_ change: (inout Trainer.Limits) -> Void) throws -> Recorder {
            let recorder = Recorder()
            let trainer = try TinyModel.trainer(config: config { change(&$0.limits) })
            _ = try trainer.fit(
                TinyModel.pipeline(), validation: TinyModel.pipeline(count: 40), callbacks: [recorder])
            return recorder
        }
        #expect(try run { $0.fastDevRun = 2 }.steps.map(\.examples) == [8, 8])
        let overfit = try run { $0.overfitBatches = 1 }
        #expect(overfit.steps.map(\.examples) == [8, 8, 8])
        #expect(try run { $0.trainingExamples = 20 }.epochs.map(\.examples) == [20, 20, 20])
    }

    /// Catches a configuration whose problems come out one at a time.
    @Test func everyProblemOfAConfigurationIsNamed() throws {
        let wrong = config {
            ($0.epochs, $0.accumulation, $0.patience) = (nil, 0, 0)
            $0.validationInterval = .seconds(1)
        }
        let error = try #require(throws: TrainingError.self) { _ = try TinyModel.trainer(config: wrong) }
        guard case .configuration(let problems) = error else { return #expect(Bool(false), "\(error)") }
        #expect(problems.count == 4)
        let trainer = try TinyModel.trainer(config: config { $0.monitor = Trainer.Monitor("f1") })
        #expect(throws: TrainingError.configuration([Message(.monitorMetric, "f1", ["loss", "accuracy"])])) {
            _ = try trainer.fit(TinyModel.pipeline(), validation: TinyModel.pipeline())
        }
    }

    @Test func noRowsIsAnError() throws {
        #expect(throws: EmptyPipeline.self) {
            _ = try TinyModel.trainer(config: config()).fit(TinyModel.pipeline(count: 0))
        }
    }
}
