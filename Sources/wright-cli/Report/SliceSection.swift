import Wright
import WrightTasks

/// The slices where one output is worst, and behind a click all of them.
struct SliceSection {
    var output: String
    var findings: SliceFindings
    var say: Language

    private static let mostSlices = 300

    var html: HTML {
        let metric = say(.metric(findings.metric))
        let explained = Phrase.slicesExplained(
            findings.slices.count, metric, findings.overall.short, findings.minimumCount)
        return """
            <section><h2>\(say(.slices, of: output))</h2><p>\(say(explained))</p>
            \(worst(metric))
            <details><summary>\(say(.allSlices))</summary>\(all(metric))</details></section>
            """
    }

    private func worst(_ metric: String) -> HTML {
        guard !findings.worst.isEmpty else { return "<p>\(say(.noWeakSlice))</p>" }
        let rows = findings.worst.map { weakness -> HTML in
            """
            <tr><th scope="row">\(weakness.slice.column) = \(say(.slicePart(weakness.slice.part)))</th>\
            <td>\(weakness.slice.count.grouped)</td><td>\(weakness.slice.value.short)</td>\
            <td>\(weakness.interval.ends)</td>\
            <td class="\(weakness.isWorse ? "bad" : "soft")">\(say(weakness.isWorse ? .worse : .mayBeChance))</td></tr>
            """
        }
        return Report.table(
            say(.slices),
            """
            <table class="scores"><thead><tr><th scope="col">\(say(.slice))</th><th scope="col">\(say(.rows))</th>\
            <th scope="col">\(metric)</th><th scope="col">\(say(.interval))</th><th scope="col">\(say(.verdict))</th>\
            </tr></thead><tbody>\(rows)</tbody></table>
            """)
    }

    private func all(_ metric: String) -> HTML {
        let rows = findings.slices.prefix(Self.mostSlices).map { slice -> HTML in
            """
            <tr><th scope="row">\(slice.column) = \(say(.slicePart(slice.part)))</th><td>\(slice.count.grouped)</td>\
            <td>\(slice.value.isNaN ? "–" : slice.value.short)</td></tr>
            """
        }
        return Report.table(
            say(.allSlices),
            """
            <table class="scores"><thead><tr><th scope="col">\(say(.slice))</th><th scope="col">\(say(.rows))</th>\
            <th scope="col">\(metric)</th></tr></thead><tbody>\(rows)</tbody></table>
            """)
    }
}
