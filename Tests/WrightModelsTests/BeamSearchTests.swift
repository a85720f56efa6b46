import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

@Suite("Beam search and translation")
struct BeamSearchTests {
    /// Models with weights larger than they start with, so that answers are far apart.
    private func model<Config: ModelConfig>(_ config: Config, seed: UInt64 = 5, scale: Float = 6) -> Config.Model {
        var source = ParameterSource(seed: seed)
        let model = config.model(from: &source)
        for (path, parameter) in model.parameters where !path.lowercased().contains("norm") {
            parameter.buffer.withElements(of: Float.self) { values in
                for index in values.indices { values[index] *= scale }
            }
        }
        return model
    }

    /// The log-probability of `tokens` after `prompt`, computed at once.
    private func logProbability(_ model: some LanguageModel, _ prompt: [Int32], _ tokens: [Int32]) throws -> Double {
        let ids = prompt + tokens
        let logs = model(Tensor(Buffer(ids, shape: [1, ids.count]))).logSoftmax()
        let values = try Interpreter().compile(Graph([logs])).run([])[0].doubles
        let width = values.count / ids.count
        return tokens.enumerated().reduce(0) { sum, token in
            sum + values[(prompt.count + token.offset - 1) * width + Int(token.element)]
        }
    }

    /// Catches beams that are lost, mixed up, or continued from another's cache: with beams enough for everything, the
    /// search finds what trying everything finds, and the probabilities it states are those of the whole sequence.
    @Test func enoughBeamsFindTheBest() throws {
        let model = model(GPT.Config(vocabulary: 5, places: 8, layers: 2, dimension: 12, heads: 3))
        let prompts: [[Int32]] = [[1, 4], [3, 2]]
        let config = BeamSearchConfig(beams: 130, maximum: 3, lengthPenalty: 0)
        let found = try BeamSearch(model, rows: 2, config, on: CPUBackend()).search(prompts, ending: [])
        for (prompt, hypotheses) in zip(prompts, found) {
            var best: (tokens: [Int32], log: Double) = ([], -.infinity)
            for code in 0..<125 {
                let tokens = [Int32(code / 25), Int32(code / 5 % 5), Int32(code % 5)]
                let log = try logProbability(model, prompt, tokens)
                if log > best.log { best = (tokens, log) }
            }
            #expect(hypotheses.count == 125)
            #expect(hypotheses[0].tokens == best.tokens)
            #expect(abs(hypotheses[0].logProbability - best.log) < 1e-3)
            for hypothesis in hypotheses.prefix(20) {
                let log = try logProbability(model, prompt, hypothesis.tokens)
                #expect(abs(hypothesis.logProbability - log) < 1e-3 && !hypothesis.isEnded)
            }
        }
    }

    /// Catches a single beam that is not greedy, an end that is written, and an LSTM whose states do not move.
    @Test func oneBeamTakesTheLikeliest() throws {
        let gpt = model(GPT.Config(vocabulary: 9, places: 16, layers: 1, dimension: 12, heads: 3))
        try expectGreedy(gpt)
        try expectGreedy(model(LSTMLanguageModel.Config(vocabulary: 9, embedding: 6, hidden: 8, dropout: 0)))
    }

    private func expectGreedy(_ model: some LanguageModel) throws {
        var greedy = TokenSampler.Config()
        greedy.temperature = 0
        let expected = try Generator(model, on: CPUBackend()).generate([[2, 7]], maximum: 8, sampling: greedy)[0].tokens
        let search = BeamSearch(model, BeamSearchConfig(beams: 1, maximum: 8), on: CPUBackend())
        let found = try search.search([[2, 7]], ending: [])[0]
        #expect(found.map(\.tokens) == [expected])
        let end = expected[3]
        let ended = try search.search([[2, 7]], ending: [end])[0][0]
        #expect(ended.isEnded && ended.tokens == Array(expected.prefix { $0 != end }))
        // More beams never end with less likely a continuation than the best of fewer, on this model.
        let wide = BeamSearch(model, BeamSearchConfig(beams: 6, maximum: 8, lengthPenalty: 0), on: CPUBackend())
        let best = try wide.search([[2, 7]], ending: [])[0]
        #expect(best.count == 6 && Set(best.map(\.tokens)).count == 6)
        #expect(zip(best, best.dropFirst()).allSatisfy { $0.score >= $1.score })
        for hypothesis in best {
            let log = try logProbability(model, [2, 7], hypothesis.tokens)
            #expect(abs(log - hypothesis.logProbability) < 1e-3)
        }
    }

    /// Catches padding that the encoder or the decoder sees, and a translation that sees what it shall predict.
    @Test func translatorSeesItsSourceAlone() throws {
        let model = model(Translator.Config.tiny(), scale: 2)
        func run(_ source: [Int32], _ target: [Int32]) throws -> [Double] {
            let logits = model(Tensor(Buffer([source])), Tensor(Buffer([target])))
            return try Interpreter().compile(Graph([logits])).run([])[0].doubles
        }
        let plain = try run([3, 7, 1], [9, 4, 2])
        let padded = try run([3, 7, 1, 0, 0], [9, 4, 2])
        #expect(zip(plain, padded).allSatisfy { abs($0 - $1) < 1e-9 })
        let other = try run([3, 7, 2], [9, 4, 2])
        #expect(zip(plain, other).contains { abs($0 - $1) > 1e-3 })
        let later = try run([3, 7, 1], [9, 4, 5])
        #expect(Array(plain.prefix(22)) == Array(later.prefix(22)) && plain != later)
    }

    /// Catches a cached step that differs from the whole, sources of several widths in each other's cache, rows that are
    /// repeated in the wrong order, and beams that depend on their neighbours.
    @Test func translationsAreThoseOfTheWholeModel() throws {
        let model = model(Translator.Config.tiny(), scale: 2)
        let sources: [[Int32]] = [[3, 7, 1], [], [5], [2, 2, 8, 6, 4, 1, 3], [9, 9]]
        let marks = TranslationSearch.Marks(start: 10, end: 4)
        let config = BeamSearchConfig(beams: 3, maximum: 6)
        let found = try TranslationSearch(model, config, marks: marks, rows: 2, on: CPUBackend()).translate(sources)
        #expect(found[1].tokens.isEmpty)
        for (source, hypothesis) in zip(sources, found) where !source.isEmpty {
            let alone = try TranslationSearch(model, config, marks: marks, rows: 1, on: CPUBackend()).translate([source]
            )
            #expect(alone[0].tokens == hypothesis.tokens)
            let written = hypothesis.tokens + (hypothesis.isEnded ? [marks.end] : [])
            let logs = model(
                Tensor(Buffer(source, shape: [1, source.count])),
                Tensor(Buffer([marks.start] + written.dropLast(), shape: [1, written.count]))
            ).logSoftmax()
            let values = try Interpreter().compile(Graph([logs])).run([])[0].doubles
            let log = written.enumerated().reduce(0) { $0 + values[$1.offset * 11 + Int($1.element)] }
            #expect(abs(log - hypothesis.logProbability) < 1e-3, "\(source)")
        }
    }
}

extension Buffer {
    fileprivate init(_ rows: [[Int32]]) { self.init(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]) }
}
