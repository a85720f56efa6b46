#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Trains a unigram model (Kudo, 2018): begins with frequent substrings, fits their probabilities by expectation and
/// maximisation, and drops those that the texts miss least, until as many are left as are wanted.
struct UnigramTrainer {
    private let config: TokenizerTrainer.Config
    private let unknownToken: String?
    private let fallsBackToBytes: Bool

    private typealias Piece = (piece: [UInt8], score: Double)
    private typealias Word = (word: [UInt8], count: Int)

    init(_ config: TokenizerTrainer.Config, unknownToken: String?, fallsBackToBytes: Bool) {
        self.config = config
        self.unknownToken = unknownToken
        self.fallsBackToBytes = fallsBackToBytes
    }

    func train(on words: [(word: [UInt8], count: Int)]) throws(TokenizerError) -> UnigramModel {
        let required = requiredCharacters(words)
        guard required.count + config.specialTokens.count < config.vocabularySize else {
            throw .vocabularyTooSmall(characters: required.count, size: config.vocabularySize)
        }
        // The first piece stands for what is unknown, as long as training lasts.
        var pieces = [(piece: Array("<UNK>".utf8), score: Double.nan)] + seeds(words)
        var lattice = PieceLattice(pieces)
        let wanted = config.vocabularySize * 11 / 10
        while true {
            for _ in 0..<config.subIterations {
                pieces = maximised(pieces, lattice.expectations(words))
                lattice = PieceLattice(pieces)
            }
            if pieces.count <= wanted { break }
            let before = pieces.count
            pieces = pruned(pieces, lattice, words, wanted)
            lattice = PieceLattice(pieces)
            // What is left are pieces without alternatives: more pruning would change nothing.
            if pieces.count == before { break }
        }
        return finished(pieces, required)
    }

    private func requiredCharacters(_ words: [Word]) -> [UInt32] {
        var characters = Set<UInt32>()
        for word in words { characters.formUnion(word.word.scalars) }
        characters.formUnion(config.initialAlphabet.map(\.value))
        return characters.sorted()
    }

    /// All characters, and the most promising substrings: long and frequent.
    private func seeds(_ words: [Word]) -> [Piece] {
        var characters: [UInt32: Int] = [:]
        let scalars = words.map(\.word.scalars)
        for (index, word) in scalars.enumerated() {
            for scalar in word where scalar != 0 { characters[scalar, default: 0] += words[index].count }
        }
        var found: [(score: Int, part: ArraySlice<UInt32>)] = []
        FrequentSubstrings(of: scalars, longest: config.maximumPieceLength).forEach { part, count in
            found.append((count * part.count, part))
        }
        found.sort { one, other in
            one.score != other.score ? one.score > other.score : other.part.lexicographicallyPrecedes(one.part)
        }
        var pieces: [Piece] = characters.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.map { scalar, count in
            var piece: [UInt8] = []
            piece.append(scalar: scalar)
            return (piece, Double(count))
        }
        for (score, part) in found.prefix(max(0, config.seedSize - pieces.count)) {
            pieces.append((part.reduce(into: []) { $0.append(scalar: $1) }, Double(score)))
        }
        let total = log(pieces.reduce(0) { $0 + $1.score })
        return pieces.map { ($0.piece, log($0.score) - total) }
    }

    /// New probabilities from expected counts; pieces that hardly come are dropped. The digamma function instead of the
    /// logarithm prefers few pieces (Liang and Klein, 2007).
    private func maximised(_ pieces: [Piece], _ expected: [Double]) -> [Piece] {
        var result: [Piece] = [pieces[0]]
        var sum = 0.0
        for index in 1..<max(1, pieces.count) where expected[index] >= 0.5 {
            result.append((pieces[index].piece, expected[index]))
            sum += expected[index]
        }
        let total = digamma(sum)
        return result.enumerated().map { ($1.piece, $0 == 0 ? .nan : digamma($1.score) - total) }
    }

    private func digamma(_ value: Double) -> Double {
        var value = value
        var result = 0.0
        while value < 7 {
            result -= 1 / value
            value += 1
        }
        value -= 0.5
        let square = 1 / (value * value)
        let fourth = square * square
        let series = 1.0 / 24 * square - 7.0 / 960 * fourth + 31.0 / 8064 * fourth * square
        return result + log(value) + series - 127.0 / 30720 * fourth * fourth
    }

    /// The pieces without those whose loss costs the texts' likelihood least.
    private func pruned(_ pieces: [Piece], _ lattice: PieceLattice, _ words: [Word], _ wanted: Int) -> [Piece] {
        var isKept = [Bool](repeating: true, count: pieces.count)
        var alternatives = [[Int]](repeating: [], count: pieces.count)
        for index in 1..<pieces.count {
            let best = lattice.path(pieces[index].piece)
            if best.count >= 2 {
                isKept[index] = false
            } else if let other = lattice.path(pieces[index].piece, withoutWhole: true) {
                alternatives[index] = other
            }
        }
        var frequency = [Double](repeating: 0, count: pieces.count)
        // How many texts of the corpus a piece is in, counted as often as it is in them.
        var total = 0.0
        for (word, count) in words {
            total += Double(count)
            for id in lattice.path(word) { frequency[id] += Double(count) }
        }
        let sum = frequency.reduce(0, +)
        let logSum = log(sum)
        var result: [Piece] = [pieces[0]]
        var candidates: [(index: Int, loss: Double)] = []
        for index in 1..<pieces.count {
            if frequency[index] == 0, !isKept[index] { continue }
            guard !alternatives[index].isEmpty else {
                result.append(pieces[index])
                continue
            }
            guard frequency[index] > 0 else { continue }
            let own = log(frequency[index]) - logSum
            let others = log(sum + frequency[index] * Double(alternatives[index].count - 1))
            let instead = alternatives[index].reduce(0) { $0 + log(frequency[$1] + frequency[index]) - others }
            candidates.append((index, frequency[index] / total * (own - instead)))
        }
        let size = max(wanted, Int(Double(pieces.count) * config.shrinkingFactor))
        candidates.sort { ($0.loss, $1.index) > ($1.loss, $0.index) }
        for candidate in candidates.prefix(max(0, size - result.count)) { result.append(pieces[candidate.index]) }
        return result
    }

    /// The special tokens, then all characters and the likeliest pieces, by score.
    private func finished(_ pieces: [Piece], _ required: [UInt32]) -> UnigramModel {
        var known: [[UInt8]: Double] = [:]
        var lowest = Double.infinity
        for piece in pieces.dropFirst() {
            known[piece.piece] = piece.score
            lowest = min(lowest, piece.score)
        }
        var chosen: [Piece] = []
        var penalty = 0.0
        for scalar in required {
            var piece: [UInt8] = []
            piece.append(scalar: scalar)
            if let score = known.removeValue(forKey: piece) {
                chosen.append((piece, score))
            } else {
                chosen.append((piece, lowest + penalty))
                penalty += 0.0001
            }
        }
        var special = config.specialTokens
        if let unknownToken, !special.contains(unknownToken) { special.insert(unknownToken, at: 0) }
        let room = config.vocabularySize - special.count
        for piece in pieces.dropFirst() where chosen.count < room && known[piece.piece] != nil { chosen.append(piece) }
        let ordered = chosen.enumerated().sorted { ($0.element.score, $1.offset) > ($1.element.score, $0.offset) }
        return UnigramModel(
            pieces: special.map { (Array($0.utf8), 0) } + ordered.map(\.element),
            unknownID: unknownToken.flatMap { special.firstIndex(of: $0) }, fallsBackToBytes: fallsBackToBytes)
    }
}
