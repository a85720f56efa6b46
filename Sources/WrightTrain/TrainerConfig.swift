import WrightData
public import WrightNN
public import WrightRuntime

extension Trainer {
    /// How long and how a model is trained. Batches, their order and augmentation are the pipeline's business; learning
    /// rate and weight decay the optimizers'.
    public struct Config: Hashable, Sendable {
        /// Passes over the training data; nil when only steps or time are limited.
        public var epochs: Int? = 10
        /// Updates of the parameters; whichever of the limits is reached first ends training.
        public var steps: Int?
        /// Seconds of training, resumed runs' earlier parts included.
        public var timeLimit: Double?
        /// Seed of the layers' random numbers (dropout).
        public var seed: UInt64 = 0
        /// What matrix products are computed in, where the processor has instructions for it; convolutions, weights and
        /// sums stay float32.
        public var precision = CompileOptions.Precision.float32
        /// Batches whose gradients make one update, as one batch of all their examples would.
        public var accumulation = 1
        public var clipping = GradientClipping.none
        public var validationInterval = Interval.epochs(1)
        /// Which value of validation says what is best.
        public var monitor = Monitor()
        /// Validations in a row without a new best before training ends; nil never ends it so.
        public var patience: Int?
        /// Lowers the learning rate when the monitored value gets no better; its `goal` is the monitor's.
        public var plateau: Plateau?
        /// Where and when checkpoints are written; nil for none.
        public var checkpoints: Checkpoints?
        /// Whether the weights are, in the end, those of the best checkpoint, if there is one.
        public var restoresBest = true
        public var limits = Limits()
        /// Batches prepared ahead, and the threads that do it.
        public var prefetchDepth = 4
        public var workers = 1
        /// What else makes a run what it is (the model's name and settings, the data's path): a checkpoint with other
        /// entries is refused.
        public var identity: [String: String] = [:]

        public init() {}
    }

    /// When something is done again.
    public enum Interval: Hashable, Sendable {
        case epochs(Int)
        case steps(Int)
        /// Of time; for checkpoints only, because what happens must not depend on the machine's speed.
        case seconds(Double)
    }

    /// The value that is to become small or large.
    public struct Monitor: Hashable, Sendable {
        /// `loss`, a measure of the objective, or a value of a metric.
        public var metric = "loss"
        public var goal = Plateau.Goal.lowest
        /// How much better counts as better.
        public var minimumChange = 0.0

        public init(_ metric: String = "loss", goal: Plateau.Goal = .lowest, minimumChange: Double = 0) {
            self.metric = metric
            self.goal = goal
            self.minimumChange = minimumChange
        }

        package func isBetter(_ value: Double, than best: Double?) -> Bool {
            guard let best else { return !value.isNaN }
            return goal == .lowest ? value < best - minimumChange : value > best + minimumChange
        }
    }

    /// Where and when checkpoints are written.
    public struct Checkpoints: Hashable, Sendable {
        /// Holds a folder for each checkpoint, and the links `last` and `best`.
        public var folder: String
        public var interval = Interval.epochs(1)
        /// Whether a new run may take the place of the checkpoints that an earlier one left in the folder.
        public var replacesEarlierRun = false
        /// Whether every best validation is written too, so that training ends with its weights; short runs keep it in
        /// memory instead (``BestWeights``).
        public var keepsBest = true

        public init(
            folder: String, interval: Interval = .epochs(1), replacesEarlierRun: Bool = false, keepsBest: Bool = true
        ) {
            self.folder = folder
            self.interval = interval
            self.replacesEarlierRun = replacesEarlierRun
            self.keepsBest = keepsBest
        }
    }

    /// Less data than there is, to find mistakes quickly.
    public struct Limits: Hashable, Sendable {
        /// One epoch of so many batches, for training and validation, without checkpoints: does everything run?
        public var fastDevRun: Int?
        /// The same first batches, in order and without augmentation, in every epoch: can the model learn them by heart?
        public var overfitBatches: Int?
        /// At most so many examples, drawn once by the pipeline's seed.
        public var trainingExamples: Int?
        public var validationExamples: Int?

        public init() {}
    }
}

extension Trainer.Config {
    /// Everything that cannot work, one sentence each.
    var problems: [Message] {
        var problems: [Message] = []
        func expect(_ holds: Bool, _ problem: @autoclosure () -> Message) { if !holds { problems.append(problem()) } }
        let lengths: [(String, Double?)] = [
            ("epochs", epochs.map(Double.init)), ("steps", steps.map(Double.init)), ("timeLimit", timeLimit),
            ("patience", patience.map(Double.init)), ("limits.fastDevRun", limits.fastDevRun.map(Double.init)),
            ("limits.overfitBatches", limits.overfitBatches.map(Double.init)),
            ("limits.trainingExamples", limits.trainingExamples.map(Double.init)),
            ("limits.validationExamples", limits.validationExamples.map(Double.init)),
            ("accumulation", Double(accumulation)), ("prefetchDepth", Double(prefetchDepth)),
            ("workers", Double(workers)),
        ]
        for case (let name, let value?) in lengths { expect(value > 0, Message(.mustBePositive, name, value)) }
        expect(
            epochs != nil || steps != nil || timeLimit != nil,
            Message(.noEnd))
        if case .seconds = validationInterval {
            problems.append(Message(.validationBySeconds))
        }
        for (name, interval) in [("validationInterval", validationInterval)]
            + (checkpoints.map { [("checkpoints.interval", $0.interval)] } ?? [])
        {
            expect(interval.length > 0, Message(.mustBePositive, name, "\(interval.length)"))
        }
        if let plateau {
            expect(
                plateau.goal == monitor.goal, Message(.plateauGoal, "\(plateau.goal)", "\(monitor.goal)"))
        }
        return problems
    }

    var fingerprint: [String: String] {
        var items = identity
        items["epochs"] = epochs.map(String.init) ?? "none"
        items["steps"] = steps.map(String.init) ?? "none"
        items["timeLimit"] = timeLimit.map { "\($0)" } ?? "none"
        items["seed"] = String(seed)
        items["precision"] = precision.rawValue
        items["accumulation"] = String(accumulation)
        items["clipping"] = "\(clipping)"
        items["validationInterval"] = "\(validationInterval)"
        items["monitor"] = "\(monitor)"
        items["patience"] = patience.map(String.init) ?? "none"
        items["plateau"] = plateau.map { "\($0)" } ?? "none"
        items["limits"] = "\(limits)"
        return items
    }
}

extension Trainer.Interval {
    fileprivate var length: Double {
        switch self {
        case .epochs(let count), .steps(let count): Double(count)
        case .seconds(let seconds): seconds
        }
    }
}

extension Trainer.Limits {
    /// The configuration as these limits change it.
    func applied(to config: Trainer.Config) -> Trainer.Config {
        guard fastDevRun != nil else { return config }
        var config = config
        (config.epochs, config.steps, config.timeLimit) = (1, nil, nil)
        (config.checkpoints, config.patience) = (nil, nil)
        return config
    }

    /// The pipeline with only the data that these limits leave.
    func limited(_ pipeline: Pipeline, _ examples: Int?) -> Pipeline {
        var config = pipeline.config
        let size = config.batchSize
        if let batches = overfitBatches ?? fastDevRun {
            if overfitBatches != nil { (config.order, config.augmentation) = (.sequential, nil) }
            return pipeline.limited(
                to: Array(0..<min(batches * size, examples ?? .max, pipeline.dataset.count)), config)
        }
        guard let examples, examples < pipeline.dataset.count else { return pipeline }
        let drawn = Sampler(count: pipeline.dataset.count, order: .shuffled).rows(seed: config.seed, epoch: 0)
        return pipeline.limited(to: drawn.prefix(examples).sorted(), config)
    }
}

extension Pipeline {
    /// The same for some rows only.
    fileprivate func limited(to rows: [Int], _ config: Config) -> Pipeline {
        var config = config
        switch config.order {
        case .weighted(let weights): config.order = .weighted(rows.map { weights[$0] })
        case .similarLengths(let lengths, let batchSize):
            config.order = .similarLengths(rows.map { lengths[$0] }, batchSize: batchSize)
        case .sequential, .shuffled, .blocks: break
        }
        return Pipeline(dataset.subset(rows), config)
    }
}
