import Wright
import WrightTasks

/// Every metric of one output with its interval.
struct MetricSection {
    var output: String
    var intervals: [Bootstrap.Interval]
    var say: Language

    var html: HTML {
        let rows = intervals.map { interval -> HTML in
            """
            <tr><th scope="row">\(say(.metric(interval.name)))<br><code>\(interval.name)</code></th>\
            <td>\(interval.value.short)</td><td>\(interval.ends)</td>\(track(interval))</tr>
            """
        }
        let table: HTML = """
            <table class="scores"><thead><tr><th scope="col">\(say(.metric))</th><th scope="col">\(say(.value))</th>\
            <th scope="col">\(say(.interval))</th><td></td></tr></thead><tbody>\(rows)</tbody></table>
            """
        return """
            <section><h2>\(say(.allMetrics, of: output))</h2><p>\(say(.intervalExplained))</p>
            \(Report.table(say(.allMetrics), table))</section>
            """
    }

    /// Where between 0 and 1 the interval lies; nothing for values that can be elsewhere.
    private func track(_ interval: Bootstrap.Interval) -> HTML {
        guard interval.low >= 0, interval.high <= 1 else { return "<td></td>" }
        func percent(_ value: Double) -> String { (value * 100).fixed(2) + "%" }
        return """
            <td class="track"><i><u style="left:\(percent(interval.low));\
            width:\(percent(max(interval.high - interval.low, 0.004)))"></u></i></td>
            """
    }
}
