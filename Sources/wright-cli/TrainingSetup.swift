import Wright

/// What every kind of training takes from the command: where to write, how long, how, and what is said at the end.
struct TrainingSetup {
    let command: TrainCommand
    private var output: String? { command.output }
    var isTrial: Bool { command.trial.fastDevRun }

    // MARK: Before training

    /// The network that `--model` names, or else `name`, out of those that read `input`, and its settings. Fails where an
    /// earlier result would be lost.
    func model(
        default name: String, reading input: ModelInput
    ) throws -> (name: String, settings: any ModelConfig) {
        let name = command.model ?? name
        let settings = try modelConfig(named: name, reading: input)
        try checkNothingIsLost()
        return (name, settings)
    }

    func checkNothingIsLost() throws {
        guard let output, !isTrial, command.writing.resume == nil, !command.writing.overwrite else { return }
        let holdsModel = SavedModel.exists(in: output)
        guard holdsModel || FileAccess.exists("\(output)/checkpoints/last") else { return }
        throw Failure.usage(Message(holdsModel ? .outputHoldsModel : .outputHoldsRun, output))
    }

    /// Fails before hours of training when the result could not be written. The folder is made when there is something to
    /// put there, so that training that is refused leaves nothing behind.
    func checkOutput() throws {
        guard let output, !isTrial else { return }
        var folder = output
        while !FileAccess.exists(folder) { folder = FileAccess.folder(of: folder) }
        do {
            try AtomicFile.write([], to: "\(folder)/.writable")
            try FileAccess.remove("\(folder)/.writable")
        } catch {
            throw Failure.usage(Message(.unwritableOutput, Phrase.about(error)))
        }
    }

    /// The settings of the network that `--model` and `--set` ask for, out of those that read `input`.
    private func modelConfig(named name: String, reading input: ModelInput) throws -> any ModelConfig {
        let names = Catalog.names(reading: input).map(\.name)
        guard names.contains(name) else {
            throw Failure.usage(
                Message(.unknownNetwork, name, input.words, Suggestion.phrase(for: name, among: names), names))
        }
        return try Self.changed(Catalog.config(named: name), command.settings)
    }

    /// The share of the rows that validates, for data that has no test part of its own.
    func validationShare() throws -> Double {
        guard case .share(let share) = command.method.validation else {
            throw Failure.usage(Message(.noTestPart, command.data))
        }
        return share
    }

    /// The settings with those of `--set` in their place.
    private static func changed<Config: ModelConfig>(_ config: Config, _ settings: [ModelSetting]) throws -> Config {
        guard !settings.isEmpty, case .object(var object) = config.json else { return config }
        for setting in settings { object[setting.name] = setting.value }
        do { return try Config(json: .object(object)) } catch {
            throw Failure.usage(Message(.networkSetting, Phrase.about(error)))
        }
    }

    /// How the model is trained, for its card and its report; `data` and `model` say what with.
    func words(
        data: String, training: Int, validation: Int, model: String, more: [(name: String, value: String)] = []
    ) -> [(name: String, value: String)] {
        let (length, method) = (command.length, command.method)
        var rows = [
            ("data", data), ("training examples", training.grouped), ("validation examples", validation.grouped),
            ("model", model),
        ]
        rows += more
        rows += [
            ("optimizer", method.optimizer.rawValue), ("learning rate", "\(optimizer.learningRate)"),
            ("schedule", method.schedule.rawValue), ("batch size", "\(method.batchSize)"),
        ]
        if let epochs { rows.append(("epochs", "\(epochs)")) }
        if let steps = length.steps { rows.append(("steps", "\(steps)")) }
        if let time = length.maxTime { rows.append(("time limit", time.seconds.clock)) }
        if let augment = method.augment { rows.append(("augmentation", augment.text)) }
        if method.labelSmoothing > 0 { rows.append(("label smoothing", "\(method.labelSmoothing)")) }
        if let decay = method.weightDecay { rows.append(("weight decay", "\(decay)")) }
        rows.append(("seed", "\(method.seed)"))
        rows.append(("precision", command.compute.precision.rawValue))
        return rows
    }

    // MARK: Training

    var optimizer: any Optimizer {
        let method = command.method
        return method.optimizer.optimizer(
            learningRate: method.lr, weightDecay: method.weightDecay, momentum: method.momentum)
    }

    /// Ten, unless another limit is given.
    var epochs: Int? {
        command.length.epochs ?? (command.length.steps == nil && command.length.maxTime == nil ? 10 : nil)
    }

    func schedule(batches: Int) -> any Schedule {
        let steps = command.length.steps ?? (epochs ?? 1) * batches
        return command.method.schedule.schedule(steps: max(1, steps), warmUp: command.method.warmUp)
    }

    func trainerConfig(identity: [String: String]) -> Trainer.Config {
        var config = Trainer.Config()
        config.epochs = epochs
        config.steps = command.length.steps
        config.timeLimit = command.length.maxTime?.seconds
        config.patience = command.length.earlyStop
        if let steps = command.length.validateEvery { config.validationInterval = .steps(steps) }
        config.seed = command.method.seed
        config.precision = command.compute.precision
        config.clipping = command.method.clip.map { .norm($0) } ?? .none
        config.limits.fastDevRun = isTrial ? 3 : nil
        config.limits.overfitBatches = command.trial.overfitBatches
        config.limits.trainingExamples = command.trial.limitTrain
        if let output, !isTrial {
            config.checkpoints = Trainer.Checkpoints(
                folder: "\(output)/checkpoints", replacesEarlierRun: command.writing.overwrite)
        }
        config.identity = identity.merging(["data": command.data]) { $1 }
        return config
    }

    func callbacks(_ curve: LearningCurve) -> [any Callback] {
        var progress = ProgressReport.Config()
        progress.style = command.writing.quiet ? .quiet : .automatic
        progress.language = .spoken
        var callbacks: [any Callback] = [curve, ProgressReport(progress)] + logs()
        if let goal = command.length.until { callbacks.append(goal.callback) }
        return callbacks
    }

    /// What `--log` and `--tensorboard` ask for; with several networks each has its own, which its number tells apart.
    func logs(ofNetwork number: Int? = nil) -> [any Callback] {
        var callbacks: [any Callback] = []
        if let output, !isTrial {
            let name = number.map { "\(output)/network-\($0)-" } ?? "\(output)/"
            switch command.writing.log {
            case .json: callbacks.append(JSONLog(path: name + "log.jsonl"))
            case .csv: callbacks.append(HistoryCSV(path: name + "history.csv"))
            case nil: break
            }
        }
        if let folder = command.writing.tensorboard {
            callbacks.append(TensorBoard(folder: number.map { "\(folder)/network-\($0)" } ?? folder))
        }
        return callbacks
    }

    var resume: Resume {
        switch command.writing.resume {
        case .automatic: .automatic
        case .from(let path): .from(path)
        case nil: .never
        }
    }

    // MARK: After training

    /// Saves the model with `save`, which is given what it was worth and how it went, and says what came out.
    func finish(
        _ result: TrainingResult, _ curve: LearningCurve, model: String, parameterCount: Int, next: [String],
        save: (_ folder: String, _ metrics: JSON, _ curves: JSON) throws -> Void
    ) throws {
        var values = JSON.Object()
        for value in result.validation { values[value.name] = .number(value.value) }
        var trained = JSON.Object()
        for value in result.training { trained[value.name] = .number(value.value) }
        let metrics: JSON = [
            "validation": .object(values), "training": .object(trained), "steps": .integer(Int64(result.step)),
            "epochs": .integer(Int64(result.epochs)), "seconds": .number(result.seconds),
            "end": .string(result.end.description),
        ]
        if let output, !isTrial { try save(output, metrics, curve.json) }
        if command.writing.json {
            guard case .object(var document) = metrics else { return }
            document["model"] = output.map(JSON.string)
            document["parameters"] = .integer(Int64(parameterCount))
            document["peak_memory_bytes"] = .integer(Int64(SystemCalls.peakMemory))
            return Output.result(.object(document))
        }
        var rows = [
            [
                say("model", "模型"),
                say("\(model), \(parameterCount.counted("parameter"))", "\(model)，\(parameterCount.grouped) 个参数"),
            ],
            [
                say("trained", "训练"),
                say(
                    "\(result.step.counted("step")), \(result.seconds.clock) (\(result.end.description))",
                    "\(result.step.grouped) 步，\(result.seconds.clock)（\(result.end.phrase.chinese)）"),
            ],
        ]
        for (name, values) in [
            (say("training", "训练集"), result.training), (say("validation", "验证集"), result.validation),
        ] where !values.isEmpty {
            rows.append([name, values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  ")])
        }
        if let output, !isTrial {
            rows.append([say("written to", "已写入"), output])
            rows += next.map { [say("next", "下一步"), $0] }
        } else {
            rows.append([say("written", "写入"), say("nothing: this was a trial", "无：这是一次试运行")])
        }
        Output.result(Output.table(rows))
    }
}
