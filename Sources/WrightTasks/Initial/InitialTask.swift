import WrightData
import WrightRuntime
import WrightTrain

/// A task file made from the data alone: types inferred from the fields, and explained in comments.
public enum InitialTask {
    /// The text of a task file for `table`.
    ///
    /// `path` is what the file shall call the data; `targets` are the columns to predict.
    ///
    /// - Throws: ``ConfigProblems`` when a target is no column, or there is nothing to learn in it or to learn it from.
    public static func text(_ table: TaskTable, path: String, targets: [String], data: DataConfig) throws -> String {
        var problems = ConfigProblems(file: "the target")
        for target in targets where table.column(target) == nil {
            problems.add(.program, "", table.missingColumn(target, hint: hint(table)))
        }
        try problems.check()
        let rows =
            table.total > table.count ? "\(table.count.grouped) of \(table.total.grouped)" : table.count.grouped
        var lines = [
            "# A task for wright, made from \(rows) rows and \(table.columns.count) columns. Change what is not right:",
            "# 'wright config check' finds mistakes, 'wright config show' prints every setting that may be added.",
            "data:", "  path: \(ConfigText.scalar(path))",
        ]
        if let columns = data.columns {
            lines.append("  columns: [\(columns.map(ConfigText.scalar).joined(separator: ", "))]")
        }
        if let encoding = data.encoding { lines.append("  encoding: \(encoding.rawValue)") }
        if let table = data.table { lines.append("  table: \(ConfigText.scalar(table))") }
        if let delimiter = data.delimiter { lines.append("  delimiter: \(JSON.string(delimiter).text())") }
        var guesses: [String: ColumnGuess] = [:]
        for name in table.columns {
            guesses[name] = ColumnGuess(name: name, fields: table.column(name)!, total: table.total)
        }
        let order =
            SeriesGuess(table, guesses, targets: targets)?.lines ?? SequenceGuess(table, targets: targets)?.lines
        if let order { return (lines + order + training).joined(separator: "\n") + "\n" }
        var outputs: [String] = []
        for target in targets {
            let guess = guesses[target]!
            guard let type = guess.output else {
                problems.add(
                    .program, "", Message(.cannotPredict, target.readable, guess.reason))
                continue
            }
            outputs += entry(target, type, guess)
        }
        try problems.check()
        var inputs: [String] = []
        var left: [String] = []
        var parts: String?
        for name in table.columns where !targets.contains(name) {
            if parts == nil, ColumnGuess.namesParts(table.column(name)!) {
                parts = name
                continue
            }
            let guess = guesses[name]!
            if let type = guess.input {
                inputs += entry(name, type, guess)
            } else {
                left.append("  # left out: \(ConfigText.scalar(name)), \(guess.reason)")
            }
        }
        guard !inputs.isEmpty else {
            problems.add(
                .program, "",
                Message(
                    .nothingToLearnFrom, targets.map(\.readable),
                    left.isEmpty ? Phrase("") : Phrase(": ", "：") + Phrase(left.joined(separator: "; "))))
            throw problems
        }
        if let parts {
            lines += [
                "", "# A column says which rows train, tell when to stop, and measure.", "split:", "  kind: column",
                "  column: \(ConfigText.scalar(parts))",
            ]
        }
        lines += ["", "# What a prediction is made from.", "inputs:"] + inputs + left
        lines += ["", "# What is predicted.", "outputs:"] + outputs
        return (lines + training).joined(separator: "\n") + "\n"
    }

    private static let training = [
        "", "# The size of the data decides how long and with how many networks; see 'wright config show'.",
        "train:", "  seed: 0",
    ]

    /// What may be the matter with a table that does not have the columns it should.
    private static func hint(_ table: TaskTable) -> Phrase {
        let numbers = table.columns.count { NumberField.read($0) != nil }
        if numbers > 0, 2 * numbers >= table.columns.count {
            return Phrase(
                ". The first row looks like data and not like names: --columns names the columns",
                "。首行像是数据而不是列名：可用 --columns 指定列名")
        }
        return table.columns.count > 1
            ? Phrase("")
            : Phrase(
                ". If that is several columns, --delimiter says what stands between them",
                "。如果这其实是多列，可用 --delimiter 指定分隔符")
    }

    private static func entry(_ name: String, _ type: String, _ guess: ColumnGuess) -> [String] {
        let settings = (type == guess.input || type == guess.output ? guess.settings : [])
            .map { "    \($0.name): \($0.value.string.map { JSON.string($0).text() } ?? $0.value.text())" }
        return ["  - name: \(ConfigText.scalar(name))  # \(guess.reason)", "    type: \(type)"] + settings
    }
}
