/// The name that was probably meant.
package enum Suggestion {
    /// ` Did you mean 'convnet'?`, or nothing when no name is near.
    package static func text(for typed: String, among names: [String]) -> String {
        phrase(for: typed, among: names).english
    }

    private static func nearest(to typed: String, among names: [String]) -> String? {
        let nearest = names.map { ($0, distance(typed.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= max(typed.count > 3 ? 2 : 1, typed.count / 3) else { return nil }
        return nearest.0
    }

    /// ``text(for:among:)`` in every language.
    package static func phrase(for typed: String, among names: [String]) -> Phrase {
        phrase(meaning: nearest(to: typed, among: names))
    }

    /// The question whether a name was meant; nothing for no name.
    package static func phrase(meaning name: String?) -> Phrase {
        name.map { Phrase(" Did you mean '\($0)'?", "是否想写 '\($0)'？") } ?? Phrase("")
    }

    /// Insertions, deletions and replacements of letters between the two (Levenshtein, 1966).
    package static func distance(_ one: String, _ other: String) -> Int {
        let other = Array(other.unicodeScalars)
        var row = Array(0...other.count)
        for (i, letter) in one.unicodeScalars.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, wanted) in other.enumerated() {
                let replaced = diagonal + (letter == wanted ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }
}
