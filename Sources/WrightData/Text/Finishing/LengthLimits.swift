/// The side on which tokens are cut off or added.
public enum TokenSide: String, Hashable, Sendable, CaseIterable {
    case left = "Left"
    case right = "Right"
}

/// How texts with too many tokens are cut.
public struct Truncation: Hashable, Sendable {
    /// What is cut when there are two texts.
    public enum Strategy: String, Hashable, Sendable, CaseIterable {
        case longestFirst = "LongestFirst"
        case onlyFirst = "OnlyFirst"
        case onlySecond = "OnlySecond"
    }

    /// The most tokens, those counted that are added around the text.
    public var maximumLength = 512
    public var strategy = Strategy.longestFirst
    public var direction = TokenSide.right
    /// How far the parts of a long text overlap; kept for the file, parts behind the first are not given.
    public var stride = 0

    public init() {}

    /// Cuts so that both together have `limit` tokens at most.
    func apply(_ first: inout Encoding, _ second: inout Encoding?, limit: Int) throws(TokenizerError) {
        let total = first.count + (second?.count ?? 0)
        guard total > limit else { return }
        if limit <= 0 {
            first = Encoding()
            if second != nil { second = Encoding() }
            return
        }
        let excess = total - limit
        switch strategy {
        case .longestFirst:
            guard let other = second else { return cut(&first, to: limit) }
            var (shorter, longer) = (min(first.count, other.count), max(first.count, other.count))
            longer = shorter > limit ? shorter : max(shorter, limit - shorter)
            if shorter + longer > limit {
                shorter = limit / 2
                longer = shorter + limit % 2
            }
            let isSwapped = first.count > other.count
            cut(&first, to: isSwapped ? longer : shorter)
            cut(&second!, to: isSwapped ? shorter : longer)
        case .onlyFirst:
            guard first.count > excess else { throw .cannotTruncate(length: limit, strategy: strategy.rawValue) }
            cut(&first, to: first.count - excess)
        case .onlySecond:
            guard let other = second, other.count > excess else {
                throw .cannotTruncate(length: limit, strategy: strategy.rawValue)
            }
            cut(&second!, to: other.count - excess)
        }
    }

    private func cut(_ encoding: inout Encoding, to length: Int) {
        guard length < encoding.count else { return }
        encoding = encoding.part(
            direction == .right ? 0..<length : (encoding.count - length)..<encoding.count)
    }
}

/// How texts are made equally long.
public struct Padding: Hashable, Sendable {
    /// The length; nil for that of the longest in the batch.
    public var fixedLength: Int?
    public var direction = TokenSide.right
    public var multiple: Int?
    public var id = 0
    public var typeID = 0
    public var token = "[PAD]"

    public init() {}

    func apply(to encodings: inout [Encoding]) {
        var length = fixedLength ?? encodings.map(\.count).max() ?? 0
        if let multiple, multiple > 0, length % multiple > 0 { length += multiple - length % multiple }
        for index in encodings.indices {
            var filler = Encoding()
            for _ in encodings[index].count..<max(length, encodings[index].count) {
                filler.append(
                    id: Int32(truncatingIfNeeded: id), type: Int32(truncatingIfNeeded: typeID), special: 1, attention: 0
                )
            }
            guard filler.count > 0 else { continue }
            if direction == .right {
                encodings[index].append(filler)
            } else {
                filler.append(encodings[index])
                encodings[index] = filler
            }
        }
    }
}
