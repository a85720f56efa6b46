import ArgumentParser
import Wright

struct TokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: "Train tokenizers, and turn text into token numbers and back.",
        subcommands: [TokenizerTrainCommand.self, TokenizerEncodeCommand.self, TokenizerDecodeCommand.self])

    /// The tokenizer in a file: `tokenizer.json`, or SentencePiece's `.model`.
    static func load(_ path: String) throws -> Tokenizer {
        path.hasSuffix(".model") ? try Tokenizer(sentencePiece: path) : try Tokenizer(contentsOf: path)
    }
}

struct TokenizerTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a tokenizer on text files and write tokenizer.json.",
        discussion: """
            Each line is a text. The result is Hugging Face's format: its libraries read it too.

              wright tokenizer train books/*.txt --kind byte-bpe --vocabulary 16000 --output tokenizer.json
              wright tokenizer train chat.txt --like llama/tokenizer.json --output tokenizer.json
            """)

    @Argument(help: ArgumentHelp("Text files in UTF-8.", valueName: "files"))
    var files: [String]

    @Option(
        help: "Which kind: \(TokenizerKind.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: { text in
            guard let kind = TokenizerKind(rawValue: text) else {
                throw ValidationError(
                    "There is no kind '\(text)'.\(Suggestion.text(for: text, among: TokenizerKind.allCases.map(\.rawValue)))"
                )
            }
            return kind
        })
    var kind = TokenizerKind.byteLevelBPE

    @Option(help: ArgumentHelp("Train one that is built like this tokenizer.json instead.", valueName: "file"))
    var like: String?

    @Option(help: ArgumentHelp("The most tokens.", valueName: "n"))
    var vocabulary = 30_000

    @Option(help: ArgumentHelp("Leave out what comes less often.", valueName: "n"))
    var minimumFrequency = 0

    @Option(
        name: .customLong("special"), help: ArgumentHelp("A special token; give it again for more.", valueName: "token")
    )
    var specialTokens: [String] = []

    @Flag(help: "Make all text lower case.")
    var lowercase = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the tokenizer.", valueName: "file"))
    var output: String

    func validate() throws {
        guard (2...10_000_000).contains(vocabulary) else {
            throw ValidationError("--vocabulary must be from 2 to 10,000,000, not \(vocabulary).")
        }
        guard minimumFrequency >= 0 else {
            throw ValidationError("--minimum-frequency must not be negative: \(minimumFrequency).")
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
        Output.message("\(tokenizer.model.vocabulary.count.counted("token")) in \(output)")
    }
}

struct TokenizerEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Print the token numbers of texts, or of each line of a file.",
        discussion: """
              wright tokenizer encode tokenizer.json "A text."
              wright tokenizer encode tokenizer.json --file corpus.txt > ids.txt
              wright tokenizer encode tokenizer.json "A text." --json
            """)

    @Argument(help: ArgumentHelp("A tokenizer.json, or a SentencePiece .model.", valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("The texts.", valueName: "texts"))
    var texts: [String] = []

    @Option(
        help: ArgumentHelp("A file whose lines are the texts; .json is read as a list of texts.", valueName: "file"))
    var file: String?

    @Flag(name: .customLong("no-special"), help: "Do not add special tokens around the texts.")
    var leavesOutSpecialTokens = false

    @Flag(help: "Print tokens, their numbers and their bytes as JSON.")
    var json = false

    func validate() throws {
        guard texts.isEmpty != (file == nil) else { throw ValidationError("Give either texts or --file.") }
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
        commandName: "decode", abstract: "Print the text of token numbers, or of each line of a file of them.",
        discussion: """
              wright tokenizer decode tokenizer.json 15496 995
              wright tokenizer decode tokenizer.json --file ids.txt --keep-special
            """)

    @Argument(help: ArgumentHelp("A tokenizer.json, or a SentencePiece .model.", valueName: "tokenizer"))
    var tokenizer: String

    @Argument(help: ArgumentHelp("The numbers.", valueName: "ids"))
    var ids: [Int32] = []

    @Option(help: ArgumentHelp("A file with numbers in each line.", valueName: "file"))
    var file: String?

    @Flag(help: "Print special tokens too.")
    var keepSpecial = false

    func validate() throws {
        guard ids.isEmpty != (file == nil) else { throw ValidationError("Give either numbers or --file.") }
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
                    throw Failure.data("\(path), line \(number + 1): a token number was expected, not '\(word)'")
                }
                return id
            }
        }
    }
}
