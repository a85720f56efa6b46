import Wright
import WrightTasks

/// What `wright evaluate --report` and `wright train` show: one page with everything in it, no script and nothing to load.
struct Report {
    /// A number that stands on a card.
    struct Figure {
        var name: String
        var value: String
        var note = ""
    }

    var say: Language
    var title: String
    var subtitle: String
    var figures: [Figure]
    /// One after the other; empty ones take no room.
    var sections: [HTML]
    var footer: String

    var html: HTML {
        """
        <!doctype html>
        <html lang="\(say.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <style>\(Self.stylesheet)</style>
        </head>
        <body>
        <header><h1>\(title)</h1><p>\(subtitle)</p></header>
        <main>
        \(Self.cards(figures, say))
        \(sections)
        </main>
        <footer>\(footer)</footer>
        </body>
        </html>

        """
    }

    /// Figures beside each other.
    static func cards(_ figures: [Figure], _ say: Language) -> HTML {
        guard !figures.isEmpty else { return "" }
        let cards = figures.map { figure -> HTML in
            "<div class=\"card\"><dt>\(figure.name)</dt><dd>\(figure.value)</dd><dd class=\"note\">\(figure.note)</dd></div>"
        }
        return "<section aria-label=\"\(say(.results))\"><dl class=\"cards\">\(cards)</dl></section>"
    }

    /// A table that scrolls by itself where the screen is narrower.
    static func table(_ title: String, _ table: HTML) -> HTML {
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(title)\">\(table)</div>"
    }
}

/// Charts below one title.
struct ChartSection {
    var title: String
    var charts: [HTML]

    var html: HTML {
        guard charts.contains(where: { !$0.text.isEmpty }) else { return "" }
        return "<section><h2>\(title)</h2><div class=\"charts\">\(charts)</div></section>"
    }
}

/// Named values in lists beside each other: settings, environment.
struct FactSections {
    struct Facts {
        var title: String
        var rows: [(name: String, value: String)]
    }

    var facts: [Facts]

    var html: HTML {
        let parts = facts.filter { !$0.rows.isEmpty }.map { facts -> HTML in
            let rows = facts.rows.map { "<tr><th scope=\"row\">\($0.name)</th><td>\($0.value)</td></tr>" as HTML }
            let table: HTML = "<table class=\"facts\"><tbody>\(rows)</tbody></table>"
            return "<section><h2>\(facts.title)</h2>\(Report.table(facts.title, table))</section>"
        }
        return "<div class=\"columns\">\(parts)</div>"
    }
}
