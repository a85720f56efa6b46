import Wright
import WrightTasks

/// What `wright evaluate` finds out about a trained task.
struct TaskMeasurement {
    /// The columns that cut rows into slices.
    enum Slices {
        case all
        case columns([String])

        init(_ text: String) {
            self = text == "all" ? .all : .columns(text.split(separator: ",").map(String.init))
        }
    }

    let folder: String
    let path: String
    private let model: TaskModel
    private let table: TaskTable
    /// Of the rows of the table: all of the file's, or those that were drawn by lot.
    private let evaluation: TaskEvaluation
    /// Of all rows of a file that does not fit into memory; nil where the table holds them.
    private let whole: StreamedEvaluation?
    private let insight: TaskInsight

    /// Answers that are kept of a file that does not fit into memory take about so many bytes for each number in them, until
    /// they are in order.
    private static let bytesPerAnswer = 64
    private static let mostAnswers = 500_000

    /// Rows that could not be measured.
    var report: DropReport { whole?.report ?? evaluation.report }

    /// - Parameters:
    ///   - maximumMemory: bytes that the program may take up; nil for any number.
    ///   - mistakes: how many of the worst rows are kept, for a report.
    init(
        of saved: SavedTask, on path: String, maximumMemory: Int?, slices: Slices?, sensitive: [String], mistakes: Int
    ) throws {
        folder = saved.folder
        self.path = path
        model = saved.model
        let sensitive = sensitive + model.config.goal.sensitive.filter { !sensitive.contains($0) }
        let bytes = model.config.forecasts ? nil : maximumMemory.map { TaskRun.tableBytes(within: $0) }
        let table = try saved.table(path, isMeasured: true, maximumBytes: bytes ?? .max) { name in
            switch slices {
            case .all: true
            case .columns(let names): names.contains(name) || sensitive.contains(name)
            case nil: sensitive.contains(name)
            }
        }
        evaluation = try saved.model.evaluate(table)
        let columns =
            switch slices {
            case .all: table.columns
            case .columns(let names): names
            case nil: [String]()
            }
        let own = try TaskInsight(evaluation, table, .init(slices: columns, sensitive: sensitive, mistakes: mistakes))
        if let bytes, table.total > table.count {
            whole = try saved.model.evaluate(
                streaming: path, answersKept: min(max(bytes / Self.bytesPerAnswer, 10_000), Self.mostAnswers))
        } else {
            whole = nil
        }
        insight = whole.map { [evaluation] in own.about($0, from: evaluation) } ?? own
        self.table = table
        for column in sensitive where !insight.outputs.contains(where: { !$0.fairness.isEmpty }) {
            Output.note(
                "no output says yes or no, so nothing is said of fairness over \(column.readable); --slices \(column) "
                    + "compares its groups",
                "没有二分类输出，因此不评估列 \(column.readable) 的公平性；可用 --slices \(column) 比较各组")
        }
    }

    /// The page of `--report`.
    func page(_ say: Language) throws -> HTML {
        try TaskReport(
            name: folder.split(separator: "/").last.map(String.init) ?? folder, model: model, table: table,
            description: path + (sampleNote.map { " (\(say($0)))" } ?? ""), evaluation: evaluation, insight: insight,
            importance: try model.importance(table),
            say: say
        ).html()
    }

    /// What is by lot; nil where nothing is.
    private var sampleNote: Phrase? {
        guard let whole else { return nil }
        let (drawn, total) = (evaluation.examples.grouped, whole.examples.grouped)
        return Phrase(
            "values are of \(total) rows; spread, curves, slices, fairness and mistakes are of \(drawn) of them, drawn by lot",
            "数值来自 \(total) 行；波动、曲线、切片、公平性与错误来自其中随机抽取的 \(drawn) 行")
    }

    var json: JSON {
        guard case .object(var document) = whole?.json ?? evaluation.json else { return evaluation.json }
        insight.add(to: &document)
        if let whole {
            var answers = JSON.Object()
            for output in whole.outputs where !output.drawn.names.isEmpty {
                answers[output.name] = [
                    "metrics": .array(output.drawn.names.map(JSON.string)),
                    "answers": .integer(Int64(output.drawn.answers)),
                ]
            }
            document["by_lot"] = [
                "rows": .integer(Int64(evaluation.examples)),
                "what": ["intervals", "classes", "curves", "slices", "fairness"], "metrics": .object(answers),
            ]
        }
        document["unread"] = UnreadFields.json(model.unread(table))
        document["model"] = .string(folder)
        document["data"] = .string(path)
        return .object(document)
    }

    var text: String {
        let values = insight.outputs.flatMap { output in
            output.intervals.map { ["\(output.name): \($0.name)", $0.value.short, $0.ends] }
        }
        let examples = (whole?.examples ?? evaluation.examples).grouped
        let main = Output.table([[say("examples", "样本数"), examples]] + values)
        var notes = [
            say(
                "In brackets: where 95 of 100 other draws of such rows would lie.",
                "方括号内为 95% 置信区间：另取一百批这样的行，约有 95 批落在其中。")
        ]
        if let sampleNote {
            notes.append(
                say("The file does not fit into memory: ", "文件超出内存：") + Language.spoken(sampleNote) + say(".", "。"))
        }
        for output in whole?.outputs ?? [] where !output.drawn.names.isEmpty {
            let (names, answers) = (output.drawn.names, output.drawn.answers.grouped)
            notes.append(
                say(
                    "\(names.joined(separator: ", ")) of \(output.name): \(answers) answers, drawn by lot.",
                    "\(output.name) 的 \(names.joined(separator: "、"))：随机抽取的 \(answers) 个答案。"))
        }
        return
            ([main + "\n" + notes.joined(separator: "\n")]
            + insight.outputs.flatMap { output in
                [output.slices.map { Self.text(output.name, $0) }].compactMap(\.self)
                    + output.fairness.map { Self.text(output.name, $0) }
            }).joined(separator: "\n\n")
    }

    private static func text(_ output: String, _ findings: SliceFindings) -> String {
        let head = say(
            "\(output): weakest of \(findings.slices.count.counted("slice")), \(findings.metric) of all rows "
                + findings.overall.short,
            "\(output)：\(findings.slices.count) 个子群中最弱的，全部行的 \(findings.metric) 为 \(findings.overall.short)")
        guard !findings.worst.isEmpty else {
            return head
                + say(
                    "\n  none of at least \(findings.minimumCount) rows is worse",
                    "\n  没有哪个不少于 \(findings.minimumCount) 行的子群更差")
        }
        let rows = findings.worst.map { weakness in
            [
                "  \(weakness.slice.column) = \(Language.spoken(.slicePart(weakness.slice.part)))",
                Language.spoken(.counted(weakness.slice.count, "row", "行")),
                weakness.slice.value.short, weakness.interval.ends,
                Language.spoken(weakness.isWorse ? .worse : .mayBeChance),
            ]
        }
        return head + "\n" + Output.table(rows, rightAligned: [1])
    }

    private static func text(_ output: String, _ finding: FairnessFinding) -> String {
        let threshold = Double(finding.threshold).short
        let head = say(
            "\(output): how often the answer is \(finding.yes.readable), above a probability of \(threshold), by "
                + finding.column,
            "\(output)：各 \(finding.column) 组中被判为 \(finding.yes.readable)（概率高于 \(threshold)）的比例")
        let groups = finding.groups.map { group in
            [
                "  \(group.name)", Language.spoken(.counted(group.count, "row", "行")), group.selectionRate.percent(),
                group.truePositiveRate.percent(), group.falsePositiveRate.percent(), group.accuracy.percent(),
            ]
        }
        let table = Output.table(
            [
                [
                    say("  group", "  组"), say("rows", "行数"), say("said", "判为是"), say("said where right", "应为是时"),
                    say("said where wrong", "应为否时"), say("accuracy", "准确率"),
                ]
            ] + groups,
            rightAligned: [1, 2, 3, 4, 5])
        let mitigation = finding.mitigation
        let after = mitigation.after.first { $0.name == "demographic_parity_difference" }?.value ?? .nan
        let thresholds = mitigation.thresholds.sorted { $0.key < $1.key }
            .map { "\($0.key) \(Double($0.value).fixed(3))" }.joined(separator: ", ")
        let parity = (finding["demographic_parity_difference"].fixed(3), after.fixed(3))
        let accuracy = (mitigation.accuracyBefore.percent(), mitigation.accuracyAfter.percent())
        return """
            \(head)
            \(table)
              \(finding.values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  "))
              \(Language.spoken(.mitigation(thresholds, parity, accuracy)))
            """
    }
}

extension Bootstrap.Interval {
    /// `[0.8612, 0.9003]`.
    var ends: String { low.isNaN ? "–" : "[\(low.short), \(high.short)]" }
}
