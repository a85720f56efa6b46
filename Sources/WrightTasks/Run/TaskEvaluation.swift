public import WrightData
import WrightGraph
public import WrightRuntime
public import WrightTrain

/// What a task's model is worth on some rows.
public struct TaskEvaluation: Sendable {
    /// One output's predictions and what they are worth.
    public struct Output: Sendable {
        public let name: String
        /// By scikit-learn's names.
        public let values: [MetricValue]
        /// The rows of the table that could be measured.
        public let rows: [Int]
        /// What was said of them, and what is true.
        public let predictions: Predictions
        let feature: any OutputFeature
    }

    public var outputs: [Output]
    public var examples: Int
    /// Rows that could not be measured.
    public var report: DropReport

    /// `{"outputs": {NAME: {METRIC: value}}, "examples": …, "dropped": …}`.
    public var json: JSON {
        Self.json(of: outputs.map { ($0.name, $0.values) }, examples: examples, report)
    }

    static func json(of outputs: [(name: String, values: [MetricValue])], examples: Int, _ report: DropReport) -> JSON {
        var object = JSON.Object()
        for output in outputs { object[output.name] = JSON(output.values) }
        return [
            "outputs": .object(object), "examples": .integer(Int64(examples)),
            "dropped": .integer(Int64(report.dropped)),
        ]
    }
}

extension TaskModel {
    /// Measures the model on every row of a table that has a value in its output columns.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    public func evaluate(_ table: TaskTable) throws -> TaskEvaluation {
        var problems = ConfigProblems(file: table.file)
        var answers: [EncodedOutput] = []
        for (feature, output) in zip(outputs, config.outputs) {
            if let fields = table.column(output.name) {
                answers.append(feature.encode(fields))
            } else {
                problems.add(.program, "", table.missingColumn(output.name))
            }
        }
        try problems.check()
        var (data, defects) = try encoded(table, answers)
        if config.forecasts {
            let (lookback, horizon) = config.window
            let gaps = try seriesTime(table).defects(lookback: lookback, horizon: horizon)
            defects.merge(gaps) { first, _ in first }
        }
        let rows = (0..<table.count).filter { defects[$0] == nil }
        var evaluation = try measured(averages(data, rows: rows), answers, rows: rows, lines: table.lines)
        for (row, defect) in defects.sorted(by: { $0.key < $1.key }) {
            evaluation.report.drop(defect, at: table.place(of: row))
        }
        return evaluation
    }

    /// What each output says of those of `rows` that have a true answer, and the answers; others are counted in `report`.
    func answered(
        _ averages: Buffer, _ answers: [EncodedOutput], rows: [Int], lines: [Int], _ report: inout DropReport
    ) -> [(rows: [Int], predictions: Predictions)] {
        zip(outputs.indices, predictions(averages)).map { place, predictions in
            let usable = rows.indices.filter { index in
                guard let defect = answers[place].defects[rows[index]] else { return true }
                report.drop(defect.inColumn(config.outputs[place].name), at: "line \(lines[rows[index]])")
                return false
            }
            let chosen = usable.map { rows[$0] }
            return (
                rows: chosen,
                predictions: Predictions(
                    outputs: TaskRows.gathered(predictions, usable),
                    targets: TaskRows.gathered(answers[place].truths, chosen))
            )
        }
    }

    /// Measures averages of `rows` against what is true of all rows.
    func measured(
        _ averages: Buffer, _ answers: [EncodedOutput], rows: [Int], lines: [Int]
    ) throws -> TaskEvaluation {
        var report = DropReport(unit: "row")
        var measured: [TaskEvaluation.Output] = []
        for (place, part) in answered(averages, answers, rows: rows, lines: lines, &report).enumerated() {
            let name = config.outputs[place].name
            guard !part.rows.isEmpty else {
                throw FeatureProblem(.noKnownTruth, name.readable)
            }
            var metrics = outputs[place].metrics
            for index in metrics.indices { try metrics[index].add(part.predictions) }
            measured.append(
                TaskEvaluation.Output(
                    name: name, values: metrics.flatMap(\.values), rows: part.rows, predictions: part.predictions,
                    feature: outputs[place]))
        }
        let examples = measured.map(\.rows.count).max() ?? 0
        report.keep(examples)
        return TaskEvaluation(outputs: measured, examples: examples, report: report)
    }
}
