import Wright

/// Lays out what the argument parser says: in the language of this run, and as wide as the terminal.
///
/// The parser's own words are English and it counts characters, of which Chinese ones take two cells of a terminal. So it is
/// asked for lines of any length, and they are translated and wrapped here.
struct HelpLayout {
    /// Wider than any line of help.
    static let unlimited = 1 << 20
    /// Where the parser's explanations of arguments start.
    private static let column = 26

    var language = Language.spoken
    var width = HelpLayout.terminalWidth

    /// `COLUMNS`, else what the terminal says, else 80.
    private static var terminalWidth: Int {
        let typed = SystemCalls.environment("COLUMNS").flatMap { Int($0) }
        return max(40, typed ?? SystemCalls.width(ofTerminal: SystemCalls.standardOutput) ?? 80)
    }

    func callAsFunction(_ text: String) -> String {
        var isList = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).flatMap {
            line -> [String] in
            if line.hasPrefix("USAGE: ") { isList = true }
            let line = language == .chinese ? ParserWords.chinese(line) : line
            let blanks = line.prefix { $0 == " " }.count
            let isEntry = isList && blanks == 2 && line.count > Self.column
            let isUsage = blanks == 0 && isList && line.contains("wright ")
            return wrapped(
                line,
                indent: isEntry || blanks == Self.column ? Self.column : isUsage ? 7 : blanks > 0 ? blanks + 2 : 0)
        }.joined(separator: "\n")
    }

    /// The line in pieces that fit, the later ones indented.
    private func wrapped(_ line: String, indent: Int) -> [String] {
        guard line.cells > width else { return [line] }
        var lines: [String] = []
        var current = ""
        for piece in Self.pieces(line) {
            let isEmpty = !current.contains { $0 != " " }
            if !isEmpty, current.cells + piece.cells > width {
                lines.append(current.trimmingBlanks)
                current = String(repeating: " ", count: indent) + piece.drop { $0 == " " }
            } else {
                current += piece
            }
        }
        return lines + [current.trimmingBlanks]
    }

    /// What must stay together, each with the blanks before it: words, and single Chinese characters with their punctuation.
    private static func pieces(_ line: String) -> [String] {
        var pieces: [String] = []
        for character in line {
            guard let last = pieces.last?.last else {
                pieces.append(String(character))
                continue
            }
            let isJoined =
                character == " "
                ? last == " "
                : last == " " || closing.contains(character) || opening.contains(last)
                    || (!character.isWide && !last.isWide)
            if isJoined { pieces[pieces.count - 1].append(character) } else { pieces.append(String(character)) }
        }
        return pieces
    }

    /// What no line starts with, and what none ends with.
    private static let closing: Set<Character> = ["，", "。", "；", "：", "、", "）", "！", "？", "”", "’"]
    private static let opening: Set<Character> = ["（", "“", "‘"]
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
