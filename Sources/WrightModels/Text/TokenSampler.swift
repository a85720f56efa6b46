import WrightNN

/// Chooses the next token out of a language model's logits.
public struct TokenSampler: Sendable {
    /// How it chooses. Filters apply in this order: repetition penalty, temperature, top-k, top-p, min-p.
    public struct Config: Hashable, Sendable {
        /// Divides the logits: below 1 likely tokens become likelier; 0 always takes the likeliest.
        public var temperature = 1.0
        /// Only so many of the likeliest tokens.
        public var topK: Int?
        /// Only the likeliest tokens that together have this probability (Holtzman et al., *The curious case of neural text
        /// degeneration*, 2020).
        public var topP: Double?
        /// Only tokens at least this share as likely as the likeliest (Nguyen et al., *Min-p sampling*, 2024).
        public var minP: Double?
        /// Divides positive and multiplies negative logits of tokens that were there already (Keskar et al., *CTRL*, 2019);
        /// 1 does nothing.
        public var repetitionPenalty = 1.0
        public var seed: UInt64 = 0

        public init() {}

        /// Everything that cannot work, one sentence each.
        public var problems: [String] {
            var problems: [String] = []
            if !(temperature >= 0 && temperature.isFinite) { problems.append("temperature must not be below 0") }
            if let topK, topK < 1 { problems.append("top-k must be at least 1, not \(topK)") }
            if let topP, !(topP > 0 && topP <= 1) {
                problems.append("top-p must be above 0 and at most 1, not \(topP)")
            }
            if let minP, !(0...1).contains(minP) { problems.append("min-p must be from 0 to 1, not \(minP)") }
            if !(repetitionPenalty > 0 && repetitionPenalty.isFinite) {
                problems.append("the repetition penalty must be above 0, not \(repetitionPenalty)")
            }
            return problems
        }
    }

    public let config: Config
    private var drawn: UInt64 = 0

    /// Traps on ``Config/problems``.
    public init(_ config: Config = Config()) {
        precondition(config.problems.isEmpty, config.problems.joined(separator: "; "))
        self.config = config
    }

    /// The next token after `history`: the likeliest, or a draw that depends on the seed and on how many came before.
    /// Tokens in `excluded` are never chosen.
    public mutating func next(_ logits: [Float], history: some Sequence<Int32>, excluding excluded: Set<Int32> = [])
        -> Int32
    {
        precondition(logits.count > excluded.count, "\(logits.count) logits leave nothing to choose")
        var logits = logits
        for token in excluded { logits[Int(token)] = -.infinity }
        if config.repetitionPenalty != 1 {
            let penalty = Float(config.repetitionPenalty)
            for token in Set(history) where logits.indices.contains(Int(token)) {
                let logit = logits[Int(token)]
                logits[Int(token)] = logit > 0 ? logit / penalty : logit * penalty
            }
        }
        // Of equals the first, so that the choice does not depend on how the search goes.
        let likeliest = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
        guard config.temperature > 0, config.topK != 1 else { return Int32(likeliest) }
        let candidates = Self.candidates(logits, likeliest: Double(logits[likeliest]), config)
        let total = candidates.reduce(0) { $0 + $1.weight }
        var rest = uniform() * total
        for candidate in candidates {
            rest -= candidate.weight
            if rest < 0 { return candidate.token }
        }
        return candidates[candidates.count - 1].token
    }

    /// What may be drawn, the likeliest first, with weights that are 1 for the likeliest.
    private static func candidates(
        _ logits: [Float], likeliest: Double, _ config: Config
    ) -> [(token: Int32, weight: Double)] {
        var candidates: [(token: Int32, weight: Double)] = []
        for (token, logit) in logits.enumerated() {
            let weight = HostMath.exp((Double(logit) - likeliest) / config.temperature)
            if weight > 0 { candidates.append((Int32(token), weight)) }
        }
        candidates.sort { ($1.weight, $0.token) < ($0.weight, $1.token) }
        if let topK = config.topK { candidates = Array(candidates.prefix(topK)) }
        if let topP = config.topP {
            let wanted = topP * candidates.reduce(0) { $0 + $1.weight }
            var sum = 0.0
            let kept = candidates.firstIndex { candidate in
                sum += candidate.weight
                return sum >= wanted
            }
            candidates = Array(candidates.prefix((kept ?? candidates.count - 1) + 1))
        }
        if let minP = config.minP { candidates = candidates.filter { $0.weight >= minP } }
        return candidates
    }

    /// A number from 0 to below 1: a function of the seed and of how many were drawn (Steele et al., *Fast splittable
    /// pseudorandom number generators*, 2014).
    private mutating func uniform() -> Double {
        drawn += 1
        var z = config.seed &* 0xD6E8_FEB8_6659_FD93 &+ drawn &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
