import WrightRuntime

extension TokenModel {
    /// Reads the `model` of a `tokenizer.json`.
    init(_ fields: FileFields) throws(FileError) {
        // Files from before 2021 have no type; their fields tell.
        let type =
            try fields.optional("type") != nil
            ? fields.string("type")
            : fields.optional("merges") != nil
                ? "BPE" : fields.optional("continuing_subword_prefix") != nil ? "WordPiece" : "Unigram"
        switch type {
        case "BPE": self = .bytePair(try BytePairModel(fields))
        case "WordPiece":
            self = .wordPiece(
                WordPieceModel(
                    vocabulary: try Self.vocabulary(fields),
                    unknownToken: try fields.string("unk_token", standard: "[UNK]"),
                    continuingSubwordPrefix: try fields.string("continuing_subword_prefix", standard: "##"),
                    maximumCharacters: try fields.integer("max_input_chars_per_word", standard: 100)))
        case "WordLevel":
            self = .wordLevel(
                WordLevelModel(
                    vocabulary: try Self.vocabulary(fields),
                    unknownToken: try fields.string("unk_token", standard: "<unk>")))
        case "Unigram": self = .unigram(try UnigramModel(fields))
        default: throw fields.unknown(Phrase("model", "模型"), type, ["BPE", "WordPiece", "WordLevel", "Unigram"])
        }
    }

    /// `"vocab": {"token": number}`.
    fileprivate static func vocabulary(_ fields: FileFields) throws(FileError) -> Vocabulary {
        let table = try fields.fields("vocab")
        var tokens: [(token: [UInt8], id: Int)] = []
        tokens.reserveCapacity(table.object.count)
        for (token, value) in table.object {
            guard let id = value.integer else {
                throw table.failure(token, "the number of a token was expected", "应为词元的编号")
            }
            tokens.append((Array(token.utf8), id))
        }
        return try Vocabulary(tokens, file: fields.file, field: fields.path("vocab"))
    }
}

extension BytePairModel {
    fileprivate init(_ fields: FileFields) throws(FileError) {
        var config = Config()
        func text(_ key: String) throws(FileError) -> String? {
            try fields.optional(key) == nil ? nil : fields.string(key)
        }
        config.unknownToken = try text("unk_token")
        config.continuingSubwordPrefix = try text("continuing_subword_prefix")
        config.endOfWordSuffix = try text("end_of_word_suffix")
        config.fusesUnknown = try fields.bool("fuse_unk", standard: false)
        config.fallsBackToBytes = try fields.bool("byte_fallback", standard: false)
        config.ignoresMerges = try fields.bool("ignore_merges", standard: false)
        if let dropout = fields.optional("dropout"), dropout.double != 0 {
            throw fields.failure(
                "dropout", Message(.mergeDropout), .unsupported)
        }
        var merges: [(left: [UInt8], right: [UInt8])] = []
        let list = try fields.array("merges")
        merges.reserveCapacity(list.count)
        for (rank, value) in list.enumerated() {
            if let pair = value.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string {
                merges.append((Array(left.utf8), Array(right.utf8)))
            } else if let line = value.string, case let parts = Array(line.utf8).split(separator: 0x20),
                parts.count == 2
            {
                merges.append((Array(parts[0]), Array(parts[1])))
            } else {
                throw fields.failure("merges[\(rank)]", "two tokens were expected", "应为两个词元")
            }
        }
        try self.init(
            vocabulary: TokenModel.vocabulary(fields), merges: merges, config: config, file: fields.file)
    }
}

extension UnigramModel {
    fileprivate init(_ fields: FileFields) throws(FileError) {
        var pieces: [(piece: [UInt8], score: Double)] = []
        for (id, value) in try fields.array("vocab").enumerated() {
            guard let pair = value.array, pair.count == 2, let piece = pair[0].string, let score = pair[1].double else {
                throw fields.failure("vocab[\(id)]", "a piece and its score were expected", "应为子词及其分数")
            }
            pieces.append((Array(piece.utf8), score))
        }
        let unknown =
            try fields.optional("unk_id") == nil ? nil : fields.integer("unk_id", limit: max(0, pieces.count - 1))
        guard unknown == nil || !pieces.isEmpty else {
            throw fields.failure("vocab", "there is no piece for unk_id", "没有 unk_id 对应的子词")
        }
        self.init(
            pieces: pieces, unknownID: unknown, fallsBackToBytes: try fields.bool("byte_fallback", standard: false))
    }
}
