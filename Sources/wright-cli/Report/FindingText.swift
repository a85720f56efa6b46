import Wright
import WrightTasks

/// A finding of the data check as a line of a list.
struct FindingText {
    /// As `data_check.json` has it.
    var finding: JSON
    var say: Language

    var html: HTML {
        let severity = finding["severity"]?.string.flatMap(DataFinding.Severity.init)
        return """
            <li><b>\(severity.map { say($0.word) } ?? "")</b> \(text) <span class="share">\(advice)</span></li>
            """
    }

    private var text: String {
        guard say != .english, let kind else { return finding["text"]?.string ?? "" }
        return kind.sentence(
            column: finding["column"]?.string, part: finding["part"]?.string,
            count: Int(finding["count"]?.integer ?? 0), share: finding["share"]?.double)
    }

    private var advice: String {
        guard say != .english, let kind else { return finding["advice"]?.string ?? "" }
        return kind.advice
    }

    private var kind: DataFinding.Kind? { finding["kind"]?.string.flatMap(DataFinding.Kind.init) }
}
