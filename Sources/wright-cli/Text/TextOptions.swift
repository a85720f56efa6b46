import ArgumentParser
import Wright

/// What `--task` names.
enum TaskName: String, CaseIterable, ExpressibleByArgument {
    /// Of images or rows of numbers.
    case classification
    case textClassification = "text-classification"
    case languageModel = "language-model"
    case translation

    /// The task that data of this name is usually for.
    init(data: String, hasTextColumn: Bool, hasTranslations: Bool) {
        guard !hasTranslations else {
            self = .translation
            return
        }
        let name = data.lowercased()
        let isPlain = [".txt", ".txt.gz", ".text"].contains(where: name.hasSuffix)
        let isLines = [".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"].contains(where: name.hasSuffix)
        self = isPlain ? .languageModel : hasTextColumn || isLines ? .textClassification : .classification
    }
}

/// How texts are read and cut into tokens.
struct TextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "\(TaskName.allCases.map(\.rawValue).joined(separator: ", ")). Default: by the data.", valueName: "name"))
    var task: TaskName?

    @Option(
        help: ArgumentHelp(
            "A column of texts; may be given several times. Default: the longest column.", valueName: "column"))
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "\(TokenizerKind.allCases.map(\.rawValue).joined(separator: ", ")), or a tokenizer.json or SentencePiece file. "
                + "Default: word for classification (character where words are not spaced), character for language models, bpe for "
                + "translation.",
            valueName: "kind|file"))
    var tokenizer: String?

    @Option(
        help: ArgumentHelp(
            "The most tokens of a tokenizer that is trained. Default: 20000; 8000 for translation.", valueName: "n"))
    var vocabulary: Int?

    @Option(
        name: .customLong("max-length"),
        help: ArgumentHelp("Longer texts are cut to so many tokens. Default: 256.", valueName: "n"))
    var givenMaxLength: Int?

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp("Tokens that a language model sees at once. Default: 128.", valueName: "n"))
    var givenContext: Int?

    var maxLength: Int { givenMaxLength ?? 256 }
    var context: Int { givenContext ?? 128 }

    @Option(
        help: ArgumentHelp(
            "A file with the translation of each line of DATA. In a table, --target names their column.",
            valueName: "file"))
    var into: String?

    @Flag(help: "Take large letters for small ones.")
    var lowercase = false

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    func validate() throws {
        for (name, value, least) in [
            ("--vocabulary", vocabulary ?? 8, 8), ("--max-length", maxLength, 1), ("--context", context, 2),
        ] {
            guard (least...(1 << 20)).contains(value) else {
                throw ValidationError("\(name) must be from \(least) to \(1 << 20), not \(value).")
            }
        }
    }
}
