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
            "\(TaskName.allCases.map(\.rawValue).joined(separator: ", ")). Default: by the data.",
            "任务：\(TaskName.allCases.map(\.rawValue).joined(separator: "、"))。默认：由数据判断。", valueName: "name"))
    var task: TaskName?

    @Option(
        help: ArgumentHelp(
            "A column of texts; may be given several times. Default: the longest column.",
            "文本列；可多次给出。默认：文本最长的列。", valueName: "column"))
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "\(TokenizerKind.allCases.map(\.rawValue).joined(separator: ", ")), or a tokenizer.json or SentencePiece file. "
                + "Default: word for classification (character where words are not spaced), character for language models, bpe for "
                + "translation.",
            "分词器：\(TokenizerKind.allCases.map(\.rawValue).joined(separator: "、"))，或 tokenizer.json、SentencePiece 文件。"
                + "默认：分类用 word（词间无空格时用 character），语言模型用 character，翻译用 bpe。",
            valueName: "kind|file"))
    var tokenizer: String?

    @Option(
        help: ArgumentHelp(
            "The most tokens of a tokenizer that is trained. Default: 20000; 8000 for translation.",
            "所训练分词器的最大词表。默认：20000；翻译为 8000。", valueName: "n"))
    var vocabulary: Int?

    @Option(
        name: .customLong("max-length"),
        help: ArgumentHelp(
            "Longer texts are cut to so many tokens. Default: 256.", "更长的文本截断为这么多词元。默认：256。", valueName: "n"))
    var givenMaxLength: Int?

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp(
            "Tokens that a language model sees at once. Default: 128.", "语言模型一次能看到的词元数。默认：128。", valueName: "n"))
    var givenContext: Int?

    var maxLength: Int { givenMaxLength ?? 256 }
    var context: Int { givenContext ?? 128 }

    @Option(
        help: ArgumentHelp(
            "A file with the translation of each line of DATA. In a table, --target names their column.",
            "DATA 各行译文所在的文件。若是表，用 --target 指定译文列。",
            valueName: "file"))
    var into: String?

    @Flag(help: ArgumentHelp("Take large letters for small ones.", "不区分大小写。"))
    var lowercase = false

    @Option(help: TextEncoding.help)
    var encoding: TextEncoding?

    func validate() throws {
        for (name, value, least) in [
            ("--vocabulary", vocabulary ?? 8, 8), ("--max-length", maxLength, 1), ("--context", context, 2),
        ] {
            guard (least...(1 << 20)).contains(value) else {
                throw Failure.usage(.outOfBounds(name, .between(least, 1 << 20), value))
            }
        }
    }
}
