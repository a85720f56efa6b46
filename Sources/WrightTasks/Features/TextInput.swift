import WrightData
public import WrightRuntime

/// A column of texts: token numbers of a vocabulary that is made from them.
public struct TextInput: InputFeature {
    /// How a column of texts is read.
    public struct Settings: InputSettings {
        var tokenizer: TokenizerKind?
        var vocabulary = 20_000
        var maximumLength = 256
        var lowercase = false

        public init() {}
        public static var type: String { "text" }
        public static var summary: Phrase { Phrase("texts", "文本") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "tokenizer", \.tokenizer, .choice(),
                    Phrase(
                        "What texts are cut into; words, or characters where words are not spaced, when not given",
                        "文本切成什么；不写则为词，词间没有空格的文字则为字")),
                .value(
                    "vocabulary", \.vocabulary, .integer(atLeast: 8),
                    Phrase("The most tokens that are told apart", "最多区分多少个词元")),
                .value(
                    "maximum_length", \.maximumLength, .integer(atLeast: 1),
                    Phrase("Longer texts are cut to so many tokens", "更长的文本截到这么多词元")),
                .value(
                    "lowercase", \.lowercase, .flag,
                    Phrase("Whether large letters are taken for small ones", "是否把大写字母当作小写")),
            ]
        }

        public func fit(_ fields: [String?]) throws -> TextInput {
            let texts = fields.compactMap(\.self)
            guard !texts.isEmpty else { throw FeatureProblem(.noText) }
            let kind = tokenizer ?? TextTokens.kind(of: texts.prefix(1000).map { [$0] })
            return TextInput(
                tokens: try TextTokens(
                    training: kind, on: texts, vocabularySize: vocabulary, lowercases: lowercase),
                maximumLength: maximumLength)
        }
    }

    private let tokens: TextTokens
    private let maximumLength: Int

    private init(tokens: TextTokens, maximumLength: Int) {
        self.tokens = tokens
        self.maximumLength = maximumLength
    }

    public var shape: InputShape {
        InputShape(texts: [.init(vocabulary: tokens.rows, maximum: maximumLength)])
    }

    public func encode(_ fields: [String?]) throws -> EncodedInput {
        var sequences = TokenSequences()
        for field in fields {
            sequences.append(try field.map { try tokens.numbers($0).prefix(maximumLength) } ?? [])
        }
        return EncodedInput(texts: [sequences])
    }

    /// Each token with what stands between it and the one before, so that all together are the text as far as it is read;
    /// a token that stands for nothing in the text goes by its own name.
    public func pieces(_ field: String) throws -> [String] {
        let bytes = Array(field.utf8)
        let encoding = try tokens.tokenizer.encode(field)
        var end = 0
        return encoding.offsets.prefix(maximumLength).enumerated().map { index, range in
            guard range.upperBound > end else { return tokens.tokenizer.token(Int(encoding.ids[index])) ?? "" }
            defer { end = range.upperBound }
            return String(decoding: bytes[end..<range.upperBound], as: UTF8.self)
        }
    }

    public var state: JSON { ["tokenizer": tokens.tokenizer.json, "maximum_length": .integer(Int64(maximumLength))] }

    public init(_ state: FeatureState) throws {
        let json = try state.member("tokenizer", Phrase("a tokenizer", "分词器")) { $0 }
        tokens = TextTokens(try Tokenizer(json: json, file: "\(state.file), \(state.name.readable)"))
        maximumLength = try state.member("maximum_length", Phrase("a whole number above zero", "大于零的整数")) { json in
            json.integer.flatMap { $0 > 0 ? $0 : nil }
        }
    }
}
