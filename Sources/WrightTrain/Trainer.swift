public import WrightData
import WrightGraph
public import WrightNN
public import WrightRuntime

/// Trains a model: the whole step (forward, loss, gradients, clipping, update, measures) is compiled once for each
/// signature of a batch and then replayed.
///
/// ```swift
/// let trainer = try Trainer(model, groups: [ParameterGroup(optimizer: Adam())], on: CPUBackend()) { model, batch in
///     let logits = model(batch.input)
///     return Objective(loss: Loss.crossEntropy(logits, classes: batch.target))
/// }
/// let result = try trainer.fit(training, validation: validation, callbacks: [ProgressReport()])
/// ```
///
/// With the same seed, data and settings the weights come out the same, bit for bit, however often the run was killed and
/// resumed in between.
public struct Trainer: Sendable {
    public let config: Config
    let program: TrainingProgram
    /// The same objective without training behaviour, for validation.
    public let evaluator: Evaluator
    let schedule: any Schedule
    private let groups: [ParameterGroup]

    /// Moves the model's trainable parameters into arenas, one for each group. `schedule` says what the groups' learning
    /// rates are multiplied by at each step; `objective` runs the model on a batch, and is traced, not called, at each
    /// step.
    ///
    /// - Throws: ``TrainingError/configuration(_:)`` with every problem of `config`; `ParameterGroupError` when a
    ///   parameter belongs to no group or there is nothing to train.
    public init<Model: Module>(
        _ model: Model, _ config: Config = Config(), groups: [ParameterGroup],
        schedule: any Schedule = ConstantSchedule(), on backend: any Backend,
        objective: @escaping @Sendable (Model, BatchTensors) throws -> Objective
    ) throws {
        let problems = config.problems
        guard problems.isEmpty else { throw TrainingError.configuration(problems) }
        self.config = config.limits.applied(to: config)
        self.schedule = schedule
        self.groups = groups
        program = try TrainingProgram(
            model: model, groups: groups, config: config, on: backend, objective: { try objective(model, $0) })
        evaluator = Evaluator(model, precision: config.precision, on: backend, objective: objective)
    }

    /// Trains until the configuration or a callback ends it.
    ///
    /// `metrics` are measured at each validation, beside the loss and the objective's own measures. A run that is resumed
    /// goes on exactly where its checkpoint was made.
    ///
    /// - Throws: ``TrainingError``; `ParameterGroupError.unreached` when the loss does not depend on a trainable
    ///   parameter; what reading data, running the graph or a callback throws.
    public func fit(
        _ training: Pipeline, validation: Pipeline? = nil, metrics: [any Metric] = [],
        callbacks: [any Callback] = [], resume: Resume = .never, interruption: Interruption = Interruption()
    ) throws -> TrainingResult {
        let run = try TrainingRun(
            self, training: config.limits.limited(training, config.limits.trainingExamples),
            validation: validation.map { config.limits.limited($0, config.limits.validationExamples) },
            metrics: metrics, callbacks: callbacks, resume: resume, interruption: interruption)
        return try run.run()
    }

    /// The optimizers' learning rate before the schedule: the first group's.
    var learningRate: Double { program.optimizer.groups[0].optimizer.learningRate }

    /// Bytes that steps work in: those of the largest plan so far, and of all that is kept between steps.
    package var byteCount: Int {
        program.step.workingByteCount + program.buffers.reduce(0) { $0 + $1.type.byteCount }
    }

    /// What a run is, in words, so that a checkpoint of another run is recognised.
    func fingerprint(_ training: Pipeline, _ validation: Pipeline?) -> [String: String] {
        var items = config.fingerprint
        for group in groups { items["group \(group.name)"] = "\(group.optimizer)" }
        items["schedule"] = "\(schedule)"
        for (name, pipeline) in [("training", training)] + (validation.map { [("validation", $0)] } ?? []) {
            items["\(name) examples"] = String(pipeline.dataset.count)
            var config = pipeline.config
            // A dictionary lies in another order in each process.
            for (input, augmentation) in config.inputAugmentations {
                items["\(name) augmentation of input \(input)"] = "\(augmentation)"
            }
            config.inputAugmentations = [:]
            let batches = "\(config)"
            // The lengths of all rows may be among it.
            items["\(name) batches"] =
                batches.utf8.count <= 2000 ? batches : "fingerprint \(stableHash(batches, salt: 0))"
        }
        return items
    }

    /// Of the entries of a fingerprint that differ, those that may: a run may be made longer or shorter, and with its
    /// length the schedule changes.
    static func mayDiffer(_ different: Set<String>) -> Set<String> {
        let lengths: Set = ["epochs", "steps", "timeLimit"]
        return different.isDisjoint(with: lengths) ? [] : lengths.union(["schedule"])
    }
}

/// Whether a run goes on from a checkpoint.
public enum Resume: Hashable, Sendable {
    /// Starts anew.
    case never
    /// From the last checkpoint in the configured folder; anew if there is none.
    case automatic
    /// From this checkpoint, or the last one in this folder of checkpoints.
    case from(String)
}
