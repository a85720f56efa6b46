import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

/// One call of ``Trainer/fit(_:validation:metrics:callbacks:resume:interruption:)``: the loop and what belongs to it alone.
final class TrainingRun {
    let trainer: Trainer
    let training: Pipeline
    let validation: Pipeline?
    let callbacks: [any Callback]
    var state: TrainingState
    var stepper: Stepper
    let folder: CheckpointFolder?
    private let metrics: [any Metric]
    private let interruption: Interruption
    private let fingerprint: [String: String]
    private let names: [String]
    private let stepsPerEpoch: Int
    private(set) var resumedFrom: String?
    private(set) var lastCheckpoint: String?
    private var checkpointedStep: Int?
    private var checkpointTime = 0.0
    private var isBestPending = false
    private var wantsValidation = false
    private var wantsCheckpoint = false
    private var end: TrainingResult.End?
    /// Kept until the first checkpoint is written.
    var beginning: (values: Snapshot, state: TrainingState)?
    /// When this part of the run began, less the seconds that earlier parts took.
    private var startTime = 0.0
    private var epochStartTime = 0.0

    init(
        _ trainer: Trainer, training: Pipeline, validation: Pipeline?, metrics: [any Metric],
        callbacks: [any Callback], resume: Resume, interruption: Interruption
    ) throws {
        let config = trainer.config
        self.trainer = trainer
        self.training = training
        self.validation = validation
        self.metrics = metrics
        self.callbacks = callbacks + (config.patience.map { [EarlyStopping(patience: $0)] } ?? [])
        self.interruption = interruption
        fingerprint = trainer.fingerprint(training, validation)
        // Throws, and says why.
        if training.batchesPerEpoch == 0 { _ = try training.stream() }
        stepsPerEpoch = (training.batchesPerEpoch + config.accumulation - 1) / config.accumulation
        let first = try training.batch(at: training.start)
        names = try trainer.program.objective(first.samples.tensors).names
        state = TrainingState(
            position: training.start, means: RunningMeans(count: names.count), plateau: config.plateau)
        stepper = Stepper(trainer.program, measures: names.count, isClipping: config.clipping != .none)
        folder = try config.checkpoints.map { try CheckpointFolder($0.folder) }
        let callbackNames = self.callbacks.map(\.name)
        guard Set(callbackNames).count == callbackNames.count else {
            throw TrainingError.configuration([Message(.callbackTwice, callbackNames)])
        }
        try checkMonitor()
        trainer.program.clearAccumulators()
        try take(up: resume)
        if resumedFrom == nil { keepBeginning() }
    }

    func run() throws -> TrainingResult {
        let now = SystemCalls.monotonicTime
        startTime = now - state.seconds
        epochStartTime = now - state.epochSeconds
        checkpointTime = now
        do {
            try tell(.started(plan))
            // A checkpoint may lie between a step and what has to follow it.
            try settle(hasStepped: false)
            let stream =
                end == nil
                ? try training.stream(
                    from: state.position, depth: trainer.config.prefetchDepth, workers: trainer.config.workers) : nil
            defer { stream?.cancel() }
            while let stream, end == nil {
                try step(stream)
                try settle(hasStepped: true)
            }
            return try finish()
        } catch {
            // What callbacks ask for no longer matters.
            for callback in callbacks { _ = try callback.received(.failed(error)) }
            throw error
        }
    }

    // MARK: A step

    private func step(_ stream: BatchStream) throws {
        let first = state.position
        let factor = rateFactor(state)
        stepper.begin(rateFactor: factor)
        state.learningRate = trainer.learningRate * factor
        for place in 1... {
            // A stream without an end gives a batch or throws.
            let batch = try stream.next()!
            let part = part(of: batch, place: place)
            try stepper.run(part, batch)
            guard stepper.loss.isFinite else { throw TrainingError.diverged(divergence(in: batch)) }
            state.position = batch.next
            if part != .first { break }
        }
        state.step += 1
        state.examples += stepper.examples
        stepper.add(to: &state.means)
        let size = training.config.batchSize
        let report = StepReport(
            step: state.step, epoch: first.epoch,
            batch: state.position.epoch > first.epoch
                ? training.batchesPerEpoch : (state.position.sample + size - 1) / size,
            batches: training.batchesPerEpoch, examples: stepper.examples, totalExamples: state.examples,
            loss: stepper.loss, learningRate: state.learningRate, gradientNorm: stepper.gradientNorm,
            means: state.means)
        for callback in callbacks { follow(try callback.stepEnded(report)) }
    }

    /// What the optimizers' learning rates are multiplied by in the next step.
    func rateFactor(_ state: TrainingState) -> Double {
        trainer.schedule.factor(at: state.step) * (state.plateau?.factor ?? 1)
    }

    /// Which part of its step a batch is that is the step's batch number `place`, counted from 1.
    func part(of batch: Batch, place: Int) -> Stepper.Part {
        if trainer.config.accumulation == 1 { return .whole }
        return place == trainer.config.accumulation || batch.endsEpoch ? .last : .first
    }

    // MARK: What follows a step

    /// Does what is due between two steps. Everything asks ``state`` whether it was done already, so that a run that was
    /// killed in the middle takes it up again.
    private func settle(hasStepped: Bool) throws {
        let epochEnds = state.isAtEpochEnd
        if wantsValidation || isDue(trainer.config.validationInterval, epochEnds: epochEnds) { try validate() }
        if epochEnds, !interruption.isRequested { try reportEpoch(state.position.epoch - 1, isWhole: true) }
        if isBestPending || hasStepped && isCheckpointDue(epochEnds: epochEnds) { try writeCheckpoint() }
        wantsCheckpoint = false
        if interruption.isRequested { throw TrainingError.interrupted(step: state.step, checkpoint: lastCheckpoint) }
        end = end ?? reachedEnd
    }

    private func isDue(_ interval: Trainer.Interval, epochEnds: Bool) -> Bool {
        switch interval {
        case .epochs(let count): epochEnds && state.position.epoch % count == 0
        case .steps(let count): state.step > 0 && state.step % count == 0
        case .seconds(let seconds): SystemCalls.monotonicTime - checkpointTime >= seconds
        }
    }

    private func isCheckpointDue(epochEnds: Bool) -> Bool {
        guard let checkpoints = trainer.config.checkpoints else { return false }
        return wantsCheckpoint || interruption.isRequested || isDue(checkpoints.interval, epochEnds: epochEnds)
    }

    private var reachedEnd: TrainingResult.End? {
        if let epochs = trainer.config.epochs, state.position.epoch >= epochs { return .completed }
        if let steps = trainer.config.steps, state.step >= steps { return .completed }
        if let limit = trainer.config.timeLimit, SystemCalls.monotonicTime - startTime >= limit { return .timeLimit }
        return nil
    }

    private func validate() throws {
        wantsValidation = false
        guard let validation, state.validatedStep != state.step else { return }
        let start = SystemCalls.monotonicTime
        guard let values = try trainer.evaluator.values(validation, metrics: metrics, until: interruption) else {
            return
        }
        state.validatedStep = state.step
        state.validation = values
        let monitor = trainer.config.monitor
        let value = values.first { $0.name == monitor.metric }!.value
        let isBest = monitor.isBetter(value, than: state.best?.value)
        let epoch = state.isAtEpochEnd ? state.position.epoch - 1 : state.position.epoch
        if isBest {
            state.best = .init(metric: monitor.metric, value: value, step: state.step, epoch: epoch)
            isBestPending = trainer.config.checkpoints?.keepsBest ?? true
        }
        _ = state.plateau?.update(value)
        let seconds = SystemCalls.monotonicTime - start
        try tell(
            .validated(
                ValidationReport(step: state.step, epoch: epoch, values: values, isBest: isBest, seconds: seconds)))
    }

    private func reportEpoch(_ epoch: Int, isWhole: Bool) throws {
        let now = SystemCalls.monotonicTime
        let values = state.means.values(named: names)
        let report = EpochReport(
            epoch: epoch, step: state.step, training: values,
            validation: state.validatedStep == state.step ? state.validation : [],
            learningRate: state.learningRate, examples: Int(state.means.weight),
            seconds: now - epochStartTime, totalSeconds: now - startTime)
        state.training = values
        if isWhole {
            state.reportedEpochs = state.position.epoch
            state.means.reset()
            epochStartTime = now
        }
        try tell(.epochEnded(report))
    }

    private func finish() throws -> TrainingResult {
        try validate()
        // An epoch that steps or time cut short is reported too, but not counted: a longer run may complete it.
        if state.means.weight > 0 { try reportEpoch(state.position.epoch, isWhole: false) }
        if folder != nil, isBestPending || checkpointedStep != state.step { try writeCheckpoint() }
        if trainer.config.restoresBest, let best = folder?.checkpoint(CheckpointFolder.best), best != lastCheckpoint {
            try Checkpoint.readWeights(best, into: trainer.program)
        }
        var best = state.best
        best?.checkpoint = folder.flatMap {
            $0.checkpoint(CheckpointFolder.best) == nil ? nil : "\($0.path)/\(CheckpointFolder.best)"
        }
        let result = TrainingResult(
            end: end ?? .completed, step: state.step, epochs: state.reportedEpochs, best: best,
            training: state.training, validation: state.validation, seconds: SystemCalls.monotonicTime - startTime,
            checkpoint: lastCheckpoint)
        try tell(.finished(result))
        return result
    }

    // MARK: Callbacks

    private func tell(_ event: TrainingEvent) throws {
        for callback in callbacks { follow(try callback.received(event)) }
    }

    private func follow(_ directive: Directive) {
        switch directive {
        case .proceed: break
        case .validate: wantsValidation = true
        case .checkpoint: wantsCheckpoint = true
        case .stop(let reason): end = end ?? .stopped(reason: reason)
        }
    }

    private var plan: TrainingPlan {
        let config = trainer.config
        let lengths = [config.steps, config.epochs.map { $0 * stepsPerEpoch }].compactMap(\.self)
        return TrainingPlan(
            trainableCount: trainer.program.trainableCount, frozenCount: trainer.program.frozenCount,
            examplesPerEpoch: training.dataset.count, batchesPerEpoch: training.batchesPerEpoch,
            totalSteps: lengths.min(), epochs: config.epochs, measures: names,
            validationMeasures: validation == nil ? [] : validationNames, startStep: state.step,
            resumedFrom: resumedFrom)
    }

    private var validationNames: [String] { metrics.values(after: names.map { MetricValue($0, .nan) }).map(\.name) }

    private func checkMonitor() throws {
        let wanted = trainer.config.monitor.metric
        guard validation != nil, !validationNames.contains(wanted) else { return }
        throw TrainingError.configuration([Message(.monitorMetric, wanted, validationNames)])
    }
}

// MARK: Checkpoints

extension TrainingRun {
    private func take(up resume: Resume) throws {
        switch resume {
        case .never:
            guard let folder, let newest = try folder.newest else { return }
            guard trainer.config.checkpoints!.replacesEarlierRun else {
                throw TrainingError.checkpoint(
                    path: newest, Message(.earlierRun))
            }
            try folder.removeAll()
        case .automatic:
            guard let folder, let newest = try folder.newest else { return }
            try read(newest)
        case .from(let path):
            try read(FileAccess.exists("\(path)/\(Checkpoint.stateFile)") ? path : "\(path)/\(CheckpointFolder.last)")
        }
    }

    func readCheckpoint(_ path: String, _ state: inout TrainingState, callbacks: [any Callback]) throws {
        try Checkpoint.read(
            path, into: trainer.program, &state, callbacks: callbacks, fingerprint: fingerprint,
            mayDiffer: Trainer.mayDiffer)
    }

    private func read(_ path: String) throws {
        try readCheckpoint(path, &state, callbacks: callbacks)
        resumedFrom = path
        lastCheckpoint = path
        checkpointedStep = state.step
    }

    private func writeCheckpoint() throws {
        guard let folder, checkpointedStep != state.step || isBestPending else { return }
        let broken = trainer.program.nonFinite
        guard broken.isEmpty else { throw TrainingError.diverged(divergence(parameters: broken)) }
        let now = SystemCalls.monotonicTime
        state.seconds = now - startTime
        state.epochSeconds = now - epochStartTime
        let isBest = isBestPending
        do {
            lastCheckpoint = try folder.write(step: state.step, isBest: isBest) { path in
                try Checkpoint.write(trainer.program, state, callbacks: callbacks, fingerprint: fingerprint, to: path)
            }
        } catch let error as FileError {
            throw unwritten(error)
        }
        isBestPending = false
        beginning = nil
        checkpointedStep = state.step
        checkpointTime = now
        try tell(.checkpointWritten(path: lastCheckpoint!, step: state.step, isBest: isBest))
    }

    private func unwritten(_ error: FileError) -> TrainingError {
        let needed = Checkpoint.byteCount(trainer.program)
        let free =
            SystemCalls.freeBytes(in: folder!.path).map {
                Phrase(", \($0.grouped) are free", "，剩余 \($0.grouped) 字节")
            } ?? Phrase("")
        let kept =
            lastCheckpoint.map { path in
                // A sentence begins with a capital; a path that begins it may have one or not.
                Phrase(
                    "\(path.prefix(1).uppercased())\(path.dropFirst()) is whole and can be resumed from",
                    "\(path) 完整，可从它继续")
            } ?? Phrase("No checkpoint was written before", "此前没有写过检查点")
        return .checkpoint(
            path: folder!.path,
            Message(.checkpointUnwritten, state.step, error.phrase, needed.grouped, free, kept))
    }
}
