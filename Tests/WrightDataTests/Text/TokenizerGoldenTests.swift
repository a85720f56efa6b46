import Testing
import WrightData
import WrightRuntime

/// Numbers, places and texts as Hugging Face's tokenizers and SentencePiece give them (Golden/Text/make.py).
struct TokenizerGoldenTests {
    static let hard = texts("hard")

    @Test(
        "Ids, offsets and decoded text are the reference's",
        arguments: [
            "gpt2", "roberta", "llama3", "qwen", "llama2", "bert", "unigram", "word",
        ])
    func agrees(style: String) throws {
        let tokenizer = try Tokenizer(contentsOf: golden("Text/\(style).tokenizer.json"))
        try expect(tokenizer, style)
    }

    @Test(
        "A tokenizer that was written and read again gives the same",
        arguments: [
            "gpt2", "roberta", "llama3", "qwen", "llama2", "bert", "unigram", "word",
        ])
    func survivesWriting(style: String) throws {
        let folder = TemporaryFolder()
        try Tokenizer(contentsOf: golden("Text/\(style).tokenizer.json")).write(to: folder.path + "/t.json")
        try expect(Tokenizer(contentsOf: folder.path + "/t.json"), style)
    }

    private func expect(_ tokenizer: Tokenizer, _ style: String) throws {
        let answers = try #require(JSON.load(golden("Text/\(style).answers.json")).array)
        #expect(answers.count == Self.hard.count)
        // Twice: the second time from the cache.
        for _ in 0..<2 {
            for (text, answer) in zip(Self.hard, answers) {
                let encoding = try tokenizer.encode(text)
                #expect(encoding.ids.map(Int.init) == integers(answer["ids"]), "\(text.debugDescription)")
                #expect(
                    encoding.offsets.map { [$0.lowerBound, $0.upperBound] }
                        == answer["offsets"]?.array?.map { integers($0) }, "\(text.debugDescription)")
                let decoded = try tokenizer.decode(encoding.ids)
                #expect(
                    Array(decoded.utf8) == Array((answer["text"]?.string ?? "").utf8), "\(text.debugDescription)")
            }
        }
    }

    @Test("Text that is decoded token by token is the whole text", arguments: ["gpt2", "llama3", "llama2"])
    func streams(style: String) throws {
        let tokenizer = try Tokenizer(contentsOf: golden("Text/\(style).tokenizer.json"))
        for text in ["héllo 👩‍👩‍👧‍👦 今天 the end", "a b  c", "İ ẋ̣ the the"] {
            let ids = try tokenizer.encode(text, addingSpecialTokens: false).ids
            var decoder = tokenizer.streamingDecoder()
            var parts: [String] = []
            for id in ids { if let part = try decoder.next(id) { parts.append(part) } }
            if let part = try decoder.finish() { parts.append(part) }
            #expect(parts.joined() == text)
            #expect(!parts.contains { $0.contains("\u{FFFD}") })
        }
    }

    @Test("SentencePiece models give their own library's ids and texts", arguments: ["unigram", "bpe"])
    func sentencePiece(kind: String) throws {
        let tokenizer = try Tokenizer(sentencePiece: golden("Text/sp-\(kind).model"))
        let answers = try #require(JSON.load(golden("Text/sp-\(kind).answers.json")).array)
        for answer in answers {
            let text = try #require(answer["in"]?.string)
            let ids = try tokenizer.encode(text).ids
            #expect(ids.map(Int.init) == integers(answer["ids"]), "\(text.debugDescription)")
            let decoded = try tokenizer.decode(ids, skippingSpecialTokens: false)
            #expect(
                Array(decoded.utf8) == Array((answer["text"]?.string ?? "").utf8), "\(text.debugDescription)")
        }
    }

    @Test("Broken UTF-8 becomes U+FFFD, one for each maximal part")
    func repairs() throws {
        let tokenizer = try Tokenizer(contentsOf: golden("Text/gpt2.tokenizer.json"))
        // Rust's from_utf8_lossy on the same bytes.
        let bytes: [UInt8] = [0x61, 0xFF, 0xE2, 0x82, 0x62, 0xF0, 0x9F, 0x98, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0x63]
        let repaired = "a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}c"
        #expect(try tokenizer.encode(bytes: bytes) == tokenizer.encode(repaired))
    }

    @Test("Pairs, truncation and padding")
    func pairs() throws {
        var tokenizer = try Tokenizer(contentsOf: golden("Text/bert.tokenizer.json"))
        let pair = try tokenizer.encode("the day", and: "one time")
        #expect(pair.ids.first == 2 && pair.ids.last == 3 && pair.ids.count { $0 == 3 } == 2)
        #expect(pair.typeIDs == [0, 0, 0, 0, 1, 1, 1])
        #expect(pair.specialMask == [1, 0, 0, 1, 0, 0, 1])
        var truncation = Truncation()
        truncation.maximumLength = 4
        tokenizer.truncation = truncation
        tokenizer.padding = Padding()
        let batch = try tokenizer.encode(["the day of the time", "one", ""], threads: 2)
        #expect(batch.map(\.count) == [4, 4, 4])
        #expect(batch.map { $0.attentionMask.reduce(0, +) } == [4, 3, 2])
        #expect(batch[1].specialMask == [1, 0, 1, 1])
    }

    @Test("A long text without a space takes no quadratic time", arguments: ["gpt2", "llama2", "unigram"])
    func longWords(style: String) throws {
        let tokenizer = try Tokenizer(contentsOf: golden("Text/\(style).tokenizer.json"))
        let text = String(repeating: "thethisnaïve今天", count: 20_000)
        let encoding = try tokenizer.encode(text)
        // Every join of a long piece must be the one that a short piece has.
        #expect(try tokenizer.decode(encoding.ids).utf8.count == text.utf8.count || style != "gpt2")
        #expect(encoding.offsets.last?.upperBound == text.utf8.count)
    }
}

/// The list of texts in a golden file.
func texts(_ name: String) -> [String] {
    guard let list = try! JSON.load(golden("Text/\(name).json")).array else { return [] }
    return list.compactMap(\.string)
}

func integers(_ value: JSON?) -> [Int] { value?.array?.compactMap(\.integer) ?? [] }
