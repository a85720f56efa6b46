import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTrain

/// A network that is trained, and how that went.
struct TrainedNetwork {
    var network: TaskNetwork
    /// What `LearningCurve.json` holds.
    var curve: JSON
    var seconds: Double
    /// Whether an earlier part of the run trained it.
    var isOld = false
}

/// The training of one of a task's networks.
struct NetworkTraining {
    let run: TaskRun
    let task: PreparedTask
    /// Which of the networks, from 0.
    let number: Int
    let network: TaskNetwork
    /// Time that it may take.
    var seconds: Double?
    /// Where its checkpoints are; nil for none.
    var checkpoints: String?
    /// What an estimate is made of: the networks that are still to be trained, and the time there is for them; nil for no
    /// estimate.
    var estimated: (networks: Int, limit: Double?)?

    /// Points of a curve: few, each the mean of its steps, as curves of ten networks would hide each other.
    private static let curvePoints = 64
    /// Seconds between checkpoints; an interruption writes one at once.
    private static let checkpointInterval = 15.0

    init(run: TaskRun, task: PreparedTask, number: Int) {
        self.run = run
        self.task = task
        self.number = number
        var source = ParameterSource(seed: Self.seed(task.config, number))
        network = TaskNetwork(task.form, task.config.model, from: &source)
    }

    static func seed(_ config: TaskConfig, _ number: Int) -> UInt64 {
        UInt64(config.train.seed) &* 1000 &+ UInt64(number)
    }

    /// Trains until the task's limits or the validation part end it; the weights are those of the best validation.
    func train() throws -> TrainedNetwork {
        let (config, data, part) = (task.config, task.rows, task.split.members[number])
        let seed = Self.seed(config, number)
        var batches = Pipeline.Config()
        batches.batchSize = min(config.train.batchSize ?? 1, task.stored?.count ?? part.training.count)
        batches.seed = seed
        if let stored = task.stored {
            batches.order = stored.order
        } else if let lengths = data.lengths {
            batches.order = .similarLengths(part.training.map { lengths[$0] }, batchSize: batches.batchSize)
        }
        if let classes = task.drawn { batches.order = Sampler.balancing(part.training.map { classes[$0] }) }
        batches.inputAugmentations = data.augmentations
        let training = task.stored.map { Pipeline($0, batches) } ?? Pipeline(data.subset(part.training), batches)
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
        settings.limits.fastDevRun = run.isTrial ? 3 : nil
        settings.checkpoints = checkpoints.map {
            Trainer.Checkpoints(folder: $0, interval: .seconds(Self.checkpointInterval), keepsBest: false)
        }
        let steps = max(1, (config.train.epochs ?? 1) * training.batchesPerEpoch)
        let trainer = try Self.trainer(
            network, task, settings, schedule: CosineSchedule(steps: steps, minimum: 0.01), on: run.backend)
        let curve = LearningCurve(capacity: Self.curvePoints)
        var callbacks: [any Callback] = [BestWeights(of: network), curve]
        callbacks += run.callbacks(number, task.split.members.count)
        if let estimated {
            callbacks.append(
                TrainingEstimate(
                    of: trainer, networks: estimated.networks, limit: estimated.limit,
                    validationShare: Double(part.validation.count) / Double(training.dataset.count),
                    endsEarly: settings.patience != nil, say: run.say))
        }
        let result = try trainer.fit(
            training, validation: validation, callbacks: callbacks, resume: checkpoints == nil ? .never : .automatic,
            interruption: run.interruption)
        let best = result.best.map {
            Phrase(
                ", best loss \($0.value.short) after epoch \($0.epoch + 1)",
                "，最佳损失 \($0.value.short)，在第 \($0.epoch + 1) 轮")
        }
        run.say(
            Phrase(
                "network \(number + 1) of \(task.split.members.count): \(result.epochs.counted("epoch")) in "
                    + result.seconds.clock,
                "网络 \(number + 1)/\(task.split.members.count)：\(result.epochs) 轮，用时 \(result.seconds.clock)")
                + (best ?? Phrase("")))
        return TrainedNetwork(network: network, curve: curve.json, seconds: result.seconds)
    }

    /// A trainer of a task's network: the loss is the sum of its outputs' losses.
    static func trainer(
        _ network: TaskNetwork, _ task: PreparedTask, _ settings: Trainer.Config, schedule: any Schedule,
        on backend: any Backend
    ) throws -> Trainer {
        let (outputs, train) = (task.outputs, task.config.train)
        let rate = train.learningRate ?? 1e-3
        return try Trainer(
            network, settings,
            groups: ParameterGroup.separating(
                weights: AdamW(learningRate: rate, weightDecay: train.weightDecay),
                rest: AdamW(learningRate: rate, weightDecay: 0)),
            schedule: schedule, on: backend
        ) { network, batch in
            let answer = network(batch.inputs)
            let parts = answer.split(sizes: outputs.map(\.width), along: 1)
            let losses = zip(outputs, zip(parts, batch.targets)).map { $0.loss($1.0, target: $1.1) }
            return Objective(loss: losses.dropFirst().reduce(losses[0]) { $0 + $1 })
        }
    }
}
