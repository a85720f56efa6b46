import Wright
import WrightTasks

/// Rows that a task's model got wrong, the worst first, with their fields.
struct RowMistakes {
    struct Row {
        /// Where it starts: `line 12`.
        var place: String
        var answer: String
        var truth: String
        /// What is said of the size of the mistake: probabilities, or a distance.
        var size: String
        var fields: [(name: String, value: String)]
        /// PNG files.
        var pictures: [[UInt8]] = []
    }

    var output: String
    var rows: [Row]
    /// How many wrong answers there are in all; nil of numbers, which are never quite right.
    var count: Int?
    /// What these rows are, where it is not the usual.
    var explanation: Phrase?
    var say: Language

    private static let longestField = 280
    private static let mostFields = 14

    var html: HTML {
        guard !rows.isEmpty else { return "" }
        let cards = rows.map { row -> HTML in
            let fields = row.fields.prefix(Self.mostFields).map { field -> HTML in
                "<div><dt>\(field.name)</dt><dd>\(Self.shortened(field.value))</dd></div>"
            }
            let rest = row.fields.count - Self.mostFields
            let more: HTML = rest > 0 ? "<p class=\"note\">\(say(.moreColumns(rest)))</p>" : ""
            let pictures = row.pictures.map { "<img src=\"\(HTML.address(ofPNG: $0))\" alt=\"\">" as HTML }
            return """
                <article class="row">\(pictures)<p><b>\(row.answer)</b>\(say(Phrase(", ", "，")))\(say(.isTruly)) <b class="truth">\(row.truth)</b></p>
                <p class="note">\(row.size)\(row.place.isEmpty ? "" : " · \(row.place)")</p><dl>\(fields)</dl>\(more)</article>
                """
        }
        let explained =
            explanation ?? count.map { Phrase.worstMistakesExplained(shown: rows.count, of: $0) }
            ?? .largestErrorsExplained
        return """
            <section><h2>\(say(.worstMistakes, of: output))</h2><p>\(say(explained))</p>
            <div class="rows">\(cards)</div></section>
            """
    }

    private static func shortened(_ text: String) -> String {
        text.unicodeScalars.count > longestField
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestField))) + " …" : text
    }
}
