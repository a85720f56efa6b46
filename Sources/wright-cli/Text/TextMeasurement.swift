import Wright

/// What a saved model of texts is worth on a file.
struct TextMeasurement {
    /// What is measured on, and how.
    struct Options {
        var path: String
        /// The column of labels or translations; nil for the model's.
        var target: String?
        /// A file with the translation of each line.
        var into: String?
        var batchSize: Int
        var compute: ComputeOptions
    }

    let evaluation: Evaluation
    private let model: SavedTextModel

    init(of model: SavedTextModel, _ options: Options) throws {
        self.model = model
        evaluation =
            switch model.task {
            case .languageModel: try Self.languageModel(model, options)
            case .translation: try Self.translator(model, options)
            case .classification, .textClassification: try Self.classifier(model, options)
            }
    }

    /// The numbers that answer "how good is it", for a terminal.
    var table: String {
        guard let labels = model.labels else {
            return Output.table(
                evaluation.values.map { [$0.name, $0.value.fixed(4)] } + [["time", evaluation.seconds.clock]])
        }
        return Measurement.table(evaluation, labels: labels)
    }

    private static func languageModel(_ model: SavedTextModel, _ options: Options) throws -> Evaluation {
        let rows = try rows(model, options)
        let numbers = try rows.texts.flatMap { try model.tokens.numbers($0.joined(separator: "\n") + "\n") }
        guard numbers.count > model.form.maximumLength else {
            throw Failure.data(
                "\(options.path): \(numbers.count.counted("token")) are less than one window of \(model.form.maximumLength)"
            )
        }
        let windows = TokenWindows(numbers, length: model.form.maximumLength)
        let measured = try evaluate(model, windows, options) { TextObjective.nextToken($0, $1) }
        let bytes = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.utf8.count } }
        let characters = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.unicodeScalars.count } }
        return measured.withLanguageModelValues(tokens: numbers.count, characters: characters, bytes: bytes)
    }

    private static func classifier(_ model: SavedTextModel, _ options: Options) throws -> Evaluation {
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
            throw Failure.data(
                "\(path): none of its labels is one of the model's: \(labels.names.prefix(20).joined(separator: ", "))")
        }
        if kept.count < rows.count {
            Output.message(
                "note: \(path): \((rows.count - kept.count).counted("row")) with labels unknown to the model left out")
        }
        let data = try EncodedTexts(
            kept.map { rows.texts[$0] }, model.tokens, maximumLength: model.form.maximumLength)
        let order = kept.indices.sorted { data.sequences.length($0) < data.sequences.length($1) }
        var metrics: [any Metric] = [ConfusionMatrix(classes: labels.count)]
        if labels.count > 3 { metrics.append(TopKAccuracy(k: 3, classes: labels.count)) }
        metrics.append(ProbabilityScores(classes: labels.count))
        return try evaluate(model, data.labelled(classes, rows: order), options, metrics) {
            TextObjective.classification($0, $1)
        }
    }

    /// The loss of the translations that are given, and BLEU and chrF of the model's own.
    private static func translator(_ model: SavedTextModel, _ options: Options) throws -> Evaluation {
        let pairs = try TextPairs.open(
            options.path, into: options.into, source: model.form.columns, target: options.target ?? model.form.target)
        if pairs.report.dropped > 0 { Output.message("note: \(options.path): \(pairs.report)") }
        guard pairs.count > 0 else { throw Failure.data("\(options.path) holds no texts with translations") }
        let data = try EncodedPairs(pairs, model.tokens, maximumLength: model.form.maximumLength)
        var result = try evaluate(model, data.pairs(rows: data.ordered(Array(0..<pairs.count))), options) {
            TextObjective.translation($0, $1)
        }
        let began = SystemCalls.monotonicTime
        let translator = try TextTranslator(model, beams: 4, compute: options.compute)
        var (bleu, chrF) = (BLEU(), ChrF())
        let written = try translator.translations(pairs.sources, pairs.sources)
        for (translation, reference) in zip(written, pairs.targets) {
            bleu.add(translation.text, references: [reference])
            chrF.add(translation.text, references: [reference])
        }
        result.values += bleu.values + chrF.values
        result.seconds += SystemCalls.monotonicTime - began
        return result
    }

    private static func rows(_ model: SavedTextModel, _ options: Options) throws -> TextRows {
        let columns = model.form.columns
        let label = model.labels == nil ? nil : options.target ?? model.form.target
        let rows = try TextRows(contentsOf: options.path, columns: columns.isEmpty ? nil : columns, label: label)
        if rows.report.dropped > 0 { Output.message("note: \(options.path): \(rows.report)") }
        guard rows.count > 0 else { throw Failure.data("\(options.path) holds no texts") }
        return rows
    }

    private static func evaluate(
        _ model: SavedTextModel, _ data: some Dataset, _ options: Options, _ metrics: [any Metric] = [],
        objective: @escaping @Sendable (_ network: any Module, _ batch: BatchTensors) -> Objective
    ) throws -> Evaluation {
        var config = Pipeline.Config()
        config.batchSize = options.batchSize
        let evaluator = Evaluator(
            NetworkModule(network: model.network), precision: options.compute.precision,
            on: CPUBackend(threads: options.compute.threads)
        ) { module, batch in objective(module.network, batch) }
        return try evaluator.evaluate(Pipeline(data, config), metrics: metrics, interruption: .onSignals())
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
