import WrightData
public import WrightRuntime
import WrightTrain

/// A task file made from the data alone: types inferred from the fields, and explained in comments.
public enum InitialTask {
    /// The text of a task file for `table`.
    ///
    /// `path` is what the file shall call the data; `targets` are the columns to predict; comments are in the language `say`.
    ///
    /// - Throws: ``ConfigProblems`` when a target is no column, or there is nothing to learn in it or to learn it from.
    public static func text(
        _ table: TaskTable, path: String, targets: [String], data: DataConfig, say: Language = .english
    ) throws -> String {
        var problems = ConfigProblems(file: "the target")
        for target in targets where table.column(target) == nil {
            problems.add(.program, "", table.missingColumn(target, hint: hint(table)))
        }
        try problems.check()
        let (count, total, columns) = (table.count.grouped, table.total.grouped, table.columns.count)
        let rows =
            table.total > table.count
            ? Phrase("\(count) of \(total)", "\(total) 行中的 \(count)") : Phrase(count)
        var lines = [
            say(
                Phrase(
                    "# A task for wright, made from \(rows.english) rows and \(columns) columns. Change what is not right:",
                    "# wright 的任务文件，由 \(rows.chinese) 行、\(columns) 列生成。请改掉不对的地方：")),
            say(
                Phrase(
                    "# 'wright config check' finds mistakes, 'wright config show' prints every setting that may be added.",
                    "# 'wright config check' 检查错误，'wright config show' 输出所有可以添加的设置。")),
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
            SeriesGuess(table, guesses, targets: targets)?.lines(say)
            ?? SequenceGuess(table, targets: targets)?.lines(say)
        if let order { return (lines + order + training(say)).joined(separator: "\n") + "\n" }
        var outputs: [String] = []
        for target in targets {
            var guess = guesses[target]!
            guard let type = guess.output else {
                problems.add(
                    .program, "", Message(.cannotPredict, target.readable, guess.reason))
                continue
            }
            if guess.input == "number", type == "category" {
                // A mark from 1 to 5 can be either.
                guess.reason =
                    guess.reason
                    + Phrase("; as classes, or as amounts with 'type: number'", "；按类别处理，若为数量请写 'type: number'")
            }
            outputs += entry(target, type, guess, guess.settings, say)
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
                inputs += entry(name, type, guess, guess.settings + guess.inputSettings, say)
            } else {
                left.append(
                    say(
                        Phrase("  # left out: \(ConfigText.scalar(name)), ", "  # 未使用：\(ConfigText.scalar(name))，")
                            + guess.reason))
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
                "",
                say(
                    Phrase("# A column says which rows train, tell when to stop, and measure.", "# 由一列说明各行用于训练、验证还是测试。")
                ), "split:", "  kind: column",
                "  column: \(ConfigText.scalar(parts))",
            ]
        }
        lines += ["", say(Phrase("# What a prediction is made from.", "# 预测所依据的列。")), "inputs:"] + inputs + left
        lines += ["", say(Phrase("# What is predicted.", "# 要预测的列。")), "outputs:"] + outputs
        return (lines + training(say)).joined(separator: "\n") + "\n"
    }

    private static func training(_ say: Language) -> [String] {
        [
            "",
            say(
                Phrase(
                    "# The size of the data decides how long and with how many networks; see 'wright config show'.",
                    "# 训练多久、用几个网络由数据的大小决定；见 'wright config show'。")),
            "train:", "  seed: 0",
        ]
    }

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

    private static func entry(
        _ name: String, _ type: String, _ guess: ColumnGuess, _ settings: [(name: String, value: JSON)], _ say: Language
    ) -> [String] {
        ["  - name: \(ConfigText.scalar(name))  # \(say(guess.reason))", "    type: \(type)"]
            + settings.map { "    \($0.name): \($0.value.string.map { JSON.string($0).text() } ?? $0.value.text())" }
    }
}
