/// An error that people read, in their language and with its code.
public protocol ExplainedError: Error, CustomStringConvertible {
    /// The code to search for; nil when no catalogue has the text, or when several things are wrong.
    var code: MessageCode? { get }
    /// What is wrong, where, and what to do.
    func text(in language: Language) -> String
    /// The text with its code, or with the codes of all that is wrong.
    func report(in language: Language) -> String
}

extension ExplainedError {
    public var description: String { text(in: .english) }

    public func report(in language: Language) -> String {
        code.map { "\($0.text) \(text(in: language))" } ?? text(in: language)
    }

    /// The text in every language: for a message about this error.
    public var phrase: Phrase { Phrase(text(in: .english), text(in: .chinese)) }
}

/// An error that says one thing from the catalogue.
public protocol CataloguedError: ExplainedError {
    var message: Message { get }
}

extension CataloguedError {
    public var code: MessageCode? { message.code }
    public func text(in language: Language) -> String { language(message.phrase) }
}
