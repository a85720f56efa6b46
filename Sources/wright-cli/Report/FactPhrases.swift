import Wright

extension Phrase {
    /// What a fact of a training or a machine is called; folders of models keep the English name.
    static func fact(_ name: String) -> Phrase { Phrase(name, facts[name] ?? name) }

    private static let facts = [
        "data": "数据", "training examples": "训练样本", "validation examples": "验证样本", "model": "模型", "tokens": "词表大小",
        "context": "上下文长度", "longest text": "最长文本", "optimizer": "优化器", "learning rate": "学习率",
        "schedule": "学习率调度", "batch size": "批大小", "epochs": "轮数", "steps": "步数", "time limit": "时间限制",
        "augmentation": "数据增强", "label smoothing": "标签平滑", "weight decay": "权重衰减", "seed": "随机种子",
        "precision": "精度", "system": "系统", "processor": "处理器", "instruction sets": "指令集", "threads": "线程数",
        "date": "日期", "parameters": "参数量", "seconds": "训练时间（秒）",
    ]
}

extension FactSections.Facts {
    /// Facts whose names are those of ``Phrase/fact(_:)``.
    init(title: String, facts: [(name: String, value: String)], say: Language) {
        self.init(title: title, rows: facts.map { (say(.fact($0.name)), $0.value) })
    }
}

extension Phrase {
    /// The rows that a slice holds, as the check of slices names them: `10 to 20`, `(missing)`.
    static func slicePart(_ part: String) -> Phrase {
        switch part {
        case "(missing)": return Phrase(part, "（缺失）")
        case "(other)": return Phrase(part, "（其他）")
        default:
            guard let match = part.wholeMatch(of: #/(-?[0-9][0-9.e-]*) to (-?[0-9][0-9.e-]*)( letters)?/#) else {
                return Phrase(part)
            }
            return Phrase(part, "\(match.1) 至 \(match.2)\(match.3 == nil ? "" : " 个字符")")
        }
    }
}

extension Language {
    /// A title of something named: `Curves: churn`.
    func callAsFunction(_ title: Phrase, of name: String) -> String { self(title + Phrase(": ", "：")) + name }
}
