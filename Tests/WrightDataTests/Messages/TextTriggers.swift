import WrightData
import WrightRuntime
import WrightTesting

/// What makes the messages of texts and tokenizers come up.
enum TextTriggers {
    static let all: [MessageCode: MessageTrigger] = tokenizerFiles.merging(others) { one, _ in one }

    private static func tokenizer(_ part: String = "{}") throws -> Tokenizer {
        var json = try JSON(parsing: #"{"added_tokens": [], "model": {"type": "WordLevel", "vocab": {"x": 0}}}"#)
            .object!
        for (key, value) in try JSON(parsing: part).object! { json[key] = value }
        return try Tokenizer(json: .object(json), file: "t.json")
    }

    private static func model(_ text: String) throws { _ = try tokenizer("{\"model\": {\(text)}}") }

    private static let tokenizerFiles: [MessageCode: MessageTrigger] = [
        .tokenizerField: { try model(#""type": "WordLevel", "vocab": {"x": "0"}"#) },
        .unknownPart: { _ = try tokenizer(#"{"normalizer": {"type": "Rot13"}}"#) },
        .sequencesTooDeep: {
            let start = String(repeating: #"{"type": "Sequence", "normalizers": ["#, count: 30)
            _ = try tokenizer("{\"normalizer\": \(start)\(String(repeating: "]}", count: 30))}")
        },
        .mergeDropout: { try model(#""type": "BPE", "dropout": 0.1, "vocab": {}, "merges": []"#) },
        .mergeToken: { try model(#""type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]"#) },
        .tokenNumber: { try model(#""type": "BPE", "vocab": {"a": 99999999999}, "merges": []"#) },
        .sharedNumber: { try model(#""type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []"#) },
        .pattern: {
            _ = try tokenizer(
                #"{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Removed", "invert": false}}"#
            )
        },
        .sentencePiece: { _ = try Tokenizer(sentencePiece: [0x0A, 0x7F], file: "t.model") },
        .sentencePieceType: {
            // One piece "a", and a trainer of type 4.
            _ = try Tokenizer(sentencePiece: [0x0A, 3, 0x0A, 1, 0x61, 0x12, 2, 0x18, 4], file: "t.model")
        },
        .tokenTwice: {
            // Two pieces "a", and a trainer of type 2.
            let piece: [UInt8] = [0x0A, 3, 0x0A, 1, 0x61]
            _ = try Tokenizer(sentencePiece: piece + piece + [0x12, 2, 0x18, 2], file: "t.model")
        },
        .characterMap: {
            _ = try tokenizer(#"{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}}"#)
        },
    ]

    private static let others: [MessageCode: MessageTrigger] = [
        .noUnknownToken: { _ = try tokenizer().encode("y") },
        .patternTooCostly: {
            let pattern = try TextPattern(expression: "(?:a+)+[bc]")
            let tokenizer = try Tokenizer(
                model: Tokenizer.untrained(.unigram).model, preTokenizer: .split(pattern, .isolated, inverted: false))
            _ = try tokenizer.encode(String(repeating: "a", count: 60))
        },
        .cannotTruncate: {
            var tokenizer = try Self.tokenizer(#"{"pre_tokenizer": {"type": "Whitespace"}}"#)
            var truncation = Truncation()
            (truncation.maximumLength, truncation.strategy) = (1, .onlyFirst)
            tokenizer.truncation = truncation
            _ = try tokenizer.encode("x", and: "x x x")
        },
        .noTrainingText: { _ = try TokenizerTrainer(like: Tokenizer.untrained(.unigram)).finish() },
        .vocabularyTooSmall: {
            var config = TokenizerTrainer.Config()
            config.vocabularySize = 3
            var trainer = try TokenizerTrainer(like: Tokenizer.untrained(.unigram), config)
            try trainer.add("the quick brown fox")
            _ = try trainer.finish()
        },
        .linesNotUTF8: { try withFile([0xFF, 0x0A, 0xFE, 0x0A, 0x61, 0x0A]) { _ = try TextRows(contentsOf: $0) } },
        .noTexts: { try withFile("label\na\n", "x.csv") { _ = try TextRows(contentsOf: $0, label: "label") } },
        .tableForText: { try pairs("a,b\n1,2\n", "x.csv") }, .unpairedLines: { try pairs("eins\n", "x.txt") },
    ]

    private static func pairs(_ target: String, _ name: String) throws {
        let folder = TemporaryFolder()
        _ = try TextPairs(source: folder.write("one\ntwo\n", "en.txt"), target: folder.write(target, name))
    }
}
