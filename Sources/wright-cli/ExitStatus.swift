import Wright
import WrightTasks

/// What the process says when it ends; scripts rely on these numbers.
enum ExitStatus: Int32 {
    case success = 0
    case failure = 1
    /// A flag, a name or a setting that cannot be.
    case usage = 2
    /// Data that cannot be read or does not fit.
    case data = 3
    /// A goal that a flag asks to reach was missed; what was trained is written all the same.
    case goal = 4
    /// Data that was refused, as `data.strict` or `--strict` asks.
    case refused = 5
    /// Ctrl-C, after a checkpoint was written.
    case interrupted = 130

    /// The status that an error of the library or of a command ends the process with.
    init(of error: any Error) {
        self =
            switch error {
            case let failure as Failure: failure.status
            case is ConfigProblems: .usage
            case is DataRefused: .refused
            case is FileError, is FeatureProblem, is MetricError, is LabelOutOfRange, is EmptyPipeline,
                is TokenizerError:
                .data
            case let error as TrainingError:
                switch error {
                case .interrupted: .interrupted
                case .configuration, .otherRun: .usage
                case .data: .data
                default: .failure
                }
            default: .failure
            }
    }
}

/// An error of the command line itself: what is wrong, where, what was received, and what to do.
struct Failure: ExplainedError {
    var status: ExitStatus
    var message: Message

    var code: MessageCode? { message.code }
    func text(in language: Language) -> String { language(message.phrase) }

    /// In the language of this run and with its code: the argument parser prints what flags' checks throw.
    var description: String { report(in: .spoken) }

    static func usage(_ message: Message) -> Failure { Failure(status: .usage, message: message) }
    static func data(_ message: Message) -> Failure { Failure(status: .data, message: message) }
}
