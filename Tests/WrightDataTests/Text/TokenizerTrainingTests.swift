import Testing
import WrightData
import WrightRuntime

/// Training on the golden texts gives what the reference library's training gave.
struct TokenizerTrainingTests {
    private func trained(_ style: String, size: Int) throws -> (mine: Tokenizer, reference: Tokenizer) {
        let reference = try Tokenizer(contentsOf: golden("Text/\(style).tokenizer.json"))
        var config = TokenizerTrainer.Config()
        config.vocabularySize = size
        config.specialTokens = reference.addedTokens.map(\.content)
        if reference.usesByteAlphabet { config.initialAlphabet = TokenizerKind.byteLevelBPE.initialAlphabet }
        var trainer = TokenizerTrainer(like: reference, config)
        for text in texts("texts") { try trainer.add(text) }
        return (try trainer.finish(), reference)
    }

    @Test(
        "Byte-level BPE: the same tokens, numbers and merges",
        arguments: [("gpt2", 700), ("llama3", 700), ("qwen", 600)])
    func bytePairs(style: String, size: Int) throws {
        let (mine, reference) = try trained(style, size: size)
        #expect(mine.json["model"] == reference.json["model"])
    }

    @Test("Words: the same tokens and numbers")
    func words() throws {
        let (mine, reference) = try trained("word", size: 300)
        #expect(mine.json["model"] == reference.json["model"])
    }

    @Test("WordPiece: nearly the same tokens; the reference numbers the characters inside of words by chance")
    func wordPieces() throws {
        let (mine, reference) = try trained("bert", size: 500)
        let common = tokens(mine).intersection(tokens(reference))
        #expect(common.count >= tokens(reference).count * 98 / 100)
    }

    @Test("Unigram: nearly the same pieces and scores")
    func unigram() throws {
        let (mine, reference) = try trained("unigram", size: 400)
        let (own, theirs) = (scores(mine), scores(reference))
        let common = own.keys.filter { theirs[$0] != nil }
        #expect(common.count >= theirs.count * 95 / 100, "\(common.count) of \(theirs.count)")
        #expect(common.allSatisfy { abs(own[$0]! - theirs[$0]!) < 0.1 })
    }

    @Test("Every kind can be trained, written, read, and gives text back", arguments: TokenizerKind.allCases)
    func everyKind(kind: TokenizerKind) throws {
        var config = TokenizerTrainer.Config()
        config.vocabularySize = 600
        config.specialTokens = kind.specialTokens
        config.initialAlphabet = kind.initialAlphabet
        var trainer = TokenizerTrainer(like: try Tokenizer.untrained(kind), config)
        for text in texts("texts") { try trainer.add(text) }
        let tokenizer = try trainer.finish()
        #expect(tokenizer.rows <= 600)
        let again = try Tokenizer(json: tokenizer.json, file: "again")
        for text in texts("texts").prefix(50) {
            let ids = try tokenizer.encode(text).ids
            #expect(try again.encode(text).ids == ids)
            // Words lose their spaces and WordPiece the ones before punctuation; the others keep everything.
            guard kind != .word && kind != .wordPiece else { continue }
            #expect(try tokenizer.decode(ids) == text || kind == .unigram || kind == .character)
        }
    }

    @Test("Training on nothing says so")
    func nothing() throws {
        let trainer = TokenizerTrainer(like: try Tokenizer.untrained(.bpe))
        #expect(throws: TokenizerError.noTexts) { try trainer.finish() }
    }

    private func tokens(_ tokenizer: Tokenizer) -> Set<String> {
        Set((0..<tokenizer.rows).compactMap { tokenizer.token($0) })
    }

    private func scores(_ tokenizer: Tokenizer) -> [String: Double] {
        guard case .unigram(let model) = tokenizer.model else { return [:] }
        return Dictionary(
            (0..<tokenizer.rows).compactMap { id in tokenizer.token(id).map { ($0, model.scores[id]) } },
            uniquingKeysWith: { first, _ in first })
    }
}
