public import WrightRuntime

/// Everything that is wrong with a task file.
public struct ConfigProblems: ExplainedError, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        public var place: ConfigPlace
        /// The setting: `inputs.age.type`.
        public var setting: String
        public var message: Message

        /// What is wrong, in English.
        public var text: String { message.phrase.english }
        public var description: String { phrase.english }

        var phrase: Phrase {
            let start =
                switch place {
                case .line(let line): Phrase("line \(line): ", "第 \(line) 行：")
                case .override(let text): Phrase("--set \(text): ", "--set \(text)：")
                case .program: Phrase("")
                }
            return start + (setting.isEmpty ? Phrase("") : Phrase("\(setting): ", "\(setting)：")) + message.phrase
        }
    }

    public var file: String
    public private(set) var problems: [Problem] = []

    public init(file: String) { self.file = file }

    public mutating func add(_ place: ConfigPlace, _ setting: String, _ message: Message) {
        problems.append(Problem(place: place, setting: setting, message: message))
    }

    /// Throws itself when there is anything to say, in the order of the file.
    func check() throws(ConfigProblems) {
        guard !problems.isEmpty else { return }
        var sorted = self
        sorted.problems = problems.enumerated().sorted { one, other in
            (one.element.line, one.offset) < (other.element.line, other.offset)
        }.map(\.element)
        throw sorted
    }

    public var code: MessageCode? { problems.count == 1 ? problems[0].message.code : nil }

    public func text(in language: Language) -> String { text(in: language) { _ in "" } }

    public func report(in language: Language) -> String {
        if let code { return "\(code.text) \(text(in: language))" }
        return text(in: language) { problem in problem.message.code.map { "\($0.text) " } ?? "" }
    }

    private func text(in language: Language, _ prefix: (Problem) -> String) -> String {
        guard problems.count != 1 else { return language(Phrase("\(file): ", "\(file)：") + problems[0].phrase) }
        let start = language(Phrase("\(file): \(problems.count) problems", "\(file)：\(problems.count) 处问题"))
        return ([start] + problems.map { "  \(prefix($0))\(language($0.phrase))" }).joined(separator: "\n")
    }
}

extension ConfigProblems.Problem {
    fileprivate var line: Int { if case .line(let line) = place { line } else { .max } }
}
