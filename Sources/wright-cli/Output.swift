import Wright

/// Results go to standard output, everything else to standard error, so that a pipe gets results only.
enum Output {
    static func result(_ text: String) { print(text) }
    /// The JSON where it was asked for, else the text.
    static func result(_ json: JSON?, or text: @autoclosure () -> String) {
        if let json { result(json) } else { result(text()) }
    }
    static func result(_ json: JSON) { print(json.text(indented: true)) }

    /// A part of a result that is printed as it comes.
    static func part(_ text: String) { SystemCalls.write(text, to: SystemCalls.standardOutput) }

    /// In the language of this run.
    static func message(_ phrase: Phrase) { message(Language.spoken(phrase)) }

    /// What people should know although nothing failed.
    static func note(_ english: String, _ chinese: String) { message(.note(Phrase(english, chinese))) }

    static func notes(_ phrases: [Phrase]) { for phrase in phrases { message(.note(phrase)) } }

    /// What was left out of a file; nothing when nothing was.
    static func note(_ report: DropReport, of file: String) {
        guard report.dropped > 0 else { return }
        message(.note(Phrase("\(file): ", "\(file)：") + report.phrase))
    }

    static func message(_ text: String) { SystemCalls.write(text + "\n", to: SystemCalls.standardError) }

    /// What went wrong, with its code where it has one.
    static func message(_ error: any Error, in language: Language) {
        message(language(Phrase("error: ", "错误：")) + text(of: error, in: language))
    }

    /// What went wrong, with its code where it has one, in the language of this run.
    static func text(of error: any Error, in language: Language = .spoken) -> String {
        (error as? any ExplainedError)?.report(in: language) ?? "\(error)"
    }

    /// Columns with two spaces between them; numbers (`rightAligned`) end below each other.
    static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { $0.count > column ? $0[column].cells : nil }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.cells)
                let isLast = column == row.count - 1
                line += rightAligned.contains(column) ? padding + cell : isLast ? cell : cell + padding
                if !isLast { line += "  " }
            }
            return line
        }.joined(separator: "\n")
    }
}
