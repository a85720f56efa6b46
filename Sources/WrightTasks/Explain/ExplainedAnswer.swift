import WrightData
import WrightGraph
import WrightRuntime

/// The one number of an output's predictions that explanations are about: a predicted number, or a class's probability.
struct ExplainedAnswer: Sendable {
    /// Which of the outputs.
    let place: Int
    /// The class; nil for numbers.
    let label: Int?
    /// `price`, `probability of yes`.
    let name: Phrase
}

extension TaskModel {
    /// The fields of the input columns, in the order of the task.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there.
    func fields(_ table: TaskTable) throws -> [[String?]] {
        var problems = ConfigProblems(file: table.file)
        let fields = config.inputs.compactMap { input -> [String?]? in
            let column = table.fields(of: input)
            if column == nil { problems.add(.program, "", table.missingColumn(input.name)) }
            return column
        }
        try problems.check()
        return fields
    }

    /// What is explained of an output: the second of two classes, and of more the one that is likeliest for `row`; nil
    /// where an answer is no single number.
    func explained(_ place: Int, row: [String?]) throws -> ExplainedAnswer? {
        switch outputs[place].form {
        case .number:
            return ExplainedAnswer(
                place: place, label: nil, name: Phrase(config.outputs[place].name, config.outputs[place].name))
        case .classes(let labels):
            var best = 1
            if labels.count > 2 {
                let probabilities = try averaged(row.map { [$0] })[place].array(of: Float.self)
                best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
            }
            return ExplainedAnswer(
                place: place, label: best, name: Phrase("probability of \(labels[best])", "“\(labels[best])”的概率"))
        case .other: return nil
        }
    }

    /// The predictions of each output for rows that are given column by column.
    private func averaged(_ fields: [[String?]]) throws -> [Buffer] {
        let count = fields.first?.count ?? 0
        let data = TaskRows(try zip(inputs, fields).map { try $0.encode($1) }, form, count: count)
        return predictions(try averages(data, rows: Array(0..<count)))
    }

    /// What the model says of rows that are given column by column: one number for each.
    func answers(_ explained: ExplainedAnswer, _ fields: [[String?]]) throws -> [Double] {
        numbers(explained, try averaged(fields))
    }

    /// The explained number of each row, from the predictions of each output.
    func numbers(_ explained: ExplainedAnswer, _ predictions: [Buffer]) -> [Double] {
        let predictions = predictions[explained.place]
        let values = predictions.array(of: Float.self)
        guard let label = explained.label else { return values.map(Double.init) }
        let width = predictions.shape[1]
        return stride(from: label, to: values.count, by: width).map { Double(values[$0]) }
    }
}
