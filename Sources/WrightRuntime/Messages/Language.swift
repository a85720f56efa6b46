#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A language that texts for people are written in.
public enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// The phrase in this language.
    public func callAsFunction(_ phrase: Phrase) -> String {
        switch self {
        case .english: phrase.english
        case .chinese: phrase.chinese
        }
    }

    /// The language that the environment asks for: that of `WRIGHT_LANGUAGE`, else of the first of `LC_ALL`,
    /// `LC_MESSAGES` and `LANG` that says something, as POSIX orders them (Base Definitions, 8.2); English when it is none of
    /// these.
    public static func ofEnvironment() -> Language {
        of { name in getenv(name).map { String(cString: $0) } }
    }

    /// The language that variables with these values ask for.
    static func of(_ value: (String) -> String?) -> Language {
        let first = ["WRIGHT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(value).first { !$0.isEmpty }
        return first?.lowercased().hasPrefix("zh") == true ? .chinese : .english
    }
}
