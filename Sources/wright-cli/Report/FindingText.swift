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
            <li><b>\(severity.map { say(Self.word($0)) } ?? "")</b> \(text) <span class="share">\(advice)</span></li>
            """
    }

    /// In English the check's own sentence; in Chinese what was found, where, and in how many rows.
    private var text: String {
        guard say != .english, let kind else { return finding["text"]?.string ?? "" }
        let column = finding["column"]?.string.map { "“\($0)”：" } ?? ""
        let part = finding["part"]?.string.map { "（\($0)）" } ?? ""
        let count = finding["count"]?.integer ?? 0
        let share = finding["share"]?.double.map { "，\($0.percent())" } ?? ""
        let rows = count > 0 ? "，\(count.grouped) 行\(share)" : ""
        return "\(column)\(kind.chinese.name)\(rows)\(part)。"
    }

    private var advice: String {
        guard say != .english, let kind else { return finding["advice"]?.string ?? "" }
        return kind.chinese.advice
    }

    private var kind: DataFinding.Kind? { finding["kind"]?.string.flatMap(DataFinding.Kind.init) }

    private static func word(_ severity: DataFinding.Severity) -> Phrase {
        switch severity {
        case .note: Phrase("note", "提示")
        case .warning: Phrase("warning", "警告")
        case .error: Phrase("serious", "严重")
        }
    }
}
