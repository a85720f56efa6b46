import ArgumentParser
import Wright

extension Language {
    /// The language of this run: what `--language` says, or else the environment. It is found before arguments are parsed,
    /// because help and complaints about arguments are written in it.
    static let spoken = typed(in: CommandLine.arguments) ?? .ofEnvironment()

    /// The language that the last `--language` of some arguments names; nil without one that is known.
    static func typed(in arguments: [String]) -> Language? {
        let words = arguments.prefix { $0 != "--" }
        return zip(words, words.dropFirst() + [""]).compactMap { word, next in
            if word == "--language" { return Language(rawValue: next) }
            return word.hasPrefix("--language=") ? Language(rawValue: String(word.dropFirst(11))) : nil
        }.last
    }
}

/// The text in the language of this run.
func say(_ english: String, _ chinese: String) -> String { Language.spoken(Phrase(english, chinese)) }

extension ArgumentHelp {
    /// The help of an argument in both languages, beside the argument: who changes one reads the other.
    init(_ english: String, _ chinese: String, valueName: String? = nil) {
        self.init(say(english, chinese), valueName: valueName)
    }
}

/// The language of what a command says; the same flag on every command.
struct SpeechOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The language of messages, results and reports. Default: the environment's (WRIGHT_LANGUAGE, LC_ALL, "
                + "LC_MESSAGES, LANG), else en.",
            "消息、结果与报告的语言。默认：环境的语言（WRIGHT_LANGUAGE、LC_ALL、LC_MESSAGES、LANG），否则为 en。"))
    var language: Language?
}
