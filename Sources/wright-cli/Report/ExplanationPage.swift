import Wright
import WrightTasks

/// The page of `wright explain --report` without a row: what a model's answers depend on.
struct ExplanationPage {
    /// What the model is called: the folder's name.
    var name: String
    var data: String
    var outputs: [(importance: PermutationImportance, dependence: [PartialDependence])]
    var say: Language

    var html: HTML {
        Report(
            say: say, title: say(Phrase(name), of: say(.explanation)), subtitle: data,
            figures: outputs.map {
                .init(
                    name: say(Phrase($0.importance.output), of: say(.metric($0.importance.metric))),
                    value: $0.importance.baseline.short)
            },
            sections: outputs.flatMap { output in
                [ImportanceSection(importance: output.importance, say: say).html] + output.dependence.map(section)
            },
            footer: "wright \(WrightCommand.version). \(say(.footer))"
        ).html
    }

    private func section(_ curve: PartialDependence) -> HTML {
        let title = say(curve.answer, of: curve.column)
        let note = say(.dependenceExplained(PartialDependence.mostRows))
        guard curve.isNumeric else {
            return "<section><h2>\(title)</h2><p>\(note)</p>\(table(curve, title))</section>"
        }
        let points = curve.points.compactMap { point in Double(point.value).map { (x: $0, y: point.answer) } }
        let chart = LineChart(
            title: title, horizontal: curve.column, series: [.init(name: say(curve.answer), points: points)])
        return "<section><h2>\(title)</h2><p>\(note)</p><div class=\"charts\">\(chart.html)</div></section>"
    }

    /// Values that are no numbers, with bars from the least answer.
    private func table(_ curve: PartialDependence, _ title: String) -> HTML {
        let answers = curve.points.map(\.answer)
        let (low, high) = (min(answers.min() ?? 0, 0), max(answers.max() ?? 0, 1e-12))
        let rows = curve.points.map { point -> HTML in
            """
            <tr><th scope="row">\(point.value)</th><td class="bar" \
            style="--share:\(((point.answer - low) / (high - low) * 100).fixed(1))%">\(point.answer.short)</td></tr>
            """
        }
        return Report.table(
            title,
            """
            <table class="scores"><thead><tr><th scope="col">\(curve.column)</th>\
            <th scope="col">\(say(curve.answer))</th></tr></thead><tbody>\(rows)</tbody></table>
            """)
    }
}
