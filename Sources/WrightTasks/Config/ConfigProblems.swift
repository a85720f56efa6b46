/// Everything that is wrong with a task file.
public struct ConfigProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        public var place: ConfigPlace
        /// The setting: `inputs.age.type`.
        public var setting: String
        public var text: String

        public var description: String {
            let prefix =
                switch place {
                case .line(let line): "line \(line): "
                case .override(let text): "--set \(text): "
                case .program: ""
                }
            return prefix + (setting.isEmpty ? "" : "\(setting): ") + text
        }
    }

    public var file: String
    public private(set) var problems: [Problem] = []

    public init(file: String) { self.file = file }

    public mutating func add(_ place: ConfigPlace, _ setting: String, _ text: String) {
        problems.append(Problem(place: place, setting: setting, text: text))
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

    public var description: String {
        if problems.count == 1 { return "\(file): \(problems[0])" }
        return "\(file): \(problems.count) problems\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension ConfigProblems.Problem {
    fileprivate var line: Int { if case .line(let line) = place { line } else { .max } }
}
