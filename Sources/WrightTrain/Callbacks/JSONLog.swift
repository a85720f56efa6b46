public import WrightRuntime

/// Writes what happens to a file, one JSON object a line: `{"event":"step","step":100,"loss":0.31,…}`.
///
/// Events are `started`, `step`, `validation`, `epoch`, `checkpoint`, `notice`, `finished` and `failed`; every line has
/// `time`, seconds since 1970. A resumed run first removes the lines that lie after its checkpoint.
public final class JSONLog: Callback {
    public let path: String
    /// Every so many steps one is logged.
    public let stepInterval: Int
    private var file: LogFile?
    private var measures: [String] = []

    public init(path: String, stepInterval: Int = 100) {
        precondition(stepInterval >= 1, "a log every \(stepInterval) steps")
        self.path = path
        self.stepInterval = stepInterval
    }

    public func stepEnded(_ step: borrowing StepReport) throws -> Directive {
        guard step.step % stepInterval == 0 else { return .proceed }
        var line: JSON.Object = Self.object([
            "epoch": .integer(Int64(step.epoch)), "step": .integer(Int64(step.step)), "loss": .number(step.loss),
            "learning_rate": .number(step.learningRate), "examples": .integer(Int64(step.totalExamples)),
        ])
        line["means"] = .object(Self.object(step.means.values(named: measures)))
        try write("step", line)
        return .proceed
    }

    public func received(_ event: TrainingEvent) throws -> Directive {
        switch event {
        case .started(let plan):
            measures = plan.measures
            try open(keepingSteps: plan.startStep)
            try write("started", plan.json)
        case .validated(let report):
            try write(
                "validation",
                Self.object([
                    "epoch": .integer(Int64(report.epoch)), "step": .integer(Int64(report.step)),
                    "best": .bool(report.isBest), "seconds": .number(report.seconds),
                    "values": .object(Self.object(report.values)),
                ]))
        case .epochEnded(let report):
            try write(
                "epoch",
                Self.object([
                    "epoch": .integer(Int64(report.epoch)), "step": .integer(Int64(report.step)),
                    "training": .object(Self.object(report.training)),
                    "validation": .object(Self.object(report.validation)),
                    "learning_rate": .number(report.learningRate), "seconds": .number(report.seconds),
                ]))
        case .checkpointWritten(let path, let step, let isBest):
            try write(
                "checkpoint",
                Self.object(["path": .string(path), "step": .integer(Int64(step)), "best": .bool(isBest)]))
        case .notice(let text): try write("notice", Self.object(["text": .string(text)]))
        case .finished(let result):
            try write(
                "finished", Self.object(["step": .integer(Int64(result.step)), "end": .string(result.end.description)]))
        case .failed(let error): try write("failed", Self.object(["error": .string("\(error)")]))
        }
        return .proceed
    }

    /// Starts the file anew, or keeps what was logged up to the step that a resumed run starts at.
    private func open(keepingSteps last: Int) throws {
        var kept = ""
        if last > 0 {
            for line in try LogFile.lines(of: path) {
                guard case .success(let event) = Result(catching: { try JSON(parsing: line, file: path) }) else {
                    // A line that a killed process left half-written.
                    continue
                }
                if let step = event["step"]?.integer, step > last { break }
                kept += line + "\n"
            }
        }
        file = try LogFile(path, replacingWith: Array(kept.utf8))
    }

    private func write(_ event: String, _ members: JSON.Object) throws {
        var line: JSON.Object = Self.object([
            "event": .string(event), "time": .number((SystemCalls.wallTime * 1000).rounded() / 1000),
        ])
        for (key, value) in members { line[key] = value }
        try file?.write(Array((JSON.object(line).text() + "\n").utf8))
    }

    private static func object(_ members: KeyValuePairs<String, JSON>) -> JSON.Object {
        var object = JSON.Object()
        for (key, value) in members { object[key] = value }
        return object
    }

    private static func object(_ values: [MetricValue]) -> JSON.Object {
        var object = JSON.Object()
        for value in values { object[value.name] = .number(value.value) }
        return object
    }
}

extension TrainingPlan {
    fileprivate var json: JSON.Object {
        var object = JSON.Object()
        object["step"] = .integer(Int64(startStep))
        object["trainable"] = .integer(Int64(trainableCount))
        object["frozen"] = .integer(Int64(frozenCount))
        object["examples_per_epoch"] = .integer(Int64(examplesPerEpoch))
        object["batches_per_epoch"] = .integer(Int64(batchesPerEpoch))
        object["total_steps"] = totalSteps.map { .integer(Int64($0)) }
        object["epochs"] = epochs.map { .integer(Int64($0)) }
        object["resumed_from"] = resumedFrom.map(JSON.string)
        return object
    }
}

extension TrainingResult.End: CustomStringConvertible {
    public var description: String { phrase.english }

    /// In words.
    public var phrase: Phrase {
        switch self {
        case .completed: Phrase("completed", "已完成")
        case .timeLimit: Phrase("time limit reached", "达到时间限制")
        case .stopped(let reason): reason
        }
    }
}
