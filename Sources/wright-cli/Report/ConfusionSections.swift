import Wright
import WrightTasks

/// The confusion matrix as a shaded table, the pairs most often confused, and the scores of each class.
struct ConfusionSections {
    var matrix: ConfusionMatrix
    var labels: [String]
    var say: Language

    /// Of more classes a table of all pairs says nothing: it shows those with the most mistakes.
    private static let mostColumns = 40
    private static let shownColumns = 20

    var html: HTML { "\(table)\(pairs)\(scores)" }

    private var table: HTML {
        let support = matrix.support
        let classes = shown(support)
        let isPart = classes.count < matrix.classes
        let heads = classes.map { "<th scope=\"col\"><span>\(labels[$0])</span></th>" as HTML }
        let rows = classes.map { label -> HTML in
            let cells = classes.map { cell(label, $0, support: support[label]) }
            let others = support[label] - classes.reduce(0) { $0 + matrix[label, $1] }
            let rest: HTML = isPart ? "<td class=\"soft\">\(others.grouped)</td>" : ""
            return "<tr><th scope=\"row\">\(labels[label])</th>\(cells)\(rest)</tr>"
        }
        let rest: HTML = isPart ? "<th scope=\"col\"><span>\(say(.otherClasses))</span></th>" : ""
        let part: HTML =
            isPart ? " \(say(.confusionPart(classes.count, matrix.classes)))" : ""
        return """
            <section><h2>\(say(.confusionMatrix))</h2>
            <p>\(say(.confusionExplained))\(part)</p>
            <div class="scroll" role="region" tabindex="0" aria-label="\(say(.confusionMatrix))">
            <table class="confusion"><thead><tr><td></td>\(heads)\(rest)</tr></thead><tbody>
            \(rows)
            </tbody></table></div></section>
            """
    }

    /// All classes, or those of many that take part in the most mistakes, in their order.
    private func shown(_ support: [Int]) -> [Int] {
        let all = Array(0..<matrix.classes)
        guard matrix.classes > Self.mostColumns else { return all }
        var mistakes = [Int](repeating: 0, count: matrix.classes)
        for pair in matrix.mistakes {
            mistakes[pair.label] += pair.count
            mistakes[pair.predicted] += pair.count
        }
        return all.sorted { (mistakes[$1], $0) < (mistakes[$0], $1) }.prefix(Self.shownColumns).sorted()
    }

    private func cell(_ label: Int, _ predicted: Int, support: Int) -> HTML {
        let count = matrix[label, predicted]
        guard count > 0 else { return "<td class=\"zero\">0</td>" }
        let share = Double(count) / Double(max(1, support))
        // Mistakes are rare: the root makes one in a hundred visible beside nine in ten.
        let shade = label == predicted ? share : min(1, share.squareRoot() * 1.4)
        let kind = label == predicted ? "hit" : "miss"
        let dark = shade > 0.6 ? " dark" : ""
        return """
            <td class="\(kind)\(dark)" style="--shade:\((shade * 100).fixed(0))%" \
            title="\(labels[label]) → \(labels[predicted]): \(count.grouped) / \(support.grouped)">\(count)</td>
            """
    }

    private var pairs: HTML {
        let found = matrix.mistakes.sorted { ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted) }
        guard !found.isEmpty else { return "" }
        let support = matrix.support
        let items = found.prefix(8).map { pair -> HTML in
            let share = Double(pair.count) / Double(max(1, support[pair.label]))
            return """
                <li><b>\(labels[pair.label])</b> → <b>\(labels[pair.predicted])</b>: \
                \(say(.times(pair.count, share: share.percent())))</li>
                """
        }
        return "<section><h2>\(say(.mostConfused))</h2><ol class=\"pairs\">\(items)</ol></section>"
    }

    private var scores: HTML {
        let (precision, recall, f1) = (matrix.precision, matrix.recall, matrix.f1)
        let support = matrix.support
        // Of many classes the weakest come first.
        let isLong = matrix.classes > Self.mostColumns
        let order = isLong ? (0..<matrix.classes).sorted { (f1[$0], $0) < (f1[$1], $1) } : Array(0..<matrix.classes)
        let rows = order.map { index -> HTML in
            """
            <tr><th scope="row">\(labels[index])</th><td>\(support[index].grouped)</td>\
            \(bar(precision[index]))\(bar(recall[index]))\(bar(f1[index]))</tr>
            """
        }
        return """
            <section class="\(isLong ? "long" : "")"><h2>\(say(.byClass))</h2>
            <p>\(say(.byClassExplained))</p>
            <div class="scroll" role="region" tabindex="0" aria-label="\(say(.byClass))"><table class="scores">
            <thead><tr><th scope="col">\(say(.classColumn))</th><th scope="col">\(say(.examples))</th>\
            <th scope="col">\(say(.precision))</th><th scope="col">\(say(.recall))</th><th scope="col">F1</th></tr></thead><tbody>
            \(rows)
            </tbody><tfoot><tr><th scope="row">\(say(.mean))</th><td>\(matrix.total.grouped)</td>\
            \(bar(matrix.precision(.macro)))\(bar(matrix.recall(.macro)))\(bar(matrix.f1(.macro)))</tr></tfoot>
            </table></div></section>
            """
    }

    private func bar(_ share: Double) -> HTML {
        "<td class=\"bar\" style=\"--share:\((share * 100).fixed(1))%\">\(share.fixed(3))</td>"
    }
}
