import WrightData
import WrightGraph
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
    /// Bytes that the program may take up; tables that do not fit are kept on the disk. Nil for any number.
    public var maximumMemory: Int?
    public var interruption = Interruption()
    /// Where networks that are trained, and checkpoints of the one that is being trained, are kept until the run is done;
    /// nil for nowhere.
    public var workingFolder: String?
    /// Whether the run goes on from what its working folder holds.
    public var resumes = false
    /// Given a line for people whenever there is something to say.
    public var say: (Phrase) -> Void = { _ in }
    /// Callbacks of a network's training; given its number from 0 and how many there are.
    public var callbacks: (_ member: Int, _ count: Int) -> [any Callback] = { _, _ in [] }
    /// The rows, where they were read already.
    var table: TaskTable?
    var checksData = true
    /// Of the epochs, for a quick look at settings.
    var epochShare = 1.0
    /// Whether rows that are kept for the test are measured.
    var measuresTest = true

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
        /// Each network on the rows that it did not learn from; nil when there is only one.
        public var folds: FoldScores?
        /// For each network the rows that it did not learn from, where ``validation`` is of these; empty where there is one
        /// network or none has such rows.
        public var unseen: [[Int]]
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

    /// - Throws: ``ConfigProblems`` with every column that is missing or does not hold what its type says; ``DataRefused``;
    ///   `FileError`; `TrainingError`, of which `otherRun` when the working folder belongs to another task or other rows.
    public func run() throws -> Result {
        let start = SystemCalls.monotonicTime
        var task = try prepare()
        let folder = try isTrial ? nil : workingFolder.map { try TrainingFolder($0, of: task, resumes: resumes) }
        let (trained, earlier) = try train(task, in: folder, since: SystemCalls.monotonicTime)
        let members = trained.map(\.network)
        let held = try zip(members, task.split.members).compactMap { network, part in
            part.validation.isEmpty
                ? nil
                : (
                    rows: part.validation,
                    averages: try self.model(task, [network]).averages(task.rows, rows: part.validation)
                )
        }
        var model = self.model(task, members)
        var validation: TaskEvaluation?
        var folds: FoldScores?
        if !held.isEmpty {
            let averages = Buffer(
                held.flatMap { $0.averages.array(of: Float.self) },
                shape: [held.reduce(0) { $0 + $1.rows.count }, task.form.outputs])
            let rows = held.flatMap(\.rows)
            if task.check != nil {
                for finding in labelFindings(model, averages, task.answers, rows: rows, task.table) {
                    task.check?.add(finding, among: rows.count)
                    say(finding.sentence)
                }
            }
            task.outputs[goalPlace] = try task.outputs[goalPlace].deciding(
                for: config.goal, predictions: model.predictions(averages)[goalPlace],
                truths: TaskRows.gathered(task.answers[goalPlace].truths, rows))
            model = self.model(task, members)
            validation = try model.measured(averages, task.answers, rows: rows, lines: task.table.lines)
            if held.count > 1 { folds = try FoldScores(of: model, held, task, say: say) }
        }
        var test: TaskEvaluation?
        if measuresTest, !task.split.test.isEmpty {
            test = try model.measured(
                model.averages(task.rows, rows: task.split.test), task.answers, rows: task.split.test,
                lines: task.table.lines)
        }
        let seconds = SystemCalls.monotonicTime - start + earlier
        let goal = try verdicts(model, validation, test, task.table)
        model.metrics = Self.metrics(validation, folds, test, goal, isFolded: members.count > 1, seconds: seconds)
        let digits = String(task.table.fingerprint, radix: 16)
        model.data = [
            "rows": .integer(Int64(task.table.total)), "columns": .texts(task.table.columns),
            "fingerprint": .string(digits),
        ]
        model.dataCheck = task.check.map { Self.json($0, task.table) }
        model.curves = ["members": .array(trained.map(\.curve))]
        return Result(
            model: model, validation: validation, test: test, folds: folds,
            unseen: held.count > 1 ? held.map(\.rows) : [], seconds: seconds, table: task.table, goal: goal)
    }

    private static func metrics(
        _ validation: TaskEvaluation?, _ folds: FoldScores?, _ test: TaskEvaluation?, _ goal: [GoalVerdict],
        isFolded: Bool, seconds: Double
    ) -> JSON {
        var object = JSON.Object()
        if case .object(var measured)? = validation?.json {
            measured["folds"] = folds?.json
            object[isFolded ? "cross_validation" : "validation"] = .object(measured)
        }
        object["test"] = test?.json
        if !goal.isEmpty { object["goal"] = .array(goal.map(\.json)) }
        object["seconds"] = .number(seconds)
        return .object(object)
    }

    private func model(_ task: PreparedTask, _ members: [TaskNetwork]) -> TaskModel {
        TaskModel(task.config, inputs: task.inputs, outputs: task.outputs, members: members, on: backend)
    }

    /// All networks, and the seconds that those took which an earlier part of the run had trained.
    private func train(
        _ task: PreparedTask, in folder: TrainingFolder?, since start: Double
    ) throws -> (networks: [TrainedNetwork], earlier: Double) {
        var trained: [TrainedNetwork] = []
        var earlier = 0.0
        let count = task.split.members.count
        for number in 0..<count {
            var training = NetworkTraining(run: self, task: task, number: number)
            if let folder, let before = try folder.trained(number, as: training.network) {
                say(Phrase("network \(number + 1) of \(count): trained before", "网络 \(number + 1)/\(count)：先前已训练"))
                earlier += before.seconds
                trained.append(before)
                continue
            }
            let left = secondsLeft(task.config, since: start - earlier)
            training.seconds = left.map { $0 / Double(count - number) }
            training.checkpoints = folder?.checkpoints(of: number)
            if trained.allSatisfy(\.isOld) { training.estimated = (networks: count - number, limit: left) }
            do {
                let network = try training.train()
                try folder?.keep(network, number)
                trained.append(network)
            } catch TrainingError.interrupted(let step, nil) where folder != nil {
                // Before this network's first step there is no checkpoint, and the networks before it are kept.
                throw TrainingError.interrupted(step: step, checkpoint: folder?.path)
            }
        }
        return (trained, earlier)
    }

    private func secondsLeft(_ config: TaskConfig, since start: Double) -> Double? {
        let limit = [maximumSeconds, config.train.maximumSeconds].compactMap(\.self).min()
        return limit.map { max($0 - (SystemCalls.monotonicTime - start), 0.1) }
    }
}
