import ArgumentParser
import Wright

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check this machine: processor, libraries, memory, disk, data sets.")

    func run() throws {}
}
