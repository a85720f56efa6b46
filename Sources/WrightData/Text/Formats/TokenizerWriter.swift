public import WrightRuntime

extension Tokenizer {
    /// Writes `tokenizer.json`, which Hugging Face's `tokenizers` reads.
    public func write(to path: String) throws(FileError) {
        try AtomicFile.write(Array(json.text(indented: true).utf8), to: path)
    }

    /// The content of `tokenizer.json`.
    ///
    /// SentencePiece's own normalization has no name there: it is written as the parts that come nearest.
    public var json: JSON {
        [
            "version": "1.0",
            "truncation": truncation?.json ?? .null,
            "padding": padding?.json ?? .null,
            "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": normalizer?.json ?? .null,
            "pre_tokenizer": preTokenizer?.json ?? .null,
            "post_processor": postProcessor?.json ?? .null,
            "decoder": decoder?.json ?? .null,
            "model": model.json,
        ]
    }
}

extension JSON {
    fileprivate init(_ value: Int) { self = .integer(Int64(value)) }

    fileprivate static func scalar(_ scalar: UInt32) -> JSON {
        .string(Unicode.Scalar(scalar).map { String($0) } ?? "")
    }

    fileprivate static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
}

extension TextPattern {
    fileprivate var json: JSON {
        switch source {
        case .text(let text): ["String": .string(text)]
        case .expression(let expression): ["Regex": .string(expression)]
        }
    }
}

extension AddedToken {
    fileprivate var json: JSON {
        [
            "id": JSON(id), "content": .string(content), "single_word": .bool(isSingleWord),
            "lstrip": .bool(stripsLeft),
            "rstrip": .bool(stripsRight), "normalized": .bool(isNormalized), "special": .bool(isSpecial),
        ]
    }
}

extension Truncation {
    fileprivate var json: JSON {
        [
            "direction": .string(direction.rawValue), "max_length": JSON(maximumLength),
            "strategy": .string(strategy.rawValue), "stride": JSON(stride),
        ]
    }
}

extension Padding {
    fileprivate var json: JSON {
        [
            "strategy": fixedLength.map { ["Fixed": JSON($0)] } ?? "BatchLongest",
            "direction": .string(direction.rawValue), "pad_to_multiple_of": multiple.map { JSON($0) } ?? .null,
            "pad_id": JSON(id), "pad_type_id": JSON(typeID), "pad_token": .string(token),
        ]
    }
}

extension Normalizer {
    fileprivate var json: JSON {
        switch self {
        case .form(let form): return ["type": .string(form.rawValue)]
        case .lowercase: return ["type": "Lowercase"]
        case .strip(let left, let right):
            return ["type": "Strip", "strip_left": .bool(left), "strip_right": .bool(right)]
        case .stripAccents: return ["type": "StripAccents"]
        case .replace(let pattern, let content):
            return ["type": "Replace", "pattern": pattern.json, "content": .string(content)]
        case .prepend(let text): return ["type": "Prepend", "prepend": .string(text)]
        case .bert(let bert):
            return [
                "type": "BertNormalizer", "clean_text": .bool(bert.cleansText),
                "handle_chinese_chars": .bool(bert.spacesChineseCharacters),
                "strip_accents": bert.stripsAccents.map { .bool($0) } ?? .null, "lowercase": .bool(bert.lowercases),
            ]
        case .nmt: return ["type": "Nmt"]
        case .precompiled(let map):
            return ["type": "Precompiled", "precompiled_charsmap": .string(Base64.encoded(map.bytes))]
        case .byteLevel: return ["type": "ByteLevel"]
        case .sentencePiece(let normalizer): return Normalizer.sequence(normalizer.nearest).json
        case .sequence(let parts): return ["type": "Sequence", "normalizers": .array(parts.map(\.json))]
        }
    }
}

extension SentencePieceNormalizer {
    /// The same as parts of `tokenizer.json`, as Hugging Face's converter writes it.
    fileprivate var nearest: [Normalizer] {
        var parts: [Normalizer] = map.bytes.isEmpty ? [] : [.precompiled(map)]
        if removesExtraWhitespace {
            parts.append(.strip(left: true, right: true))
            parts.append(.replace(Self.spaces, by: " "))
        }
        let space = escapesWhitespace ? "▁" : " "
        if addsDummyPrefix, !treatsWhitespaceAsSuffix { parts.append(.prepend(space)) }
        if escapesWhitespace { parts.append(.replace(TextPattern(text: " "), by: space)) }
        return parts
    }

    private static let spaces: TextPattern = {
        do {
            return try TextPattern(expression: " {2,}")
        } catch {
            preconditionFailure("this pattern is sound: \(error)")
        }
    }()
}

extension PreTokenizer {
    fileprivate var json: JSON {
        switch self {
        case .byteLevel(let addsPrefixSpace, let trimsOffsets, let cuts):
            [
                "type": "ByteLevel", "add_prefix_space": .bool(addsPrefixSpace), "trim_offsets": .bool(trimsOffsets),
                "use_regex": .bool(cuts),
            ]
        case .bert: ["type": "BertPreTokenizer"]
        case .whitespace: ["type": "Whitespace"]
        case .whitespaceSplit: ["type": "WhitespaceSplit"]
        case .metaspace(let mark, let scheme, let splits):
            [
                "type": "Metaspace", "replacement": .scalar(mark), "prepend_scheme": .string(scheme.rawValue),
                "split": .bool(splits),
            ]
        case .split(let pattern, let behavior, let inverted):
            [
                "type": "Split", "pattern": pattern.json, "behavior": .string(behavior.rawValue),
                "invert": .bool(inverted),
            ]
        case .punctuation(let behavior): ["type": "Punctuation", "behavior": .string(behavior.rawValue)]
        case .digits(let individual): ["type": "Digits", "individual_digits": .bool(individual)]
        case .delimiter(let scalar): ["type": "CharDelimiterSplit", "delimiter": .scalar(scalar)]
        case .sequence(let parts): ["type": "Sequence", "pretokenizers": .array(parts.map(\.json))]
        }
    }
}

extension PostProcessor {
    fileprivate var json: JSON {
        switch self {
        case .byteLevel(let addsPrefixSpace, let trimsOffsets):
            return [
                "type": "ByteLevel", "add_prefix_space": .bool(addsPrefixSpace), "trim_offsets": .bool(trimsOffsets),
                "use_regex": true,
            ]
        case .bert(let separator, let classifier):
            return ["type": "BertProcessing", "sep": separator.json, "cls": classifier.json]
        case .roberta(let separator, let classifier, let trimsOffsets, let addsPrefixSpace):
            return [
                "type": "RobertaProcessing", "sep": separator.json, "cls": classifier.json,
                "trim_offsets": .bool(trimsOffsets), "add_prefix_space": .bool(addsPrefixSpace),
            ]
        case .template(let single, let pair, let tokens):
            var table = JSON.Object()
            for (name, parts) in tokens.sorted(by: { $0.key < $1.key }) {
                table[name] = [
                    "id": .string(name), "ids": .array(parts.map { JSON($0.id) }),
                    "tokens": .array(parts.map { .string($0.token) }),
                ]
            }
            return [
                "type": "TemplateProcessing", "single": .array(single.map(\.json)), "pair": .array(pair.map(\.json)),
                "special_tokens": .object(table),
            ]
        case .sequence(let parts): return ["type": "Sequence", "processors": .array(parts.map(\.json))]
        }
    }
}

extension PostProcessor.SpecialToken {
    fileprivate var json: JSON { [.string(token), JSON(id)] }
}

extension PostProcessor.TemplatePart {
    fileprivate var json: JSON {
        switch self {
        case .first(let type): ["Sequence": ["id": "A", "type_id": JSON(type)]]
        case .second(let type): ["Sequence": ["id": "B", "type_id": JSON(type)]]
        case .token(let name, let type): ["SpecialToken": ["id": .string(name), "type_id": JSON(type)]]
        }
    }
}

extension TokenDecoder {
    fileprivate var json: JSON {
        switch self {
        case .byteLevel:
            return ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true]
        case .wordPiece(let prefix, let cleansUp):
            return ["type": "WordPiece", "prefix": .string(prefix), "cleanup": .bool(cleansUp)]
        case .metaspace(let mark, let removesFirst):
            return [
                "type": "Metaspace", "replacement": .scalar(mark), "prepend_scheme": removesFirst ? "always" : "never",
                "split": true,
            ]
        case .byteFallback: return ["type": "ByteFallback"]
        case .fuse: return ["type": "Fuse"]
        case .strip(let scalar, let start, let stop):
            return ["type": "Strip", "content": .scalar(scalar), "start": JSON(start), "stop": JSON(stop)]
        case .replace(let pattern, let content):
            return ["type": "Replace", "pattern": pattern.json, "content": .string(content)]
        case .bytePair(let suffix): return ["type": "BPEDecoder", "suffix": .string(suffix)]
        case .ctc(let padding, let delimiter, let cleansUp):
            return [
                "type": "CTC", "pad_token": .string(padding), "word_delimiter_token": .string(delimiter),
                "cleanup": .bool(cleansUp),
            ]
        case .sentencePiece(let decoder):
            var parts: [TokenDecoder] = [.replace(TextPattern(text: "▁"), by: " "), .byteFallback, .fuse]
            if decoder.removesFirst { parts.append(.strip(0x20, start: 1, stop: 0)) }
            return TokenDecoder.sequence(parts).json
        case .sequence(let parts): return ["type": "Sequence", "decoders": .array(parts.map(\.json))]
        }
    }
}

extension TokenModel {
    fileprivate var json: JSON {
        switch self {
        case .bytePair(let model):
            let vocabulary = model.vocabulary
            func token(_ id: Int32) -> JSON { .text(vocabulary.token(Int(id))) }
            return [
                "type": "BPE", "dropout": .null, "unk_token": .text(model.config.unknownToken),
                "continuing_subword_prefix": .text(model.config.continuingSubwordPrefix),
                "end_of_word_suffix": .text(model.config.endOfWordSuffix),
                "fuse_unk": .bool(model.config.fusesUnknown), "byte_fallback": .bool(model.config.fallsBackToBytes),
                "ignore_merges": .bool(model.config.ignoresMerges), "vocab": vocabulary.json,
                "merges": .array(model.merges.map { [token($0.left), token($0.right)] }),
            ]
        case .wordPiece(let model):
            return [
                "type": "WordPiece", "unk_token": .string(model.unknownToken),
                "continuing_subword_prefix": .string(model.continuingSubwordPrefix),
                "max_input_chars_per_word": JSON(model.maximumCharacters), "vocab": model.vocabulary.json,
            ]
        case .unigram(let model):
            return [
                "type": "Unigram", "unk_id": model.unknownID.map { JSON($0) } ?? .null,
                "vocab": .array(model.vocabulary.all.map { [.string($0.token.text), .number(model.scores[$0.id])] }),
                "byte_fallback": .bool(model.fallsBackToBytes),
            ]
        case .wordLevel(let model):
            return ["type": "WordLevel", "vocab": model.vocabulary.json, "unk_token": .string(model.unknownToken)]
        }
    }
}

extension Vocabulary {
    fileprivate var json: JSON {
        var object = JSON.Object()
        for (token, id) in all { object[token.text] = JSON(id) }
        return .object(object)
    }
}
