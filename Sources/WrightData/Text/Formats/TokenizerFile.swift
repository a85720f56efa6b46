public import WrightRuntime

extension Tokenizer {
    /// Reads Hugging Face's `tokenizer.json`.
    ///
    /// - Throws: ``FileError`` that names the file and the field: for what contradicts the format, and for components and
    ///   settings that are not known here.
    public init(contentsOf path: String) throws {
        try self.init(json: JSON.load(path), file: path)
    }

    /// Reads the content of a `tokenizer.json`; `file` is what errors call it.
    public init(json: JSON, file: String) throws {
        let root = try FileFields(json, file: file, path: "")
        func part<Part>(_ key: String, _ body: (FileFields, Int) throws(FileError) -> Part) throws(FileError) -> Part? {
            try root.optional(key) == nil ? nil : body(root.fields(key), 0)
        }
        let model = try TokenModel(root.fields("model"))
        let added = try root.sequence("added_tokens", depth: 0) { fields throws(FileError) in
            try AddedToken(fields, model.vocabulary)
        }
        try self.init(
            model: model,
            normalizer: part("normalizer") { fields, depth throws(FileError) in try Normalizer(fields, depth) },
            preTokenizer: part("pre_tokenizer") { fields, depth throws(FileError) in try PreTokenizer(fields, depth) },
            postProcessor: part("post_processor") { fields, depth throws(FileError) in try PostProcessor(fields, depth)
            },
            decoder: part("decoder") { fields, depth throws(FileError) in try TokenDecoder(fields, depth) },
            addedTokens: added,
            truncation: part("truncation") { fields, _ throws(FileError) in try Truncation(fields) },
            padding: part("padding") { fields, _ throws(FileError) in try Padding(fields) })
    }
}

extension AddedToken {
    fileprivate init(_ fields: FileFields, _ vocabulary: Vocabulary) throws(FileError) {
        content = try fields.string("content")
        // The model's own number counts, as in the reference library.
        let id = try fields.integer("id", limit: Vocabulary.largestID)
        self.id = vocabulary.id(of: content) ?? id
        isSpecial = try fields.bool("special", standard: false)
        isSingleWord = try fields.bool("single_word", standard: false)
        stripsLeft = try fields.bool("lstrip", standard: false)
        stripsRight = try fields.bool("rstrip", standard: false)
        isNormalized = try fields.bool("normalized", standard: !isSpecial)
    }
}

extension Truncation {
    fileprivate init(_ fields: FileFields) throws(FileError) {
        maximumLength = try fields.integer("max_length")
        strategy = try fields.choice("strategy", standard: .longestFirst)
        direction = try fields.choice("direction", standard: .right)
        stride = try fields.integer("stride", standard: 0)
    }
}

extension Padding {
    fileprivate init(_ fields: FileFields) throws(FileError) {
        if fields.object["strategy"]?.string != "BatchLongest" {
            // A text that is padded to more would only cost memory.
            fixedLength = try fields.fields("strategy").integer("Fixed", limit: 1 << 24)
        }
        direction = try fields.choice("direction", standard: .right)
        multiple =
            try fields.optional("pad_to_multiple_of") == nil
            ? nil : fields.integer("pad_to_multiple_of", limit: 1 << 24)
        id = try fields.integer("pad_id", standard: 0)
        typeID = try fields.integer("pad_type_id", standard: 0)
        token = try fields.string("pad_token", standard: "[PAD]")
    }
}

extension Normalizer {
    fileprivate static let known = [
        "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Replace", "Prepend", "BertNormalizer",
        "Nmt",
        "Precompiled", "ByteLevel", "Sequence",
    ]

    fileprivate init(_ fields: FileFields, _ depth: Int) throws(FileError) {
        let type = try fields.string("type")
        if let form = NormalizationForm(rawValue: type) {
            self = .form(form)
            return
        }
        switch type {
        case "Lowercase": self = .lowercase
        case "Strip": self = .strip(left: try fields.bool("strip_left"), right: try fields.bool("strip_right"))
        case "StripAccents": self = .stripAccents
        case "Replace": self = .replace(try fields.pattern("pattern"), by: try fields.string("content"))
        case "Prepend": self = .prepend(try fields.string("prepend"))
        case "BertNormalizer":
            var bert = BERTNormalizer()
            bert.cleansText = try fields.bool("clean_text", standard: true)
            bert.spacesChineseCharacters = try fields.bool("handle_chinese_chars", standard: true)
            bert.stripsAccents = try fields.optional("strip_accents") == nil ? nil : fields.bool("strip_accents")
            bert.lowercases = try fields.bool("lowercase", standard: true)
            self = .bert(bert)
        case "Nmt": self = .nmt
        case "Precompiled":
            guard let bytes = Base64.decoded(try fields.string("precompiled_charsmap", standard: "")) else {
                throw fields.failure("precompiled_charsmap", "the text is no base 64", "文本不是 base 64")
            }
            self = .precompiled(
                try CharacterMap(bytes, file: fields.file, field: fields.path("precompiled_charsmap")))
        case "ByteLevel": self = .byteLevel
        case "Sequence":
            self = .sequence(
                try fields.sequence("normalizers", depth: depth) { part throws(FileError) in
                    try Normalizer(part, depth + 1)
                })
        default: throw fields.unknown(Phrase("normalizer", "规范化器"), type, Self.known)
        }
    }
}

extension PreTokenizer {
    fileprivate static let known = [
        "ByteLevel", "BertPreTokenizer", "Whitespace", "WhitespaceSplit", "Metaspace", "Split", "Punctuation", "Digits",
        "CharDelimiterSplit", "Sequence",
    ]

    fileprivate init(_ fields: FileFields, _ depth: Int) throws(FileError) {
        let type = try fields.string("type")
        switch type {
        case "ByteLevel":
            self = .byteLevel(
                addsPrefixSpace: try fields.bool("add_prefix_space"), trimsOffsets: try fields.bool("trim_offsets"),
                cuts: try fields.bool("use_regex", standard: true))
        case "BertPreTokenizer": self = .bert
        case "Whitespace": self = .whitespace
        case "WhitespaceSplit": self = .whitespaceSplit
        case "Metaspace":
            self = .metaspace(
                mark: try fields.scalar("replacement"), scheme: try Self.scheme(fields),
                splits: try fields.bool("split", standard: true))
        case "Split":
            self = .split(
                try fields.pattern("pattern"), try fields.choice("behavior"), inverted: try fields.bool("invert"))
        case "Punctuation": self = .punctuation(try fields.choice("behavior", standard: .isolated))
        case "Digits": self = .digits(individual: try fields.bool("individual_digits"))
        case "CharDelimiterSplit": self = .delimiter(try fields.scalar("delimiter"))
        case "Sequence":
            self = .sequence(
                try fields.sequence("pretokenizers", depth: depth) { part throws(FileError) in
                    try PreTokenizer(part, depth + 1)
                })
        default: throw fields.unknown(Phrase("pre-tokenizer", "预分词器"), type, Self.known)
        }
    }

    /// Where a metaspace goes in front; older files say it by `add_prefix_space`.
    fileprivate static func scheme(_ fields: FileFields) throws(FileError) -> PrependScheme {
        if fields.optional("add_prefix_space") == .bool(false) { return .never }
        return try fields.choice("prepend_scheme", standard: .always)
    }
}

extension PostProcessor {
    fileprivate static let known = [
        "ByteLevel", "BertProcessing", "RobertaProcessing", "TemplateProcessing", "Sequence",
    ]

    fileprivate init(_ fields: FileFields, _ depth: Int) throws(FileError) {
        let type = try fields.string("type")
        switch type {
        case "ByteLevel":
            self = .byteLevel(
                addsPrefixSpace: try fields.bool("add_prefix_space"), trimsOffsets: try fields.bool("trim_offsets"))
        case "BertProcessing":
            self = .bert(separator: try Self.token(fields, "sep"), classifier: try Self.token(fields, "cls"))
        case "RobertaProcessing":
            self = .roberta(
                separator: try Self.token(fields, "sep"), classifier: try Self.token(fields, "cls"),
                trimsOffsets: try fields.bool("trim_offsets", standard: true),
                addsPrefixSpace: try fields.bool("add_prefix_space", standard: true))
        case "TemplateProcessing": self = try Self.template(fields)
        case "Sequence":
            self = .sequence(
                try fields.sequence("processors", depth: depth) { part throws(FileError) in
                    try PostProcessor(part, depth + 1)
                })
        default: throw fields.unknown(Phrase("post-processor", "后处理器"), type, Self.known)
        }
    }

    /// `["[SEP]", 102]`.
    private static func token(_ fields: FileFields, _ key: String) throws(FileError) -> SpecialToken {
        let pair = try fields.array(key)
        guard pair.count == 2, let token = pair[0].string, let id = pair[1].integer,
            (0...Vocabulary.largestID).contains(id)
        else { throw fields.failure(key, "a token and its number were expected", "应为词元及其编号") }
        return SpecialToken(token, id)
    }

    private static func template(_ fields: FileFields) throws(FileError) -> PostProcessor {
        var tokens: [String: [SpecialToken]] = [:]
        let table = try fields.fields("special_tokens")
        for name in table.object.keys {
            let entry = try table.fields(name)
            let ids = try entry.array("ids").compactMap(\.integer)
            let names = try entry.array("tokens").compactMap(\.string)
            guard ids.count == names.count, ids.allSatisfy({ (0...Vocabulary.largestID).contains($0) }) else {
                throw entry.failure("ids", "as many numbers as tokens were expected", "编号应与词元一样多")
            }
            tokens[name] = zip(names, ids).map { SpecialToken($0, $1) }
        }
        func parts(_ key: String) throws(FileError) -> [TemplatePart] {
            try fields.sequence(key, depth: 0) { part throws(FileError) in
                if part.optional("SpecialToken") != nil {
                    let token = try part.fields("SpecialToken")
                    let name = try token.string("id")
                    guard tokens[name] != nil else {
                        throw token.failure(
                            "id", "special_tokens has no \(name.readable)", "special_tokens 中没有 \(name.readable)")
                    }
                    return .token(name, type: try token.integer("type_id"))
                }
                let sequence = try part.fields("Sequence")
                let type = try sequence.integer("type_id")
                switch try sequence.string("id") {
                case "A": return .first(type: type)
                case "B" where key == "pair": return .second(type: type)
                case let other:
                    throw sequence.failure(
                        "id", "\"A\" or in pairs \"B\" was expected, not \(other.readable)",
                        "应为 \"A\"，成对时可为 \"B\"，而不是 \(other.readable)")
                }
            }
        }
        return .template(single: try parts("single"), pair: try parts("pair"), tokens: tokens)
    }
}

extension TokenDecoder {
    fileprivate static let known = [
        "ByteLevel", "WordPiece", "Metaspace", "ByteFallback", "Fuse", "Strip", "Replace", "BPEDecoder", "CTC",
        "Sequence",
    ]

    fileprivate init(_ fields: FileFields, _ depth: Int) throws(FileError) {
        let type = try fields.string("type")
        switch type {
        case "ByteLevel": self = .byteLevel
        case "WordPiece":
            self = .wordPiece(
                prefix: try fields.string("prefix", standard: "##"),
                cleansUp: try fields.bool("cleanup", standard: true))
        case "Metaspace":
            self = .metaspace(
                mark: try fields.scalar("replacement"), removesFirst: try PreTokenizer.scheme(fields) != .never)
        case "ByteFallback": self = .byteFallback
        case "Fuse": self = .fuse
        case "Strip":
            self = .strip(
                try fields.scalar("content"), start: try fields.integer("start"), stop: try fields.integer("stop"))
        case "Replace": self = .replace(try fields.pattern("pattern"), by: try fields.string("content"))
        case "BPEDecoder": self = .bytePair(suffix: try fields.string("suffix", standard: "</w>"))
        case "CTC":
            self = .ctc(
                padding: try fields.string("pad_token", standard: "<pad>"),
                delimiter: try fields.string("word_delimiter_token", standard: "|"),
                cleansUp: try fields.bool("cleanup", standard: true))
        case "Sequence":
            self = .sequence(
                try fields.sequence("decoders", depth: depth) { part throws(FileError) in
                    try TokenDecoder(part, depth + 1)
                })
        default: throw fields.unknown(Phrase("decoder", "解码器"), type, Self.known)
        }
    }
}
