/// Finds merges: the most frequent pair of neighbours again and again (Sennrich et al., 2016), with the reference
/// library's order among equally frequent pairs.
struct BytePairTrainer {
    /// Tokens by number.
    private(set) var tokens: [[UInt8]] = []
    private(set) var merges: [(left: Int32, right: Int32, joined: Int32)] = []
    /// Tokens behind the special ones that need not come in the texts.
    var firstTokens: [[UInt8]] = []

    private let config: TokenizerTrainer.Config
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private var table = ByteTable(capacity: 1 << 12)
    /// Characters of each token.
    private var lengths: [Int32] = []

    /// The symbols of all words, one after the other; a word only ever becomes shorter.
    private var symbols: [Int32] = []
    private var words: [(start: Int, count: Int, frequency: Int)] = []

    private var pairs = WordTable(capacity: 1 << 14)
    private var pairCounts: [Int] = []
    /// The words in which a pair came up since it was last put into the heap.
    private var waiting: [[Int32]] = []
    private var touched: [Int32] = []
    private var heap = PairHeap()

    init(_ config: TokenizerTrainer.Config, prefix: String?, suffix: String?) {
        self.config = config
        self.prefix = Array((prefix ?? "").utf8)
        self.suffix = Array((suffix ?? "").utf8)
    }

    mutating func train(on counts: [(word: [UInt8], count: Int)]) {
        for token in config.specialTokens { _ = number(Array(token.utf8), 1) }
        for token in firstTokens { _ = number(token, 1) }
        addAlphabet(counts)
        cutWords(counts)
        for word in words.indices { countPairs(of: word) }
        pushWaiting()
        while tokens.count < config.vocabularySize, var top = heap.pop() {
            let count = pairCounts[Int(top.pair)]
            if top.count != count {
                top.count = count
                heap.push(top)
                continue
            }
            if count < 1 || count < config.minimumFrequency { break }
            merge(top)
        }
    }

    /// The number of a token, which is added when it is new.
    private mutating func number(_ token: [UInt8], _ length: Int32) -> Int32 {
        let (index, isNew) = table.insert(token)
        if isNew {
            tokens.append(token)
            lengths.append(length)
        }
        return Int32(index)
    }

    /// Adds the characters in the order of their scalars.
    private mutating func addAlphabet(_ counts: [(word: [UInt8], count: Int)]) {
        var alphabet: [UInt32: Int] = [:]
        for (word, count) in counts { for scalar in word.scalars { alphabet[scalar, default: 0] += count } }
        for scalar in config.initialAlphabet { alphabet[scalar.value] = .max }
        var kept = alphabet.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        if let limit = config.alphabetLimit { kept.removeFirst(max(0, kept.count - limit)) }
        for scalar in kept.map(\.key).sorted() {
            var token: [UInt8] = []
            token.append(scalar: scalar)
            _ = number(token, 1)
        }
    }

    /// Makes symbols of the words; characters outside of the alphabet are left out.
    private mutating func cutWords(_ counts: [(word: [UInt8], count: Int)]) {
        for (word, count) in counts {
            let start = symbols.count
            let scalars = word.scalars
            for (index, scalar) in scalars.enumerated() {
                var token: [UInt8] = []
                token.append(scalar: scalar)
                guard table.find(token) != nil else { continue }
                if index > 0 { token = prefix + token }
                if index == scalars.count - 1 { token += suffix }
                symbols.append(number(token, 1))
            }
            words.append((start, symbols.count - start, count))
        }
    }

    // MARK: Pairs

    /// The place of a pair among the counts.
    @inline(__always) private mutating func place(_ left: Int32, _ right: Int32) -> Int {
        var isNew = false
        let new = UInt64(pairCounts.count) + 1
        let place = pairs.update(BytePairModel.key(left, right)) { value in
            if value == 0 {
                value = new
                isNew = true
            }
        }
        if isNew {
            pairCounts.append(0)
            waiting.append([])
            heap.keys.append(BytePairModel.key(left, right))
        }
        return Int(place) - 1
    }

    @inline(__always) private mutating func change(_ left: Int32, _ right: Int32, by count: Int, in word: Int) {
        let place = place(left, right)
        pairCounts[place] += count
        guard count > 0 else { return }
        if waiting[place].isEmpty { touched.append(Int32(place)) }
        if waiting[place].last != Int32(word) { waiting[place].append(Int32(word)) }
    }

    private mutating func countPairs(of word: Int) {
        let (start, count, frequency) = words[word]
        guard count > 1 else { return }
        for index in start..<(start + count - 1) { change(symbols[index], symbols[index + 1], by: frequency, in: word) }
    }

    private mutating func pushWaiting() {
        for place in touched {
            let list = waiting[Int(place)]
            waiting[Int(place)] = []
            if pairCounts[Int(place)] > 0 { heap.push(.init(count: pairCounts[Int(place)], pair: place, words: list)) }
        }
        touched.removeAll(keepingCapacity: true)
    }

    // MARK: Merging

    private mutating func merge(_ top: PairHeap.Candidate) {
        let key = heap.keys[Int(top.pair)]
        let left = Int32(truncatingIfNeeded: key >> 32)
        let right = Int32(truncatingIfNeeded: key)
        var second = tokens[Int(right)]
        if !prefix.isEmpty, second.starts(with: prefix) { second.removeFirst(prefix.count) }
        let joined = number(tokens[Int(left)] + second, lengths[Int(left)] + lengths[Int(right)])
        merges.append((left, right, joined))
        for word in top.words { merge(left, right, into: joined, inWord: Int(word)) }
        pushWaiting()
    }

    /// Joins the pair in one word, and counts the pairs that go and come.
    private mutating func merge(_ left: Int32, _ right: Int32, into joined: Int32, inWord word: Int) {
        let (start, count, frequency) = words[word]
        let end = start + count
        let limit = Int32(truncatingIfNeeded: config.maximumTokenLength ?? Int(Int32.max))
        let length = lengths[Int(joined)]
        var from = start
        var to = start
        while from < end {
            guard symbols[from] == left, from + 1 < end, symbols[from + 1] == right else {
                symbols[to] = symbols[from]
                from += 1
                to += 1
                continue
            }
            if to > start {
                let before = symbols[to - 1]
                change(before, left, by: -frequency, in: word)
                if lengths[Int(before)] + length < limit { change(before, joined, by: frequency, in: word) }
            }
            symbols[to] = joined
            from += 2
            to += 1
            if from < end {
                let after = symbols[from]
                change(right, after, by: -frequency, in: word)
                if lengths[Int(after)] + length < limit { change(joined, after, by: frequency, in: word) }
            }
        }
        words[word].count = to - start
    }
}

/// Pairs by how often they come, of equals the one with the smaller token numbers first.
private struct PairHeap {
    struct Candidate {
        var count: Int
        /// The place of the pair among the keys.
        var pair: Int32
        var words: [Int32]
    }

    /// The pairs' keys by their place.
    var keys: [UInt64] = []
    private var entries: [Candidate] = []

    private func precedes(_ one: Candidate, _ other: Candidate) -> Bool {
        one.count != other.count ? one.count > other.count : keys[Int(one.pair)] < keys[Int(other.pair)]
    }

    mutating func push(_ entry: Candidate) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, case let parent = (child - 1) / 2, precedes(entry, entries[parent]) {
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> Candidate? {
        guard let last = entries.indices.last else { return nil }
        entries.swapAt(0, last)
        let top = entries.removeLast()
        var parent = 0
        while case let first = parent * 2 + 1, first < entries.count {
            let child =
                first + 1 < entries.count && precedes(entries[first + 1], entries[first]) ? first + 1 : first
            guard precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return top
    }
}
