import Wright

/// What `wright train` does with text alone: a model that goes on writing.
struct LanguageModelJob {
    private let command: TrainCommand
    private let setup: TrainingSetup

    init(_ command: TrainCommand) {
        self.command = command
        setup = TrainingSetup(command: command)
    }

    func run() throws {
        let name = command.model ?? "gpt-mini"
        let settings = try setup.modelConfig(named: name, reading: .tokens)
        try setup.checkNothingIsLost()
        let columns = command.text.text
        let rows = try TextRows(contentsOf: command.data, columns: columns.isEmpty ? nil : columns)
        if rows.report.dropped > 0 { Output.message("note: \(command.data): \(rows.report)") }
        try setup.checkOutput()
        // The end of the file is what validates: windows of one text must not lie on both sides.
        let texts = rows.texts.map { $0.joined(separator: "\n") + "\n" }
        let kept = try trainingCount(texts)
        let context = command.text.context
        let tokens = try TextTokens(command.text, default: .character, training: texts[..<kept])
        // Windows that overlap show each token at several places.
        let training = try windows(texts[..<kept], tokens, "to train on", stride: max(1, context / 4))
        let validation =
            kept < texts.count ? try windows(texts[kept...], tokens, "to validate with", stride: context) : nil
        let config = try settings.with([
            "vocabulary": .integer(Int64(tokens.rows)), "places": .integer(Int64(context)),
        ])
        var source = ParameterSource(seed: command.method.seed)
        let model = SavedTextModel(
            task: .languageModel, config: config,
            form: TextForm(columns: rows.columns, maximumLength: context), tokens: tokens, labels: nil,
            training: setup.words(
                data: command.data, training: training.count, validation: validation?.count ?? 0, model: name,
                more: [("tokens", tokens.rows.grouped), ("context", "\(context) tokens")]),
            network: Catalog.model(config, from: &source))
        if !command.writing.quiet {
            Output.message(
                "\(command.data): \(training.tokens.count.counted("token")) to train on, "
                    + "\((validation?.tokens.count ?? 0).grouped) to validate, \(tokens.rows.grouped) different, windows of "
                    + "\(context)")
        }
        try train(model, training, validation)
    }

    /// How many of the texts come before the share that validates, by their bytes.
    private func trainingCount(_ texts: [String]) throws -> Int {
        guard case .share(let share) = command.method.validation else {
            throw Failure.usage("\(command.data) has no test part of its own; --validation takes a share, such as 0.1")
        }
        let total = texts.reduce(0) { $0 + $1.utf8.count }
        var seen = 0
        for (index, text) in texts.enumerated() {
            if Double(seen) >= (1 - share) * Double(total) { return max(index, 1) }
            seen += text.utf8.count
        }
        return texts.count
    }

    private func windows(
        _ texts: ArraySlice<String>, _ tokens: TextTokens, _ purpose: String, stride: Int
    ) throws -> TokenWindows {
        var numbers: [Int32] = []
        for text in texts { numbers += try tokens.numbers(text) }
        let context = command.text.context
        guard numbers.count > context else {
            throw Failure.data(
                "\(command.data): \(numbers.count.counted("token")) \(purpose), less than a window of \(context) and one more; "
                    + "give more text or a smaller --context")
        }
        return TokenWindows(numbers, length: context, stride: stride)
    }

    private func train(_ model: SavedTextModel, _ training: TokenWindows, _ validation: TokenWindows?) throws {
        var config = Pipeline.Config()
        config.batchSize = min(command.method.batchSize, training.count)
        config.seed = command.method.seed
        config.dropsLast = true
        let pipeline = Pipeline(training, config)
        let module = NetworkModule(network: model.network)
        let trainer = try Trainer(
            module,
            setup.trainerConfig(identity: [
                "model": Catalog.description(of: model.config).text(), "tokens": "\(model.tokens.rows)",
            ]), groups: [ParameterGroup(optimizer: setup.optimizer)],
            schedule: setup.schedule(batches: pipeline.batchesPerEpoch),
            on: CPUBackend(threads: command.compute.threads)
        ) { module, batch in TextObjective.nextToken(module.network, batch) }
        let curve = LearningCurve()
        var validating = config
        validating.dropsLast = false
        let result = try trainer.fit(
            pipeline, validation: validation.map { Pipeline($0, validating) }, callbacks: setup.callbacks(curve),
            resume: setup.resume, interruption: .onSignals())
        try setup.finish(
            result, curve, model: model.architecture,
            parameterCount: module.parameters.reduce(0) { $0 + $1.parameter.count },
            next: ["wright generate \(command.output ?? "") --prompt 'Once'"]
        ) { folder, metrics, curves in try model.write(to: folder, metrics: metrics, curves: curves) }
    }
}
