import WrightGraph
import WrightNN
public import WrightRuntime

/// Finds likely continuations by keeping the best few at each step (Lowerre, *The HARPY speech recognition system*, 1976;
/// scores by length: Wu et al., *Google's neural machine translation system*, 2016, equation 14).
public final class BeamSearch<Model: TokenPredictor> {
    public let model: Model
    /// How many prompts are continued at a time.
    public let rows: Int
    public let config: BeamSearchConfig
    private let step: CompiledFunction
    private let move: CompiledFunction

    /// `caches` must be for `rows` · `config.beams` rows; nil makes them.
    public init(
        _ model: Model, rows: Int = 1, _ config: BeamSearchConfig = BeamSearchConfig(), caches: Model.Cache? = nil,
        on backend: any Backend, options: CompileOptions = CompileOptions()
    ) {
        precondition(rows >= 1, "\(rows) rows find nothing")
        precondition(config.problems.isEmpty, config.problems.joined(separator: "; "))
        self.model = model
        self.rows = rows
        self.config = config
        let caches = caches ?? model.caches(batch: rows * config.beams)
        step = CompiledFunction(on: backend, options: options) { arguments in
            let pass = Pass(isTraining: false)
            let logits = pass { model.next(arguments[0], at: arguments[1], caches) }
            return Trace([logits.logSoftmax()], assigning: pass.assignments)
        }
        move = CompiledFunction(on: backend, options: options) { arguments in
            let pass = Pass(isTraining: false)
            pass {
                for variable in model.states(of: caches) {
                    Pass.current?.assign(variable, Tensor(variable).gather(arguments[0]))
                }
            }
            return Trace([], assigning: pass.assignments)
        }
    }

    /// The best continuations of each of ``rows`` prompts, all of one length above zero: at most as many as there are beams,
    /// the best first. Tokens in `excluded` are never chosen.
    public func search(
        _ prompts: [[Int32]], ending: Set<Int32>, excluding excluded: Set<Int32> = []
    ) throws -> [[Hypothesis]] {
        precondition(
            prompts.count == rows && Set(prompts.map(\.count)).count == 1 && !prompts[0].isEmpty,
            "needs \(rows) prompts of one length, a token or more each")
        var beams = prompts.map { _ in Beams(config, ending: ending) }
        let read = prompts[0].count
        let limit = min(config.maximum, (model.context ?? .max) - read + 1)
        for position in 0..<max(read + limit - 1, 0) {
            let isReading = position < read
            let ids = zip(prompts, beams).flatMap { prompt, beams in
                isReading ? [Int32](repeating: prompt[position], count: config.beams) : beams.lastTokens
            }
            let logs = try step([Buffer(ids), Buffer([Int32(position)], shape: [])])[0]
            guard position >= read - 1 else { continue }
            logs.withElements(of: Float.self) { all in
                let width = all.count / (rows * config.beams)
                for row in 0..<rows {
                    let share = row * config.beams * width
                    beams[row].extend(
                        UnsafeBufferPointer(rebasing: all[share..<share + config.beams * width]), excluding: excluded)
                }
            }
            guard beams.contains(where: { !$0.isDone }) else { break }
            let parents = beams.enumerated().flatMap { row, beams in
                beams.parents.map { Int32(row * config.beams + $0) }
            }
            if parents != Array(0..<Int32(rows * config.beams)) { _ = try move([Buffer(parents)]) }
        }
        return beams.map(\.best)
    }
}

/// How a beam search goes.
public struct BeamSearchConfig: Hashable, Sendable {
    /// Continuations kept at each step; 1 always takes the likeliest token.
    public var beams = 4
    /// The most tokens to add, the ending one among them.
    public var maximum = 128
    /// How much long continuations are favoured: scores are log-probabilities divided by ((5 + tokens) / 6) to this power.
    public var lengthPenalty = 0.6

    public init(beams: Int = 4, maximum: Int = 128, lengthPenalty: Double = 0.6) {
        self.beams = beams
        self.maximum = maximum
        self.lengthPenalty = lengthPenalty
    }

    /// Everything that cannot work, one sentence each.
    public var problems: [String] {
        var problems: [String] = []
        if !(1...1024).contains(beams) { problems.append("beams must be from 1 to 1024, not \(beams)") }
        if maximum < 1 { problems.append("a search needs a token or more to add, not \(maximum)") }
        if !lengthPenalty.isFinite { problems.append("the length penalty must be a number") }
        return problems
    }

    func score(_ logProbability: Double, length: Int) -> Double {
        logProbability / HostMath.exp(lengthPenalty * HostMath.log(Double(5 + length) / 6))
    }
}

/// A continuation that a search found.
public struct Hypothesis: Hashable, Sendable {
    /// Without the token that ended it.
    public var tokens: [Int32]
    /// The logarithm of its probability, the end included.
    public var logProbability: Double
    /// What hypotheses are compared by.
    public var score: Double
    /// Whether it came to an end before the search did.
    public var isEnded: Bool
}

/// What a search keeps for one prompt.
struct Beams {
    private struct Live {
        var tokens: [Int32]
        var logProbability: Double
    }

    private let config: BeamSearchConfig
    private let ending: Set<Int32>
    private var live: [Live]
    private var ended: [Hypothesis] = []
    /// For each beam, the one that it went on from in the last step.
    private(set) var parents: [Int]
    private(set) var isDone = false

    init(_ config: BeamSearchConfig, ending: Set<Int32>) {
        self.config = config
        self.ending = ending
        // At first all beams are the same, so only one counts.
        live = [Live(tokens: [], logProbability: 0)]
        parents = Array(0..<config.beams)
    }

    /// What each beam goes on from; beams that do not count repeat the first.
    var lastTokens: [Int32] {
        (0..<config.beams).map { live.indices.contains($0) ? live[$0].tokens.last ?? 0 : live.first?.tokens.last ?? 0 }
    }

    /// Goes on by a token: `logs` are the log-probabilities of every token for every beam.
    mutating func extend(_ logs: UnsafeBufferPointer<Float>, excluding excluded: Set<Int32>) {
        guard !isDone else {
            parents = Array(0..<config.beams)
            return
        }
        let width = logs.count / config.beams
        // With twice as many candidates as beams, enough go on even if half of them end.
        var candidates = BestCandidates(capacity: 2 * config.beams)
        for (beam, hypothesis) in live.enumerated() {
            for token in 0..<width {
                let log = hypothesis.logProbability + Double(logs[beam * width + token])
                if log > candidates.least, !excluded.contains(Int32(token)) { candidates.add(log, beam, Int32(token)) }
            }
        }
        var next: [Live] = []
        var sources: [Int] = []
        for (rank, candidate) in candidates.kept.enumerated() where next.count < config.beams {
            let tokens = live[candidate.beam].tokens
            if ending.contains(candidate.token) {
                if rank < config.beams { end(tokens, candidate.log, length: tokens.count + 1, isEnded: true) }
            } else {
                next.append(Live(tokens: tokens + [candidate.token], logProbability: candidate.log))
                sources.append(candidate.beam)
            }
        }
        live = next
        parents = (0..<config.beams).map { sources.indices.contains($0) ? sources[$0] : sources.first ?? $0 }
        if ended.count >= config.beams || live.isEmpty {
            isDone = true
        } else if live[0].tokens.count >= config.maximum {
            isDone = true
            for beam in live { end(beam.tokens, beam.logProbability, length: beam.tokens.count, isEnded: false) }
        }
    }

    private mutating func end(_ tokens: [Int32], _ log: Double, length: Int, isEnded: Bool) {
        ended.append(
            Hypothesis(
                tokens: tokens, logProbability: log, score: config.score(log, length: length), isEnded: isEnded))
    }

    /// The best continuations; ended ones before those that were cut.
    var best: [Hypothesis] {
        let cut = live.map {
            Hypothesis(
                tokens: $0.tokens, logProbability: $0.logProbability,
                score: config.score($0.logProbability, length: $0.tokens.count), isEnded: false)
        }
        let all = isDone ? ended : ended + cut
        return Array(
            all.enumerated().sorted {
                ($0.element.isEnded ? 0 : 1, -$0.element.score, $0.offset)
                    < ($1.element.isEnded ? 0 : 1, -$1.element.score, $1.offset)
            }.map(\.element).prefix(config.beams))
    }
}

/// The few highest of many candidates.
private struct BestCandidates {
    private(set) var kept: [(log: Double, beam: Int, token: Int32)] = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// What a further candidate must be above.
    var least: Double { kept.count < capacity ? -.infinity : kept[kept.count - 1].log }

    /// Keeps the list sorted; of equals the first stays before.
    mutating func add(_ log: Double, _ beam: Int, _ token: Int32) {
        let place = kept.firstIndex { $0.log < log } ?? kept.count
        kept.insert((log, beam, token), at: place)
        if kept.count > capacity { kept.removeLast() }
    }

}
