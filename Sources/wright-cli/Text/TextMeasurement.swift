import Wright
import WrightTasks

/// What a saved model of texts is worth on a file.
struct TextMeasurement {
    /// What is measured on, and how.
    struct Options {
        var path: String
        /// The column of labels or translations; nil for the model's.
        var target: String?
        /// A file with the translation of each line.
        var into: String?
        var encoding: TextEncoding?
        var batchSize: Int
        /// How many of the worst answers to keep for a report.
        var mistakes: Int
        var compute: ComputeOptions
    }

    private(set) var evaluation: Evaluation
    /// How well a classifier's probabilities are meant; nil of other models.
    private(set) var calibration: ProbabilityScores?
    /// The worst answers first: of a classifier the wrong ones, of a translator those least like the given translation.
    private(set) var worst: [Answer] = []
    /// What was left out of the data.
    private(set) var drops: DropReport
    let model: SavedTextModel
    let options: Options

    /// A text and what the model made of it.
    struct Answer {
        var place: String
        var text: String
        var answer: String
        var truth: String
        /// The probabilities of a classifier's answer and of the truth; of a translation, how like the given one it is.
        var scores: [Double]
    }

    init(of model: SavedTextModel, _ options: Options) throws {
        (self.model, self.options) = (model, options)
        switch model.task {
        case .languageModel: (evaluation, drops) = try Self.languageModel(model, options)
        case .translation: (evaluation, drops, worst) = try Self.translator(model, options)
        case .classification, .textClassification:
            (evaluation, drops, worst, calibration) = try Self.classifier(model, options)
        }
    }

    /// The numbers that answer "how good is it", for a terminal.
    var table: String {
        guard let labels = model.labels else {
            return Output.table(
                evaluation.values.map { [say($0.name, Phrase.metric($0.name).chinese), $0.value.fixed(4)] } + [
                    [say("time", "用时"), evaluation.seconds.clock]
                ])
        }
        return Measurement.table(evaluation, labels: labels)
    }

    private static func languageModel(
        _ model: SavedTextModel, _ options: Options
    ) throws -> (Evaluation, DropReport) {
        let rows = try rows(model, options)
        let numbers = try rows.texts.flatMap { try model.tokens.numbers($0.joined(separator: "\n") + "\n") }
        guard numbers.count > model.form.maximumLength else {
            throw Failure.data(
                Message(
                    .tooFewTokens, options.path, Phrase.counted(numbers.count, "token", "个词元"),
                    model.form.maximumLength))
        }
        let windows = TokenWindows(numbers, length: model.form.maximumLength)
        let measured = try evaluate(model, windows, options) { TextObjective.nextToken($0, $1) }
        let bytes = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.utf8.count } }
        let characters = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.unicodeScalars.count } }
        return (
            measured.withLanguageModelValues(tokens: numbers.count, characters: characters, bytes: bytes), rows.report
        )
    }

    private static func classifier(
        _ model: SavedTextModel, _ options: Options
    ) throws -> (Evaluation, DropReport, [Answer], ProbabilityScores) {
        let (path, labels) = (options.path, model.labels ?? LabelNames(collecting: []))
        let rows = try rows(model, options)
        var classes: [Int32] = []
        var kept: [Int] = []
        for (row, name) in rows.labels.enumerated() {
            guard let number = labels.number(of: name) else { continue }
            classes.append(number)
            kept.append(row)
        }
        guard !kept.isEmpty else {
            throw Failure.data(Message(.foreignLabels, path, Array(labels.names.prefix(20))))
        }
        if kept.count < rows.count {
            let left = rows.count - kept.count
            Output.note(
                "\(path): \(left.counted("row")) with labels unknown to the model left out",
                "\(path)：\(left.grouped) 行的标签不属于模型的标签，未使用")
        }
        let data = try EncodedTexts(
            kept.map { rows.texts[$0] }, model.tokens, maximumLength: model.form.maximumLength)
        let order = kept.indices.sorted { data.sequences.length($0) < data.sequences.length($1) }
        var metrics: [any Metric] = [ConfusionMatrix(classes: labels.count)]
        if labels.count > 3 { metrics.append(TopKAccuracy(k: 3, classes: labels.count)) }
        metrics.append(ProbabilityScores(classes: labels.count))
        var calibration = ProbabilityScores(classes: labels.count)
        let evaluation = try evaluate(
            model, data.labelled(classes, rows: order), options, metrics,
            observing: { try calibration.add(Predictions(outputs: $1, targets: $0.targets[0])) }
        ) { TextObjective.classification($0, $1) }
        let worst = evaluation.mistakes.map { mistake in
            let row = kept[order[mistake.row]]
            return Answer(
                place: "\(options.path):\(rows.lines[row])", text: rows.texts[row].joined(separator: "\n"),
                answer: labels[Int(mistake.answer)], truth: labels[Int(mistake.truth)],
                scores: [mistake.confidence ?? .nan, SystemCalls.exponential(-mistake.badness)])
        }
        return (evaluation, rows.report, worst, calibration)
    }

    /// The loss of the translations that are given, and what the model's own are worth beside them.
    private static func translator(
        _ model: SavedTextModel, _ options: Options
    ) throws -> (Evaluation, DropReport, [Answer]) {
        let pairs = try TextPairs.open(
            options.path, into: options.into, source: model.form.columns, target: options.target ?? model.form.target,
            encoding: options.encoding)
        Output.notes(pairs.notes)
        Output.note(pairs.report, of: options.path)
        guard pairs.count > 0 else { throw Failure.data(Message(.nothingToRead, options.path)) }
        let data = try EncodedPairs(pairs, model.tokens, maximumLength: model.form.maximumLength)
        var result = try evaluate(model, data.pairs(rows: data.ordered(Array(0..<pairs.count))), options) {
            TextObjective.translation($0, $1)
        }
        let began = SystemCalls.monotonicTime
        let translator = try TextTranslator(model, beams: 4, compute: options.compute)
        let written = try translator.translations(pairs.sources, pairs.sources)
        let values = WrittenTexts(written.map(\.text), references: pairs.targets)
        result.values += values.metrics
        result.seconds += SystemCalls.monotonicTime - began
        let worst = values.likeness.indices.sorted { (values.likeness[$0], $0) < (values.likeness[$1], $1) }
        let answers = worst.prefix(options.mistakes).map { row in
            Answer(
                place: "", text: pairs.sources[row], answer: written[row].text, truth: pairs.targets[row],
                scores: [values.likeness[row]])
        }
        return (result, pairs.report, answers)
    }

    private static func rows(_ model: SavedTextModel, _ options: Options) throws -> TextRows {
        let columns = model.form.columns
        let label = model.labels == nil ? nil : options.target ?? model.form.target
        let rows = try TextRows(
            contentsOf: options.path, columns: columns.isEmpty ? nil : columns, label: label,
            encoding: options.encoding)
        Output.notes(rows.notes)
        guard rows.count > 0 else { throw Failure.data(Message(.nothingToRead, options.path)) }
        return rows
    }

    private static func evaluate(
        _ model: SavedTextModel, _ data: some Dataset, _ options: Options, _ metrics: [any Metric] = [],
        observing: ((_ batch: Batch, _ predictions: Buffer) throws -> Void)? = nil,
        objective: @escaping @Sendable (_ network: any Module, _ batch: BatchTensors) -> Objective
    ) throws -> Evaluation {
        var config = Pipeline.Config()
        config.batchSize = options.batchSize
        let evaluator = Evaluator(
            NetworkModule(network: model.network), precision: options.compute.precision,
            on: CPUBackend(threads: options.compute.threads)
        ) { module, batch in objective(module.network, batch) }
        return try evaluator.evaluate(
            Pipeline(data, config), metrics: metrics, mistakes: metrics.isEmpty ? 0 : options.mistakes,
            interruption: .onSignals(), observing: observing)
    }
}

/// What a model wrote, beside what would have been right.
private struct WrittenTexts {
    let metrics: [MetricValue]
    /// chrF of each text by itself, from 0 to 100.
    let likeness: [Double]

    /// Where words are not spaced, as in Chinese, each character is one.
    init(_ texts: [String], references: [String]) {
        var config = BLEU.Config()
        let isChinese = TextTokens.kind(of: references.map { [$0] }) == .character
        config.segmentation = isChinese ? .chinese : .v13a
        var (bleu, chrF, rouge) = (BLEU(config), ChrF(), ROUGE(.anyScript))
        var match = AnswerMatch(isChinese ? .chinese : .english)
        likeness = zip(texts, references).map { text, reference in
            bleu.add(text, references: [reference])
            rouge.add(text, references: [reference])
            match.add(text, references: [reference])
            chrF.add(text, references: [reference])
            var own = ChrF()
            own.add(text, references: [reference])
            return own.score
        }
        metrics = bleu.values + chrF.values + rouge.values + match.values
    }
}

extension Evaluation {
    /// The values of a language model whose mean loss is in nats for each token.
    fileprivate func withLanguageModelValues(tokens: Int, characters: Int, bytes: Int) -> Evaluation {
        guard let loss = self["loss"] else { return self }
        var result = self
        let total = loss * Double(tokens)
        result.values += [
            MetricValue("perplexity", HostMath.exp(loss)),
            MetricValue("nats_per_character", total / Double(characters)),
            MetricValue("bits_per_character", total / Double(characters) / 0.693_147_180_559_945_3),
            MetricValue("bits_per_byte", total / Double(bytes) / 0.693_147_180_559_945_3),
        ]
        return result
    }
}
