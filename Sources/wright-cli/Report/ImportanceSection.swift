import Wright
import WrightTasks

/// The columns that one output's answers depend on most.
struct ImportanceSection {
    var importance: PermutationImportance
    var say: Language

    private static let mostColumns = 15

    var html: HTML {
        let columns = importance.columns.prefix(Self.mostColumns)
        guard importance.columns.count > 1, let largest = columns.first?.mean, largest > 0 else { return "" }
        let rows = columns.map { column -> HTML in
            """
            <tr><th scope="row">\(column.name)</th>\
            <td class="bar" style="--share:\((max(column.mean, 0) / largest * 100).fixed(1))%">\(column.mean.fixed(4))</td>\
            <td>± \(column.deviation.fixed(4))</td></tr>
            """
        }
        let metric = say(.metric(importance.metric))
        return """
            <section><h2>\(say(.importance, of: importance.output))</h2>
            <p>\(say(.importanceExplained(metric, importance.rows)))</p>
            \(Report.table(
                say(.importance),
                """
                <table class="scores"><thead><tr><th scope="col">\(say(.column))</th><th scope="col">\(metric)</th>\
                <th scope="col">±</th></tr></thead><tbody>\(rows)</tbody></table>
                """ as HTML))</section>
            """
    }
}
