import ArgumentParser
import Wright

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: say("Check this machine: processor, libraries, memory, disk, data sets.", "检查本机：处理器、库、内存、磁盘、数据集。"),
        discussion: say(
            """
            Ends with status 1 when something that Wright needs does not work, and says what to do about it. Takes about \
            a second.
            """,
            "若有 Wright 需要的东西不能工作，则以状态码 1 退出，并说明如何处理。约需一秒。"))

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var speech: SpeechOptions

    @Flag(help: ArgumentHelp("Print the findings as JSON.", "以 JSON 格式输出结果。"))
    var json = false

    func run() throws {
        let checks = Checkup(threads: compute.threads, precision: compute.precision).run()
        if json {
            Output.result(
                .array(
                    checks.map { check in
                        [
                            "name": .string(check.name), "state": .string(check.state.rawValue),
                            "finding": .string(check.finding.english), "advice": .string(check.advice.english),
                        ]
                    }))
        } else {
            let spoken = Language.spoken
            Output.result(
                Output.table(checks.map { [spoken($0.state.word), spoken($0.title), spoken($0.finding)] }))
            for check in checks where !check.advice.isEmpty {
                Output.result("\n" + spoken(check.title + Phrase(": ", "：") + check.advice))
            }
        }
        let failed = checks.filter { $0.state == .failed }
        guard failed.isEmpty else {
            throw Failure(
                status: .failure, message: Message(.checkupFailed, failed.map(\.title).joined(Phrase(", ", "、"))))
        }
    }
}
