import WrightRuntime
import WrightTrain

/// What a trained task's folder says to people, with the head that model hubs read (Mitchell et al., *Model Cards for
/// Model Reporting*, 2019).
struct ModelCard {
    let model: TaskModel
    let say: Language

    var text: String {
        let lines = head + summary + use + data + measured + weaknesses + environment
        return lines.joined(separator: "\n") + "\n"
    }

    /// What hubs call such a task.
    static func pipelineTag(_ model: TaskModel) -> String {
        let kinds = Set(model.config.inputs.map(\.type))
        switch model.outputs.first?.form {
        case .number: return kinds == ["text"] ? "text-classification" : "tabular-regression"
        default:
            return kinds == ["text"]
                ? "text-classification"
                : kinds == ["image"]
                    ? "image-classification" : kinds == ["audio"] ? "audio-classification" : "tabular-classification"
        }
    }

    private var outputs: String { model.config.outputs.map { "\($0.name) (\($0.type))" }.joined(separator: ", ") }

    private var head: [String] {
        [
            "---", "library_name: wright", "pipeline_tag: \(Self.pipelineTag(model))", "language: \(say.rawValue)",
            "---",
            "", "# \(say(Phrase("Predicts \(outputs)", "预测 \(outputs)")))", "",
        ]
    }

    private var summary: [String] {
        let (columns, networks) = (model.config.inputs.count, model.ensemble.members.count)
        let rows = model.data["rows"]?.integer?.grouped ?? "?"
        return [
            say(
                Phrase(
                    "From \(columns) column\(columns == 1 ? "" : "s") of a table, with \(networks) "
                        + "network\(networks == 1 ? "" : "s") trained on \(rows) rows.",
                    "输入为表格的 \(columns) 列，由 \(networks) 个网络给出，训练数据 \(rows) 行。")), "",
        ]
    }

    private var use: [String] {
        let form =
            switch model.outputs.first?.form {
            case .classes(let labels) where labels.count <= 20:
                say(Phrase("Classes: \(labels.joined(separator: ", ")).", "类别：\(labels.joined(separator: "、"))。"))
            default: ""
            }
        return [
            "## \(say(Phrase("Intended use", "适用范围")))", "",
            say(
                Phrase(
                    "Rows like those it was trained on, with the same columns. \(form)",
                    "适用于与训练数据同类、列相同的行。\(form)")), "",
            "`wright predict FOLDER --data FILE -o predictions.csv`, `wright evaluate FOLDER --data FILE`, "
                + "`wright explain FOLDER --data FILE --row 1`.", "",
            "## \(say(Phrase("Limits", "局限")))", "",
            "- "
                + say(
                    Phrase(
                        "It only knows what its rows showed: other times, places or groups of people may differ. Compare "
                            + "with `wright evaluate` before it is used there.",
                        "它只了解训练数据所呈现的情况；用于其他时间、地点或人群前，请先用 `wright evaluate` 检验。")),
            "- "
                + say(
                    Phrase(
                        "What goes together with an answer need not cause it.", "与结果相关的因素未必是原因。")),
            "- "
                + say(
                    Phrase(
                        "Decisions about people need a person who can overrule it.", "涉及人的决定须由可以推翻它的人作出。")), "",
        ]
    }

    private var data: [String] {
        [
            "## \(say(Phrase("Data", "数据")))", "",
            say(
                Phrase(
                    "\(model.data["rows"]?.integer?.grouped ?? "?") rows, fingerprint "
                        + "`\(model.data["fingerprint"]?.string ?? "?")`.",
                    "\(model.data["rows"]?.integer?.grouped ?? "?") 行，指纹 `\(model.data["fingerprint"]?.string ?? "?")`。"
                )), "",
            "| \(say(Phrase("column", "列"))) | \(say(Phrase("type", "类型"))) |", "| --- | --- |",
        ] + model.config.inputs.map { "| \(Self.cell($0.name)) | \($0.type) |" } + [""]
    }

    private var measured: [String] {
        var lines: [String] = []
        for (part, title) in [
            ("cross_validation", Phrase("Measured on rows that each network did not see", "在各网络未见过的行上的结果")),
            ("validation", Phrase("Measured on validation rows", "验证集结果")),
            ("test", Phrase("Measured on test rows", "测试集结果")),
        ] {
            guard let measured = model.metrics[part]?["outputs"]?.object else { continue }
            lines += [
                "## \(say(title))", "",
                "| \(say(Phrase("output", "输出"))) | \(say(Phrase("metric", "指标"))) | \(say(Phrase("value", "值"))) | "
                    + "\(say(Phrase("95 % interval", "95% 区间"))) |", "| --- | --- | --- | --- |",
            ]
            for (name, values) in measured {
                let intervals = model.metrics[part]?["intervals"]?[name]
                for (metric, value) in values.object ?? JSON.Object() {
                    let ends = (intervals?[metric]?.array ?? []).compactMap(\.double)
                    let interval = ends.count == 2 ? "\(ends[0].short) – \(ends[1].short)" : "–"
                    lines.append("| \(Self.cell(name)) | \(metric) | \(value.double?.short ?? "–") | \(interval) |")
                }
            }
            lines.append("")
        }
        return lines
    }

    /// The weakest slices of the part that says most.
    private var weaknesses: [String] {
        guard let part = ["test", "cross_validation", "validation"].first(where: { model.metrics[$0] != nil }),
            let slices = model.metrics[part]?["slices"]?.object
        else { return [] }
        var lines: [String] = []
        for (output, findings) in slices {
            let metric = findings["metric"]?.string ?? ""
            for weakness in (findings["worst"]?.array ?? []).prefix(5) where weakness["worse"]?.bool == true {
                let slice = "\(weakness["column"]?.string ?? "") = \(weakness["part"]?.string ?? "")"
                let count = weakness["count"]?.integer?.grouped ?? "?"
                lines.append(
                    "- \(output): \(slice), "
                        + say(Phrase("\(count) rows", "\(count) 行"))
                        + ", \(metric) \(weakness[metric]?.double?.short ?? "–")"
                        + " (\(findings["overall"]?.double?.short ?? "–"))")
            }
        }
        guard !lines.isEmpty else { return [] }
        return [
            "## \(say(Phrase("Where it is worse", "较弱之处")))", "",
            say(
                Phrase(
                    "Slices that are worse beyond chance; in parentheses the value of all rows.", "明显更差的子群；括号内为全部行的值。")),
            "",
        ] + lines + [""]
    }

    private var environment: [String] {
        guard !model.environment.isEmpty else { return [] }
        return ["## \(say(Phrase("Environment", "环境")))", ""]
            + model.environment.map { "- \($0.key): \($0.value.string ?? $0.value.text())" }
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}
