import Wright

extension FactSections.Facts {
    /// Facts whose names are those of ``Phrase/fact(_:)``.
    init(title: String, facts: [(name: String, value: String)], say: Language) {
        self.init(title: title, rows: facts.map { (say(.fact($0.name)), $0.value) })
    }
}

extension Phrase {
    /// The rows that a slice holds, as the check of slices names them: `10 to 20`, `(missing)`.
    static func slicePart(_ part: String) -> Phrase {
        switch part {
        case "(missing)": return Phrase(part, "（缺失）")
        case "(other)": return Phrase(part, "（其他）")
        default:
            guard let match = part.wholeMatch(of: #/(-?[0-9][0-9.e-]*) to (-?[0-9][0-9.e-]*)( letters)?/#) else {
                return Phrase(part)
            }
            return Phrase(part, "\(match.1) 至 \(match.2)\(match.3 == nil ? "" : " 个字符")")
        }
    }
}

extension Language {
    /// A title of something named: `Curves: churn`.
    func callAsFunction(_ title: Phrase, of name: String) -> String { self(title + Phrase(": ", "：")) + name }
}
