import Wright

/// What the argument parser complains about. Its errors are its own affair, so that only their texts can be told apart.
enum ParserComplaint {
    /// The message of the catalogue that says the same; nil for what it does not know.
    static func message(_ text: String) -> Message? {
        if let match = text.wholeMatch(of: #/Unknown option '(.+?)'(\. Did you mean '(?<near>.+)'\?)?/#) {
            return Message(.unknownOption, String(match.1), Suggestion.phrase(meaning: match.near.map(String.init)))
        }
        if let match = text.wholeMatch(of: #/Missing value for '(.+)'/#) {
            return Message(.missingValue, String(match.1))
        }
        if let match = text.wholeMatch(of: #/Missing (expected argument|one of:) '(.+)'/#) {
            return Message(.missingArgument, String(match.2))
        }
        if let match = text.wholeMatch(
            of: #/The option '(.+)' does not take any value, but '(.*)' was specified\./#)
        {
            return Message(.unexpectedValue, String(match.1), String(match.2))
        }
        if let match = text.wholeMatch(of: #/(Unexpected argument|\d+ unexpected arguments:) '(.+)'/#) {
            return Message(.unexpectedArgument, String(match.2))
        }
        if let match = text.firstMatch(of: #/^The value '([^']*)' is invalid for '([^']+)'/#) {
            let choices = text[match.range.upperBound...].matches(of: #/'([^']+)'|- (\S+)/#)
                .map { String($0.1 ?? $0.2 ?? "") }
            return Message(
                .invalidValue, String(match.1), String(match.2),
                choices.isEmpty
                    ? Phrase("")
                    : Phrase(
                        " Please provide one of \(choices.joined(separator: ", "))",
                        "可用的值：\(choices.joined(separator: "、"))"))
        }
        return nil
    }
}
