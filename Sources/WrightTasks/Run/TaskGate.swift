public import WrightData
public import WrightRuntime
import WrightTrain

/// Why training was refused: data that ``DataConfig/strict`` does not let through.
public struct DataRefused: ExplainedError {
    public var file: String
    public var report: DataReport

    public var code: MessageCode? { .dataRefused }

    public func text(in language: Language) -> String {
        let serious = report.findings.filter { $0.severity == .error }
        let start = Phrase("\(file): ", "\(file)：") + Message(.dataRefused).phrase
        return ([language(start)] + serious.map { "  " + language($0.phrase + Phrase(". ", "。") + $0.advicePhrase) })
            .joined(separator: "\n")
    }
}

/// What stands between rows and training: the data check.
extension TaskRun {
    /// Rows of a part that are looked at before training; `wright data check` looks at more.
    private static let maximumRows = 100_000
    private static let maximumTexts = 20_000
    /// Findings that are told before training.
    private static let toldFindings = 5

    /// Looks at the rows as training would, and at tables of other rows beside them.
    ///
    /// - Throws: as ``run()`` before it trains.
    public func check(against others: [TaskTable] = []) throws -> (report: DataReport, json: JSON) {
        let table = try readTable()
        if table.total > table.count {
            say(
                .note(
                    Phrase(
                        "\(table.file): \(table.count.grouped) of \(table.total.grouped) rows, drawn by lot, are looked at",
                        "\(table.file)：从 \(table.total.grouped) 行中随机抽取 \(table.count.grouped) 行检查")))
        }
        let (split, _) = try split(table)
        let names = checkedColumns
        let parts = Self.parts(table, split, names)
        let taken = Set(parts.map(\.name))
        let added = others.enumerated().map { index, other in
            let columns = names.filter { other.column($0) != nil }
            let name = others.count == 1 && !taken.contains("test") ? "test" : "other \(index + 1)"
            return TablePart(
                name, columns: columns, fields: columns.map { other.column($0)! }, lines: other.lines)
        }
        let report = DataCheck(targets: config.outputs.map(\.name)).report(parts + added)
        return (report, Self.json(report, table))
    }

    /// Checks what is to be learned from, tells the worst of it, and lets training begin or not.
    func gate(_ table: TaskTable, _ split: TaskSplit) throws -> DataReport {
        var check = DataCheck(targets: config.outputs.map(\.name))
        check.maximumRows = Self.maximumRows
        check.maximumTexts = Self.maximumTexts
        let report = check.report(Self.parts(table, split, checkedColumns))
        if config.data.strict, report.count(.error) > 0 { throw DataRefused(file: table.file, report: report) }
        let told = report.findings.filter { $0.severity > .note }
        for finding in told.prefix(Self.toldFindings) {
            say(finding.sentence)
        }
        if told.count > Self.toldFindings {
            let rest = told.count - Self.toldFindings
            say(
                Phrase(
                    "\(rest.counted("more finding")): wright data check \(file)",
                    "另有 \(rest) 条发现：wright data check \(file)"))
        }
        return report
    }

    /// The report and what cleaning did.
    static func json(_ report: DataReport, _ table: TaskTable) -> JSON {
        guard case .object(var object) = report.json else { return [:] }
        object["cleaning"] = [
            "rows": table.report.json,
            "changed": .array(
                table.changes.map { change in
                    [
                        "column": .string(change.column), "rule": .string(change.rule),
                        "fields": .integer(Int64(change.count)),
                    ]
                }),
        ]
        return .object(object)
    }

    private var checkedColumns: [String] { config.inputs.map(\.name) + config.outputs.map(\.name) }

    /// Without folds, what tells when to stop is a part of its own.
    private static func parts(_ table: TaskTable, _ split: TaskSplit, _ names: [String]) -> [TablePart] {
        func part(_ name: String, _ rows: [Int]) -> TablePart {
            TablePart(
                name, columns: names,
                fields: names.map { name in
                    let fields = table.column(name)!
                    return rows.map { fields[$0] }
                }, lines: rows.map { table.lines[$0] })
        }
        let isFolded = split.members.count > 1
        let parts = [
            part("train", isFolded ? split.fitting : split.members[0].training.sorted()),
            part("validation", isFolded ? [] : split.members[0].validation.sorted()),
            part("test", split.test.sorted()),
        ]
        return parts.filter { $0.count > 0 }
    }
}

extension DataFinding {
    /// How much it matters, what is so and what to do about it, on a line.
    var sentence: Phrase { severity.word + Phrase(": ", "：") + phrase + Phrase(". ", "。") + advicePhrase }
}
