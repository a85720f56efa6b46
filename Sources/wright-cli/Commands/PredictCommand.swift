import ArgumentParser
import Wright
import WrightTasks

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: say(
            "Classify image files, rows or texts, or translate texts, with a trained model.",
            "用训练好的模型对图像文件、表格行或文本分类，或翻译文本。"),
        discussion: say(
            """
            Images of another size are resized to what the model was trained on; colour becomes grey where the model wants \
            it. A file that cannot be read is reported and the others go on; the exit status is then 3.

            \(examples)
            """,
            """
            尺寸不同的图像会缩放到模型训练时的尺寸；模型需要灰度时，彩色转为灰度。读不了的文件会报告，其余的继续；此时退出状态码为 3。

            \(examples)
            """))

    private static let examples = """
          wright predict clothes shoe.png coat.jpg
          wright predict clothes photographs/*.jpg --top 3 -o predictions.csv
          wright predict churn customers.csv --json
          wright predict stars --text 'We will come again.'
          wright predict translator letters.txt -o letters.de.txt
        """

    @Argument(help: ArgumentHelp("The folder that 'wright train' wrote.", "'wright train' 写出的文件夹。", valueName: "model"))
    var model: String

    @Argument(
        help: ArgumentHelp(
            "Images (PNG, JPEG), or for models of rows and texts .csv, .tsv, .jsonl or .txt files.",
            "图像（PNG、JPEG）；若是表格行或文本的模型，则为 .csv、.tsv、.jsonl 或 .txt 文件。", valueName: "files")
    )
    var files: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A table to predict with a trained task ('wright train run.yaml').",
            "用训练好的任务（'wright train run.yaml'）预测的表。", valueName: "file"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "A text to classify or translate; may be given several times.", "要分类或翻译的文本；可多次给出。", valueName: "text"))
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "Translations kept at each step of a translator's search.", "翻译模型束搜索每步保留的译文数。", valueName: "n"))
    var beams = 4

    @Option(
        help: ArgumentHelp(
            "How many classes to name for each, the likeliest first.", "每个样本列出的类别数，最可能的在前。", valueName: "n"))
    var top = 1

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the predictions there instead of printing: CSV, or of a translator one on each line.",
            "把预测写到该文件而不输出到屏幕：CSV；翻译模型则每行一条译文。",
            valueName: "file"))
    var output: String?

    @Option(name: [.customShort("b"), .long], help: ArgumentHelp("Examples at a time.", "每批的样本数。", valueName: "n"))
    var batchSize = 64

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    @OptionGroup var compute: ComputeOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func validate() throws {
        try compute.validate()
        guard !files.isEmpty || !text.isEmpty || data != nil else {
            throw Failure.usage(Message(.nothingToPredict))
        }
        guard (1...1024).contains(beams) else {
            throw Failure.usage(.outOfBounds("--beams", .between(1, 1024), beams))
        }
        guard top >= 1 else { throw Failure.usage(.outOfBounds("--top", .atLeast(1), top)) }
        guard (1...100_000).contains(batchSize) else {
            throw Failure.usage(.outOfBounds("--batch-size", .between(1, 100_000), batchSize))
        }
    }

    func run() throws {
        if let saved = try SavedTask(contentsOf: model, compute: compute) { return try predict(saved) }
        guard data == nil || !SavedModel.exists(in: model) else {
            throw Failure.usage(Message(.forTrainedTasks, "--data", model))
        }
        if let saved = try SavedTextModel(contentsOf: model), saved.task == .translation {
            return try translate(saved)
        }
        let (outcome, classes) = try outcome()
        for problem in outcome.problems { Output.message(Phrase("error: ", "错误：") + problem) }
        let top = min(top, classes)
        if let output {
            try AtomicFile.write(Array(Self.csv(outcome.predictions, top: top).utf8), to: output)
        } else if json {
            Output.result(.array(outcome.predictions.map { Self.document($0, top: top) }))
        } else if !outcome.predictions.isEmpty {
            Output.result(
                Output.table(
                    outcome.predictions.map { prediction in
                        [prediction.name]
                            + prediction.likeliest(top).flatMap { [$0.label, $0.probability.percent()] }
                    }))
        }
        guard outcome.problems.isEmpty else {
            let total = outcome.predictions.count + outcome.problems.count
            throw Failure.data(Message(.someNotClassified, outcome.problems.count.grouped, total.grouped))
        }
    }

    /// Every row of a table, one after the other.
    private func predict(_ saved: SavedTask) throws {
        guard encoding == nil else {
            throw Failure.usage(Message(.saidByTrainedTask, "--encoding", model, "data.encoding"))
        }
        guard let path = data ?? files.first, text.isEmpty, files.count + (data == nil ? 0 : 1) == 1 else {
            throw Failure.usage(Message(.oneTable, model))
        }
        let file = try output.map { try AtomicFile($0) }
        var texts: [[String]] = []
        var objects: [JSON] = []
        var hasNames = false
        try saved.predictions(path) { columns in
            let rows = columns[0].fields.indices
            if json, file == nil {
                objects += rows.map { row in
                    var object = JSON.Object()
                    for column in columns { object[column.name] = column.json(row) }
                    return .object(object)
                }
                return
            }
            if !hasNames { texts.append(columns.map(\.name)) }
            hasNames = true
            texts += rows.map { row in columns.map { $0.fields[row] } }
            guard let file else { return }
            try file.write(texts.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined())
            texts = []
        }
        if let file {
            try file.commit()
        } else if json {
            Output.result(.array(objects))
        } else {
            Output.result(Output.table(texts))
        }
    }

    private func translate(_ saved: SavedTextModel) throws {
        let translator = try TextTranslator(saved, beams: beams, compute: compute)
        var (translations, problems) = try translator.files(files, encoding)
        translations += try translator.translations(text.indices.map { say("text \($0 + 1)", "文本 \($0 + 1)") }, text)
        for problem in problems { Output.message(Phrase("error: ", "错误：") + problem) }
        // Texts hold no line breaks, so line n is the translation of line n.
        let lines = translations.map { $0.text.replacing("\n", with: " ") + "\n" }.joined()
        if let output {
            try AtomicFile.write(Array(lines.utf8), to: output)
        } else if json {
            Output.result(
                .array(
                    translations.map {
                        [
                            "file": .string($0.name), "source": .string($0.source), "translation": .string($0.text),
                            "score": .number($0.score),
                        ]
                    }))
        } else if !translations.isEmpty {
            Output.part(lines)
        }
        guard problems.isEmpty else { throw Failure.data(Message(.someNotTranslated)) }
    }

    private func outcome() throws -> (Predictor.Outcome, classes: Int) {
        if let saved = try SavedTextModel(contentsOf: model) {
            guard let labels = saved.labels else {
                throw Failure.usage(Message(.isLanguageModel, model))
            }
            let predictor = TextPredictor(saved, labels: labels, compute: compute, batchSize: batchSize)
            var outcome = try predictor.files(files, encoding)
            outcome.predictions += try predictor.predictions(text, text.map { [$0] })
            return (outcome, labels.count)
        }
        guard encoding == nil else { throw Failure.usage(Message(.forTextModels, "--encoding", model)) }
        guard text.isEmpty else { throw Failure.usage(Message(.forTextModels, "--text", model)) }
        let saved = try SavedModel(contentsOf: model)
        let predictor = Predictor(saved, compute: compute, batchSize: batchSize)
        return (try saved.input.isImage ? predictor.images(files) : predictor.tables(files), saved.labels.count)
    }

    private static func document(_ prediction: Predictor.Prediction, top: Int) -> JSON {
        [
            "file": .string(prediction.name),
            "classes": .array(
                prediction.likeliest(top).map { ["label": .string($0.label), "probability": .number($0.probability)] }),
        ]
    }

    private static func csv(_ predictions: [Predictor.Prediction], top: Int) -> String {
        var header = "file"
        for place in 1...top { header += top == 1 ? ",label,probability" : ",label\(place),probability\(place)" }
        let rows = predictions.map { prediction in
            ([quoted(prediction.name)]
                + prediction.likeliest(top).flatMap { [quoted($0.label), $0.probability.fixed(6)] }).joined(
                    separator: ",")
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    /// RFC 4180: in quotes where the text would be mistaken for structure.
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
