import Wright

/// What `wright train` does with texts and their translations.
struct TranslationJob {
    let setup: TrainingSetup
    private var command: TrainCommand { setup.command }

    func run() throws {
        let (name, settings) = try setup.model(default: "translator", reading: .pairs)
        let pairs = try TextPairs.open(
            command.data, into: command.text.into, source: command.text.text, target: command.target,
            encoding: command.text.encoding)
        Output.notes(pairs.notes)
        Output.note(pairs.report, of: command.data)
        guard pairs.count > 1 else {
            throw Failure.data(Message(.tooFewPairs, command.data, Phrase.counted(pairs.count, "pair", "对文本")))
        }
        let (training, validation) = try split(pairs.count)
        let tokens = try TextTokens(
            command.text, default: .byteLevelBPE, vocabulary: 8000,
            training: training.lazy.flatMap { [pairs.sources[$0], pairs.targets[$0]] })
        // A start or an end takes a place of the model's.
        let data = try EncodedPairs(pairs, tokens, maximumLength: command.text.maxLength)
        try setup.checkOutput()
        let config = try settings.with([
            "vocabulary": .integer(Int64(tokens.rowsWithMarks)), "places": .integer(Int64(command.text.maxLength)),
        ])
        var source = ParameterSource(seed: command.method.seed)
        let columns = pairs.columns
        let model = SavedTextModel(
            task: .translation, config: config,
            form: TextForm(
                columns: columns.map { [$0.source] } ?? [], target: columns?.target,
                maximumLength: command.text.maxLength),
            tokens: tokens, labels: nil,
            training: setup.words(
                data: command.data, training: training.count, validation: validation.count, model: name,
                more: [("tokens", tokens.rows.grouped), ("longest text", "\(command.text.maxLength) tokens")]),
            network: Catalog.module(config, from: &source))
        try train(model, data, training, validation)
    }

    private func split(_ count: Int) throws -> (training: [Int], validation: [Int]) {
        let share = try setup.validationShare()
        let split = Split(
            count: count, Split.Fractions(train: 1 - share, validation: share, test: 0), seed: command.method.seed)
        return split.train.isEmpty ? (Array(0..<count), []) : (split.train, split.validation)
    }

    private func train(_ model: SavedTextModel, _ data: EncodedPairs, _ training: [Int], _ validation: [Int]) throws {
        let batchSize = min(command.method.batchSize, training.count)
        let examples = data.pairs(rows: training)
        var config = Pipeline.Config()
        config.batchSize = batchSize
        config.seed = command.method.seed
        config.order = .similarLengths(examples.lengths, batchSize: batchSize)
        let pipeline = Pipeline(examples, config)
        if !command.writing.quiet {
            let order = Sampler(count: training.count, order: config.order).rows(seed: config.seed, epoch: 0)
            let padding = examples.paddingShare(order: order, batchSize: batchSize)
            let (tokens, most) = (model.tokens.rows.grouped, model.form.maximumLength)
            Output.message(
                Phrase(
                    "\(command.data): \(training.count.counted("pair")) to train on, \(validation.count.grouped) to validate; "
                        + "\(tokens) different tokens, \(data.cut.counted("text")) cut to \(most) tokens, "
                        + "\(padding.percent()) padding",
                    "\(command.data)：训练集 \(training.count.grouped) 对，验证集 \(validation.count.grouped) 对；词表 \(tokens)，"
                        + "\(data.cut.grouped) 条文本截断为 \(most) 个词元，填充 \(padding.percent())"))
        }
        var validating = Pipeline.Config()
        validating.batchSize = batchSize
        let held = validation.isEmpty ? nil : data.pairs(rows: data.ordered(validation))
        let smoothing = command.method.labelSmoothing
        try setup.fit(
            model, pipeline, validation: held.map { Pipeline($0, validating) },
            next: "wright predict \(command.output ?? "") --text 'a text'"
        ) { TextObjective.translation($0, $1, labelSmoothing: smoothing) }
    }
}

extension TextPairs {
    /// The pairs that a command names: two files of lines, or two columns of a table.
    static func open(
        _ data: String, into: String?, source: [String], target: String?, encoding: TextEncoding?
    ) throws -> TextPairs {
        guard source.count <= 1 else {
            throw Failure.usage(Message(.oneTextColumn, source.count))
        }
        if let into {
            guard target == nil else {
                throw Failure.usage(Message(.eitherOr, "--into", "--target"))
            }
            return try TextPairs(source: data, target: into, encoding: encoding)
        }
        guard let target else {
            throw Failure.usage(Message(.noTranslations, data))
        }
        return try TextPairs(contentsOf: data, source: source.first, target: target, encoding: encoding)
    }
}

/// Pairs of texts as numbers.
struct EncodedPairs {
    private var sources = TokenSequences()
    private var targets = TokenSequences()
    private let widths: PaddedWidths
    private let marks: TranslationSearch.Marks
    /// Texts that are longer than what a model reads or writes.
    private(set) var cut = 0

    init(_ pairs: TextPairs, _ tokens: TextTokens, maximumLength: Int) throws {
        widths = PaddedWidths(maximum: maximumLength)
        marks = tokens.marks
        func encoded(_ text: String, limit: Int) throws -> ArraySlice<Int32> {
            let numbers = try tokens.numbers(text)
            if numbers.count > limit { cut += 1 }
            return numbers.prefix(limit)
        }
        for (source, target) in zip(pairs.sources, pairs.targets) {
            sources.append(try encoded(source, limit: maximumLength))
            targets.append(try encoded(target, limit: maximumLength - 1))
        }
    }

    func pairs(rows: [Int]) -> SequencePairs {
        SequencePairs(
            TokenSequences(rows.map { Array(sources[$0]) }), TokenSequences(rows.map { Array(targets[$0]) }),
            widths: widths, padding: 0, start: marks.start, end: marks.end)
    }

    /// From short to long, so that batches hold little padding.
    func ordered(_ rows: [Int]) -> [Int] {
        rows.sorted { (sources.length($0), targets.length($0), $0) < (sources.length($1), targets.length($1), $1) }
    }
}
