import Wright

/// What `wright train` does: data, model, training, validation, model folder.
struct TrainingJob {
    let setup: TrainingSetup
    private var command: TrainCommand { setup.command }

    func run() throws {
        let (name, settings) = try setup.model(default: "convnet", reading: .numbers)
        let source = try DataSource.open(command.data, .init(target: command.target, imageSize: command.imageSize))
            .checkedForTraining()
        try setup.checkOutput()
        command.compute.noteEffectivePrecision()
        for drop in source.drops { Output.message(.note(drop)) }
        let (training, validation) = try split(source)
        let input = try InputForm(measuring: training, of: source, target: command.target)
        let config = try fitted(settings, to: input, classes: source.labels.count)
        var parameters = ParameterSource(seed: command.method.seed)
        let classifier = Classifier(network: Catalog.model(config, from: &parameters), input: input)
        let model = SavedModel(
            config: config, input: input, labels: source.labels,
            training: setup.words(
                data: source.description.english, training: training.data.count,
                validation: validation?.data.count ?? 0,
                model: name),
            classifier: classifier)
        if !command.writing.quiet {
            let shape = InputForm.words(input.shape)
            let held = validation?.data.count.grouped
            Output.message(
                Phrase(
                    "\(source.description.english): \(training.data.count.counted(source.unit)) of \(shape) to train on, "
                        + "\(held ?? "none") to validate, \(source.labels.count) classes",
                    "\(source.description.chinese)：训练集 \(training.data.count.grouped) 个 \(shape) 样本，"
                        + "\(held.map { "验证集 \($0) 个" } ?? "没有验证集")，\(source.labels.count) 个类别"))
        }
        try train(model, training, validation, labels: source.labels)
    }

    // MARK: Before training

    /// The settings for this input; a network that the input is too small for is refused in words.
    private func fitted<Config: ModelConfig>(
        _ config: Config, to input: InputForm, classes: Int
    ) throws -> any ModelConfig {
        guard input.isImage || Config.architecture == "mlp" else {
            throw Failure.usage(Message(.networkForImages, Config.architecture, command.data))
        }
        let fitting = config.adapted(image: input.image, channels: input.shape.last ?? 1, classes: classes)
        let problems = fitting.problems
        guard problems.isEmpty else {
            throw Failure.usage(
                Message(
                    .networkDoesNotFit, Config.architecture, InputForm.words(input.shape), problems.joined()))
        }
        return fitting
    }

    private func split(_ source: DataSource) throws -> (training: DataSource.Part, validation: DataSource.Part?) {
        guard case .share(let share) = command.method.validation else {
            guard let test = source.test else {
                throw Failure.usage(Message(.noTestPart, source.description))
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

    // MARK: Training

    private func train(
        _ model: SavedModel, _ training: DataSource.Part, _ validation: DataSource.Part?, labels: LabelNames
    ) throws {
        let pipeline = pipeline(training, classes: labels.count)
        let smoothing = command.method.labelSmoothing
        let trainer = try Trainer(
            model.classifier, setup.trainerConfig(identity: ["model": Catalog.description(of: model.config).text()]),
            groups: [ParameterGroup(optimizer: setup.optimizer)],
            schedule: setup.schedule(batches: pipeline.batchesPerEpoch),
            on: CPUBackend(threads: command.compute.threads)
        ) { classifier, batch in classifier.objective(batch, labelSmoothing: smoothing) }
        let curve = LearningCurve()
        let result = try trainer.fit(
            pipeline, validation: validation.map { self.pipeline($0, classes: labels.count) },
            callbacks: setup.callbacks(curve), resume: setup.resume, interruption: .onSignals())
        let data = command.target.map { "\(command.data) --target \($0)" } ?? command.data
        try setup.finish(
            result, curve, model: model.architecture, parameterCount: model.classifier.parameterCount,
            next: ["wright evaluate \(command.output ?? "") --data \(data) --report report.html"]
        ) { folder, metrics, curves in try model.write(to: folder, metrics: metrics, curves: curves) }
    }

    private func pipeline(_ part: DataSource.Part, classes: Int) -> Pipeline {
        var config = Pipeline.Config()
        config.batchSize = min(command.method.batchSize, part.data.count)
        config.seed = command.method.seed
        config.augmentation = command.method.augment?.augmentation
        config.classes = classes
        return Pipeline(part.data, config)
    }
}
