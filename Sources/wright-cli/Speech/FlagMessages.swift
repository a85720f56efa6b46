import Wright

extension Message {
    /// Where the number of a flag must lie.
    enum Bounds {
        case between(Int, Int)
        case atLeast(Int)
        case above0
        case above0AtMost(Int)
        case notBelow0
        /// From 0 to below 1.
        case share
        case memory(least: String)

        fileprivate var phrase: Phrase {
            switch self {
            case .between(let low, let high):
                Phrase("from \(low.plain) to \(high.plain)", "在 \(low.plain) 到 \(high.plain) 之间")
            case .atLeast(let low): Phrase("at least \(low)", "不小于 \(low)")
            case .above0: Phrase("above 0", "大于 0")
            case .above0AtMost(let high):
                Phrase("above 0 and at most \(high.plain)", "大于 0 且不超过 \(high.plain)")
            case .notBelow0: Phrase("0 or more", "不小于 0")
            case .share: Phrase("from 0 to below 1", "不小于 0 且小于 1")
            case .memory(let least):
                Phrase("at least \(least), half of which the program itself takes", "不小于 \(least)，程序本身就占其一半")
            }
        }
    }

    static func outOfBounds(_ flag: String, _ bounds: Bounds, _ value: some CustomStringConvertible) -> Message {
        Message(.numberOutOfBounds, flag, bounds.phrase, "\(value)")
    }

    static func noColumn(_ name: String, in file: String, among columns: [String]) -> Message {
        Message(.columnNotThere, file, name, Suggestion.phrase(for: name, among: columns), columns)
    }
}

extension Int {
    /// Short numbers are typed without commas.
    fileprivate var plain: String { magnitude < 10_000 ? "\(self)" : grouped }
}

extension Phrase {
    /// What an error says, in every language that it speaks.
    static func about(_ error: any Error) -> Phrase { (error as? any ExplainedError)?.phrase ?? Phrase("\(error)") }
}
