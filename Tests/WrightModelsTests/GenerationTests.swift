import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

@Suite("Generation")
struct GenerationTests {
    private func choices(_ logits: [Float], draws: Int = 2000, _ change: (inout TokenSampler.Config) -> Void) -> [Int32:
        Int]
    {
        var config = TokenSampler.Config()
        change(&config)
        var sampler = TokenSampler(config)
        return (0..<draws).reduce(into: [:]) { counts, _ in counts[sampler.next(logits, history: []), default: 0] += 1 }
    }

    /// Catches draws that are not as likely as the logits say, and ones that do not depend on the seed alone.
    @Test func drawsFollowTheLogits() {
        let logits: [Float] = [0, 1.0986123, -.infinity, 0]
        let counts = choices(logits) { $0.seed = 3 }
        #expect(counts[2] == nil)
        #expect(abs(Double(counts[1] ?? 0) / 2000 - 0.6) < 0.04)
        #expect(counts == choices(logits) { $0.seed = 3 } && counts != choices(logits) { $0.seed = 4 })
        // At half the temperature, 3 : 1 becomes 9 : 1.
        let cold = choices(logits) { $0.temperature = 0.5 }
        #expect(abs(Double(cold[1] ?? 0) / 2000 - 9.0 / 11) < 0.04)
        #expect(choices(logits) { $0.temperature = 0 } == [1: 2000])
    }

    /// Catches filters that keep too much or too little.
    @Test func filtersKeepTheLikeliest() {
        // Probabilities 0.4, 0.3, 0.2, 0.1.
        let logits: [Float] = [-0.9163, -1.6094, -1.2040, -2.3026]
        #expect(Set(choices(logits) { $0.topK = 2 }.keys) == [0, 2])
        #expect(Set(choices(logits) { $0.topP = 0.65 }.keys) == [0, 2])
        #expect(Set(choices(logits) { $0.topP = 0.75 }.keys) == [0, 1, 2])
        #expect(Set(choices(logits) { $0.minP = 0.4 }.keys) == [0, 1, 2])
        #expect(Set(choices(logits) { $0.topK = 1 }.keys) == [0])
        var config = TokenSampler.Config()
        config.temperature = 0
        config.repetitionPenalty = 3
        var sampler = TokenSampler(config)
        #expect(sampler.next([1, 0.9, -5], history: [0]) == 1)
        #expect(sampler.next([1, 0.9, -5], history: [], excluding: [0]) == 1)
        config.topP = 0
        config.temperature = -1
        #expect(config.problems.count == 2)
    }

    private func model() -> GPT {
        var source = ParameterSource(seed: 5)
        let model = GPT(.tiny(), from: &source)
        // Larger than they start, so that the answers are far apart.
        for (_, parameter) in model.parameters {
            parameter.buffer.withElements(of: Float.self) { values in
                for index in values.indices { values[index] *= 8 }
            }
        }
        return model
    }

    /// Catches a cache that loses a step, mixes rows, or attends to what has not come yet.
    @Test func oneStepAtATimeIsTheWholeAtOnce() throws {
        let model = model()
        let ids: [Int32] = [3, 1, 10, 0, 7, 7, 2]
        let whole = CompiledFunction(on: CPUBackend()) { Trace([model($0[0])]) }
        let expected = try whole([Buffer(ids, shape: [1, 7])])[0].array(of: Float.self)
        let caches = model.caches(batch: 2)
        let step = CompiledFunction(on: CPUBackend()) { arguments in
            let pass = Pass(isTraining: false)
            let logits = pass { model.next(arguments[0], at: arguments[1], caches) }
            return Trace([logits], assigning: pass.assignments)
        }
        for (place, id) in ids.enumerated() {
            let logits = try step([Buffer([id, 4]), Buffer([Int32(place)], shape: [])])[0].array(of: Float.self)
            for token in 0..<11 {
                #expect(abs(logits[token] - expected[place * 11 + token]) < 1e-4, "place \(place), token \(token)")
            }
        }
    }

    /// Catches rows that change each other, a prompt that is cut, and a context that runs over.
    @Test func rowsGoOnAlone() throws {
        let model = model()
        let prompts: [[Int32]] = [[3], [1, 2, 9, 4], [8, 8]]
        var greedy = TokenSampler.Config()
        greedy.temperature = 0
        let together = try Generator(model, rows: 3, on: CPUBackend()).generate(prompts, maximum: 12, sampling: greedy)
        for (prompt, row) in zip(prompts, together) {
            // In a batch, rows of other lengths reach the end of the context at the same step; alone, later.
            let alone = try Generator(model, on: CPUBackend()).generate([prompt], maximum: 3, sampling: greedy)
            #expect(alone[0].tokens == Array(row.tokens.prefix(3)))
            #expect(row.tokens.count == 12 && row.end == .length)
        }
        let first = together[0].tokens[0]
        let ended = try Generator(model, on: CPUBackend()).generate(
            [prompts[0]], maximum: 12, sampling: greedy, ending: [first])
        #expect(ended[0].tokens.isEmpty && ended[0].end == .token)
        var received: [Int32] = []
        let stopped = try Generator(model, on: CPUBackend()).generate([prompts[1]], maximum: 12, sampling: greedy) {
            token, _ in
            received.append(token)
            return received.count < 2
        }
        #expect(stopped[0].end == .receiver && stopped[0].tokens == received && received.count == 2)
    }
}
