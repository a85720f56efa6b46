import WrightRuntime

/// Why a text could not be encoded. Files that cannot be read throw ``FileError`` instead.
public enum TokenizerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something in the text is in no vocabulary, and the model names no token for that.
    case noUnknownToken(model: String)
    /// A regular expression took more steps than are allowed.
    case patternTooCostly(String)
    /// A text of 2 GiB or more.
    case tooLong(bytes: Int)
    /// There is no memory for matching.
    case noMemory
    /// Two texts were given and the truncation allows no cut that would make them fit.
    case cannotTruncate(length: Int, strategy: String)
    /// Too few examples, or settings that leave no room.
    case training(String)

    public var description: String {
        switch self {
        case .noUnknownToken(let model):
            "the text holds something that the \(model) vocabulary lacks, and the model names no unknown token that it has; "
                + "train with an unknown token, or with byte fallback"
        case .patternTooCostly(let pattern):
            "the pattern \(pattern.readable) takes too many steps on this text; use a simpler pattern"
        case .tooLong(let bytes): "the text has \(bytes) bytes; encode it in parts below 2 GiB"
        case .noMemory: "there is no memory for matching a pattern"
        case .cannotTruncate(let length, let strategy):
            "the texts cannot be cut to \(length) tokens by the strategy \(strategy); allow more tokens, or use "
                + "longest first"
        case .training(let cause): cause
        }
    }
}
