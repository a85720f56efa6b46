import ArgumentParser
import Wright

/// The program: parses its arguments, runs a command, and ends with an ``ExitStatus``.
@main
struct WrightCommand: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wright",
        abstract: "Train, measure and use neural networks on this machine.",
        discussion: """
            A first run, with the data set of Debian's package dataset-fashion-mnist:

              wright train fashion-mnist --model convnet --output clothes
              wright evaluate clothes --data fashion-mnist --report report.html
              wright predict clothes photograph.png

            Results go to standard output, progress and errors to standard error. --json prints results for programs.
            The environment may give flags: \(EnvironmentFlags.variables.joined(separator: ", ")).
            Exit status: 0 fine, 1 failure, 2 wrong flags or settings, 3 unreadable or unfit data, 4 a goal was missed, 5 data \
            was refused by --strict or data.strict, 130 interrupted.
            """,
        version: version,
        subcommands: [
            InitCommand.self, ConfigCommand.self, DataCommand.self, TrainCommand.self, TuneCommand.self,
            EvaluateCommand.self,
            PredictCommand.self, ExplainCommand.self, CompareCommand.self,
            GenerateCommand.self, TokenizerCommand.self,
            BenchCommand.self, DoctorCommand.self,
        ])

    static func main() {
        let arguments = EnvironmentFlags.merged(Array(CommandLine.arguments.dropFirst()), environment: environment)
        exit(withError: ExitCode(execute(arguments).rawValue))
    }

    private static func execute(_ arguments: [String]) -> ExitStatus {
        var command: any ParsableCommand
        do {
            command = try parseAsRoot(arguments)
        } catch {
            // Help and version come here too: they are no errors.
            let text = fullMessage(for: error)
            guard exitCode(for: error).isSuccess else {
                let plain = text.replacing("Error: ", with: "error: ", maxReplacements: 1)
                Output.message(unknownCommand(arguments) ?? plain)
                return .usage
            }
            Output.result(text)
            return .success
        }
        do {
            try command.run()
            return .success
        } catch {
            if exitCode(for: error).isSuccess {
                Output.result(fullMessage(for: error))
                return .success
            }
            Output.message(error, in: .ofEnvironment())
            if case TrainingError.interrupted(_, _?) = error {
                Output.message("To go on, run the same command again with --resume")
            }
            return ExitStatus(of: error)
        }
    }

    /// What to say when the first word is no command; the parser would complain about the words behind it.
    private static func unknownCommand(_ arguments: [String]) -> String? {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first) else { return nil }
        return "error: there is no command '\(first)'.\(Suggestion.text(for: first, among: names)) There are "
            + names.joined(separator: ", ") + "; see 'wright --help'"
    }

    private static var environment: [String: String] {
        Dictionary(
            EnvironmentFlags.variables.compactMap { name in
                SystemCalls.environment(name).map { (name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
}
