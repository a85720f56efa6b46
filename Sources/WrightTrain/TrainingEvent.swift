public import WrightRuntime

/// What a run is about to do; the first event of every run.
public struct TrainingPlan: Hashable, Sendable {
    /// Numbers that training changes, and those that stay as they are.
    public var trainableCount: Int
    public var frozenCount: Int
    public var examplesPerEpoch: Int
    public var batchesPerEpoch: Int
    /// Steps from the beginning to the end; nil when only the time is limited.
    public var totalSteps: Int?
    public var epochs: Int?
    /// The names of the numbers that each step gives, the loss first.
    public var measures: [String]
    /// The names of the numbers that validation gives; empty without validation data.
    public var validationMeasures: [String]
    /// Where a resumed run takes up; 0 for a fresh one.
    public var startStep: Int
    /// The checkpoint that the run resumes from.
    public var resumedFrom: String?

    public init(
        trainableCount: Int, frozenCount: Int, examplesPerEpoch: Int, batchesPerEpoch: Int, totalSteps: Int?,
        epochs: Int?, measures: [String], validationMeasures: [String], startStep: Int = 0, resumedFrom: String? = nil
    ) {
        self.trainableCount = trainableCount
        self.frozenCount = frozenCount
        self.examplesPerEpoch = examplesPerEpoch
        self.batchesPerEpoch = batchesPerEpoch
        self.totalSteps = totalSteps
        self.epochs = epochs
        self.measures = measures
        self.validationMeasures = validationMeasures
        self.startStep = startStep
        self.resumedFrom = resumedFrom
    }
}

/// One step of training.
public struct StepReport: Sendable {
    /// Counts updates of the parameters from 1, over the whole run.
    public var step: Int
    /// Counts from 0.
    public var epoch: Int
    /// Batches used of this epoch, and all it has.
    public var batch: Int
    public var batches: Int
    /// Examples in this step, and in all steps so far.
    public var examples: Int
    public var totalExamples: Int
    public var loss: Double
    public var learningRate: Double
    /// The Euclidean norm of all gradients before clipping; nil when they are not clipped.
    public var gradientNorm: Double?
    /// Means over the epoch so far, in the order of ``TrainingPlan/measures``.
    public var means: RunningMeans
}

/// What validation found.
public struct ValidationReport: Hashable, Sendable {
    public var step: Int
    /// The epoch it was made in, counted from 0.
    public var epoch: Int
    /// The loss and the measures, means over the validation examples, and whatever metrics were asked for.
    public var values: [MetricValue]
    /// Whether the monitored value is better than ever before.
    public var isBest: Bool
    public var seconds: Double
}

/// One pass over the training data.
public struct EpochReport: Hashable, Sendable {
    /// Counts from 0.
    public var epoch: Int
    public var step: Int
    /// Means over the epoch of the loss and the measures.
    public var training: [MetricValue]
    /// The last validation; empty when there was none in this epoch.
    public var validation: [MetricValue]
    public var learningRate: Double
    public var examples: Int
    /// Time spent in this epoch and in the whole run, interruptions left out.
    public var seconds: Double
    public var totalSeconds: Double
}

/// What happens while training runs, apart from its steps.
public enum TrainingEvent: Sendable {
    case started(TrainingPlan)
    case validated(ValidationReport)
    case epochEnded(EpochReport)
    /// A checkpoint is on the disk.
    case checkpointWritten(path: String, step: Int, isBest: Bool)
    /// Something the user should know: data that was left out, a setting without effect.
    case notice(String)
    case finished(TrainingResult)
    /// The run ends early and throws this.
    case failed(any Error)
}

/// How a run ended.
public struct TrainingResult: Hashable, Sendable {
    /// Why it ended, when nothing went wrong.
    public enum End: Hashable, Sendable {
        /// All epochs or steps are done.
        case completed
        /// The time limit was reached.
        case timeLimit
        /// A callback asked for it: early stopping and the like.
        case stopped(reason: Phrase)
    }

    public var end: End
    public var step: Int
    public var epochs: Int
    /// The monitored value at its best; nil without validation.
    public var best: Best?
    /// The last epoch's means, and the last validation.
    public var training: [MetricValue]
    public var validation: [MetricValue]
    public var seconds: Double
    /// The last checkpoint; nil when none was asked for.
    public var checkpoint: String?

    /// The monitored value where it was best.
    public struct Best: Hashable, Sendable {
        public var metric: String
        public var value: Double
        public var step: Int
        public var epoch: Int
        /// Its checkpoint; nil when none was asked for.
        public var checkpoint: String?
    }
}

/// Means of several numbers, weighted by examples: sums that a checkpoint can keep exactly.
public struct RunningMeans: Hashable, Sendable {
    public private(set) var sums: [Double]
    public private(set) var weight: Double

    public init(count: Int) {
        sums = Array(repeating: 0, count: count)
        weight = 0
    }

    init(sums: [Double], weight: Double) {
        self.sums = sums
        self.weight = weight
    }

    /// Takes in sums of values times examples, and the examples' number.
    mutating func add(_ values: [Double], weight: Double) {
        for index in sums.indices { sums[index] += values[index] }
        self.weight += weight
    }

    mutating func reset() {
        for index in sums.indices { sums[index] = 0 }
        weight = 0
    }

    /// NaN before anything was counted.
    public subscript(index: Int) -> Double { sums[index] / weight }

    func values(named names: [String]) -> [MetricValue] {
        zip(names, sums).map { MetricValue($0, $1 / weight) }
    }
}
