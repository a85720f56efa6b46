import Wright
import WrightTasks

/// How much the metrics of one output differ between the networks of a cross-validation.
struct FoldSection {
    var output: String
    /// `cross_validation.folds.OUTPUT` of a task's metrics.
    var scores: JSON
    var say: Language

    var html: HTML {
        let rows = (scores.object ?? JSON.Object()).map { name, score -> HTML in
            let values = (score["values"]?.array ?? []).compactMap(\.double)
            let ends = "\((values.min() ?? .nan).short) – \((values.max() ?? .nan).short)"
            return """
                <tr><th scope="row">\(say(.metric(name)))<br><code>\(name)</code></th>\
                <td>\(score["mean"]?.double?.short ?? "–") ± \(score["std"]?.double?.short ?? "–")</td><td>\(ends)</td></tr>
                """
        }
        let title = Phrase("Fold by fold", "逐折结果")
        let table: HTML = """
            <table class="scores"><thead><tr><th scope="col">\(say(.metric))</th>\
            <th scope="col">\(say(Phrase("mean ± standard deviation", "均值 ± 标准差")))</th>\
            <th scope="col">\(say(Phrase("least – most", "最小 – 最大")))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        let explanation = say(
            Phrase(
                "Each network of the training by itself, on the rows that it did not learn from.",
                "训练中的各个网络分别在其未见过的行上的结果。"))
        return
            "<section><h2>\(say(title, of: output))</h2><p>\(explanation)</p>\(Report.table(say(title), table))</section>"
    }
}
