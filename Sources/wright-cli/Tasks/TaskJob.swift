import Wright
import WrightTasks

/// What `wright train` does with a task file.
struct TaskJob {
    let command: TrainCommand
    let setup: TrainingSetup

    /// Whether a path that may be data is a task file: YAML, or JSON that speaks of inputs or outputs, sound or not.
    static func isTask(_ path: String) -> Bool {
        let name = path.lowercased()
        guard !FileAccess.isFolder(path) else { return false }
        if [".yaml", ".yml"].contains(where: name.hasSuffix) { return true }
        guard name.hasSuffix(".json"), (FileAccess.stamp(path)?.bytes ?? 0) < 4 << 20 else { return false }
        do {
            let text = String(decoding: try FileAccess.read(path), as: UTF8.self)
            return text.contains("\"inputs\"") || text.contains("\"outputs\"")
        } catch {
            // Why: a file that is not there, or cannot be read, is told by whoever opens it next.
            return true
        }
    }

    func run() throws {
        try checkFlags()
        try checkNothingIsLost()
        let config = try TaskConfig(file: command.data, overrides: overrides())
        if command.requireGoal, config.goal.isEmpty {
            throw Failure.usage("--require-goal: \(command.data) has no goal to reach")
        }
        let isMeasured = command.trial.overfitBatches == nil
        if isMeasured { try setup.checkOutput() }
        let threads = command.compute.threads ?? (config.usesThreads ? nil : 1)
        let backend = CPUBackend(threads: threads)
        var run = TaskRun(config, file: command.data, on: backend)
        run.isTrial = setup.isTrial
        run.maximumSeconds = command.length.maxTime?.seconds
        run.maximumMemory = command.maxMemory?.bytes ?? Machine.memory.map { $0.total / 2 }
        run.workingFolder = command.output.map(TaskArtifact.trainingFolder(in:))
        run.resumes = command.writing.resume != nil
        run.interruption = .onSignals()
        let isQuiet = command.writing.quiet
        run.say = { if !isQuiet { Output.message($0) } }
        run.callbacks = { member, count in
            var progress = ProgressReport.Config()
            progress.style = isQuiet || count > 1 ? .quiet : .automatic
            return [ProgressReport(progress)] + setup.logs(ofNetwork: count > 1 ? member + 1 : nil)
        }
        if let batches = command.trial.overfitBatches { return try report(run.memorise(batches: batches)) }
        var result = try leavingNothingEmpty { try run.run() }
        if let output = command.output, !setup.isTrial {
            for (name, value) in Machine.facts(threads: backend.threads) {
                result.model.environment[name] = .string(value)
            }
            result.model.environment["seed"] = .string("\(config.train.seed)")
            result.model.environment["seconds"] = .string(result.seconds.fixed(1))
            try TaskArtifact.write(
                result.model, to: output, writer: "wright \(WrightCommand.version)", language: command.writing.language)
            try TaskArtifact.removeTraining(in: output)
            // The model is safe: nobody has to wait for its report.
            run.interruption.release()
            try writeReport(&result, to: output)
        }
        report(result)
        if command.requireGoal {
            let missed = result.goal.filter { !$0.isMet }
            guard missed.isEmpty else {
                throw Failure.goal("the goal is not met: \(missed.map(\.text).joined(separator: "; "))")
            }
        }
    }

    /// Removes the output folder again where it is new and `work` fails before anything is in it.
    private func leavingNothingEmpty<Result>(_ work: () throws -> Result) throws -> Result {
        guard let output = command.output, !FileAccess.exists(output) else { return try work() }
        do { return try work() } catch {
            if FileAccess.exists(output), try FileAccess.entries(of: output).isEmpty {
                try FileAccess.removeTree(output)
            }
            throw error
        }
    }

    /// Writes the card and the report of a model that is written; both tell of the test rows where there are some, else of
    /// those for validation.
    private func writeReport(_ result: inout TaskRun.Result, to folder: String) throws {
        let say = command.writing.language
        let part = result.model.metrics["cross_validation"] == nil ? "validation" : "cross_validation"
        guard let evaluation = result.test ?? result.validation else { return }
        let config = result.model.config
        let inputs = config.inputs.map(\.name)
        let insight = try TaskInsight(
            evaluation, result.table,
            .init(
                slices: config.inputs.filter { !$0.namesFiles }.map(\.name), sensitive: config.goal.sensitive,
                mistakes: 24))
        result.model.add(insight, to: result.test == nil ? part : "test")
        try TaskArtifact.writeMeasurements(of: result.model, to: folder, language: say)
        let isSingle = inputs.count == 1
        let page = try TaskReport(
            name: folder.split(separator: "/").last.map(String.init) ?? folder, model: result.model,
            table: result.table, description: result.table.file, evaluation: evaluation, insight: insight,
            importance: isSingle
                ? []
                : try result.model.importance(
                    result.table, among: evaluation.outputs[0].rows, unseen: result.test == nil ? result.unseen : [],
                    repeats: 3, maximumRows: 500),
            say: say
        ).html()
        try AtomicFile.write(Array(page.text.utf8), to: "\(folder)/\(TaskArtifact.reportFile)")
    }

    /// A task keeps what is trained elsewhere than other kinds of training do.
    private func checkNothingIsLost() throws {
        guard let output = command.output, !setup.isTrial else { return }
        if case .from = command.writing.resume {
            throw Failure.usage("--resume takes no path for a task file: it goes on with what --output holds")
        }
        let isUnfinished = TaskArtifact.isTraining(in: output)
        if command.writing.resume != nil {
            guard isUnfinished || !SavedModel.exists(in: output) else {
                throw Failure.usage("\(output) holds a model that is done, so there is nothing to resume")
            }
        } else if isUnfinished, !command.writing.overwrite {
            throw Failure.usage(
                "\(output) holds an unfinished run already. Choose another --output, go on with --resume, or take its place "
                    + "with --overwrite")
        }
        try setup.checkNothingIsLost()
    }

    /// Flags that a task has no use for are refused, so that nobody believes they had an effect.
    private func checkFlags() throws {
        let (method, length, text) = (command.method, command.length, command.text)
        let said = [
            ("--model", command.model != nil, "model.network"), ("--target", command.target != nil, "outputs"),
            ("--image-size", command.imageSize != nil, "inputs.NAME.size"), ("--text", !text.text.isEmpty, "inputs"),
            ("--task", text.task != nil, "outputs"), ("--into", text.into != nil, "outputs"),
            ("--tokenizer", text.tokenizer != nil, "inputs.NAME.tokenizer"),
            ("--vocabulary", text.vocabulary != nil, "inputs.NAME.vocabulary"),
            ("--max-length", text.givenMaxLength != nil, "inputs.NAME.maximum_length"),
            ("--lowercase", text.lowercase, "inputs.NAME.lowercase"),
            ("--steps", length.steps != nil, "train.epochs"), ("--until", length.until != nil, "train.epochs"),
            ("--validate-every", length.validateEvery != nil, "train.epochs"),
            ("--label-smoothing", method.givenLabelSmoothing != nil, "outputs.NAME.label_smoothing"),
            ("--augment", method.augment != nil, "inputs"),
            ("--limit-train", command.trial.limitTrain != nil, "split.test"),
        ]
        if let (flag, _, setting) = said.first(where: \.1) {
            throw Failure.usage(
                "\(flag) is not for task files; \(command.data) says it, or --set, as in --set \(setting)=VALUE")
        }
        let rule = "all tasks learn with AdamW, which train.learning_rate and train.weight_decay set"
        let schedule = "the learning rate of all tasks falls along a cosine from train.learning_rate"
        let settled = [
            ("--optimizer", method.givenOptimizer != nil, rule), ("--momentum", method.momentum != nil, rule),
            ("--schedule", method.givenSchedule != nil, schedule), ("--warm-up", method.givenWarmUp != nil, schedule),
            ("--clip", method.clip != nil, "gradients of all tasks are scaled down to a norm of 1"),
            ("--context", text.givenContext != nil, "it is of language models"),
            ("--precision", command.compute.precision != .float32, "tasks are computed in float32"),
        ]
        if let (flag, _, reason) = settled.first(where: \.1) {
            throw Failure.usage("\(flag) is not for task files: \(reason)")
        }
    }

    /// What flags say in the place of the file, and then what `--set` says.
    private func overrides() throws -> [(path: String, value: ConfigNode)] {
        func override(_ path: String, _ value: JSON?) -> [(path: String, value: ConfigNode)] {
            value.map { [(path: path, value: ConfigNode($0, place: .override("\(path)=\($0.text())")))] } ?? []
        }
        func count(_ number: Int?) -> JSON? { number.map { .integer(Int64($0)) } }
        let method = command.method
        let validation: Double?
        switch method.givenValidation {
        case .share(let share): validation = share
        case .test:
            throw Failure.usage(
                "--validation test is not for task files; --set split.kind=column and split.column say which rows validate"
            )
        case nil: validation = nil
        }
        return override("train.folds", count(method.folds)) + override("train.epochs", count(command.length.epochs))
            + override("train.patience", count(command.length.earlyStop))
            + override("train.learning_rate", method.lr.map { .number($0) })
            + override("train.weight_decay", method.weightDecay.map { .number($0) })
            + override("train.batch_size", count(method.givenBatchSize))
            + override("train.seed", method.givenSeed.map { .integer(Int64(clamping: $0)) })
            + override("split.validation", validation.map { .number($0) })
            + override("data.encoding", command.text.encoding.map { .string($0.rawValue) })
            + command.settings.map { setting in
                let override = TaskOverride(setting)
                return (path: override.path, value: override.value)
            }
    }

    /// What came of learning a few batches by heart.
    private func report(_ result: Memorisation) throws {
        let words = "loss \(result.lastLoss.short) after \(result.steps.counted("step")), \(result.seconds.clock)"
        if command.writing.json {
            Output.result(result.json)
        } else {
            var rows = [["rows", result.rows.grouped]]
            rows.append(["learned by heart", (result.isReached ? "yes: " : "no: ") + words])
            rows.append(["first pass", "loss \(result.firstLoss.short)"])
            rows += result.advice.map { ["look at", $0] }
            rows.append(["written", "nothing: this was a trial"])
            Output.result(Output.table(rows))
        }
        guard result.isReached else {
            throw Failure.goal(
                "\(result.rows.counted("row")) could not be learned by heart: the loss is \(result.lastLoss.short) and not "
                    + "\(result.target.short)")
        }
    }

    private func report(_ result: TaskRun.Result) {
        if command.writing.json {
            guard case .object(var document) = result.model.metrics else { return }
            document["model"] = command.output.map(JSON.string)
            document["peak_memory_bytes"] = .integer(Int64(SystemCalls.peakMemory))
            return Output.result(.object(document))
        }
        var rows = [["trained", "\(result.seconds.clock), peak memory \(SystemCalls.peakMemory.bytes)"]]
        for (part, evaluation) in [("validation", result.validation), ("test", result.test)] {
            for output in evaluation?.outputs ?? [] {
                rows.append(
                    [
                        "\(part), \(output.name)",
                        output.values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  "),
                    ])
            }
        }
        for (name, scores) in result.folds?.outputs ?? [] {
            let words = scores.map { "\($0.name) \($0.mean.short) ± \($0.deviation.short)" }
            rows.append(["each of \(result.model.networkCount), \(name)", words.joined(separator: "  ")])
        }
        rows += result.goal.map { [$0.isMet ? "goal met" : "goal not met", $0.text] }
        if let output = command.output, !setup.isTrial {
            rows += [
                ["written to", output], ["report", "\(output)/\(TaskArtifact.reportFile)"],
                ["next", "wright predict \(output) --data FILE -o predictions.csv"],
            ]
        } else {
            rows.append(["written", setup.isTrial ? "nothing: this was a trial" : "nothing: there is no --output"])
        }
        Output.result(Output.table(rows))
    }
}
