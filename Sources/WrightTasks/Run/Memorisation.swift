import WrightData
import WrightGraph
import WrightNN
public import WrightRuntime
import WrightTrain

/// Whether a task's network learns a few rows by heart: one that cannot will not learn from many either.
public struct Memorisation: Sendable {
    public var rows: Int
    public var steps: Int
    public var seconds: Double
    /// The mean loss of the first pass over the rows, and of the last.
    public var firstLoss: Double
    public var lastLoss: Double
    /// The loss that counts as learned by heart.
    public var target: Double
    /// Rows with the inputs of an earlier one and another answer, which nothing can learn.
    public var contradictions: Int

    public var isReached: Bool { lastLoss <= target }

    public var json: JSON {
        var object = JSON.Object()
        object["reached"] = .bool(isReached)
        for (name, count) in [("rows", rows), ("steps", steps), ("contradictions", contradictions)] {
            object[name] = .integer(Int64(count))
        }
        for (name, value) in [
            ("seconds", seconds), ("first_loss", firstLoss), ("last_loss", lastLoss), ("target", target),
        ] {
            object[name] = .number(value)
        }
        object["advice"] = .texts(advice.map(\.english))
        return .object(object)
    }

    /// What to look at where the loss stays up, one sentence each.
    public var advice: [Phrase] {
        guard !isReached else { return [] }
        var advice: [Phrase] = []
        if contradictions > 0 {
            advice.append(
                Phrase(
                    "\(contradictions) of the rows have the inputs of an earlier row and another answer, which nothing can "
                        + "learn: is an input missing that tells them apart?",
                    "有 \(contradictions) 行与之前的行输入相同而答案不同，这无法学会：是否缺少能区分它们的输入？"))
        }
        if lastLoss > 0.9 * firstLoss {
            advice.append(
                Phrase(
                    "The loss hardly moves: the inputs may say nothing of the answer ('wright data check'), or the learning "
                        + "rate is far too small or too large (--set train.learning_rate=0.01, then 0.0001)",
                    "损失几乎不变：输入可能与答案无关（'wright data check'），或学习率过小或过大（先试 --set train.learning_rate=0.01，"
                        + "再试 0.0001）"))
        } else {
            advice.append(
                Phrase(
                    "The loss was still above the target when the time was over: give it more (--max-time 5m)",
                    "时间用完时损失仍高于目标：请给更多时间（--max-time 5m）"))
        }
        advice.append(
            Phrase(
                "The network may be too small for the rows: --set model.preset=large",
                "网络可能太小：--set model.preset=large"))
        return advice
    }
}

extension TaskRun {
    /// Loss for each output that counts as learned by heart: the right answer has 99 %, or an error is a tenth of a
    /// standard deviation.
    private static let memorisedLoss = 0.01
    private static let mostSeconds = 60.0
    private static let mostEpochs = 100_000

    /// Trains one network on so many batches, without what keeps networks from learning by heart (dropout, weight decay,
    /// changes to images), until it knows them or the time is over; nothing is kept.
    ///
    /// - Throws: as ``run()``.
    public func memorise(batches: Int) throws -> Memorisation {
        var task = try prepare()
        task.config.model.dropout = 0
        task.config.train.weightDecay = 0
        let training = task.split.members[0].training
        var config = Pipeline.Config()
        config.batchSize = min(task.config.train.batchSize ?? 1, training.count)
        config.seed = NetworkTraining.seed(task.config, 0)
        let drawn = Sampler(count: training.count, order: .shuffled).rows(seed: config.seed, epoch: 0)
        let rows = drawn.prefix(batches * config.batchSize).map { training[$0] }
        let network = NetworkTraining(run: self, task: task, number: 0).network
        var settings = Trainer.Config()
        settings.epochs = Self.mostEpochs
        settings.timeLimit = maximumSeconds ?? Self.mostSeconds
        settings.seed = config.seed
        settings.clipping = .norm(1)
        let target = Self.memorisedLoss * Double(task.outputs.count)
        let losses = EpochLosses(target: target)
        let trainer = try NetworkTraining.trainer(
            network, task, settings, schedule: ConstantSchedule(), on: backend)
        let result = try trainer.fit(
            Pipeline(task.rows.subset(rows), config), callbacks: [losses] + callbacks(0, 1), interruption: interruption)
        return Memorisation(
            rows: rows.count, steps: result.step, seconds: result.seconds, firstLoss: losses.first ?? .nan,
            lastLoss: losses.last ?? .nan, target: target, contradictions: try Self.contradictions(task, rows))
    }

    private static func contradictions(_ task: PreparedTask, _ rows: [Int]) throws -> Int {
        var answers: [[[UInt8]]: [[UInt8]]] = [:]
        var count = 0
        for row in rows {
            let samples = try task.rows.samples([row])
            func bytes(_ buffers: [Buffer]) -> [[UInt8]] {
                buffers.map { buffer in
                    withExtendedLifetime(buffer.storage) {
                        Array(UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.type.byteCount))
                    }
                }
            }
            let (inputs, targets) = (bytes(samples.inputs), bytes(samples.targets))
            if let known = answers[inputs], known != targets { count += 1 }
            answers[inputs] = answers[inputs] ?? targets
        }
        return count
    }
}

/// Ends training when an epoch's mean loss is small enough.
private final class EpochLosses: Callback {
    let target: Double
    private(set) var first: Double?
    private(set) var last: Double?

    init(target: Double) { self.target = target }

    func received(_ event: TrainingEvent) -> Directive {
        guard case .epochEnded(let report) = event, let loss = report.training.first?.value else { return .proceed }
        if first == nil { first = loss }
        last = loss
        return loss <= target ? .stop(reason: Phrase("the rows are known by heart", "已能背下这些行")) : .proceed
    }
}
