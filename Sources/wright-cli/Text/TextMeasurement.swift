import Wright

/// What a saved model of texts is worth on a file.
struct TextMeasurement {
    let evaluation: Evaluation
    private let model: SavedTextModel

    init(of model: SavedTextModel, on path: String, target: String?, batchSize: Int, compute: ComputeOptions) throws {
        self.model = model
        let columns = model.form.columns
        let label = model.labels == nil ? nil : target ?? model.form.target
        let rows = try TextRows(contentsOf: path, columns: columns.isEmpty ? nil : columns, label: label)
        if rows.report.dropped > 0 { Output.message("note: \(path): \(rows.report)") }
        guard rows.count > 0 else { throw Failure.data("\(path) holds no texts") }
        let backend = CPUBackend(threads: compute.threads)
        let module = NetworkModule(network: model.network)
        var config = Pipeline.Config()
        config.batchSize = batchSize
        guard let labels = model.labels else {
            let numbers = try rows.texts.flatMap { try model.tokens.numbers($0.joined(separator: "\n") + "\n") }
            guard numbers.count > model.form.maximumLength else {
                throw Failure.data(
                    "\(path): \(numbers.count.counted("token")) are less than one window of \(model.form.maximumLength)"
                )
            }
            let windows = TokenWindows(numbers, length: model.form.maximumLength)
            let evaluator = Evaluator(module, precision: compute.precision, on: backend) { module, batch in
                TextObjective.nextToken(module.network, batch)
            }
            let measured = try evaluator.evaluate(Pipeline(windows, config), interruption: .onSignals())
            let bytes = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.utf8.count } }
            let characters = rows.texts.reduce(0) { $0 + $1.reduce(1) { $0 + $1.unicodeScalars.count } }
            evaluation = measured.withLanguageModelValues(
                tokens: numbers.count, characters: characters, bytes: bytes)
            return
        }
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
        let evaluator = Evaluator(module, precision: compute.precision, on: backend) { module, batch in
            TextObjective.classification(module.network, batch)
        }
        evaluation = try evaluator.evaluate(
            Pipeline(data.labelled(classes, rows: order), config), metrics: metrics, interruption: .onSignals())
    }

    /// The numbers that answer "how good is it", for a terminal.
    var table: String {
        guard let labels = model.labels else {
            return Output.table(
                evaluation.values.map { [$0.name, $0.value.fixed(4)] } + [["time", evaluation.seconds.clock]])
        }
        return Measurement.table(evaluation, labels: labels)
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
