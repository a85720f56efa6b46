import WrightData
import WrightGraph
import WrightRuntime
import WrightTrain

/// Everything that training needs, made from the rows once.
struct PreparedTask {
    var table: TaskTable
    var split: TaskSplit
    /// Every choice made that depends on the rows.
    var config: TaskConfig
    /// What was found in the rows; nil when nobody looked.
    var check: DataReport?
    var inputs: [any InputFeature]
    var outputs: [any OutputFeature]
    var answers: [EncodedOutput]
    var form: NetworkForm
    var rows: TaskRows
    /// The class of each row, where classes are to be drawn equally often.
    var drawn: [Int32]?
    /// The rows to train on, where there are more than fit into memory; ``table`` holds some of them then, and those that
    /// validate and test.
    var stored: StoredRows?
}

extension TaskRun {
    /// Reads the rows, checks and splits them, and fits the features to what may be learned from.
    func prepare() throws -> PreparedTask {
        let table = try table ?? readTable()
        for note in table.notes { say(.note(note)) }
        var (split, resolved) = try split(table)
        let check = checksData ? try gate(table, split) : nil
        let (inputs, outputs) = try fit(table, rows: split.fitting)
        try checkGoal(outputs, table)
        let drawn = try drawnClasses(outputs, table)
        let answers = zip(outputs, resolved.outputs).map { $0.encode(table.column($1.name)!) }
        let form = NetworkForm(inputs, outputs, resolved)
        let columns = try zip(inputs, resolved.inputs).map { try $0.encode(table.fields(of: $1)!) }
        try leaveOut(TaskModel.defects(columns, answers, resolved), of: &split, table)
        let rows = TaskRows(columns, form, targets: answers.map(\.targets), count: table.count)
        var task = PreparedTask(
            table: table, split: split, config: resolved, check: check, inputs: inputs, outputs: outputs,
            answers: answers, form: form, rows: rows, drawn: drawn)
        if table.total > table.count { task.stored = try store(task) }
        let training = (task.stored?.count ?? split.members[0].training.count).grouped
        let (validation, test) = (split.members[0].validation.count.grouped, split.test.count.grouped)
        say(
            Phrase(
                "\(table.file): \(training) rows to train on, \(validation) to validate, \(test) to test, "
                    + "\(inputs.count) inputs, \(outputs.count.counted("output"))",
                "\(table.file)：训练集 \(training) 行，验证集 \(validation) 行，测试集 \(test) 行；输入 \(inputs.count) 列，输出 "
                    + "\(outputs.count) 列"))
        return task
    }

    /// The classes that sampling balances; nil when it does not.
    private func drawnClasses(_ outputs: [any OutputFeature], _ table: TaskTable) throws -> [Int32]? {
        guard config.train.sampling == .balanced else { return nil }
        let name = config.outputs[goalPlace].name
        if let classes = outputs[goalPlace].strata(table.column(name)!) { return classes }
        var problems = ConfigProblems(file: file)
        problems.add(.program, "train.sampling", Message(.balancedNeedsClasses, name.readable))
        throw problems
    }

    /// The columns that training reads.
    var neededColumns: Set<String> {
        Set(
            config.inputs.map(\.name) + config.outputs.map(\.name) + [config.split.column].compactMap(\.self)
                + config.goal.sensitive)
    }

    func readTable() throws -> TaskTable {
        let names = neededColumns
        let table = try TaskTable(
            paths: Self.dataPaths(config, file: file), config.data, dropsRows: true,
            maximumBytes: maximumMemory.map(Self.tableBytes(within:)) ?? .max,
            isStopped: { interruption.isRequested }
        ) { names.contains($0) }
        guard !interruption.isRequested else { throw TrainingError.interrupted(step: 0, checkpoint: nil) }
        var problems = ConfigProblems(file: file)
        for name in config.data.clean.columns where !table.columns.contains(name) {
            problems.add(.program, "data.clean", table.missingColumn(name))
        }
        for (name, place) in config.inputs.map({ ($0.name, $0.place) }) + config.outputs.map({ ($0.name, $0.place) })
        where table.column(name) == nil {
            problems.add(place, "", table.missingColumn(name))
        }
        if let column = config.split.column, table.column(column) == nil {
            problems.add(.program, "split.column", table.missingColumn(column))
        }
        try problems.check()
        return table
    }

    /// The parts, and the task with every choice made that depends on the rows.
    func split(_ table: TaskTable) throws -> (TaskSplit, TaskConfig) {
        var problems = ConfigProblems(file: file)
        var report = DropReport(unit: "row")
        var isUsable = [Bool](repeating: true, count: table.count)
        var strata: [Int32]?
        for (index, output) in config.outputs.enumerated() {
            let fields = table.column(output.name)!
            do {
                // Fitted to all rows only to see which of them hold an answer.
                let feature = try output.settings.fit(fields)
                for (row, defect) in feature.encode(fields).defects.enumerated() where isUsable[row] {
                    guard let defect else { continue }
                    isUsable[row] = false
                    report.drop(defect.inColumn(output.name), at: table.place(of: row))
                }
                if index == 0 { strata = feature.strata(fields) }
            } catch let problem as FeatureProblem {
                problems.add(output.place, "outputs.\(output.name)", problem.message)
            }
        }
        try problems.check()
        let rows = isUsable.indices.filter { isUsable[$0] }
        report.keep(rows.count)
        if report.dropped > 0 { say(.note(Phrase("\(table.file): ", "\(table.file)：") + report.phrase)) }
        var resolved = config
        let isSampled = table.total > table.count
        resolved.train = config.train.resolved(
            rows: isSampled ? table.total : rows.count, work: config.work, split: config.split.kind,
            learnsNumbers: config.outputs.allSatisfy { $0.settings is NumberOutput.Settings })
        if epochShare < 1, let epochs = resolved.train.epochs {
            resolved.train.epochs = max(1, Int((Double(epochs) * epochShare).rounded()))
        }
        if isTrial || isSampled { resolved.train.folds = 1 }
        do {
            if config.forecasts { return (try windows(table, rows), resolved) }
            let split = try TaskSplit(
                config.split, rows: rows, strata: strata, column: config.split.column.flatMap { table.column($0) },
                folds: resolved.train.folds ?? 1, seed: UInt64(config.train.seed))
            return (split, resolved)
        } catch let problem as FeatureProblem {
            problems.add(.program, "split", problem.message)
            throw problems
        }
    }

    /// The parts where windows of rows in the order of time are the examples.
    private func windows(_ table: TaskTable, _ rows: [Int]) throws -> TaskSplit {
        let time = try SeriesTime(config.split.column.flatMap { table.column($0) } ?? [], lines: table.lines)
        let (lookback, horizon) = config.window
        let defects = time.defects(lookback: lookback, horizon: horizon)
        if let first = time.gaps.first {
            say(
                .note(
                    Phrase(
                        "\(table.file): time has \(time.gaps.count.counted("gap")), the first before line "
                            + "\(table.lines[first]); \(defects.count) rows with one among those before or after them are "
                            + "left out",
                        "\(table.file)：时间有 \(time.gaps.count) 处间断，第一处在第 \(table.lines[first]) 行之前；前后含有间断的 "
                            + "\(defects.count) 行未使用")))
        }
        return try TaskSplit(
            windowsEndingWith: rows.filter { defects[$0] == nil }, of: table.count, horizon: horizon, config.split)
    }

    /// Leaves out rows whose inputs cannot be used, and says so.
    private func leaveOut(_ defects: [Int: Phrase], of split: inout TaskSplit, _ table: TaskTable) throws {
        guard !defects.isEmpty else { return }
        var report = DropReport(unit: "row")
        for (row, defect) in defects.sorted(by: { $0.key < $1.key }) {
            report.drop(defect, at: table.place(of: row))
        }
        split.leaveOut(Set(defects.keys))
        report.keep(split.fitting.count + split.test.count)
        say(.note(Phrase("\(table.file): ", "\(table.file)：") + report.phrase))
        guard split.members.allSatisfy({ !$0.training.isEmpty }) else {
            throw FeatureProblem(.noTrainingRow, report)
        }
    }

    private func fit(
        _ table: TaskTable, rows: [Int]
    ) throws -> (inputs: [any InputFeature], outputs: [any OutputFeature]) {
        var problems = ConfigProblems(file: file)
        func fitted<Feature>(
            _ name: String, _ list: String, _ place: ConfigPlace, _ fields: [String?],
            _ fit: ([String?]) throws -> Feature
        ) throws -> Feature? {
            do { return try fit(rows.map { fields[$0] }) } catch let problem as FeatureProblem {
                problems.add(place, "\(list).\(name)", problem.message)
                return nil
            }
        }
        var inputs: [any InputFeature] = []
        for input in config.inputs {
            if let feature = try fitted(
                input.name, "inputs", input.place, table.fields(of: input)!,
                { try input.settings.fit($0) as any InputFeature })
            {
                inputs.append(feature)
            }
        }
        var outputs: [any OutputFeature] = []
        for output in config.outputs {
            if let feature = try fitted(
                output.name, "outputs", output.place, table.column(output.name)!,
                { try output.settings.fit($0) as any OutputFeature })
            {
                outputs.append(feature)
            }
        }
        try problems.check()
        return (inputs, outputs)
    }
}
