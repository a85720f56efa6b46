/// A text in every language.
public struct Phrase: Hashable, Sendable {
    public let english: String
    public let chinese: String

    public init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// A text that is the same in every language: a name, a number, a path.
    public init(_ text: String) { self.init(text, text) }

    public var isEmpty: Bool { english.isEmpty }

    /// One after the other.
    public static func + (one: Phrase, other: Phrase) -> Phrase {
        Phrase(one.english + other.english, one.chinese + other.chinese)
    }
}

extension Sequence<Phrase> {
    /// The phrases with `separator` between them.
    public func joined(_ separator: Phrase = Phrase("; ", "；")) -> Phrase {
        Phrase(map(\.english).joined(separator: separator.english), map(\.chinese).joined(separator: separator.chinese))
    }
}

/// What a message can be about: it fills a place of the message's pattern.
public protocol MessageArgument {
    var phrase: Phrase { get }
}

extension Phrase: MessageArgument {
    public var phrase: Phrase { self }
}

extension String: MessageArgument {
    public var phrase: Phrase { Phrase(self) }
}

extension Int: MessageArgument {
    public var phrase: Phrase { Phrase("\(self)") }
}

extension Double: MessageArgument {
    public var phrase: Phrase { Phrase("\(self)") }
}

/// A list of names.
extension [String]: MessageArgument {
    public var phrase: Phrase { Phrase(joined(separator: ", "), joined(separator: "、")) }
}
