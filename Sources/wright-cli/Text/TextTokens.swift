import Wright

/// How the texts of a job become numbers. Number 0 fills up rows.
struct TextTokens {
    let tokenizer: Tokenizer

    /// The tokenizer's own padding token where it is number 0, else every number is moved by one.
    private let shift: Int32

    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        let first = tokenizer.token(0) ?? ""
        shift = ["<pad>", "[PAD]"].contains(first) ? 0 : 1
    }

    /// Rows that an embedding needs.
    var rows: Int { tokenizer.rows + Int(shift) }

    func numbers(_ text: String) throws -> [Int32] {
        try tokenizer.encode(text).ids.map { $0 + shift }
    }

    /// The numbers of several texts of one row, one after the other.
    func numbers(_ texts: [String]) throws -> [Int32] { try texts.flatMap(numbers) }

    /// What the tokenizer calls a number; nil for padding.
    func token(_ number: Int32) -> Int32? { number < shift ? nil : number - shift }

    /// What stands for text that the tokenizer does not know; nil when it knows everything.
    var unknown: Int32? {
        ["<unk>", "[UNK]"].lazy.compactMap { tokenizer.id(of: $0) }.first.map { Int32($0) + shift }
    }

    /// The one that `--tokenizer` asks for, trained on `texts` unless it is a file.
    init(
        _ options: TextOptions, default kind: TokenizerKind, training texts: some Sequence<String>
    ) throws {
        if let name = options.tokenizer, TokenizerKind(rawValue: name) == nil {
            guard FileAccess.exists(name) else {
                let kinds = TokenizerKind.allCases.map(\.rawValue)
                throw Failure.usage(
                    "--tokenizer \(name): no such file, and no kind of that name.\(Suggestion.text(for: name, among: kinds)) Kinds "
                        + "are \(kinds.joined(separator: ", "))")
            }
            self.init(try Tokenizer(contentsOf: name))
            return
        }
        let kind = options.tokenizer.flatMap(TokenizerKind.init(rawValue:)) ?? kind
        var config = TokenizerTrainer.Config()
        config.vocabularySize = options.vocabulary
        config.specialTokens = kind.specialTokens
        if let padding = config.specialTokens.firstIndex(of: "<pad>") { config.specialTokens.swapAt(0, padding) }
        config.initialAlphabet = kind.initialAlphabet
        var trainer = TokenizerTrainer(
            like: try Tokenizer.untrained(kind, lowercases: options.lowercase), config)
        for text in texts { try trainer.add(text) }
        self.init(try trainer.finish())
    }

    /// Words where most texts space them, else characters.
    static func kind(of texts: [[String]]) -> TokenizerKind {
        var (spaces, letters) = (0, 0)
        for text in texts.prefix(1000).flatMap(\.self) {
            for scalar in text.unicodeScalars.prefix(1000) {
                if scalar == " " { spaces += 1 } else { letters += 1 }
            }
        }
        return spaces * 20 > letters ? .word : .character
    }
}
