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
        return "\(column)\(Self.chinese(kind).name)\(rows)\(part)。"
    }

    private var advice: String {
        guard say != .english, let kind else { return finding["advice"]?.string ?? "" }
        return Self.chinese(kind).advice
    }

    private var kind: DataFinding.Kind? { finding["kind"]?.string.flatMap(DataFinding.Kind.init) }

    private static func word(_ severity: DataFinding.Severity) -> Phrase {
        switch severity {
        case .note: Phrase("note", "提示")
        case .warning: Phrase("warning", "警告")
        case .error: Phrase("serious", "严重")
        }
    }

    private static func chinese(_ kind: DataFinding.Kind) -> (name: String, advice: String) {
        switch kind {
        case .columns: ("各文件的列不同", "请使各文件的列一致。")
        case .missing: ("缺失值", "请查明原因；有意义的缺失应保持可见。")
        case .constant: ("只有一个取值", "请去掉该列。")
        case .identifier:
            ("几乎每行取值都不同，像是编号", "请去掉该列，否则模型会死记每一行。")
        case .imbalance:
            (
                "类别不均衡",
                "请为类别加权或补充少数类样本，并且不要只看准确率。"
            )
        case .outliers: ("离群值", "请改正录入错误；表示“未知”的数应标为缺失。")
        case .spelling: ("同一取值有多种写法", "请统一写法。")
        case .duplicates: ("重复的行", "除非确实如此频繁，否则请去掉。")
        case .nearDuplicates: ("近似重复", "请抽查，并去掉实为重复的。")
        case .contradictions:
            ("相同内容而标签不同", "至多一个是对的，请检查标注。")
        case .overlap:
            ("与其他部分重复的行", "请从评估部分去掉：背下来的证明不了什么。")
        case .nearOverlap:
            ("与其他部分近似重复", "请从评估部分去掉：背下来的证明不了什么。")
        case .leakage:
            ("几乎直接说出目标", "若在知道目标之前尚不可得，请去掉该列。")
        case .shift: ("各部分的分布不同", "请查明变化，或重新划分。")
        case .personalData:
            ("个人信息", "除非有权且必要，请去掉或脱敏。")
        case .labelErrors:
            ("标签可能有误", "请从最前面的开始检查。")
        case .unreadable: ("无法读取的文件", "请修复或去掉这些文件。")
        }
    }
}
