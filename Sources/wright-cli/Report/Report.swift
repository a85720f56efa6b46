import Wright

/// What `wright evaluate --report` shows: one page with everything in it, no script and nothing to load.
struct Report {
    /// One example that the model got wrong, the most confident ones first.
    struct Mistake {
        /// The file or the number of the example: `test image 4,711`.
        var name: String
        var picture: [UInt8]?
        var label: String
        var predicted: String
        /// The probability given to the wrong class, and to the true one.
        var confidence: Double
        var shareOfTruth: Double
    }

    /// A number that stands on a card.
    struct Figure {
        var name: String
        var value: String
        var note = ""
    }

    /// Named values in a list: settings, environment.
    struct Facts {
        var title: String
        var rows: [(name: String, value: String)]
    }

    var title: String
    var subtitle: String
    var figures: [Figure]
    var charts: [LineChart]
    var confusion: ConfusionMatrix?
    var labels: [String]
    var mistakes: [Mistake]
    var mistakeCount: Int
    /// Sentences about rows or files that could not be used; nil where nothing was read from files.
    var drops: [String]?
    var facts: [Facts]
    var footer: String

    var html: HTML {
        """
        <!doctype html>
        <html lang="en">
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
        \(summary)
        \(curves)
        \(confusionSections)
        \(gallery)
        \(dropSection)
        \(factSections)
        </main>
        <footer>\(footer)</footer>
        </body>
        </html>

        """
    }

    private var summary: HTML {
        let cards = figures.map { figure -> HTML in
            "<div class=\"card\"><dt>\(figure.name)</dt><dd>\(figure.value)</dd><dd class=\"note\">\(figure.note)</dd></div>"
        }
        return "<section aria-label=\"Results\"><dl class=\"cards\">\(cards)</dl></section>"
    }

    private var curves: HTML {
        let drawn = charts.map(\.html)
        guard drawn.contains(where: { !$0.text.isEmpty }) else { return "" }
        return "<section><h2>Curves</h2><div class=\"charts\">\(drawn)</div></section>"
    }

    private var confusionSections: HTML {
        guard let confusion else { return "" }
        return ConfusionSections(matrix: confusion, labels: labels).html
    }

    private var gallery: HTML {
        guard mistakeCount > 0 else { return "" }
        let pictures = mistakes.map { mistake -> HTML in
            let image: HTML =
                mistake.picture.map { bytes in
                    """
                    <img src="\(HTML.address(ofPNG: bytes))" loading="lazy" \
                    alt="\(mistake.label), taken for \(mistake.predicted)">
                    """
                } ?? "<p class=\"none\">no picture</p>"
            return """
                <figure class="mistake">\(image)<figcaption><b>\(mistake.predicted)</b> \
                <span class="share">\(mistake.confidence.percent(0))</span><br>is \(mistake.label) \
                <span class="share">\(mistake.shareOfTruth.percent(0))</span><br>\
                <small>\(mistake.name)</small></figcaption></figure>
                """
        }
        return """
            <section><h2>Worst mistakes</h2>
            <p>The \(mistakes.count.grouped) of \(mistakeCount.grouped) wrong answers whose true class the model thought \
            least likely. In bold what it said and how sure it was; below what it is, and the share it gave that. Some may \
            be labelled wrong.</p>
            <div class="gallery">\(pictures)</div></section>
            """
    }

    private var dropSection: HTML {
        guard let drops else { return "" }
        let list: HTML =
            drops.isEmpty
            ? "<p>Nothing was dropped: every example that was found was used.</p>"
            : "<ul>\(drops.map { "<li>\($0)</li>" as HTML })</ul>"
        return "<section><h2>Dropped data</h2>\(list)</section>"
    }

    private var factSections: HTML {
        let parts = facts.filter { !$0.rows.isEmpty }.map { facts -> HTML in
            let rows = facts.rows.map { "<tr><th scope=\"row\">\($0.name)</th><td>\($0.value)</td></tr>" as HTML }
            return """
                <section><h2>\(facts.title)</h2><div class="scroll" role="region" tabindex="0" \
                aria-label="\(facts.title)"><table class="facts"><tbody>\(rows)</tbody></table></div></section>
                """
        }
        return "<div class=\"columns\">\(parts)</div>"
    }
}
