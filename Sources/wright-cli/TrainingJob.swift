import Wright

/// What `wright train` does: data, model, training, validation, model folder.
struct TrainingJob {
    private let command: TrainCommand
    private var output: String? { command.output }
    private var isTrial: Bool { command.trial.fastDevRun }

    init(_ command: TrainCommand) { self.command = command }

    func run() throws {
        let settings = try modelConfig()
        try checkNothingIsLost()
        let source = try DataSource.open(command.data, .init(target: command.target, imageSize: command.imageSize))
            .checkedForTraining()
        try checkOutput()
        command.compute.noteEffectivePrecision()
        for drop in source.drops { Output.message("note: \(drop)") }
        let (training, validation) = try split(source)
        let input = try InputForm(measuring: training, of: source, target: command.target)
        let config = try fitted(settings, to: input, classes: source.labels.count)
        var parameters = ParameterSource(seed: command.method.seed)
        let classifier = Classifier(network: Catalog.model(config, from: &parameters), input: input)
        let model = SavedModel(
            config: config, input: input, labels: source.labels, training: words(source, training, validation),
            classifier: classifier)
        if !command.writing.quiet {
            let shape = InputForm.words(input.shape)
            Output.message(
                "\(source.description): \(training.data.count.counted(source.unit)) of \(shape) to train on, "
                    + "\(validation?.data.count.grouped ?? "none") to validate, \(source.labels.count) classes")
        }
        try train(model, training, validation, labels: source.labels)
    }

    // MARK: Before training

    private func modelConfig() throws -> any ModelConfig {
        let names = Catalog.names.map(\.name)
        guard names.contains(command.model) else {
            throw Failure.usage(
                "there is no model '\(command.model)'.\(Suggestion.text(for: command.model, among: names)) There are "
                    + names.joined(separator: ", "))
        }
        return try Self.changed(Catalog.config(named: command.model), command.settings)
    }

    /// The settings with those of `--set` in their place.
    private static func changed<Config: ModelConfig>(_ config: Config, _ settings: [ModelSetting]) throws -> Config {
        guard !settings.isEmpty, case .object(var object) = config.json else { return config }
        for setting in settings { object[setting.name] = setting.value }
        do { return try Config(json: .object(object)) } catch { throw Failure.usage("--set: \(error)") }
    }

    /// The settings for this input; a network that the input is too small for is refused in words.
    private func fitted<Config: ModelConfig>(
        _ config: Config, to input: InputForm, classes: Int
    ) throws -> any ModelConfig {
        guard Config.input == .numbers else {
            throw Failure.usage("model '\(command.model)' reads tokens, and \(command.data) holds none")
        }
        guard input.isImage || Config.architecture == "mlp" else {
            throw Failure.usage(
                "model '\(command.model)' is for images, and \(command.data) holds rows of numbers; use --model mlp")
        }
        let fitting = config.adapted(image: input.image, channels: input.shape.last ?? 1, classes: classes)
        let problems = fitting.problems
        guard problems.isEmpty else {
            throw Failure.usage(
                "model '\(command.model)' does not fit \(InputForm.words(input.shape)): \(problems.joined(separator: "; "))"
            )
        }
        return fitting
    }

    private func checkNothingIsLost() throws {
        guard let output, !isTrial, command.writing.resume == nil, !command.writing.overwrite else { return }
        let holdsModel = SavedModel.exists(in: output)
        guard holdsModel || FileAccess.exists("\(output)/checkpoints/last") else { return }
        throw Failure.usage(
            "\(output) holds \(holdsModel ? "a model" : "an unfinished run") already. Choose another --output, go on with "
                + "--resume auto, or take its place with --overwrite")
    }

    /// Fails before hours of training when the result could not be written.
    private func checkOutput() throws {
        guard let output, !isTrial else { return }
        do {
            try FileAccess.createFolder(output)
            try AtomicFile.write([], to: "\(output)/.writable")
            try FileAccess.remove("\(output)/.writable")
        } catch {
            throw Failure.usage("--output cannot be written: \(error)")
        }
    }

    private func split(_ source: DataSource) throws -> (training: DataSource.Part, validation: DataSource.Part?) {
        guard case .share(let share) = command.method.validation else {
            guard let test = source.test else {
                throw Failure.usage(
                    "\(source.description) has no test part of its own; --validation takes a share, such as 0.1")
            }
            return (source.training, test)
        }
        guard share > 0 else { return (source.training, nil) }
        let split = Split(
            stratifying: source.training.classes,
            Split.Fractions(train: 1 - share, validation: share, test: 0), seed: command.method.seed)
        guard !split.validation.isEmpty, !split.train.isEmpty else { return (source.training, nil) }
        return (source.training.subset(split.train), source.training.subset(split.validation))
    }

    /// How the model is trained, for its card and its report.
    private func words(
        _ source: DataSource, _ training: DataSource.Part, _ validation: DataSource.Part?
    ) -> [(name: String, value: String)] {
        let (length, method) = (command.length, command.method)
        var rows = [
            ("data", source.description), ("training examples", training.data.count.grouped),
            ("validation examples", (validation?.data.count ?? 0).grouped), ("model", command.model),
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

    private var optimizer: any Optimizer {
        let method = command.method
        return method.optimizer.optimizer(
            learningRate: method.lr, weightDecay: method.weightDecay, momentum: method.momentum)
    }

    /// Ten, unless another limit is given.
    private var epochs: Int? {
        command.length.epochs ?? (command.length.steps == nil && command.length.maxTime == nil ? 10 : nil)
    }

    private func train(
        _ model: SavedModel, _ training: DataSource.Part, _ validation: DataSource.Part?, labels: LabelNames
    ) throws {
        let pipeline = pipeline(training, classes: labels.count)
        let smoothing = command.method.labelSmoothing
        let trainer = try Trainer(
            model.classifier, trainerConfig(model), groups: [ParameterGroup(optimizer: optimizer)],
            schedule: schedule(batches: pipeline.batchesPerEpoch), on: CPUBackend(threads: command.compute.threads)
        ) { classifier, batch in classifier.objective(batch, labelSmoothing: smoothing) }
        let curve = LearningCurve()
        let result = try trainer.fit(
            pipeline, validation: validation.map { self.pipeline($0, classes: labels.count) },
            callbacks: callbacks(curve), resume: resume, interruption: .onSignals())
        try finish(model, result, curve)
    }

    private func pipeline(_ part: DataSource.Part, classes: Int) -> Pipeline {
        var config = Pipeline.Config()
        config.batchSize = min(command.method.batchSize, part.data.count)
        config.seed = command.method.seed
        config.augmentation = command.method.augment?.augmentation
        config.classes = classes
        return Pipeline(part.data, config)
    }

    private func schedule(batches: Int) -> any Schedule {
        let steps = command.length.steps ?? (epochs ?? 1) * batches
        return command.method.schedule.schedule(steps: max(1, steps), warmUp: command.method.warmUp)
    }

    private func trainerConfig(_ model: SavedModel) -> Trainer.Config {
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
        config.identity = ["model": Catalog.description(of: model.config).text(), "data": command.data]
        return config
    }

    private func callbacks(_ curve: LearningCurve) -> [any Callback] {
        var progress = ProgressReport.Config()
        progress.style = command.writing.quiet ? .quiet : .automatic
        var callbacks: [any Callback] = [curve, ProgressReport(progress)]
        if let output, !isTrial {
            switch command.writing.log {
            case .json: callbacks.append(JSONLog(path: "\(output)/log.jsonl"))
            case .csv: callbacks.append(HistoryCSV(path: "\(output)/history.csv"))
            case nil: break
            }
        }
        if let goal = command.length.until { callbacks.append(goal.callback) }
        if let folder = command.writing.tensorboard { callbacks.append(TensorBoard(folder: folder)) }
        return callbacks
    }

    private var resume: Resume {
        switch command.writing.resume {
        case .automatic: .automatic
        case .from(let path): .from(path)
        case nil: .never
        }
    }

    // MARK: After training

    private func finish(_ model: SavedModel, _ result: TrainingResult, _ curve: LearningCurve) throws {
        var values = JSON.Object()
        for value in result.validation { values[value.name] = .number(value.value) }
        var trained = JSON.Object()
        for value in result.training { trained[value.name] = .number(value.value) }
        let metrics: JSON = [
            "validation": .object(values), "training": .object(trained), "steps": .integer(Int64(result.step)),
            "epochs": .integer(Int64(result.epochs)), "seconds": .number(result.seconds),
            "end": .string(result.end.description),
        ]
        if let output, !isTrial { try model.write(to: output, metrics: metrics, curves: curve.json) }
        if command.writing.json {
            guard case .object(var document) = metrics else { return }
            document["model"] = output.map(JSON.string)
            document["parameters"] = .integer(Int64(model.classifier.parameterCount))
            document["peak_memory_bytes"] = .integer(Int64(SystemCalls.peakMemory))
            return Output.result(.object(document))
        }
        var rows = [
            ["model", "\(model.architecture), \(model.classifier.parameterCount.counted("parameter"))"],
            ["trained", "\(result.step.counted("step")), \(result.seconds.clock) (\(result.end.description))"],
        ]
        for (name, values) in [("training", result.training), ("validation", result.validation)] where !values.isEmpty {
            rows.append([name, values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  ")])
        }
        if let output, !isTrial {
            rows.append(["written to", output])
            let data = command.target.map { "\(command.data) --target \($0)" } ?? command.data
            rows.append(["next", "wright evaluate \(output) --data \(data) --report report.html"])
        } else {
            rows.append(["written", "nothing: this was a trial"])
        }
        Output.result(Output.table(rows))
    }
}
