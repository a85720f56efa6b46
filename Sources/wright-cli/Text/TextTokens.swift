import Wright

extension TextTokens {
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
        try self.init(
            training: options.tokenizer.flatMap(TokenizerKind.init(rawValue:)) ?? kind, on: texts,
            vocabularySize: options.vocabulary, lowercases: options.lowercase)
    }
}
