public import WrightRuntime

extension DataFinding {
    /// What is so: in English the check's own sentence; in Chinese what was found, where, and in how many rows.
    public var phrase: Phrase {
        Phrase(text, kind.sentence(column: column, part: part, count: count, share: share))
    }

    /// What to do about it.
    public var advicePhrase: Phrase { Phrase(advice, kind.advice) }
}

extension DataFinding.Severity {
    public var word: Phrase {
        switch self {
        case .note: Phrase("note", "提示")
        case .warning: Phrase("warning", "警告")
        case .error: Phrase("serious", "严重")
        }
    }
}

extension DataFinding.Kind {
    /// The kind in words.
    public var name: Phrase { Phrase(rawValue.replacing("_", with: " "), chinese.name) }

    /// What to do about such findings, in Chinese.
    public var advice: String { chinese.advice }

    /// What was found, where, and in how many rows, in Chinese.
    public func sentence(column: String?, part: String?, count: Int, share: Double?) -> String {
        let column = column.map { "“\($0)”：" } ?? ""
        let parts = ["train": "训练集", "validation": "验证集", "test": "测试集"]
        let part = part.map { "（\(parts[$0] ?? $0)）" } ?? ""
        let share = share.map { "，\(($0 * 1000).rounded() / 10)%" } ?? ""
        return "\(column)\(name.chinese)\(count > 0 ? "，\(count) 行\(share)" : "")\(part)。"
    }

    private var chinese: (name: String, advice: String) {
        switch self {
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
