import WrightData
import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// Trains a task: reads its rows, fits its features, splits, trains its networks one after the other, and measures them on
/// rows that they did not learn from.
public struct TaskRun {
    public let config: TaskConfig
    /// The task file, for messages; `data.path` is relative to its folder.
    public let file: String
    public let backend: any Backend
    /// Three batches of everything and one network: does it run?
    public var isTrial = false
    /// Seconds that training may take; the task's own limit counts too.
    public var maximumSeconds: Double?
    public var interruption = Interruption()
    /// Given a line for people whenever there is something to say.
    public var say: (String) -> Void = { _ in }
    /// Callbacks of a network's training; given its number from 0 and how many there are.
    public var callbacks: (_ member: Int, _ count: Int) -> [any Callback] = { _, _ in [] }

    public init(_ config: TaskConfig, file: String, on backend: any Backend) {
        self.config = config
        self.file = file
        self.backend = backend
    }

    /// What training gave.
    public struct Result: Sendable {
        public var model: TaskModel
        /// Of the rows that a network did not learn from: all rows but the test's with folds, the validation part
        /// without; nil when there are none.
        public var validation: TaskEvaluation?
        public var test: TaskEvaluation?
        public var seconds: Double
        /// The rows, which the evaluations count.
        public var table: TaskTable
        /// What the task asks for, and whether it was reached.
        public var goal: [GoalVerdict]
    }

    /// The paths of the rows.
    public static func dataPaths(_ config: TaskConfig, file: String) -> [String] {
        config.data.files.map { $0.hasPrefix("/") ? $0 : "\(FileAccess.folder(of: file))/\($0)" }
    }

    /// - Throws: ``ConfigProblems`` with every column that is missing or does not hold what its type says; `FileError`;
    ///   `TrainingError`.
    public func run() throws -> Result {
        let start = SystemCalls.monotonicTime
        let table = try readTable()
        if table.report.dropped > 0 { say("note: \(table.file): \(table.report)") }
        var (split, resolved) = try split(table)
        var check = try gate(table, split)
        var (inputs, outputs) = try fit(table, rows: split.fitting)
        try checkGoal(outputs, table)
        let answers = zip(outputs, resolved.outputs).map { $0.encode(table.column($1.name)!) }
        let form = NetworkForm(inputs, outputs, resolved)
        let columns = try zip(inputs, resolved.inputs).map { try $0.encode(table.fields(of: $1)!) }
        try leaveOut(TaskModel.defects(columns, answers, resolved), of: &split, table)
        let rows = TaskRows(columns, form, targets: answers.map(\.targets), count: table.count)
        say(
            "\(table.file): \(split.members[0].training.count.grouped) rows to train on, "
                + "\(split.members[0].validation.count.grouped) to validate, \(split.test.count.grouped) to test, "
                + "\(inputs.count) inputs, \(outputs.count) output\(outputs.count == 1 ? "" : "s")")

        var members: [TaskNetwork] = []
        var held: [(rows: [Int], averages: Buffer)] = []
        for (number, part) in split.members.enumerated() {
            let seconds = secondsLeft(resolved, since: start).map { $0 / Double(split.members.count - number) }
            let network = try train(
                rows, form, outputs, part, resolved, number, of: split.members.count, seconds: seconds)
            let single = TaskModel(resolved, inputs: inputs, outputs: outputs, members: [network], on: backend)
            if !part.validation.isEmpty {
                held.append((part.validation, try single.averages(rows, rows: part.validation)))
            }
            members.append(network)
        }
        var model = TaskModel(resolved, inputs: inputs, outputs: outputs, members: members, on: backend)
        var validation: TaskEvaluation?
        if !held.isEmpty {
            let averages = Buffer(
                held.flatMap { $0.averages.array(of: Float.self) },
                shape: [held.reduce(0) { $0 + $1.rows.count }, form.outputs])
            let rows = held.flatMap(\.rows)
            for finding in labelFindings(model, averages, answers, rows: rows, table) {
                check.add(finding, among: rows.count)
            }
            outputs[goalPlace] = try outputs[goalPlace].deciding(
                for: config.goal, predictions: model.predictions(averages)[goalPlace],
                truths: TaskRows.gathered(answers[goalPlace].truths, rows))
            model = TaskModel(resolved, inputs: inputs, outputs: outputs, members: members, on: backend)
            validation = try model.measured(averages, answers, rows: rows, lines: table.lines)
        }
        var test: TaskEvaluation?
        if !split.test.isEmpty {
            test = try model.measured(
                model.averages(rows, rows: split.test), answers, rows: split.test, lines: table.lines)
        }
        let seconds = SystemCalls.monotonicTime - start
        let goal = try verdicts(model, validation, test, table)
        model.metrics = Self.metrics(validation, test, goal, folds: members.count, seconds: seconds)
        let digits = String(table.fingerprint, radix: 16)
        model.data = [
            "rows": .integer(Int64(table.count)), "columns": .texts(table.columns), "fingerprint": .string(digits),
        ]
        model.dataCheck = Self.json(check, table)
        return Result(model: model, validation: validation, test: test, seconds: seconds, table: table, goal: goal)
    }

    private static func metrics(
        _ validation: TaskEvaluation?, _ test: TaskEvaluation?, _ goal: [GoalVerdict], folds: Int, seconds: Double
    ) -> JSON {
        var object = JSON.Object()
        object[folds > 1 ? "cross_validation" : "validation"] = validation?.json
        object["test"] = test?.json
        if !goal.isEmpty { object["goal"] = .array(goal.map(\.json)) }
        object["seconds"] = .number(seconds)
        return .object(object)
    }

    private func secondsLeft(_ config: TaskConfig, since start: Double) -> Double? {
        let limit = [maximumSeconds, config.train.maximumSeconds].compactMap(\.self).min()
        return limit.map { max($0 - (SystemCalls.monotonicTime - start), 0.1) }
    }
}

// MARK: Before training

extension TaskRun {
    func readTable() throws -> TaskTable {
        let names = Set(
            config.inputs.map(\.name) + config.outputs.map(\.name) + [config.split.column].compactMap(\.self)
                + config.goal.sensitive)
        let table = try TaskTable(paths: Self.dataPaths(config, file: file), config.data, dropsRows: true) {
            names.contains($0)
        }
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
                    report.drop("\(defect) in \(output.name.readable)", at: table.place(of: row))
                }
                if index == 0 { strata = feature.strata(fields) }
            } catch let problem as FeatureProblem {
                problems.add(output.place, "outputs.\(output.name)", "\(problem)")
            }
        }
        try problems.check()
        let rows = isUsable.indices.filter { isUsable[$0] }
        report.keep(rows.count)
        if report.dropped > 0 { say("note: \(table.file): \(report)") }
        var resolved = config
        resolved.train = config.train.resolved(rows: rows.count, work: config.work, split: config.split.kind)
        if isTrial { resolved.train.folds = 1 }
        do {
            if config.forecasts { return (try windows(table, rows), resolved) }
            let split = try TaskSplit(
                config.split, rows: rows, strata: strata, column: config.split.column.flatMap { table.column($0) },
                folds: resolved.train.folds ?? 1, seed: UInt64(config.train.seed))
            return (split, resolved)
        } catch let problem as FeatureProblem {
            problems.add(.program, "split", "\(problem)")
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
                "note: \(table.file): time has \(time.gaps.count) gap\(time.gaps.count == 1 ? "" : "s"), the first before line "
                    + "\(table.lines[first]); \(defects.count) rows with one among those before or after them are left out"
            )
        }
        return try TaskSplit(
            windowsEndingWith: rows.filter { defects[$0] == nil }, of: table.count, horizon: horizon, config.split)
    }

    /// Leaves out rows whose inputs cannot be used, and says so.
    private func leaveOut(_ defects: [Int: String], of split: inout TaskSplit, _ table: TaskTable) throws {
        guard !defects.isEmpty else { return }
        var report = DropReport(unit: "row")
        for (row, defect) in defects.sorted(by: { $0.key < $1.key }) {
            report.drop(defect, at: table.place(of: row))
        }
        split.leaveOut(Set(defects.keys))
        report.keep(split.fitting.count + split.test.count)
        say("note: \(table.file): \(report)")
        guard split.members.allSatisfy({ !$0.training.isEmpty }) else {
            throw FeatureProblem("no row is left to train on. \(report)")
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
                problems.add(place, "\(list).\(name)", "\(problem)")
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

// MARK: Training

extension TaskRun {
    private func train(
        _ data: TaskRows, _ form: NetworkForm, _ outputs: [any OutputFeature],
        _ part: (training: [Int], validation: [Int]), _ config: TaskConfig, _ number: Int, of count: Int,
        seconds: Double?
    ) throws -> TaskNetwork {
        let seed = UInt64(config.train.seed) &* 1000 &+ UInt64(number)
        var source = ParameterSource(seed: seed)
        let network = TaskNetwork(form, config.model, from: &source)
        var batches = Pipeline.Config()
        batches.batchSize = min(config.train.batchSize ?? 1, part.training.count)
        batches.seed = seed
        if let lengths = data.lengths {
            batches.order = .similarLengths(part.training.map { lengths[$0] }, batchSize: batches.batchSize)
        }
        batches.inputAugmentations = data.augmentations
        let training = Pipeline(data.subset(part.training), batches)
        var validating = Pipeline.Config()
        validating.batchSize = config.work.rowsMeasured
        let ordered = data.lengths.map { lengths in part.validation.sorted { lengths[$0] < lengths[$1] } }
        let validation =
            part.validation.isEmpty ? nil : Pipeline(data.subset(ordered ?? part.validation), validating)
        var settings = Trainer.Config()
        settings.epochs = config.train.epochs
        settings.timeLimit = seconds
        settings.seed = seed
        settings.clipping = .norm(1)
        settings.patience = validation == nil ? nil : config.train.patience
        settings.limits.fastDevRun = isTrial ? 3 : nil
        let rate = config.train.learningRate ?? 1e-3
        let trainer = try Trainer(
            network, settings,
            groups: ParameterGroup.separating(
                weights: AdamW(learningRate: rate, weightDecay: config.train.weightDecay),
                rest: AdamW(learningRate: rate, weightDecay: 0)),
            schedule: CosineSchedule(
                steps: max(1, (config.train.epochs ?? 1) * training.batchesPerEpoch), minimum: 0.01),
            on: backend
        ) { network, batch in
            let answer = network(batch.inputs)
            let parts = answer.split(sizes: outputs.map(\.width), along: 1)
            let losses = zip(outputs, zip(parts, batch.targets)).map { $0.loss($1.0, target: $1.1) }
            return Objective(loss: losses.dropFirst().reduce(losses[0]) { $0 + $1 })
        }
        let result = try trainer.fit(
            training, validation: validation, callbacks: [BestWeights(of: network)] + callbacks(number, count),
            interruption: interruption)
        let best = result.best.map { ", best loss \($0.value.short) after epoch \($0.epoch + 1)" } ?? ""
        say(
            "network \(number + 1) of \(count): \(result.epochs) epoch\(result.epochs == 1 ? "" : "s") in \(result.seconds.clock)"
                + best)
        return network
    }
}

extension FittingConfig {
    /// With everything chosen that the rows decide.
    func resolved(rows: Int, work: TaskWork, split: SplitConfig.Kind) -> FittingConfig {
        var config = self
        let canFold = split != .time && split != .column
        let isLong = work != .numbers || rows < 20
        config.folds = canFold ? folds ?? (isLong ? 1 : rows <= 2000 ? 10 : rows <= 100_000 ? 5 : 1) : 1
        switch work {
        case .numbers:
            config.batchSize = batchSize ?? (rows <= 2000 ? 32 : rows <= 10_000 ? 64 : rows <= 50_000 ? 128 : 512)
            config.epochs = epochs ?? (rows <= 10_000 ? 60 : rows <= 100_000 ? 20 : 10)
        case .texts:
            config.batchSize = batchSize ?? 64
            config.epochs = epochs ?? 10
        case .pictures:
            config.batchSize = batchSize ?? (rows <= 1000 ? 16 : 64)
            config.epochs = epochs ?? min(30, max(10, 300_000 / max(rows, 1)))
        case .sequences:
            config.batchSize = batchSize ?? 32
            config.epochs = epochs ?? min(40, max(10, 40_000 / max(rows, 1)))
        case .series:
            config.batchSize = batchSize ?? 32
            config.epochs = epochs ?? 12
        }
        config.learningRate = learningRate ?? (work == .texts ? 1e-3 : work == .series ? 5e-4 : 2e-3)
        config.patience = patience ?? max(3, (config.epochs ?? 1) / 4)
        return config
    }
}
