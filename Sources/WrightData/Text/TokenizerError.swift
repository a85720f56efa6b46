public import WrightRuntime

/// Why a text could not be encoded. Files that cannot be read throw ``FileError`` instead.
public enum TokenizerError: CataloguedError, Hashable, Sendable {
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
    /// There is not one text to train on.
    case noTexts
    /// More characters than tokens are wanted.
    case vocabularyTooSmall(characters: Int, size: Int)

    /// What is wrong.
    public var message: Message {
        switch self {
        case .noUnknownToken(let model): Message(.noUnknownToken, model)
        case .patternTooCostly(let pattern): Message(.patternTooCostly, pattern.readable)
        case .tooLong(let bytes): Message(.textTooLong, bytes)
        case .noMemory: Message(.noMemoryForMatching)
        case .cannotTruncate(let length, let strategy): Message(.cannotTruncate, length, strategy)
        case .noTexts: Message(.noTrainingText)
        case .vocabularyTooSmall(let characters, let size): Message(.vocabularyTooSmall, characters, size)
        }
    }
}
