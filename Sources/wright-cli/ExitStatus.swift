import ArgumentParser
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
            case is ValidationError: .usage
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
struct Failure: Error, CustomStringConvertible {
    var status: ExitStatus
    var description: String

    static func usage(_ text: String) -> Failure { Failure(status: .usage, description: text) }
    static func data(_ text: String) -> Failure { Failure(status: .data, description: text) }
    static func refused(_ text: String) -> Failure { Failure(status: .refused, description: text) }
    static func goal(_ text: String) -> Failure { Failure(status: .goal, description: text) }
}
