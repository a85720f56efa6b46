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
            Output.message(
                "note: no output says yes or no, so nothing is said of fairness over \(column.readable); "
                    + "--slices \(column) compares its groups")
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
        document["model"] = .string(folder)
        document["data"] = .string(path)
        return .object(document)
    }

    var text: String {
        let values = insight.outputs.flatMap { output in
            output.intervals.map { ["\(output.name): \($0.name)", $0.value.short, $0.ends] }
        }
        let main = Output.table([["examples", (whole?.examples ?? evaluation.examples).grouped]] + values)
        var notes = ["In brackets: where 95 of 100 other draws of such rows would lie."]
        if let sampleNote { notes.append("The file does not fit into memory: \(sampleNote.english).") }
        for output in whole?.outputs ?? [] where !output.drawn.names.isEmpty {
            notes.append(
                "\(output.drawn.names.joined(separator: ", ")) of \(output.name): \(output.drawn.answers.grouped) answers, "
                    + "drawn by lot.")
        }
        return
            ([main + "\n" + notes.joined(separator: "\n")]
            + insight.outputs.flatMap { output in
                [output.slices.map { Self.text(output.name, $0) }].compactMap(\.self)
                    + output.fairness.map { Self.text(output.name, $0) }
            }).joined(separator: "\n\n")
    }

    private static func text(_ output: String, _ findings: SliceFindings) -> String {
        let head =
            "\(output): weakest of \(findings.slices.count.counted("slice")), \(findings.metric) of all rows "
            + findings.overall.short
        guard !findings.worst.isEmpty else {
            return "\(head)\n  none of at least \(findings.minimumCount) rows is worse"
        }
        let rows = findings.worst.map { weakness in
            [
                "  \(weakness.slice.column) = \(weakness.slice.part)", weakness.slice.count.counted("row"),
                weakness.slice.value.short, weakness.interval.ends,
                weakness.isWorse ? "worse" : "may be chance",
            ]
        }
        return head + "\n" + Output.table(rows, rightAligned: [1])
    }

    private static func text(_ output: String, _ finding: FairnessFinding) -> String {
        let head =
            "\(output): how often the answer is \(finding.yes.readable), above "
            + "a probability of \(Double(finding.threshold).short), by \(finding.column)"
        let groups = finding.groups.map { group in
            [
                "  \(group.name)", group.count.counted("row"), group.selectionRate.percent(),
                group.truePositiveRate.percent(), group.falsePositiveRate.percent(), group.accuracy.percent(),
            ]
        }
        let table = Output.table(
            [["  group", "rows", "said", "said where right", "said where wrong", "accuracy"]] + groups,
            rightAligned: [1, 2, 3, 4, 5])
        let mitigation = finding.mitigation
        let after = mitigation.after.first { $0.name == "demographic_parity_difference" }?.value ?? .nan
        return """
            \(head)
            \(table)
              \(finding.values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  "))
              A threshold for each group (\(mitigation.thresholds.sorted { $0.key < $1.key }.map { "\($0.key) \(Double($0.value).fixed(3))" }.joined(separator: ", "))) \
            changes the parity difference from \(finding["demographic_parity_difference"].fixed(3)) to \(after.fixed(3)) \
            and accuracy from \(mitigation.accuracyBefore.percent()) to \(mitigation.accuracyAfter.percent()), \
            each half of the rows judged by thresholds of the other.
            """
    }
}

extension Bootstrap.Interval {
    /// `[0.8612, 0.9003]`.
    var ends: String { "[\(low.short), \(high.short)]" }
}
