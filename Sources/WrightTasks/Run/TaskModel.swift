import WrightData
import WrightGraph
import WrightNN
public import WrightRuntime
import WrightTrain

/// A trained task: features and networks, from fields to predictions.
public struct TaskModel: Sendable {
    /// The task as it was trained, every choice made.
    public let config: TaskConfig
    let inputs: [any InputFeature]
    let outputs: [any OutputFeature]
    let ensemble: Ensemble
    let form: NetworkForm
    let backend: any Backend
    /// What it was worth when it was trained.
    public internal(set) var metrics: JSON = [:]
    /// The rows it was trained on: their number and what names them.
    public internal(set) var data: JSON = [:]
    /// What was found in them before training; nil where nobody looked.
    public internal(set) var dataCheck: JSON?

    /// What it was trained with: program, machine, threads, date.
    public var environment = JSON.Object()
    /// How the training of each network went: `{"members": [LearningCurve.json…]}`; nil where nobody kept it.
    public var curves: JSON?

    /// The answers of all networks, averaged; one plan for each number of rows.
    private let function: CompiledFunction

    init(
        _ config: TaskConfig, inputs: [any InputFeature], outputs: [any OutputFeature], members: [TaskNetwork],
        on backend: any Backend
    ) {
        self.config = config
        self.inputs = inputs
        self.outputs = outputs
        ensemble = Ensemble(members: members)
        self.backend = backend
        form = NetworkForm(inputs, outputs, config)
        function = CompiledFunction(on: backend) { arguments in
            let answers = members.map { Self.averaged($0(arguments), outputs) }
            let sum = answers.dropFirst().reduce(answers[0]) { $0 + $1 }
            return Trace([sum / Double(answers.count)])
        }
    }

    /// The part of the answer that is each output's, as it is averaged, side by side again.
    static func averaged(_ answer: Tensor, _ outputs: [any OutputFeature]) -> Tensor {
        let parts = zip(answer.split(sizes: outputs.map(\.width), along: 1), outputs).map { $1.averaged($0) }
        return parts.count == 1 ? parts[0] : Tensor.concatenated(parts, along: 1)
    }

    /// What the columns of `table` are for the networks, and what is wrong with rows that they are nothing for.
    ///
    /// - Throws: ``ConfigProblems`` naming every input column that is not there.
    func encoded(
        _ table: TaskTable, _ answers: [EncodedOutput] = []
    ) throws -> (rows: TaskRows, defects: [Int: Phrase]) {
        var problems = ConfigProblems(file: table.file)
        var columns: [EncodedInput] = []
        for (feature, input) in zip(inputs, config.inputs) {
            if let fields = table.fields(of: input) {
                columns.append(try feature.encode(fields))
            } else {
                problems.add(.program, "", table.missingColumn(input.name))
            }
        }
        try problems.check()
        return (TaskRows(columns, form, count: table.count), Self.defects(columns, answers, config))
    }

    /// Why rows can be no input, with the column.
    static func defects(
        _ columns: [EncodedInput], _ answers: [EncodedOutput], _ config: TaskConfig
    ) -> [Int: Phrase] {
        var found: [Int: Phrase] = [:]
        // Sequences run side by side: they must be of one length.
        let lengths =
            zip(columns, config.inputs).compactMap { column, input in column.lengths.map { ($0, input.name) } }
            + zip(answers, config.outputs).compactMap { answer, output in answer.lengths.map { ($0, output.name) } }
        for (other, name) in lengths.dropFirst() {
            for row in other.indices where other[row] != lengths[0].0[row] && other[row] > 0 && found[row] == nil {
                let (first, second) = (lengths[0].1.readable, name.readable)
                found[row] = Phrase(
                    "with other numbers of steps in \(first) and \(second)", "\(first) 与 \(second) 的步数不同")
            }
        }
        for (column, input) in zip(columns, config.inputs) {
            found.merge(column.defects.mapValues { $0.inColumn(input.name) }) { first, _ in first }
        }
        return found
    }

    /// The averages for what networks read, float32 `[rows, width of all outputs]`.
    func averages(of inputs: [Buffer]) throws -> Buffer { try function(inputs)[0] }

    /// The model of one of the networks alone.
    func only(_ network: Int) -> TaskModel {
        TaskModel(config, inputs: inputs, outputs: outputs, members: [ensemble.members[network]], on: backend)
    }

    /// The averages of `rows`, float32 `[rows, width of all outputs]`.
    func averages(_ data: TaskRows, rows: [Int]) throws -> Buffer {
        var values: [Float] = []
        values.reserveCapacity(rows.count * form.outputs)
        // Rows of like lengths together, so that little of a batch is padding.
        let lengths = data.lengths
        let order = lengths.map { lengths in rows.indices.sorted { lengths[rows[$0]] < lengths[rows[$1]] } }
        for start in stride(from: 0, to: rows.count, by: config.work.rowsMeasured) {
            let places = start..<min(start + config.work.rowsMeasured, rows.count)
            let samples = try data.samples(places.map { rows[order?[$0] ?? $0] })
            values += try averages(of: samples.inputs).array(of: Float.self)
        }
        guard let order else { return Buffer(values, shape: [rows.count, form.outputs]) }
        var sorted = values
        for (place, row) in order.enumerated() {
            for column in 0..<form.outputs {
                sorted[row * form.outputs + column] = values[place * form.outputs + column]
            }
        }
        return Buffer(sorted, shape: [rows.count, form.outputs])
    }

    /// The predictions of each output, from averages of some rows.
    func predictions(_ averages: Buffer) -> [Buffer] {
        let (count, width) = (averages.shape[0], form.outputs)
        let values = averages.array(of: Float.self)
        var start = 0
        return outputs.map { output in
            let columns = start..<(start + output.width)
            start = columns.upperBound
            let own = (0..<count).flatMap { row in
                values[(row * width + columns.lowerBound)..<(row * width + columns.upperBound)]
            }
            return output.predictions(Buffer(own, shape: [count, output.width]))
        }
    }

    /// Predicts every row of a table, in order: a column for what is answered and, for classes, columns of probabilities.
    /// Rows whose inputs cannot be used (a picture that is not there) have empty fields; `isLeftOut` is told why.
    public func predict(
        _ table: TaskTable, isLeftOut: (_ row: Int, _ cause: Phrase) -> Void = { _, _ in }
    ) throws -> [PredictionColumn] {
        if config.forecasts { return try forecast(table) }
        let (data, defects) = try encoded(table)
        for (row, cause) in defects.sorted(by: { $0.key < $1.key }) { isLeftOut(row, cause) }
        let rows = (0..<table.count).filter { defects[$0] == nil }
        let averages = try averages(data, rows: rows)
        return zip(config.outputs, zip(outputs, predictions(averages))).flatMap { output, answer in
            answer.0.columns(answer.1).map { column in
                var column = column
                let predicted = column.fields
                column.name = output.name + column.name
                column.fields = [String](repeating: "", count: table.count)
                for (place, row) in rows.enumerated() { column.fields[row] = predicted[place] }
                return column
            }
        }
    }

    /// Keeps what was found out about measured rows beside their metrics: of `cross_validation`, `validation` or `test`.
    public mutating func add(_ insight: TaskInsight, to part: String) {
        guard case .object(var all) = metrics, case .object(var measured)? = all[part] else { return }
        insight.add(to: &measured, includesCurves: false)
        all[part] = .object(measured)
        metrics = .object(all)
    }

    /// How many networks are asked together, and how many numbers they have learned.
    public var networkCount: Int { ensemble.members.count }
    public var parameterCount: Int { ensemble.parameters.reduce(0) { $0 + $1.parameter.count } }

    /// What comes after the last row of a table in the order of time: the times of the next rows, and a column for each
    /// output.
    ///
    /// - Throws: ``FeatureProblem`` when rows are not in that order, too few, or some are missing among the last.
    private func forecast(_ table: TaskTable) throws -> [PredictionColumn] {
        let (data, found) = try encoded(table)
        let time = try seriesTime(table)
        let (lookback, horizon) = config.window
        let last = table.count - 1
        if let defect = found[last] ?? time.defects(lookback: lookback, horizon: 0)[last] {
            throw FeatureProblem(.noForecast, table.file, defect)
        }
        let predicted = predictions(try averages(data, rows: [last]))
        return [PredictionColumn(config.split.column ?? "time", time.continued(by: horizon))]
            + zip(config.outputs, zip(outputs, predicted)).flatMap { output, answer in
                answer.0.columns(answer.1).map { column in
                    let missing = [String](repeating: "", count: horizon - column.fields.count)
                    return PredictionColumn(output.name + column.name, column.fields + missing, isNumeric: true)
                }
            }
    }

    /// The time of each row of a table for forecasts.
    func seriesTime(_ table: TaskTable) throws -> SeriesTime {
        guard let name = config.split.column, let fields = table.column(name) else {
            throw FeatureProblem(table.missingColumn(config.split.column ?? "time"))
        }
        return try SeriesTime(fields, lines: table.lines)
    }

    /// Whether a column is needed to predict or, where `isMeasured`, to measure.
    public func needs(_ column: String, isMeasured: Bool = false) -> Bool {
        config.inputs.contains { $0.name == column } || config.forecasts && config.split.column == column
            || isMeasured
                && (config.outputs.contains { $0.name == column } || config.goal.sensitive.contains(column))
    }
}
