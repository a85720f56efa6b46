import WrightData
public import WrightRuntime

/// What the folder of a model says to people, with the head that model hubs read.
struct ModelFolderCard {
    let model: ModelFolder
    let say: Language

    var text: String {
        let (reads, answer, tag) = words
        let name = model.model["architecture"]?.string.map { "`\($0)`" } ?? ""
        let answers = model.labels.map { labels in
            Phrase(
                ", one of \(labels.count) classes: \(labels.names.joined(separator: ", "))",
                "，共 \(labels.count) 个类别：\(labels.names.joined(separator: "、"))")
        }
        var lines = [
            "---", "library_name: wright", "pipeline_tag: \(tag)", "language: \(say.rawValue)", "---", "",
            say(Phrase("# A model for \(model.task)", "# \(task)模型")), "",
            say(
                Phrase(
                    "A \(name.isEmpty ? "" : name + " ")network that reads ", "\(name.isEmpty ? "" : name + " ")网络，读取")
                    + reads
                    + Phrase(" and answers with ", "，给出") + answer + (answers ?? Phrase("")) + Phrase(".", "。")), "",
        ]
        if let values = model.metrics["validation"]?.object, !values.isEmpty {
            lines += [
                say(Phrase("## Measured on validation data", "## 验证集结果")), "",
                say(Phrase("| metric | value |", "| 指标 | 值 |")), "| --- | --- |",
            ]
            lines += values.map { "| \($0.key) | \($0.value.double?.short ?? "–") |" } + [""]
        }
        if !model.training.isEmpty {
            lines += [
                say(Phrase("## How it was trained", "## 如何训练")), "",
                say(Phrase("| setting | value |", "| 设置 | 值 |")), "| --- | --- |",
            ]
            lines += model.training.map { "| \(say(.fact($0.name))) | \($0.value) |" } + [""]
        }
        let command = model.task == "language-model" ? "generate FOLDER --prompt TEXT" : "predict FOLDER FILES…"
        lines += [
            say(Phrase("## Use", "## 使用")), "",
            say(
                Phrase(
                    "`wright \(command)` with this folder. Weights are in `\(ModelFolder.weightsFile)`; nothing here is code.",
                    "对本文件夹使用 `wright \(command)`。权重在 `\(ModelFolder.weightsFile)` 中；这里没有任何代码。")),
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var task: String {
        let names = [
            "classification": "分类", "text-classification": "文本分类", "language-model": "语言", "translation": "翻译",
        ]
        return names[model.task] ?? model.task
    }

    /// What it reads and answers, and the name that model hubs have for it.
    private var words: (reads: Phrase, answer: Phrase, tag: String) {
        let answer =
            model.task == "translation"
            ? Phrase("a text", "文本") : model.labels == nil ? Phrase("a value", "数值") : Phrase("a class", "类别")
        switch model.input {
        case .numbers(let form) where form.isImage:
            let shape = InputForm.words(form.shape)
            return (Phrase("images of \(shape)", " \(shape) 的图像"), answer, "image-classification")
        case .numbers(let form):
            let count = form.shape[0]
            return (Phrase("rows of \(count) numbers", "每行 \(count) 个数值的表"), answer, "tabular-classification")
        case .text(let form) where model.task == "language-model":
            let length = form.maximumLength
            return (
                Phrase("up to \(length) tokens of text", "至多 \(length) 个词元的文本"), Phrase("what comes next", "接下来的词元"),
                "text-generation"
            )
        case .text(let form):
            let length = form.maximumLength
            return (Phrase("texts of up to \(length) tokens", "至多 \(length) 个词元的文本"), answer, model.task)
        }
    }
}

extension Phrase {
    /// What a fact of a training or a machine is called; folders of models keep the English name.
    public static func fact(_ name: String) -> Phrase { Phrase(name, facts[name] ?? name) }

    private static let facts = [
        "data": "数据", "training examples": "训练样本", "validation examples": "验证样本", "model": "模型", "tokens": "词表大小",
        "context": "上下文长度", "longest text": "最长文本", "optimizer": "优化器", "learning rate": "学习率",
        "schedule": "学习率调度", "batch size": "批大小", "epochs": "轮数", "steps": "步数", "time limit": "时间限制",
        "augmentation": "数据增强", "label smoothing": "标签平滑", "weight decay": "权重衰减", "seed": "随机种子",
        "precision": "精度", "system": "系统", "processor": "处理器", "instruction sets": "指令集", "threads": "线程数",
        "date": "日期", "parameters": "参数量", "seconds": "训练时间（秒）",
    ]
}
