import ArgumentParser
import Wright

/// The program: parses its arguments, runs a command, and ends with an ``ExitStatus``.
@main
struct WrightCommand: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wright",
        abstract: say(
            "Train, measure and use neural networks on this machine.", "在本机上训练、评估和使用神经网络。"),
        discussion: say(
            """
            A first run, with the data set of Debian's package dataset-fashion-mnist:

            \(examples)

            Results go to standard output, progress and errors to standard error. --json prints results for programs.
            The environment may give flags: \(EnvironmentFlags.variables.joined(separator: ", ")).
            Exit status: 0 fine, 1 failure, 2 wrong flags or settings, 3 unreadable or unfit data, 4 a goal was missed, 5 data \
            was refused by --strict or data.strict, 130 interrupted.
            """,
            """
            第一次运行，使用 Debian 软件包 dataset-fashion-mnist 中的数据集：

            \(examples)

            结果写到标准输出，进度与错误写到标准错误。--json 输出供程序读取的结果。
            可用环境变量代替选项：\(EnvironmentFlags.variables.joined(separator: "、"))。
            退出状态码：0 正常，1 失败，2 选项或设置有误，3 数据无法读取或不合适，4 未达到目标，5 数据被 --strict 或 data.strict 拒绝，\
            130 被中断。
            """),
        version: version,
        subcommands: [
            InitCommand.self, ConfigCommand.self, DataCommand.self, TrainCommand.self, TuneCommand.self,
            EvaluateCommand.self,
            PredictCommand.self, ExplainCommand.self, CompareCommand.self,
            GenerateCommand.self, TokenizerCommand.self,
            BenchCommand.self, DoctorCommand.self,
        ])

    private static let examples = """
          wright train fashion-mnist --model convnet --output clothes
          wright evaluate clothes --data fashion-mnist --report report.html
          wright predict clothes photograph.png
        """

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
            guard exitCode(for: error).isSuccess else {
                Output.message(complaint(error, arguments))
                return .usage
            }
            Output.result(HelpLayout()(fullMessage(for: error, columns: HelpLayout.unlimited)))
            return .success
        }
        do {
            try command.run()
            return .success
        } catch {
            if exitCode(for: error).isSuccess {
                Output.result(HelpLayout()(fullMessage(for: error, columns: HelpLayout.unlimited)))
                return .success
            }
            Output.message(error, in: .spoken)
            if case TrainingError.interrupted(_, _?) = error {
                Output.message(
                    say("To go on, run the same command again with --resume", "要继续，请加上 --resume 再次运行同一命令"))
            }
            return ExitStatus(of: error)
        }
    }

    /// What is wrong with the arguments, and how the command is used.
    private static func complaint(_ error: any Error, _ arguments: [String]) -> String {
        let start = say("error: ", "错误：")
        // The parser would complain about the words behind one that is no command.
        if let message = unknownCommand(arguments) { return start + Failure.usage(message).description }
        let text = message(for: error)
        let rest = fullMessage(for: error, columns: HelpLayout.unlimited).dropFirst("Error: ".count + text.count)
        return start + (ParserComplaint.message(text).map { Failure.usage($0).description } ?? text)
            + HelpLayout()(String(rest))
    }

    private static func unknownCommand(_ arguments: [String]) -> Message? {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first) else { return nil }
        return Message(.unknownCommand, first, Suggestion.phrase(for: first, among: names), names)
    }

    private static var environment: [String: String] {
        Dictionary(
            EnvironmentFlags.variables.compactMap { name in
                SystemCalls.environment(name).map { (name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
}
