import Wright

/// What `wright train` does with texts and labels.
struct TextClassificationJob {
    let setup: TrainingSetup
    private var command: TrainCommand { setup.command }

    func run() throws {
        guard let target = command.target else {
            throw Failure.usage(Message(.noLabelColumn, command.data))
        }
        let (name, settings) = try setup.model(default: "text-cnn", reading: .tokens)
        let columns = command.text.text
        let rows = try TextRows(
            contentsOf: command.data, columns: columns.isEmpty ? nil : columns, label: target,
            encoding: command.text.encoding)
        Output.notes(rows.notes)
        guard rows.count > 0 else {
            throw Failure.data(Message(.nothingToRead, command.data))
        }
        let labels = LabelNames(collecting: rows.labels)
        guard labels.count >= 2 else {
            throw Failure.data(Message(.oneClass, command.data, labels[0]))
        }
        let classes = rows.labels.compactMap(labels.number(of:))
        let (training, validation) = try split(classes)
        let tokens = try TextTokens(
            command.text, default: TextTokens.kind(of: rows.texts),
            training: training.lazy.flatMap { rows.texts[$0] })
        let data = try EncodedTexts(rows.texts, tokens, maximumLength: command.text.maxLength)
        try setup.checkOutput()
        let config = try settings.adapted(image: [], channels: 0, classes: labels.count)
            .with(["vocabulary": .integer(Int64(tokens.rows)), "isPadded": true])
        var source = ParameterSource(seed: command.method.seed)
        let form = TextForm(columns: rows.columns, target: target, maximumLength: command.text.maxLength)
        let model = SavedTextModel(
            task: .textClassification, config: config, form: form, tokens: tokens, labels: labels,
            training: setup.words(
                data: command.data, training: training.count, validation: validation.count, model: name,
                more: [("tokens", tokens.rows.grouped), ("longest text", "\(command.text.maxLength) tokens")]),
            network: Catalog.model(config, from: &source))
        try train(model, data, classes, training, validation)
    }

    private func split(_ classes: [Int32]) throws -> (training: [Int], validation: [Int]) {
        let share = try setup.validationShare()
        let everything = Array(classes.indices)
        guard share > 0 else { return (everything, []) }
        let split = Split(
            stratifying: classes, Split.Fractions(train: 1 - share, validation: share, test: 0),
            seed: command.method.seed)
        return split.train.isEmpty || split.validation.isEmpty ? (everything, []) : (split.train, split.validation)
    }

    private func train(
        _ model: SavedTextModel, _ data: EncodedTexts, _ classes: [Int32], _ training: [Int], _ validation: [Int]
    ) throws {
        let batchSize = min(command.method.batchSize, training.count)
        let examples = data.labelled(classes, rows: training)
        var config = Pipeline.Config()
        config.batchSize = batchSize
        config.seed = command.method.seed
        config.order = .similarLengths(training.map { data.sequences.length($0) }, batchSize: batchSize)
        let pipeline = Pipeline(examples, config)
        if !command.writing.quiet { announce(model, data, training, validation, pipeline) }
        // From short to long, so that batches hold little padding.
        let ordered = validation.sorted { data.sequences.length($0) < data.sequences.length($1) }
        var validating = Pipeline.Config()
        validating.batchSize = 256
        let smoothing = command.method.labelSmoothing
        try setup.fit(
            model, pipeline,
            validation: validation.isEmpty ? nil : Pipeline(data.labelled(classes, rows: ordered), validating),
            next: "wright predict \(command.output ?? "") --text 'a text'"
        ) { TextObjective.classification($0, $1, labelSmoothing: smoothing) }
    }

    private func announce(
        _ model: SavedTextModel, _ data: EncodedTexts, _ training: [Int], _ validation: [Int], _ pipeline: Pipeline
    ) {
        let order = Sampler(count: training.count, order: pipeline.config.order)
            .rows(seed: pipeline.config.seed, epoch: 0).map { training[$0] }
        let padding = data.sequences.paddingShare(
            order: order, batchSize: pipeline.config.batchSize, widths: data.widths)
        let (classes, tokens, most) = (model.labels?.count ?? 0, model.tokens.rows.grouped, model.form.maximumLength)
        Output.message(
            Phrase(
                "\(command.data): \(training.count.counted("text")) to train on, \(validation.count.grouped) to validate, "
                    + "\(classes) classes; \(tokens) different tokens, \(data.unknownShare.percent()) unknown, "
                    + "\(data.cut.counted("text")) cut to \(most) tokens, \(padding.percent()) padding",
                "\(command.data)：训练集 \(training.count.grouped) 条文本，验证集 \(validation.count.grouped) 条，\(classes) 个类别；词表 "
                    + "\(tokens)，未知词元 \(data.unknownShare.percent())，\(data.cut.grouped) 条截断为 \(most) 个词元，填充 "
                    + "\(padding.percent())"))
    }
}

/// Texts as numbers.
struct EncodedTexts {
    private(set) var sequences = TokenSequences()
    let widths: PaddedWidths
    /// Texts that are longer than what a model reads.
    private(set) var cut = 0
    private var unknown = 0

    init(_ texts: [[String]], _ tokens: TextTokens, maximumLength: Int) throws {
        widths = PaddedWidths(maximum: maximumLength)
        for row in texts {
            let numbers = try tokens.numbers(row)
            if numbers.count > maximumLength { cut += 1 }
            if let mark = tokens.unknown { unknown += numbers.count { $0 == mark } }
            sequences.append(numbers.prefix(maximumLength))
        }
    }

    /// Tokens that the tokenizer does not know, of all.
    var unknownShare: Double { Double(unknown) / Double(max(sequences.tokenCount, 1)) }

    func labelled(_ classes: [Int32], rows: [Int]) -> LabelledSequences {
        LabelledSequences(
            TokenSequences(rows.map { Array(sequences[$0]) }), labels: rows.map { classes[$0] }, widths: widths)
    }
}

/// What models of texts are trained to make small.
enum TextObjective {
    /// Cross-entropy and accuracy of classes.
    static func classification(
        _ network: any Module, _ batch: BatchTensors, labelSmoothing: Double = 0
    ) -> Objective {
        let logits = logits(network, batch.input)
        let smoothing = Pass.isTraining ? labelSmoothing : 0
        let accuracy = logits.argmax(along: -1).isEqual(to: batch.target).cast(to: .float32).mean()
        return Objective(
            loss: Loss.crossEntropy(logits, classes: batch.target, labelSmoothing: smoothing),
            measures: ["accuracy": accuracy], predictions: logits.softmax())
    }

    /// Cross-entropy of the next token, in nats.
    static func nextToken(_ network: any Module, _ batch: BatchTensors) -> Objective {
        let logits = logits(network, batch.input)
        let count = batch.target.count
        return Objective(
            loss: Loss.crossEntropy(
                logits.reshaped([count, logits.shape[2]]), classes: batch.target.reshaped([count])))
    }

    /// Cross-entropy, in nats, of each token of a translation, its end included; padding counts nothing.
    static func translation(_ network: any Module, _ batch: BatchTensors, labelSmoothing: Double = 0) -> Objective {
        guard let translator = network as? Translator else {
            preconditionFailure("\(type(of: network)) does not translate")
        }
        return Objective(
            loss: Loss.crossEntropy(
                translator(batch.inputs[0], batch.inputs[1]), classes: batch.target,
                labelSmoothing: Pass.isTraining ? labelSmoothing : 0, ignoring: 0))
    }

    private static func logits(_ network: any Module, _ input: Tensor) -> Tensor {
        guard let layer = network as? any Layer else {
            preconditionFailure("\(type(of: network)) reads more than one tensor")
        }
        return layer(input)
    }
}
