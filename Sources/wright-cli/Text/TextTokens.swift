import Wright

extension TextTokens {
    /// Rows that an embedding needs, those of the two tokens that translations start and end with among them.
    var rowsWithMarks: Int { rows + 2 }
    var marks: TranslationSearch.Marks { .init(start: Int32(rows), end: Int32(rows + 1)) }

    /// The text of these numbers.
    func text(_ numbers: [Int32]) throws -> String { try tokenizer.decode(numbers.compactMap(token)) }

    /// The one that `--tokenizer` asks for, trained on `texts` unless it is a file.
    init(
        _ options: TextOptions, default kind: TokenizerKind, vocabulary: Int = 20_000,
        training texts: some Sequence<String>
    ) throws {
        if let name = options.tokenizer, TokenizerKind(rawValue: name) == nil {
            guard FileAccess.exists(name) else {
                let kinds = TokenizerKind.allCases.map(\.rawValue)
                throw Failure.usage(Message(.unknownTokenizer, name, Suggestion.phrase(for: name, among: kinds), kinds))
            }
            self.init(try Tokenizer(contentsOf: name))
            return
        }
        try self.init(
            training: options.tokenizer.flatMap(TokenizerKind.init(rawValue:)) ?? kind, on: texts,
            vocabularySize: options.vocabulary ?? vocabulary, lowercases: options.lowercase)
    }
}
