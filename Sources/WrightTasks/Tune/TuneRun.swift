import WrightData
public import WrightRuntime
public import WrightTrain

/// Looks for the settings with which a task learns best, by training it again and again and measuring on rows that were held
/// out of training; rows that are kept for the test play no part.
public struct TuneRun {
    public let config: TaskConfig
    public let file: String
    /// Settings in the place of the file's.
    public let overrides: [(path: String, value: ConfigNode)]
    public let folder: String
    public let backend: any Backend
    /// In the place of the task file's.
    public var trials: Int?
    /// No trial goes on after so many seconds.
    public var maximumSeconds: Double?
    /// Bytes that the program may take up; nil for any number.
    public var maximumMemory: Int?
    public var resumes = false
    public var interruption = Interruption()
    public var say: (Phrase) -> Void = { _ in }

    public init(
        file: String, overrides: [(path: String, value: ConfigNode)] = [], folder: String, on backend: any Backend
    ) throws {
        config = try TaskConfig(file: file, overrides: overrides)
        self.file = file
        self.overrides = overrides
        self.folder = folder
        self.backend = backend
    }

    /// What a search found.
    public struct Result: Sendable {
        /// What trials are ranked by.
        public var metric: String
        /// The best first: those that were trained in full, then the others by their budgets, then those that failed.
        public var ranked: [TuneTrial]
        /// The task with the best settings.
        public var bestFile: String

        public var best: TuneTrial? { ranked.first { $0.score != nil } }
        /// The task as it stands in its file.
        public var first: TuneTrial? { ranked.first { $0.number == 0 } }

        public var json: JSON {
            [
                "metric": .string(metric), "best": best?.json ?? .null, "as_written": first?.json ?? .null,
                "best_file": .string(bestFile), "trials": .array(ranked.map(\.json)),
            ]
        }
    }

    /// Whether a folder holds a search.
    public static func exists(in folder: String) -> Bool { TuneFolder.exists(folder) }

    /// - Throws: ``ConfigProblems`` with every range whose setting cannot have its values; what training the task as it is
    ///   throws; `TrainingError.interrupted`, and `otherRun` when the folder holds another search. A later trial that fails
    ///   is kept with its error.
    public func run() throws -> Result {
        let start = SystemCalls.monotonicTime
        let ranges = config.tune.space.isEmpty ? TuneSpace.usual(for: config) : config.tune.space
        let space = TuneSpace(ranges)
        try check(space)
        let table = try readTable()
        let kept = try TuneFolder(folder, task: config, space: space, table)
        var trials = try kept.trials()
        if !trials.isEmpty { say(Phrase("\(trials.count.counted("trial")) made before", "先前已做 \(trials.count) 次试验")) }
        var search = TuneSearch(space: space, search: config.tune.search, seed: UInt64(config.tune.seed))
        let metric = try metric(table)
        search.goal = Trainer.Monitor(judging: metric)
        let wanted = self.trials ?? config.tune.trials
        let deadline = maximumSeconds.map { start + $0 }
        while trials.count < wanted {
            var trial = search.next(after: trials)
            let began = SystemCalls.monotonicTime
            if let deadline, began >= deadline { break }
            do {
                (trial.score, trial.deviation) = try score(trial, metric, table, deadline)
            } catch TrainingError.interrupted(let step, _) {
                if let deadline, SystemCalls.monotonicTime >= deadline { break }
                throw TrainingError.interrupted(step: step, checkpoint: folder)
            } catch {
                // A task that cannot be trained as it is has no settings to look for.
                guard trial.number > 0 else { throw error }
                trial.error = "\(error)"
            }
            trial.seconds = SystemCalls.monotonicTime - began
            trials.append(trial)
            try kept.write(trials)
            tell(trial, metric, wanted)
            if ranked(trials, search).first?.number == trial.number { try writeBest(trial, kept) }
        }
        guard !trials.isEmpty else {
            throw FeatureProblem(.searchTime)
        }
        if trials.count < wanted {
            say(
                Phrase(
                    "the time is over after \(trials.count.counted("trial")) of \(wanted)",
                    "时间用完，已完成 \(wanted) 次试验中的 \(trials.count) 次"))
        }
        return Result(metric: metric, ranked: ranked(trials, search), bestFile: kept.bestFile)
    }

    private func ranked(_ trials: [TuneTrial], _ search: TuneSearch) -> [TuneTrial] {
        trials.sorted { one, other in
            if (one.score == nil) != (other.score == nil) { return one.score != nil }
            return one.budget == other.budget ? search.ranks(one, before: other) : one.budget > other.budget
        }
    }

    /// What trials are ranked by: the goal's metric, or what says best how good such an output is.
    private func metric(_ table: TaskTable) throws -> String {
        if let metric = config.goal.metric { return metric }
        let output = config.outputs[TaskRun(config, file: file, on: backend).goalPlace]
        return try output.settings.fit(table.column(output.name)!).mainMetric
    }

    /// The rows to search on; of those that do not fit into memory so many as do.
    private func readTable() throws -> TaskTable {
        var reading = TaskRun(config, file: file, on: backend)
        reading.maximumMemory = maximumMemory
        let table = try reading.readTable()
        guard table.total > table.count else { return table }
        say(
            .note(
                Phrase(
                    "\(table.file): settings are searched on \(table.count.grouped) of \(table.total.grouped) rows, drawn by lot",
                    "\(table.file)：在 \(table.total.grouped) 行中随机抽取 \(table.count.grouped) 行搜索设置")))
        return table.selecting(Array(0..<table.count))
    }

    /// Of a task with a trial's settings, on held-out rows.
    private func score(
        _ trial: TuneTrial, _ metric: String, _ table: TaskTable, _ deadline: Double?
    ) throws -> (Double, deviation: Double?) {
        var task = try changed(trial.settings)
        task.goal.latency = nil
        var run = TaskRun(task, file: file, on: backend)
        run.table = table
        run.checksData = false
        run.measuresTest = false
        run.epochShare = trial.budget
        run.interruption = interruption
        let interruption = interruption
        run.callbacks = { _, _ in deadline.map { [Deadline($0, interruption)] } ?? [] }
        let result = try run.run()
        guard let value = result.validation?.outputs[run.goalPlace].values.first(where: { $0.name == metric })?.value
        else {
            throw FeatureProblem(.noHeldOut, metric)
        }
        guard value.isFinite else { throw FeatureProblem(.metricNotFinite, metric, value) }
        let folds = result.folds?.outputs[run.goalPlace].scores.first { $0.name == metric }
        return (value, folds?.deviation)
    }

    private func changed(_ settings: JSON.Object) throws -> TaskConfig {
        let changes = settings.map { (path: $0.key, value: ConfigNode($0.value)) }
        return try TaskConfig(file: file, overrides: overrides + changes)
    }

    /// Whether every setting is one, and can have the values of its range: the ends are tried.
    private func check(_ space: TuneSpace) throws {
        var problems = ConfigProblems(file: file)
        for dimension in space.dimensions {
            let values: [JSON] =
                if case .choice(let values) = dimension.range { values } else {
                    [0, 0.999999].map { dimension.range.value(at: $0) }
                }
            for value in values {
                do {
                    _ = try TaskConfig(
                        file: file, overrides: overrides + [(path: dimension.path, value: ConfigNode(value))])
                } catch let found as ConfigProblems {
                    problems.add(
                        .program, "tune.space.\(dimension.path)",
                        Message(.valueOfSpace, value.text(), found.problems.map(\.message.phrase).joined()))
                    break
                }
            }
        }
        try problems.check()
    }

    private func writeBest(_ trial: TuneTrial, _ kept: TuneFolder) throws {
        let paths = TaskRun.dataPaths(config, file: file).map { FileAccess.path($0, from: folder) }
        let data: (path: String, value: JSON) =
            config.data.paths.isEmpty ? ("data.path", .string(paths[0])) : ("data.paths", .texts(paths))
        let text = try TaskFileEdit.text(
            file,
            setting: [data] + overrides.map { ($0.path, $0.value.json) } + trial.settings.map { ($0.key, $0.value) })
        try AtomicFile.write(Array(text.utf8), to: kept.bestFile)
    }

    private func tell(_ trial: TuneTrial, _ metric: String, _ wanted: Int) {
        let share = (100 * trial.budget).fixed(0)
        let budget = trial.isWhole ? Phrase("") : Phrase(", \(share) % of the epochs", "，\(share)% 的轮数")
        let end =
            trial.score.map { Phrase("\(metric) \($0.short)") }
            ?? Phrase("failed: \(trial.error ?? "")", "失败：\(trial.error ?? "")")
        let words = Self.words(trial)
        say(
            Phrase(
                "trial \(trial.number + 1) of \(wanted)\(budget.english): \(end.english), \(trial.seconds.clock)  "
                    + words.english,
                "试验 \(trial.number + 1)/\(wanted)\(budget.chinese)：\(end.chinese)，用时 \(trial.seconds.clock)  "
                    + words.chinese))
    }

    /// `hidden 64, dropout 0.1`: the last words of the paths.
    public static func words(_ trial: TuneTrial) -> Phrase {
        guard trial.number > 0 else { return Phrase("as written", "原任务") }
        let words = trial.settings.map { path, value in
            "\(path.split(separator: ".").last ?? "") \(value.string ?? value.text())"
        }
        return Phrase(words.joined(separator: ", "), words.joined(separator: "，"))
    }
}

/// Ends a trial when the search's time is over.
private final class Deadline: Callback {
    private let time: Double
    private let interruption: Interruption

    init(_ time: Double, _ interruption: Interruption) {
        self.time = time
        self.interruption = interruption
    }

    func stepEnded(_ step: borrowing StepReport) -> Directive {
        if SystemCalls.monotonicTime >= time { interruption.request() }
        return .proceed
    }
}
