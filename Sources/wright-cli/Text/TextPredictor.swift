import Wright

/// Runs a saved classifier over texts.
struct TextPredictor {
    private let model: SavedTextModel
    private let labels: LabelNames
    private let batchSize: Int
    private let function: CompiledFunction

    init(_ model: SavedTextModel, labels: LabelNames, compute: ComputeOptions, batchSize: Int) {
        self.model = model
        self.labels = labels
        self.batchSize = batchSize
        guard let network = model.network as? any Layer else {
            preconditionFailure("\(model.architecture) gives no labels")
        }
        function = CompiledFunction(
            on: CPUBackend(threads: compute.threads), options: CompileOptions(precision: compute.precision)
        ) { arguments in Trace([network(arguments[0]).softmax()]) }
    }

    /// Classifies the rows of files: tables with the model's columns, or a text on each line.
    func files(_ files: [String], _ encoding: TextEncoding?) throws -> Predictor.Outcome {
        var outcome = Predictor.Outcome()
        for path in files {
            do {
                let columns = model.form.columns
                let rows = try TextRows(
                    contentsOf: path, columns: columns.isEmpty ? nil : columns, encoding: encoding)
                if let guessed = rows.guessedEncoding { Output.notes([guessed.guess(of: path)]) }
                if rows.report.dropped > 0 {
                    outcome.problems.append(Phrase("\(path): ", "\(path)：") + rows.report.phrase)
                }
                outcome.predictions += try predictions(rows.lines.map { "\(path):\($0)" }, rows.texts)
            } catch let error as FileError {
                outcome.problems.append(Phrase(Output.text(of: error)))
            }
        }
        return outcome
    }

    /// Classifies texts that are given names, in their order.
    func predictions(_ names: [String], _ texts: [[String]]) throws -> [Predictor.Prediction] {
        let data = try EncodedTexts(texts, model.tokens, maximumLength: model.form.maximumLength)
        var results = [Predictor.Prediction?](repeating: nil, count: texts.count)
        // Texts of like lengths together, so that batches hold little padding.
        let order = texts.indices.sorted { (data.sequences.length($0), $0) < (data.sequences.length($1), $1) }
        for start in stride(from: 0, to: order.count, by: batchSize) {
            let rows = Array(order[start..<min(start + batchSize, order.count)])
            let ids = data.sequences.padded(rows, to: data.widths, padding: 0)
            let probabilities = try function([ids])[0].array(of: Float.self)
            for (place, row) in rows.enumerated() {
                results[row] = Predictor.Prediction(
                    name: names[row],
                    probabilities: Array(probabilities[place * labels.count..<(place + 1) * labels.count]),
                    labels: labels)
            }
        }
        return results.compactMap(\.self)
    }
}
