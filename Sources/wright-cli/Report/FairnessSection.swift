import Wright
import WrightTasks

/// How one output treats the groups of one column.
struct FairnessSection {
    var output: String
    var finding: FairnessFinding
    var say: Language

    var html: HTML {
        let rows = finding.groups.map { group -> HTML in
            """
            <tr><th scope="row">\(group.name)</th><td>\(group.count.grouped)</td>\(bar(group.selectionRate))\
            \(bar(group.truePositiveRate))\(bar(group.falsePositiveRate))\(bar(group.accuracy))</tr>
            """
        }
        let names = [Phrase.group, .rows, .said, .saidRight, .saidWrong, .accuracy]
        let head = names.map { "<th scope=\"col\">\(say($0))</th>" as HTML }
        let figures = finding.values.map { value in
            Report.Figure(
                name: say(.metric(value.name)), value: value.value.fixed(3),
                note: say(value.name == "disparate_impact" ? .fourFifths : .closeToZero))
        }
        let mitigation = finding.mitigation
        let after = mitigation.after.first { $0.name == "demographic_parity_difference" }?.value ?? .nan
        let thresholds = mitigation.thresholds.sorted { $0.key < $1.key }
            .map { "\($0.key) \(Double($0.value).fixed(3))" }.joined(separator: ", ")
        let remedy = Phrase.mitigation(
            thresholds, (finding["demographic_parity_difference"].fixed(3), after.fixed(3)),
            (mitigation.accuracyBefore.percent(), mitigation.accuracyAfter.percent()))
        return """
            <section><h2>\(say(.fairness(finding.column), of: output))</h2>
            <p>\(say(.fairnessExplained(finding.yes, Double(finding.threshold).short)))</p>
            \(Report.table(
                finding.column,
                "<table class=\"scores\"><thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table>"))
            \(Report.cards(figures, say))<p>\(say(remedy))</p></section>
            """
    }

    private func bar(_ share: Double) -> HTML {
        share.isNaN
            ? "<td>–</td>" : "<td class=\"bar\" style=\"--share:\((share * 100).fixed(1))%\">\(share.percent())</td>"
    }
}
