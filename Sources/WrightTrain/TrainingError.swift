/// Why training cannot go on, and what to do.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The loss or a parameter is no longer a finite number.
    case diverged(Divergence)
    /// Ctrl-C or a request to end; `checkpoint` is where training can be taken up again.
    case interrupted(step: Int, checkpoint: String?)
    /// A checkpoint was made by a run with other settings.
    case otherRun(checkpoint: String, differences: [String])
    /// A checkpoint does not hold what it must.
    case checkpoint(path: String, problem: String, remedy: String)
    /// A configuration that cannot work, every problem named.
    case configuration([String])
    /// The data gives what the model cannot train on.
    case data(String)

    public var description: String {
        switch self {
        case .diverged(let divergence): divergence.description
        case .interrupted(let step, let checkpoint?):
            "interrupted after step \(step). Resume from \(checkpoint)"
        case .interrupted(0, nil): "interrupted before the first step, when there was nothing to save"
        case .interrupted(let step, nil):
            "interrupted after step \(step); nothing was saved, as no checkpoint folder was given"
        case .otherRun(let checkpoint, let differences):
            "\(checkpoint) was made by a run with other settings:\n"
                + differences.map { "  - \($0)" }.joined(separator: "\n")
                + "\nResume with the same settings, or start a new run in another folder"
        case .checkpoint(let path, let problem, let remedy): "\(path): \(problem). \(remedy)"
        case .configuration(let problems):
            problems.count == 1
                ? problems[0] : "the training configuration:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
        case .data(let problem): problem
        }
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

    public var description: String {
        var text = "training diverged at step \(step) (epoch \(epoch + 1)): the loss is \(loss)"
        if let activation {
            text += ". The first value that is not finite is \(activation)"
        } else if let gradient {
            text += ". The forward pass is finite; the first gradient that is not is that of \(gradient)"
        } else if let first = parameters.first {
            let more = parameters.count > 1 ? " and \(parameters.count - 1) more" : ""
            text += ". An earlier update left numbers that are not finite in \(first)\(more)"
        }
        text += ". Try a lower learning rate than \(learningRate), clip gradients by norm, or look for broken examples"
        if let checkpoint { text += ". The last good checkpoint is \(checkpoint)" }
        return text
    }
}
