import Wright
import WrightTasks

/// The page of `wright explain --row N --report`: why a model answers one row as it does.
struct RowExplanationPage {
    /// What the model is called: the folder's name.
    var name: String
    var data: String
    var explanation: RowExplanation
    var say: Language

    var html: HTML {
        let figures = explanation.shapley.map { values in
            Report.Figure(
                name: say(Phrase(values.output), of: say(values.answer)), value: values.prediction.short,
                note: say(.onAverage(values.expected.short)))
        }
        return Report(
            say: say, title: say(Phrase(name), of: say(.row(explanation.row))),
            subtitle: data + say(Phrase(", ", "，")) + say(.line(explanation.line)),
            figures: figures,
            sections: explanation.shapley.map(section) + explanation.gradients.map(section)
                + explanation.maps.map(section) + explanation.covered.map(section)
                + explanation.occlusion.map(section),
            footer: "wright \(WrightCommand.version). \(say(.footer))"
        ).html
    }

    private func section(_ values: ShapleyValues) -> HTML {
        guard values.parts.count > 1 else { return "" }
        return """
            <section><h2>\(say(Phrase(values.output), of: say(.shapleyTitle)))</h2>
            <p>\(say(.shapleyExplained(say(values.answer), values.expected.short, values.prediction.short)))</p>
            \(table(values.parts.map { ($0.column, $0.field, $0.value, "± \($0.standardError.short)") }))
            <p class="note">\(say(.additivity(values.additivityError.short)))</p></section>
            """
    }

    private func section(_ found: IntegratedGradients) -> HTML {
        let parts = found.columns.map { column -> HTML in
            if !column.pieces.isEmpty {
                return AttributedText(title: column.name, pieces: column.pieces, say: say).html
            }
            return column.regions.map {
                AttributedPicture(title: column.name, regions: $0, isSigned: true, say: say).html
            } ?? ""
        }
        let columns =
            found.columns.count > 1 ? table(found.columns.map { ($0.name, $0.field, $0.value, nil) }) : "" as HTML
        return """
            <section><h2>\(say(Phrase(found.output), of: say(.gradientsTitle)))</h2>
            <p>\(say(.gradientsExplained(say(found.answer), found.baseline.short, found.prediction.short)))</p>
            \(columns)\(parts)
            <p class="note">\(say(.completeness(found.completenessError.short, found.steps)))</p></section>
            """
    }

    private func section(_ map: GradCAM) -> HTML {
        """
        <section><h2>\(say(Phrase(map.output), of: say(.gradCAMTitle)))</h2>
        <p>\(say(.gradCAMExplained(say(map.answer))))</p>
        \(AttributedPicture(title: map.column, regions: map.regions, isSigned: false, say: say).html)</section>
        """
    }

    private func section(_ found: PictureOcclusion) -> HTML {
        """
        <section><h2>\(found.output): \(say(.coveredTitle))</h2>
        <p>\(say(.coveredExplained(say(found.answer))))</p>
        \(AttributedPicture(title: found.column, regions: found.regions, isSigned: true, say: say).html)</section>
        """
    }

    private func section(_ words: TextOcclusion) -> HTML {
        let pieces = words.words.enumerated().map { ($0 == 0 ? $1.text : words.separator + $1.text, $1.value) }
        return """
            <section><h2>\(say(Phrase(words.output), of: say(.occlusionTitle)))</h2>
            <p>\(say(.occlusionExplained(say(words.answer))))</p>
            \(AttributedText(title: words.column, pieces: pieces, say: say).html)</section>
            """
    }

    /// Columns, the strongest first, with bars to both sides of a middle line.
    private func table(_ parts: [(name: String, field: String?, value: Double, note: String?)]) -> HTML {
        let largest = max(parts.map { abs($0.value) }.max() ?? 0, 1e-12)
        let rows = parts.map { part -> HTML in
            let share = abs(part.value) / largest * 50
            let side = part.value >= 0 ? "for" : "against"
            let note: HTML = part.note.map { " <span class=\"share\">\($0)</span>" } ?? ""
            return """
                <tr><th scope="row">\(part.name) <span class="share">\(Self.shortened(part.field ?? "–"))</span></th>\
                <td>\(RowExplanation.signed(part.value))\(note)</td><td class="track"><i class="sides">\
                <u class="\(side)" style="width:\(share.fixed(1))%"></u></i></td></tr>
                """
        }
        return Report.table(
            say(.column),
            """
            <table class="scores adding"><thead><tr><th scope="col">\(say(.column))</th><th scope="col">\(say(.adds))</th>\
            <th class="track" scope="col">\(say(.against)) | \(say(.speaksFor))</th></tr></thead><tbody>\(rows)</tbody></table>
            """)
    }

    private static func shortened(_ text: String) -> String { text.count > 60 ? text.prefix(60) + " …" : text }
}

/// A text whose pieces are marked by what they do for an answer: a solid line below those that speak for it, a broken one
/// below those against it, and colours.
struct AttributedText {
    var title: String
    var pieces: [(text: String, value: Double)]
    var say: Language

    /// Pieces below this share of the strongest are left as they are.
    private static let leastShare = 0.08

    var html: HTML {
        let largest = max(pieces.map { abs($0.value) }.max() ?? 0, 1e-12)
        let marked = pieces.map { piece -> HTML in
            let share = abs(piece.value) / largest
            // What stands between two pieces belongs to neither.
            let blanks = String(piece.text.prefix { $0.isWhitespace })
            let word = String(piece.text.dropFirst(blanks.count))
            guard share >= Self.leastShare, !word.isEmpty else { return "\(piece.text)" }
            return """
                \(blanks)<span class="\(piece.value >= 0 ? "for" : "against")" style="--shade:\((share * 45).fixed(0))%" \
                title="\(RowExplanation.signed(piece.value))">\(word)</span>
                """
        }
        let strongest = pieces.filter { abs($0.value) >= Self.leastShare * largest }
            .sorted { abs($0.value) > abs($1.value) }.prefix(8)
            .map { "\($0.text.trimmingBlanks) \(RowExplanation.signed($0.value))" }.joined(separator: " · ")
        return """
            <figure class="attributed"><figcaption><b>\(title)</b> \(AttributionLegend(isSigned: true, say: say).html)</figcaption>
            <p class="words">\(marked)</p><p class="note">\(say(.strongest, of: strongest))</p></figure>
            """
    }
}

extension String {
    fileprivate var trimmingBlanks: String { split { $0.isWhitespace }.joined(separator: " ") }
}

/// A picture below a grid of what its parts do for an answer; the strongest have a sign beside their colour.
struct AttributedPicture {
    var title: String
    var regions: PictureRegions
    /// Whether parts can speak against the answer.
    var isSigned: Bool
    var say: Language

    /// Parts from this share of the strongest have a sign.
    private static let signedShare = 0.35
    /// The longer side, in the picture's own unit.
    private static let side = 160.0

    var html: HTML {
        let shape = regions.picture.shape
        let scale = Self.side / Double(max(shape[0], shape[1]))
        // A spectrogram is turned, so that time runs to the right and high tones are above.
        let (across, down) = regions.isSound ? (shape[0], shape[1]) : (shape[1], shape[0])
        let (width, height) = (Double(across) * scale, Double(down) * scale)
        let image: HTML = """
            <image href="\(HTML.address(ofPNG: ImageFile.png(regions.picture)))" \
            width="\((Double(shape[1]) * scale).fixed(1))" height="\((Double(shape[0]) * scale).fixed(1))" \
            preserveAspectRatio="none"\(regions.isSound ? " transform=\"translate(0,\(height.fixed(1))) rotate(-90)\"" as HTML : "")/>
            """
        return """
            <figure class="attributed"><figcaption><b>\(title)</b> \
            \(AttributionLegend(isSigned: isSigned, say: say).html)</figcaption><div class="pictures">
            \(svg(width, height, image, "", title))
            \(svg(width, height, image, cells(width, height), spoken))
            </div></figure>
            """
    }

    private func svg(_ width: Double, _ height: Double, _ image: HTML, _ cells: HTML, _ label: String) -> HTML {
        """
        <svg viewBox="0 0 \(width.fixed(1)) \(height.fixed(1))" role="img" aria-label="\(label)">\(image)\(cells)</svg>
        """
    }

    private func cells(_ width: Double, _ height: Double) -> HTML {
        let (columns, rows) = regions.isSound ? (regions.rows, regions.columns) : (regions.columns, regions.rows)
        let (w, h) = (width / Double(columns), height / Double(rows))
        let largest = max(regions.values.map(abs).max() ?? 0, 1e-12)
        let cells = regions.values.enumerated().map { place, value -> HTML in
            let (row, column) = (place / regions.columns, place % regions.columns)
            let (across, down) = regions.isSound ? (row, regions.columns - 1 - column) : (column, row)
            let share = abs(value) / largest
            let (x, y) = (Double(across) * w, Double(down) * h)
            let sign: HTML =
                share >= Self.signedShare
                ? """
                <text x="\((x + w / 2).fixed(1))" y="\((y + h / 2 + min(w, h) * 0.24).fixed(1))" \
                font-size="\((min(w, h) * 0.7).fixed(1))" text-anchor="middle">\(value >= 0 ? "+" : "−")</text>
                """ : ""
            return """
                <rect class="\(value >= 0 ? "for" : "against")" x="\(x.fixed(1))" y="\(y.fixed(1))" \
                width="\(w.fixed(1))" height="\(h.fixed(1))" fill-opacity="\((share * 0.65).fixed(2))">\
                <title>\(RowExplanation.signed(value))</title></rect>\(sign)
                """
        }
        return "\(cells)"
    }

    private var spoken: String {
        let strongest = regions.values.indices.max { abs(regions.values[$0]) < abs(regions.values[$1]) } ?? 0
        let (row, column) = (strongest / max(regions.columns, 1) + 1, strongest % max(regions.columns, 1) + 1)
        return say(.strongestField(row, regions.rows, column, regions.columns))
    }
}

/// What the marks of attributed texts and pictures mean.
struct AttributionLegend {
    var isSigned: Bool
    var say: Language

    var html: HTML {
        let against: HTML =
            isSigned ? "<span class=\"key\"><span class=\"against\">−&nbsp;\(say(.against))</span></span>" : ""
        return "<span class=\"key\"><span class=\"for\">+&nbsp;\(say(.speaksFor))</span></span> \(against)"
    }
}
