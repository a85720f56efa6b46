import WrightData
import WrightRuntime

/// A table whose rows are moments of time, one after the other, and whose targets are numbers that go on.
struct SeriesGuess {
    private let time: String
    private let columns: [String]
    private let targets: [String]
    private let lookback: Int
    private let horizon: Int

    private static let fewestRows = 200

    /// nil when the table is none.
    init?(_ table: TaskTable, _ guesses: [String: ColumnGuess], targets: [String]) {
        guard table.count >= Self.fewestRows else { return nil }
        let time = table.columns.first { name in
            guard guesses[name]?.input == "date", !targets.contains(name) else { return false }
            // Why: a column that is in no order is simply not the time of the rows.
            return (try? SeriesTime(table.column(name)!, lines: table.lines))?.isRegular ?? false
        }
        let numbers = table.columns.filter { guesses[$0]?.input == "number" }
        guard let time, targets.allSatisfy(numbers.contains) else { return nil }
        self.time = time
        self.targets = targets
        columns = numbers
        lookback = min(336, table.count / 10)
        horizon = min(96, max(1, table.count / 50))
    }

    /// The split, the inputs and the outputs of a task file, with comments in a language.
    func lines(_ say: Language) -> [String] {
        let name = ConfigText.scalar
        return [
            "", say(Phrase("# Rows are moments, the last of which are kept from training.", "# 每行是一个时刻，最后的时刻不参与训练。")),
            "split:", "  kind: time",
            "  column: \(name(time))  # " + say(Phrase("one moment after the other", "按时间先后")), "  validation: 0.2",
            "  test: 0.2", "",
            say(Phrase("# What a prediction is made from: so many rows of each.", "# 预测所依据的列：各取这么多行。")), "inputs:",
        ]
            + columns.flatMap { ["  - name: \(name($0))", "    type: series", "    lookback: \(lookback)"] }
            + ["", say(Phrase("# What is predicted: so many next rows.", "# 要预测的列：之后的这么多行。")), "outputs:"]
            + targets.flatMap { ["  - name: \(name($0))", "    type: forecast", "    horizon: \(horizon)"] }
    }
}

/// A table whose target has several items in a field, as many as another column: a class for each step of a sequence.
struct SequenceGuess {
    private let columns: [String]
    private let target: String
    /// Whether steps are told what the target was before them: right and wrong answers say much of the next.
    private let isTraced: Bool

    /// Shares of rows.
    private static let nearlyAll = 0.98
    private static let many = 0.3
    private static let mostClasses = 200

    /// nil when the table is none.
    init?(_ table: TaskTable, targets: [String]) {
        guard let target = targets.first, targets.count == 1 else { return nil }
        func steps(_ name: String) -> [[String]] {
            let fields = table.column(name)!
            let separator = SequenceField.separator(of: fields) ?? " "
            return fields.map { SequenceField.items($0, separator) }
        }
        let own = steps(target)
        let count = Double(own.count)
        let classes = Set(own.joined())
        guard Double(own.count { $0.count > 1 }) > Self.many * count, (2...Self.mostClasses).contains(classes.count)
        else {
            return nil
        }
        columns = table.columns.filter { name in
            name != target
                && Double(zip(own, steps(name)).count { $0.count == $1.count }) >= Self.nearlyAll * count
        }
        guard !columns.isEmpty else { return nil }
        self.target = target
        isTraced = classes.count == 2
    }

    /// The inputs and the outputs of a task file, with comments in a language.
    func lines(_ say: Language) -> [String] {
        let name = ConfigText.scalar
        return ["", say(Phrase("# What a prediction is made from, step by step.", "# 预测所依据的列，逐步给出。")), "inputs:"]
            + columns.flatMap {
                [
                    "  - name: \(name($0))  # " + say(Phrase("as many items as \(target)", "项数与 \(target) 相同")),
                    "    type: sequence",
                ]
            }
            + (isTraced
                ? [
                    "  - name: \(name(target))  # "
                        + say(
                            Phrase(
                                "what was true of the steps before; leave it out if that is not known",
                                "之前各步的真实值；若不可得请去掉")),
                    "    type: sequence", "    shift: 1",
                ] : [])
            + [
                "", say(Phrase("# What is predicted: a class for each step.", "# 要预测的列：每步一个类别。")), "outputs:",
                "  - name: \(name(target))",
                "    type: sequence",
            ]
    }
}
