/// What is wrong and what to do about it, in every language, under a code that stays.
///
/// ```swift
/// Message(.isBeingWritten).text.chinese  // 另一个进程正在写入
/// ```
public struct Message: Hashable, Sendable {
    /// nil for a text that somebody else wrote, such as a library's.
    public let code: MessageCode?
    /// What is wrong, without the place.
    public let text: Phrase
    /// What to do about it; empty when nothing could be said.
    public let remedy: Phrase

    /// Fills the code's pattern: the first argument takes the place of the name that comes first in the English text and
    /// remedy, and so on.
    public init(_ code: MessageCode, _ arguments: any MessageArgument...) {
        self.init(code, about: arguments)
    }

    /// ``init(_:_:)`` with the arguments as a list.
    package init(_ code: MessageCode, about list: [any MessageArgument]) {
        let arguments = list.map(\.phrase)
        let pattern = code.pattern
        let names = pattern.names
        assert(names.count == arguments.count, "\(code.text) has places \(names), and \(arguments.count) were filled")
        let values = Dictionary(zip(names, arguments)) { first, _ in first }
        self.code = code
        text = pattern.text.filled(with: values)
        remedy = pattern.remedy.filled(with: values)
    }

    /// A text that is in no catalogue.
    public init(uncatalogued text: String, remedy: String = "") {
        code = nil
        self.text = Phrase(text)
        self.remedy = Phrase(remedy)
    }

    /// Text and remedy as one.
    public var phrase: Phrase {
        guard !remedy.isEmpty else { return text }
        // A text that ends with a report, which is sentences, has its full stop.
        let (english, chinese) = (text.english.hasSuffix("."), text.chinese.hasSuffix("。"))
        return text + Phrase(english ? " " : ". ", chinese ? "" : "。") + remedy
    }
}

/// How a message reads: in braces the names of what it is about.
public struct MessagePattern: Hashable, Sendable {
    public let text: Phrase
    public let remedy: Phrase

    init(_ english: String, _ chinese: String, remedy: String = "", _ chineseRemedy: String = "") {
        text = Phrase(english, chinese)
        self.remedy = Phrase(remedy, chineseRemedy)
    }

    /// The names in braces, in the order of the English text, each once.
    var names: [String] {
        var names: [String] = []
        for case .name(let name) in (text.english + remedy.english).pieces where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

extension Phrase {
    fileprivate func filled(with values: [String: Phrase]) -> Phrase {
        Phrase(
            english.pieces.map { $0.filled { values[$0]?.english } }.joined(),
            chinese.pieces.map { $0.filled { values[$0]?.chinese } }.joined())
    }
}

private enum Piece {
    case plain(Substring)
    case name(String)

    func filled(_ value: (String) -> String?) -> String {
        switch self {
        case .plain(let text): String(text)
        case .name(let name): value(name) ?? "{\(name)}"
        }
    }
}

extension String {
    /// The pattern cut at its names.
    fileprivate var pieces: [Piece] {
        var pieces: [Piece] = []
        var rest = self[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pieces.append(.plain(rest[..<open]))
            pieces.append(.name(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        return pieces + [.plain(rest)]
    }
}
