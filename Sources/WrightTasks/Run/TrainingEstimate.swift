import WrightRuntime
import WrightTrain

/// Says after a few steps how long a task's training takes at most, and how much memory: measured on this machine and
/// these rows, not looked up.
final class TrainingEstimate: Callback {
    private let trainer: Trainer
    private let networks: Int
    private let limit: Double?
    private let validationShare: Double
    private let endsEarly: Bool
    private let say: (Phrase) -> Void
    private var plan: TrainingPlan?
    private var steps = 0
    private var start = 0.0
    private var validationSeconds: Double?
    private var isTold = false

    /// Steps that are not counted: they plan, and fill caches.
    private static let warmUp = 3
    private static let leastSteps = 3
    private static let mostSteps = 100
    private static let leastSeconds = 0.3
    /// What predicting a row costs of what learning from it does: forward without backward.
    private static let forwardShare = 1.0 / 3

    /// `networks` are still to be trained in `limit` seconds, if there is a limit; `validationShare` is how many rows
    /// validate for each that trains.
    init(
        of trainer: Trainer, networks: Int, limit: Double?, validationShare: Double, endsEarly: Bool,
        say: @escaping (Phrase) -> Void
    ) {
        self.trainer = trainer
        self.networks = networks
        self.limit = limit
        self.validationShare = validationShare
        self.endsEarly = endsEarly
        self.say = say
    }

    func stepEnded(_ step: borrowing StepReport) -> Directive {
        guard !isTold else { return .proceed }
        steps += 1
        let now = SystemCalls.monotonicTime
        if steps == Self.warmUp { (start, validationSeconds) = (now, nil) }
        let measured = steps - Self.warmUp
        let seconds = now - start - (validationSeconds ?? 0)
        guard measured >= Self.leastSteps, seconds >= Self.leastSeconds || measured >= Self.mostSteps else {
            return .proceed
        }
        tell(secondsPerStep: seconds / Double(measured))
        return .proceed
    }

    func received(_ event: TrainingEvent) -> Directive {
        switch event {
        case .started(let plan): self.plan = plan
        case .validated(let report): validationSeconds = (validationSeconds ?? 0) + report.seconds
        default: break
        }
        return .proceed
    }

    private func tell(secondsPerStep: Double) {
        isTold = true
        guard let plan, let total = plan.totalSteps else { return }
        let epochs = Double(total) / Double(max(plan.batchesPerEpoch, 1))
        let validation =
            Double(plan.batchesPerEpoch) * secondsPerStep * validationShare * Self.forwardShare * epochs
        let whole = Double(total) * secondsPerStep + validation
        let done = Double(plan.startStep) / Double(total)
        let seconds = whole * (Double(networks) - done)
        let bound =
            endsEarly
            ? Phrase("at most \(seconds.clock), less when networks stop early", "最多 \(seconds.clock)，早停时更短")
            : Phrase("about \(seconds.clock)", "约 \(seconds.clock)")
        let step = (secondsPerStep * 1000).short
        let (memory, steps) = (SystemCalls.peakMemory.bytes, trainer.byteCount.bytes)
        say(
            Phrase(
                "estimate: \(bound.english) (\(networks.counted("network")) of \(total.grouped) steps of \(step) ms); "
                    + "memory about \(memory), \(steps) of it for steps",
                "预计：\(bound.chinese)（\(networks) 个网络，每个 \(total.grouped) 步，每步 \(step) 毫秒）；内存约 \(memory)，其中训练步占 "
                    + "\(steps)"))
        if let limit, seconds > limit {
            let share = (100 * limit / seconds).fixed(0)
            say(
                .note(
                    Phrase(
                        "there are \(limit.clock) for it, which is \(share) % of that: networks end when their share of the "
                            + "time is over",
                        "时间限制为 \(limit.clock)，为所需的 \(share)%：各网络用完自己的时间即结束")))
        }
    }
}
