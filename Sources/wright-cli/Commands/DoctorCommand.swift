import ArgumentParser
import Wright

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check this machine: processor, libraries, memory, disk, data sets.",
        discussion: """
            Ends with status 1 when something that Wright needs does not work, and says what to do about it. Takes about \
            a second.
            """)

    @OptionGroup var compute: ComputeOptions

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() throws {
        let checks = Checkup(threads: compute.threads, precision: compute.precision).run()
        if json {
            Output.result(
                .array(
                    checks.map { check in
                        [
                            "name": .string(check.name), "state": .string(check.state.rawValue),
                            "finding": .string(check.finding), "advice": .string(check.advice),
                        ]
                    }))
        } else {
            Output.result(Output.table(checks.map { [$0.state.rawValue, $0.name, $0.finding] }))
            for check in checks where !check.advice.isEmpty { Output.result("\n\(check.name): \(check.advice)") }
        }
        let failed = checks.filter { $0.state == .failed }
        guard failed.isEmpty else {
            throw Failure(
                status: .failure, description: "\(failed.map(\.name).joined(separator: ", ")) failed; see above")
        }
    }
}
