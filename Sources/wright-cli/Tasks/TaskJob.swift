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
            throw Failure.usage(Message(.noGoal, command.data))
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
            progress.language = .spoken
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
                result.model, to: output, writer: "wright \(WrightCommand.version)", language: .spoken)
            try TaskArtifact.removeTraining(in: output)
            // The model is safe: nobody has to wait for its report.
            run.interruption.release()
            try writeReport(&result, to: output)
        }
        report(result)
        if command.requireGoal {
            let missed = result.goal.filter { !$0.isMet }
            guard missed.isEmpty else {
                throw Failure(status: .goal, message: Message(.goalMissed, missed.map(\.text).joined()))
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

    /// Columns whose importance a report tells, at most.
    private static let mostRanked = 256

    /// Writes the card and the report of a model that is written; both tell of the test rows where there are some, else of
    /// those for validation.
    private func writeReport(_ result: inout TaskRun.Result, to folder: String) throws {
        let say = Language.spoken
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
        // Every column is shuffled while all others are looked at: in wide tables that would take longer than the training.
        // 'wright explain' does it when asked.
        let isRanked = (2...Self.mostRanked).contains(inputs.count)
        let page = try TaskReport(
            name: folder.split(separator: "/").last.map(String.init) ?? folder, model: result.model,
            table: result.table, description: result.table.file, evaluation: evaluation, insight: insight,
            importance: isRanked
                ? try result.model.importance(
                    result.table, among: evaluation.outputs[0].rows, unseen: result.test == nil ? result.unseen : [],
                    repeats: 3, maximumRows: 500) : [],
            say: say
        ).html()
        try AtomicFile.write(Array(page.text.utf8), to: "\(folder)/\(TaskArtifact.reportFile)")
    }

    /// A task keeps what is trained elsewhere than other kinds of training do.
    private func checkNothingIsLost() throws {
        guard let output = command.output, !setup.isTrial else { return }
        if case .from = command.writing.resume {
            throw Failure.usage(Message(.resumePath))
        }
        let isUnfinished = TaskArtifact.isTraining(in: output)
        if command.writing.resume != nil {
            guard isUnfinished || !SavedModel.exists(in: output) else {
                throw Failure.usage(Message(.nothingToResume, output))
            }
        } else if isUnfinished, !command.writing.overwrite {
            throw Failure.usage(Message(.outputHoldsRun, output))
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
            throw Failure.usage(Message(.saidByTaskFile, flag, command.data, setting))
        }
        let rule = Phrase(
            "all tasks learn with AdamW, which train.learning_rate and train.weight_decay set",
            "所有任务都用 AdamW 学习，由 train.learning_rate 与 train.weight_decay 设置")
        let schedule = Phrase(
            "the learning rate of all tasks falls along a cosine from train.learning_rate",
            "所有任务的学习率都从 train.learning_rate 起按余弦下降")
        let norm = Phrase("gradients of all tasks are scaled down to a norm of 1", "所有任务的梯度范数都裁剪到 1")
        let settled = [
            ("--optimizer", method.givenOptimizer != nil, rule), ("--momentum", method.momentum != nil, rule),
            ("--schedule", method.givenSchedule != nil, schedule), ("--warm-up", method.givenWarmUp != nil, schedule),
            ("--clip", method.clip != nil, norm),
            ("--context", text.givenContext != nil, Phrase("it is of language models", "它属于语言模型")),
            (
                "--precision", command.compute.precision != .float32,
                Phrase("tasks are computed in float32", "任务以 float32 计算")
            ),
        ]
        if let (flag, _, reason) = settled.first(where: \.1) {
            throw Failure.usage(Message(.settledForTasks, flag, reason))
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
                Message(
                    .settledForTasks, "--validation test",
                    Phrase(
                        "--set split.kind=column and split.column say which rows validate",
                        "由 --set split.kind=column 与 split.column 指定用于验证的行")))
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
        let words = Phrase(
            "loss \(result.lastLoss.short) after \(result.steps.counted("step")), \(result.seconds.clock)",
            "\(result.steps.grouped) 步后损失为 \(result.lastLoss.short)，用时 \(result.seconds.clock)")
        if command.writing.json {
            Output.result(result.json)
        } else {
            let answer = result.isReached ? Phrase("yes: ", "是：") : Phrase("no: ", "否：")
            var rows = [[say("rows", "行数"), result.rows.grouped]]
            rows.append([say("learned by heart", "已背下来"), Language.spoken(answer + words)])
            rows.append([
                say("first pass", "第一轮"), say("loss \(result.firstLoss.short)", "损失 \(result.firstLoss.short)"),
            ])
            rows += result.advice.map { [say("look at", "建议"), Language.spoken($0)] }
            rows.append([say("written", "写入"), say("nothing: this was a trial", "无：这是一次试运行")])
            Output.result(Output.table(rows))
        }
        guard result.isReached else {
            throw Failure(
                status: .goal,
                message: Message(
                    .notMemorised, Phrase.counted(result.rows, "row", "行"), result.lastLoss.short, result.target.short))
        }
    }

    private func report(_ result: TaskRun.Result) {
        if command.writing.json {
            guard case .object(var document) = result.model.metrics else { return }
            document["model"] = command.output.map(JSON.string)
            document["peak_memory_bytes"] = .integer(Int64(SystemCalls.peakMemory))
            return Output.result(.object(document))
        }
        let memory = SystemCalls.peakMemory.bytes
        var rows = [
            [
                say("trained", "训练"),
                say("\(result.seconds.clock), peak memory \(memory)", "\(result.seconds.clock)，内存峰值 \(memory)"),
            ]
        ]
        for (part, evaluation) in [
            (say("validation", "验证集"), result.validation), (say("test", "测试集"), result.test),
        ] {
            for output in evaluation?.outputs ?? [] {
                rows.append(
                    [
                        say("\(part), \(output.name)", "\(part)，\(output.name)"),
                        output.values.map { "\($0.name) \($0.value.short)" }.joined(separator: "  "),
                    ])
            }
        }
        for (name, scores) in result.folds?.outputs ?? [] {
            let words = scores.map { "\($0.name) \($0.mean.short) ± \($0.deviation.short)" }
            let count = result.model.networkCount
            rows.append([say("each of \(count), \(name)", "\(count) 折各自，\(name)"), words.joined(separator: "  ")])
        }
        rows += result.goal.map {
            [$0.isMet ? say("goal met", "达到目标") : say("goal not met", "未达到目标"), Language.spoken($0.text)]
        }
        if let output = command.output, !setup.isTrial {
            rows += [
                [say("written to", "已写入"), output],
                [say("report", "报告"), "\(output)/\(TaskArtifact.reportFile)"],
                [say("next", "下一步"), "wright predict \(output) --data FILE -o predictions.csv"],
            ]
        } else {
            rows.append([
                say("written", "写入"),
                setup.isTrial
                    ? say("nothing: this was a trial", "无：这是一次试运行")
                    : say("nothing: there is no --output", "无：没有给出 --output"),
            ])
        }
        Output.result(Output.table(rows))
    }
}
