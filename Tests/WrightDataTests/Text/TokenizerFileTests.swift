import Testing
import WrightData
import WrightRuntime

/// Files that cannot be used are refused with the place and the cause.
struct TokenizerFileTests {
    @Test(
        "An unknown or wrong component is named",
        arguments: [
            (#"{"normalizer": {"type": "Rot13"}}"#, "normalizer.type", "Rot13"),
            (
                #"{"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Cut"}]}}"#,
                "pre_tokenizer.pretokenizers[0].type", "Cut"
            ),
            (#"{"decoder": {"type": "Encoder"}}"#, "decoder.type", "Encoder"),
            (#"{"post_processor": {"type": "After"}}"#, "post_processor.type", "After"),
            (#"{"model": {"type": "Morse", "vocab": {}}}"#, "model.type", "Morse"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"#, "model.merges", "ab"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}"#, "model.vocab", "number 0"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 99999999999}, "merges": []}}"#, "model.vocab", "99999999999"),
            (#"{"model": {"type": "BPE", "dropout": 0.1, "vocab": {}, "merges": []}}"#, "model.dropout", "random"),
            (#"{"model": {"type": "Unigram", "unk_id": 3, "vocab": [["a", -1.0]]}}"#, "model.unk_id", "from 0 to 0"),
            (
                #"{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Removed", "invert": false}}"#,
                "pre_tokenizer.pattern.Regex", "(a"
            ),
        ])
    func refuses(part: String, field: String, cause: String) throws {
        var json = try JSON(parsing: #"{"added_tokens": [], "model": {"type": "WordLevel", "vocab": {"x": 0}}}"#)
            .object!
        for (key, value) in try JSON(parsing: part).object! { json[key] = value }
        let error = fileError { _ = try Tokenizer(json: .object(json), file: "t.json") }
        #expect(error?.position == .entry(field))
        #expect(error?.description.contains(cause) == true, "\(String(describing: error))")
    }

    @Test("A text with unknown words and no token for them is an error, not a crash")
    func noUnknownToken() throws {
        let json = try JSON(parsing: #"{"added_tokens": [], "model": {"type": "WordLevel", "vocab": {"x": 0}}}"#)
        let tokenizer = try Tokenizer(json: json, file: "t.json")
        #expect(throws: TokenizerError.noUnknownToken(model: "WordLevel")) { try tokenizer.encode("y") }
    }

    @Test("A pattern that backtracks without end is stopped")
    func costlyPattern() throws {
        let pattern = try TextPattern(expression: "(?:a+)+[bc]")
        let tokenizer = try Tokenizer(
            model: Tokenizer.untrained(.unigram).model, preTokenizer: .split(pattern, .isolated, inverted: false))
        #expect(throws: TokenizerError.self) { try tokenizer.encode(String(repeating: "a", count: 60)) }
    }

    @Test("Keys that are equal as text but not as bytes are two tokens")
    func keysAreBytes() throws {
        let json = try JSON(
            parsing:
                "{\"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {\"\u{E9}\": 0, \"e\u{301}\": 1}}}"
        )
        let tokenizer = try Tokenizer(json: json, file: "t.json")
        #expect(try tokenizer.encode("e\u{301}").ids == [1])
    }

    @Test("Any bytes can be encoded, and give themselves back") func anyBytes() throws {
        let tokenizer = try Tokenizer(contentsOf: golden("Text/gpt2.tokenizer.json"))
        var random = TestRandom(3)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let encoding = try tokenizer.encode(bytes: bytes)
            #expect(try tokenizer.decode(encoding.ids) == String(decoding: bytes, as: UTF8.self))
        }
    }
}
