import Wright

/// Runs a saved translator over texts.
struct TextTranslator {
    /// One text and what became of it.
    struct Translation {
        var name: String
        var source: String
        var text: String
        var score: Double
    }

    private let model: SavedTextModel
    private let search: TranslationSearch

    init(_ model: SavedTextModel, beams: Int, compute: ComputeOptions) throws {
        guard let network = model.network as? Translator else {
            throw FileError(
                .unsupported, file: "\(ModelFolder.configFile)", "\(model.architecture) is not known to translate here",
                remedy: "Use a newer Wright")
        }
        self.model = model
        search = TranslationSearch(
            network, BeamSearchConfig(beams: beams, maximum: model.form.maximumLength), marks: model.tokens.marks,
            on: CPUBackend(threads: compute.threads), options: CompileOptions(precision: compute.precision))
    }

    /// Translates the lines of text files, or the model's column of tables: one translation for each line that is there.
    func files(_ paths: [String], _ encoding: TextEncoding?) throws -> (translations: [Translation], problems: [Phrase])
    {
        var problems: [Phrase] = []
        var translations: [Translation] = []
        for path in paths {
            do {
                let columns = model.form.columns
                let rows = try TextRows(
                    contentsOf: path, columns: columns.isEmpty || !TextRows.isTable(path) ? nil : columns,
                    encoding: encoding)
                if let guessed = rows.guessedEncoding { Output.notes([guessed.guess(of: path)]) }
                if rows.report.dropped > 0 { problems.append(Phrase("\(path): ", "\(path)：") + rows.report.phrase) }
                translations += try self.translations(rows.lines.map { "\(path):\($0)" }, rows.texts.map { $0[0] })
            } catch let error as FileError {
                problems.append(Phrase(Output.text(of: error)))
            }
        }
        return (translations, problems)
    }

    /// Translates texts that are given names, in their order.
    func translations(_ names: [String], _ texts: [String]) throws -> [Translation] {
        let sources = try texts.map { Array(try model.tokens.numbers($0).prefix(model.form.maximumLength)) }
        return try search.translate(sources).enumerated().map { index, found in
            Translation(
                name: names[index], source: texts[index], text: try model.tokens.text(found.tokens), score: found.score)
        }
    }
}
