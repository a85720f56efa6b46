import Wright

/// What `wright train` does with text alone: a model that goes on writing.
struct LanguageModelJob {
    let setup: TrainingSetup
    private var command: TrainCommand { setup.command }

    func run() throws {
        let (name, settings) = try setup.model(default: "gpt-mini", reading: .tokens)
        let columns = command.text.text
        let rows = try TextRows(
            contentsOf: command.data, columns: columns.isEmpty ? nil : columns, encoding: command.text.encoding)
        Output.notes(rows.notes)
        guard rows.count > 0 else { throw Failure.data(Message(.nothingToRead, command.data)) }
        // The end of the file is what validates: windows of one text must not lie on both sides.
        let texts = rows.texts.map { $0.joined(separator: "\n") + "\n" }
        let kept = try trainingCount(texts)
        let context = command.text.context
        let tokens = try TextTokens(command.text, default: .character, training: texts[..<kept])
        // Windows that overlap show each token at several places.
        let training = try windows(texts[..<kept], tokens, Phrase("to train on", "用于训练"), stride: max(1, context / 4))
        let validation =
            kept < texts.count
            ? try windows(texts[kept...], tokens, Phrase("to validate with", "用于验证"), stride: context) : nil
        try setup.checkOutput()
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
            let held = (validation?.tokens.count ?? 0).grouped
            Output.message(
                Phrase(
                    "\(command.data): \(training.tokens.count.counted("token")) to train on, \(held) to validate, "
                        + "\(tokens.rows.grouped) different, windows of \(context)",
                    "\(command.data)：训练集 \(training.tokens.count.grouped) 个词元，验证集 \(held) 个，词表 \(tokens.rows.grouped)，窗口 "
                        + "\(context)"))
        }
        try train(model, training, validation)
    }

    /// How many of the texts come before the share that validates, by their bytes.
    private func trainingCount(_ texts: [String]) throws -> Int {
        let share = try setup.validationShare()
        let total = texts.reduce(0) { $0 + $1.utf8.count }
        var seen = 0
        for (index, text) in texts.enumerated() {
            if Double(seen) >= (1 - share) * Double(total) { return max(index, 1) }
            seen += text.utf8.count
        }
        return texts.count
    }

    private func windows(
        _ texts: ArraySlice<String>, _ tokens: TextTokens, _ purpose: Phrase, stride: Int
    ) throws -> TokenWindows {
        var numbers: [Int32] = []
        for text in texts { numbers += try tokens.numbers(text) }
        let context = command.text.context
        guard numbers.count > context else {
            throw Failure.data(
                Message(
                    .tooFewTokens, command.data,
                    Phrase(
                        "\(numbers.count.counted("token")) \(purpose.english)",
                        "\(numbers.count.grouped) 个词元\(purpose.chinese)"), context))
        }
        return TokenWindows(numbers, length: context, stride: stride)
    }

    private func train(_ model: SavedTextModel, _ training: TokenWindows, _ validation: TokenWindows?) throws {
        var config = Pipeline.Config()
        config.batchSize = min(command.method.batchSize, training.count)
        config.seed = command.method.seed
        config.dropsLast = true
        let pipeline = Pipeline(training, config)
        var validating = config
        validating.dropsLast = false
        try setup.fit(
            model, pipeline, validation: validation.map { Pipeline($0, validating) },
            next: "wright generate \(command.output ?? "") --prompt 'Once'"
        ) { TextObjective.nextToken($0, $1) }
    }
}
