public import WrightRuntime

/// Says how training goes: on a terminal one line that rewrites itself, elsewhere a plain line every so many seconds;
/// after each epoch a line that stays.
///
/// It writes to standard error, so that results on standard output stay clean, and uses no colours.
public final class ProgressReport: Callback {
    /// Where it is written to decides how.
    public enum Style: String, Hashable, Sendable, CaseIterable {
        /// A rewriting line on a terminal, plain lines elsewhere.
        case automatic
        /// Always rewriting.
        case rewriting
        /// Always plain lines.
        case plain
        /// Nothing but notices and failures.
        case quiet
    }

    /// How much is said, and how often.
    public struct Config: Hashable, Sendable {
        public var style = Style.automatic
        /// Seconds between two plain lines, and between two rewritings.
        public var plainInterval = 10.0
        public var rewritingInterval = 0.1
        public var language = Language.english

        public init() {}
    }

    private let config: Config
    private let isRewriting: Bool
    private let write: (String) -> Void
    private let width: () -> Int
    private var plan: TrainingPlan?
    private var isLineOpen = false
    private var startTime = 0.0
    private var startStep = 0
    private var nextTime = 0.0
    /// Time and examples at the last line, for the speed.
    private var window = (time: 0.0, examples: 0)
    private var speed = 0.0

    public convenience init(_ config: Config = Config()) {
        let terminal = SystemCalls.standardError
        let isDumb = SystemCalls.environment("TERM") == "dumb"
        self.init(
            config, isTerminal: SystemCalls.isTerminal(terminal) && !isDumb,
            width: { SystemCalls.width(ofTerminal: terminal) ?? 80 }, write: { SystemCalls.write($0, to: terminal) })
    }

    init(_ config: Config, isTerminal: Bool, width: @escaping () -> Int, write: @escaping (String) -> Void) {
        self.config = config
        isRewriting = config.style == .rewriting || (config.style == .automatic && isTerminal)
        self.width = width
        self.write = write
    }

    private var isQuiet: Bool { config.style == .quiet }

    public func stepEnded(_ step: borrowing StepReport) -> Directive {
        if isQuiet { return .proceed }
        let now = SystemCalls.monotonicTime
        guard now >= nextTime else { return .proceed }
        nextTime = now + (isRewriting ? config.rewritingInterval : config.plainInterval)
        let text = line(step, now)
        if isRewriting {
            write("\r" + text.prefix(cells: max(width() - 1, 20)) + "\u{1B}[K")
            isLineOpen = true
        } else {
            write(text + "\n")
        }
        return .proceed
    }

    private func line(_ step: borrowing StepReport, _ now: Double) -> String {
        guard let plan else { return "" }
        if now > window.time {
            let current = Double(step.totalExamples - window.examples) / (now - window.time)
            // The terminal's short windows are smoothed, so that the number can be read.
            speed = speed == 0 || !isRewriting ? current : 0.9 * speed + 0.1 * current
            window = (now, step.totalExamples)
        }
        var parts = [epoch(step.epoch), "\(step.batch)/\(step.batches)"]
        for (index, name) in plan.measures.enumerated() { parts.append("\(name) \(step.means[index].short)") }
        parts.append("\(Int(speed).grouped)/s")
        if let total = plan.totalSteps, step.step > startStep {
            let rest = (now - startTime) / Double(step.step - startStep) * Double(total - step.step)
            parts.append(config.language(Phrase("ETA \(rest.clock)", "剩余 \(rest.clock)")))
        }
        parts.append("\(SystemCalls.peakMemory >> 20) MiB")
        return parts.joined(separator: "  ")
    }

    public func received(_ event: TrainingEvent) -> Directive {
        switch event {
        case .started(let plan):
            start(plan)
        case .epochEnded(let report):
            say(Phrase(line(report)))
        case .validated(let report):
            // Validations within an epoch; those at its end stand in the epoch's line.
            guard let plan, report.step % plan.batchesPerEpoch != 0, !isRewriting else { break }
            say(
                Phrase("  step \(report.step)  ", "  第 \(report.step) 步  ")
                    + Phrase(report.values.map { "val_\($0.name) \($0.value.short)" }.joined(separator: "  ")))
        case .checkpointWritten: break
        case .notice(let text): say(.note(Phrase(text)), evenWhenQuiet: true)
        case .finished(let result): say(closing(result))
        case .failed: closeLine()
        }
        return .proceed
    }

    private func start(_ plan: TrainingPlan) {
        self.plan = plan
        startTime = SystemCalls.monotonicTime
        startStep = plan.startStep
        window = (startTime, 0)
        nextTime = startTime + (isRewriting ? 0 : config.plainInterval)
        if let checkpoint = plan.resumedFrom {
            say(
                Phrase(
                    "resuming after step \(plan.startStep) from \(checkpoint)",
                    "从 \(checkpoint) 继续，已完成 \(plan.startStep) 步"))
        }
        let frozen = plan.frozenCount.grouped
        let apart = plan.frozenCount > 0 ? Phrase(" (\(frozen) frozen)", "（另冻结 \(frozen) 个）") : Phrase("")
        let (trainable, examples, batches) = (
            plan.trainableCount.grouped, plan.examplesPerEpoch.grouped, plan.batchesPerEpoch.grouped
        )
        say(
            Phrase(
                "training \(trainable) parameters\(apart.english) on \(examples) examples, \(batches) batches an epoch",
                "训练 \(trainable) 个参数\(apart.chinese)，\(examples) 个样本，每轮 \(batches) 批"))
    }

    /// `epoch 2/10`.
    private func epoch(_ epoch: Int) -> String {
        let of = plan?.epochs.map { "/\($0)" } ?? ""
        return config.language(Phrase("epoch \(epoch + 1)\(of)", "第 \(epoch + 1)\(of) 轮"))
    }

    private func line(_ report: EpochReport) -> String {
        var parts = [epoch(report.epoch), config.language(Phrase("step \(report.step)", "第 \(report.step) 步"))]
        parts += report.training.map { "\($0.name) \($0.value.short)" }
        parts += report.validation.map { "val_\($0.name) \($0.value.short)" }
        return (parts + [report.seconds.clock]).joined(separator: "  ")
    }

    private func closing(_ result: TrainingResult) -> Phrase {
        var text = Phrase(
            "trained \(result.step.grouped) steps in \(result.seconds.clock) (\(result.end))",
            "训练了 \(result.step.grouped) 步，用时 \(result.seconds.clock)（\(result.end.phrase.chinese)）")
        if let best = result.best {
            text =
                text
                + Phrase(
                    "; best \(best.metric) \(best.value.short) in epoch \(best.epoch + 1)",
                    "；最佳 \(best.metric) \(best.value.short)，在第 \(best.epoch + 1) 轮")
            if let checkpoint = best.checkpoint { text = text + Phrase(", \(checkpoint)", "，\(checkpoint)") }
        }
        return text
    }

    private func say(_ text: Phrase, evenWhenQuiet: Bool = false) {
        guard !isQuiet || evenWhenQuiet else { return }
        write((isLineOpen ? "\r\u{1B}[K" : "") + config.language(text) + "\n")
        isLineOpen = false
    }

    /// Leaves the rewriting line standing, so that an error starts on its own.
    private func closeLine() {
        if isLineOpen { write("\n") }
        isLineOpen = false
    }
}
