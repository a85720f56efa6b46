public import WrightRuntime

/// Why training cannot go on, and what to do.
public enum TrainingError: ExplainedError, Hashable, Sendable {
    /// The loss or a parameter is no longer a finite number.
    case diverged(Divergence)
    /// Ctrl-C or a request to end; `checkpoint` is where training can be taken up again.
    case interrupted(step: Int, checkpoint: String?)
    /// A checkpoint was made by a run with other settings.
    case otherRun(checkpoint: String, differences: [Phrase])
    /// A checkpoint does not hold what it must.
    case checkpoint(path: String, Message)
    /// A configuration that cannot work, every problem named.
    case configuration([Message])
    /// The data gives what the model cannot train on.
    case data(Message)

    private var messages: [Message] {
        switch self {
        case .diverged(let divergence): [Message(.diverged, divergence.phrase)]
        case .interrupted(let step, let checkpoint?): [Message(.interrupted, step, checkpoint)]
        case .interrupted(0, nil): [Message(.interruptedAtOnce)]
        case .interrupted(let step, nil): [Message(.interruptedUnsaved, step)]
        case .otherRun(let checkpoint, let differences):
            [Message(.otherRun, checkpoint, differences.map { Phrase("  - ") + $0 }.joined(Phrase("\n")))]
        case .checkpoint(_, let message), .data(let message): [message]
        case .configuration(let problems): problems
        }
    }

    public var code: MessageCode? { messages.count == 1 ? messages[0].code : nil }

    public func text(in language: Language) -> String { text(in: language) { _ in "" } }

    public func report(in language: Language) -> String {
        if let code { return "\(code.text) \(text(in: language))" }
        return text(in: language) { problem in problem.code.map { "\($0.text) " } ?? "" }
    }

    private func text(in language: Language, _ prefix: (Message) -> String) -> String {
        switch self {
        case .checkpoint(let path, let message): return "\(path)\(language(Phrase(": ", "：") + message.phrase))"
        case .otherRun: return language(messages[0].text) + language(messages[0].remedy)
        default: break
        }
        if messages.count == 1 { return language(messages[0].phrase) }
        return
            ([language(Phrase("the training configuration:", "训练配置："))]
            + messages.map { "  - \(prefix($0))\(language($0.phrase))" }).joined(separator: "\n")
    }
}

extension TrainingError {
    /// What something is in a file or an earlier run, and what it is now.
    package static func difference(_ name: String, _ earlier: Phrase?, _ now: Phrase?, _ place: Phrase) -> Phrase {
        let nothing = Phrase("nothing", "无")
        let (one, other) = (earlier ?? nothing, now ?? nothing)
        return Phrase(
            "\(name): \(one.english) in \(place.english), \(other.english) now",
            "\(name)：\(place.chinese)中为 \(one.chinese)，现为 \(other.chinese)")
    }
}

/// What stopped being a finite number, where, and what to try.
public struct Divergence: Hashable, Sendable, CustomStringConvertible {
    public var step: Int
    public var epoch: Int
    public var loss: Double
    /// The first value of the forward pass that is not finite: `matmul [64, 512], after layers.2.weight`.
    public var activation: String?
    /// The parameter, nearest to the loss, whose gradient is not finite.
    public var gradient: String?
    /// Parameters that hold numbers that are not finite.
    public var parameters: [String] = []
    public var learningRate: Double
    /// The last checkpoint that holds finite numbers only.
    public var checkpoint: String?

    mutating func explain(_ diagnosis: Diagnosis) {
        activation = diagnosis.activation
        gradient = diagnosis.gradient
    }

    public var description: String { phrase.english }

    /// What is known, in sentences, and what to try.
    public var phrase: Phrase {
        var text = Phrase(
            "training diverged at step \(step) (epoch \(epoch + 1)): the loss is \(loss)",
            "训练在第 \(step) 步（第 \(epoch + 1) 轮）发散：损失为 \(loss)")
        func add(_ english: String, _ chinese: String) { text = text + Phrase(". " + english, "。" + chinese) }
        if let activation {
            add("The first value that is not finite is \(activation)", "最先出现的非有限值是 \(activation)")
        } else if let gradient {
            add(
                "The forward pass is finite; the first gradient that is not is that of \(gradient)",
                "前向计算是有限的；最先出现非有限值的梯度属于 \(gradient)")
        } else if let first = parameters.first {
            let more = parameters.count > 1 ? " and \(parameters.count - 1) more" : ""
            add(
                "An earlier update left numbers that are not finite in \(first)\(more)",
                "之前的更新在 \(first)\(parameters.count > 1 ? " 等 \(parameters.count) 个参数" : " ")中留下了非有限值")
        }
        add(
            "Try a lower learning rate than \(learningRate), clip gradients by norm, or look for broken examples",
            "请尝试低于 \(learningRate) 的学习率、按范数裁剪梯度，或检查是否有损坏的样本")
        if let checkpoint { add("The last good checkpoint is \(checkpoint)", "最后一个完好的检查点是 \(checkpoint)") }
        return text
    }
}
