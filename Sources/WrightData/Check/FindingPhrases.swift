public import WrightRuntime

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
    public var name: Phrase { Phrase(rawValue.replacing("_", with: " "), chinese) }

    private var chinese: String {
        switch self {
        case .columns: "各文件的列不同"
        case .missing: "缺失值"
        case .constant: "只有一个取值"
        case .identifier: "像是编号"
        case .imbalance: "类别不均衡"
        case .outliers: "离群值"
        case .spelling: "写法不一"
        case .duplicates: "重复的行"
        case .nearDuplicates: "近似重复"
        case .contradictions: "标签矛盾"
        case .overlap: "与其他部分重复"
        case .nearOverlap: "与其他部分近似重复"
        case .leakage: "泄漏目标"
        case .shift: "分布偏移"
        case .personalData: "个人信息"
        case .labelErrors: "标签可能有误"
        case .unreadable: "无法读取的文件"
        }
    }
}

extension Phrase {
    /// The advice where one class is rare.
    static let weighClasses = Phrase(
        "Weigh classes or collect more of the rare ones, and do not judge by accuracy",
        "请为类别加权或补充少数类样本，并且不要以准确率评判")

    /// The advice where rows for measuring are among those of another part.
    static func leaveOut(of name: String) -> Phrase {
        Phrase(
            "Leave them out of \(name): what was learnt by heart proves nothing",
            "请从\(part(name).chinese)中去掉：背下来的证明不了什么")
    }

    /// What a part of the data is called: the parts of a split by their names, files by their paths.
    static func part(_ name: String) -> Phrase {
        Phrase(name, ["train": "训练集", "validation": "验证集", "test": "测试集"][name] ?? name)
    }
}
