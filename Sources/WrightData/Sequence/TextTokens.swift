/// How texts become numbers that a model of texts reads. Number 0 fills up rows.
public struct TextTokens: Sendable {
    public let tokenizer: Tokenizer

    /// The tokenizer's own padding token where it is number 0, else every number is moved by one.
    private let shift: Int32

    public init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        let first = tokenizer.token(0) ?? ""
        shift = ["<pad>", "[PAD]"].contains(first) ? 0 : 1
    }

    /// Rows that an embedding needs.
    public var rows: Int { tokenizer.rows + Int(shift) }

    public func numbers(_ text: String) throws -> [Int32] {
        try tokenizer.encode(text).ids.map { $0 + shift }
    }

    /// The numbers of several texts of one row, one after the other.
    public func numbers(_ texts: [String]) throws -> [Int32] { try texts.flatMap(numbers) }

    /// What the tokenizer calls a number; nil for padding.
    public func token(_ number: Int32) -> Int32? { number < shift ? nil : number - shift }

    /// What stands for text that the tokenizer does not know; nil when it knows everything.
    public var unknown: Int32? {
        ["<unk>", "[UNK]"].lazy.compactMap { tokenizer.id(of: $0) }.first.map { Int32($0) + shift }
    }

    /// Those of a tokenizer of this kind that is trained on `texts`, with at most so many tokens.
    public init(
        training kind: TokenizerKind, on texts: some Sequence<String>, vocabularySize: Int, lowercases: Bool = false
    ) throws {
        var config = TokenizerTrainer.Config()
        config.vocabularySize = vocabularySize
        config.specialTokens = kind.specialTokens
        if let padding = config.specialTokens.firstIndex(of: "<pad>") { config.specialTokens.swapAt(0, padding) }
        config.initialAlphabet = kind.initialAlphabet
        var trainer = TokenizerTrainer(like: try Tokenizer.untrained(kind, lowercases: lowercases), config)
        for text in texts { try trainer.add(text) }
        self.init(try trainer.finish())
    }

    /// Words where most texts space them, else characters.
    public static func kind(of texts: [[String]]) -> TokenizerKind {
        var (spaces, letters) = (0, 0)
        for text in texts.prefix(1000).flatMap(\.self) {
            for scalar in text.unicodeScalars.prefix(1000) {
                if scalar == " " { spaces += 1 } else { letters += 1 }
            }
        }
        return spaces * 20 > letters ? .word : .character
    }
}
