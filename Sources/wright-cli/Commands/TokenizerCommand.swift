public import ArgumentParser
public import Wright

struct TokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: say("Train tokenizers, and turn text into token numbers and back.", "训练分词器，在文本与词元编号之间互相转换。"),
        subcommands: [TokenizerTrainCommand.self, TokenizerEncodeCommand.self, TokenizerDecodeCommand.self])

    /// The tokenizer in a file: `tokenizer.json`, or SentencePiece's `.model`.
    static func load(_ path: String) throws -> Tokenizer {
        path.hasSuffix(".model") ? try Tokenizer(sentencePiece: path) : try Tokenizer(contentsOf: path)
    }
}

extension TokenizerKind: ExpressibleByArgument {}

struct TokenizerTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: say("Train a tokenizer on text files and write tokenizer.json.", "用文本文件训练分词器，写出 tokenizer.json。"),
        discussion: say(
            """
            Each line is a text. The result is Hugging Face's format: its libraries read it too.

              wright tokenizer train books/*.txt --kind byte-bpe --vocabulary 16000 --output tokenizer.json
              wright tokenizer train chat.txt --like llama/tokenizer.json --output tokenizer.json
            """,
            """
            每行是一段文本。结果为 Hugging Face 的格式，其库也能读取。

              wright tokenizer train books/*.txt --kind byte-bpe --vocabulary 16000 --output tokenizer.json
              wright tokenizer train chat.txt --like llama/tokenizer.json --output tokenizer.json
            """))

    @Argument(help: ArgumentHelp("Text files in UTF-8.", "UTF-8 文本文件。", valueName: "files"))
    var files: [String]

    @Option(help: ArgumentHelp("Which kind.", "分词器的种类。", valueName: "kind"))
    var kind = TokenizerKind.byteLevelBPE

    @Option(
        help: ArgumentHelp(
            "Train one that is built like this tokenizer.json instead.", "改为训练与这个 tokenizer.json 结构相同的分词器。",
            valueName: "file"))
    var like: String?

    @Option(help: ArgumentHelp("The most tokens.", "词元数上限。", valueName: "n"))
    var vocabulary = 30_000

    @Option(help: ArgumentHelp("Leave out what comes less often.", "舍去出现次数少于此值的内容。", valueName: "n"))
    var minimumFrequency = 0

    @Option(
        name: .customLong("special"),
        help: ArgumentHelp("A special token; give it again for more.", "特殊词元；可多次给出。", valueName: "token")
    )
    var specialTokens: [String] = []

    @Flag(help: ArgumentHelp("Make all text lower case.", "把所有文本转为小写。"))
    var lowercase = false

    @OptionGroup var speech: SpeechOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the tokenizer.", "分词器写到哪里。", valueName: "file"))
    var output: String

    func validate() throws {
        guard (2...10_000_000).contains(vocabulary) else {
            throw Failure.usage(.outOfBounds("--vocabulary", .between(2, 10_000_000), vocabulary))
        }
        guard minimumFrequency >= 0 else {
            throw Failure.usage(.outOfBounds("--minimum-frequency", .atLeast(0), minimumFrequency))
        }
    }

    func run() throws {
        var config = TokenizerTrainer.Config()
        config.vocabularySize = vocabulary
        config.minimumFrequency = minimumFrequency
        let template: Tokenizer
        if let like {
            template = try TokenizerCommand.load(like)
            config.specialTokens = template.addedTokens.filter(\.isSpecial).map(\.content)
            if template.usesByteAlphabet { config.initialAlphabet = TokenizerKind.byteLevelBPE.initialAlphabet }
        } else {
            template = try Tokenizer.untrained(kind, lowercases: lowercase)
            config.specialTokens = kind.specialTokens
            config.initialAlphabet = kind.initialAlphabet
        }
        config.specialTokens += specialTokens.filter { !config.specialTokens.contains($0) }
        var trainer = TokenizerTrainer(like: template, config)
        for file in files { try trainer.add(contentsOf: file) }
        let tokenizer = try trainer.finish()
        try tokenizer.write(to: output)
        let count = tokenizer.model.vocabulary.count
        Output.message(Phrase("\(count.counted("token")) in \(output)", "\(count.grouped) 个词元，写入 \(output)"))
    }
}

struct TokenizerEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: say("Print the token numbers of texts, or of each line of a file.", "输出文本或文件中每行的词元编号。"),
        discussion: """
              wright tokenizer encode tokenizer.json "A text."
              wright tokenizer encode tokenizer.json --file corpus.txt > ids.txt
              wright tokenizer encode tokenizer.json "A text." --json
            """)

    @Argument(
        help: ArgumentHelp(
            "A tokenizer.json, or a SentencePiece .model.", "tokenizer.json 或 SentencePiece 的 .model 文件。",
            valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("The texts.", "文本。", valueName: "texts"))
    var texts: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file whose lines are the texts; .json is read as a list of texts.", "每行一段文本的文件；.json 按文本列表读取。",
            valueName: "file"))
    var file: String?

    @Flag(
        name: .customLong("no-special"),
        help: ArgumentHelp("Do not add special tokens around the texts.", "不在文本前后添加特殊词元。"))
    var leavesOutSpecialTokens = false

    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print tokens, their numbers and their bytes as JSON.", "以 JSON 格式输出词元、编号及其字节位置。"))
    var json = false

    func validate() throws {
        guard texts.isEmpty != (file == nil) else {
            throw Failure.usage(Message(.eitherOr, Phrase("texts", "文本"), "--file"))
        }
    }

    func run() throws {
        let tokenizer = try TokenizerCommand.load(tokenizer)
        let inputs = try file.map(TextLines.load) ?? texts
        let encodings = try inputs.map { try tokenizer.encode($0, addingSpecialTokens: !leavesOutSpecialTokens) }
        guard json else {
            for encoding in encodings { Output.result(encoding.ids.map(String.init).joined(separator: " ")) }
            return
        }
        let documents: [JSON] = encodings.map { encoding in
            [
                "ids": .array(encoding.ids.map { .integer(Int64($0)) }),
                "tokens": .array(tokenizer.tokens(of: encoding).map { .string($0) }),
                "offsets": .array(
                    encoding.offsets.map { [.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))] }),
            ]
        }
        print(JSON.array(documents).text())
    }
}

struct TokenizerDecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: say("Print the text of token numbers, or of each line of a file of them.", "输出词元编号或文件中每行编号对应的文本。"),
        discussion: """
              wright tokenizer decode tokenizer.json 15496 995
              wright tokenizer decode tokenizer.json --file ids.txt --keep-special
            """)

    @Argument(
        help: ArgumentHelp(
            "A tokenizer.json, or a SentencePiece .model.", "tokenizer.json 或 SentencePiece 的 .model 文件。",
            valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("The numbers.", "编号。", valueName: "ids"))
    var ids: [Int32] = []

    @Option(help: ArgumentHelp("A file with numbers in each line.", "每行都是编号的文件。", valueName: "file"))
    var file: String?

    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print special tokens too.", "同时输出特殊词元。"))
    var keepSpecial = false

    func validate() throws {
        guard ids.isEmpty != (file == nil) else {
            throw Failure.usage(Message(.eitherOr, Phrase("numbers", "编号"), "--file"))
        }
    }

    func run() throws {
        let tokenizer = try TokenizerCommand.load(tokenizer)
        for line in try file.map(idLines) ?? [ids] {
            Output.result(try tokenizer.decode(line, skippingSpecialTokens: !keepSpecial))
        }
    }

    private func idLines(_ path: String) throws -> [[Int32]] {
        try TextLines.load(path).enumerated().map { number, line in
            try line.split(separator: " ").map { word in
                guard let id = Int32(word) else {
                    throw Failure.data(Message(.noTokenNumber, path, number + 1, String(word)))
                }
                return id
            }
        }
    }
}
