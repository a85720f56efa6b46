import Foundation
import Testing

/// The real program as a child process.
struct WrightProcess {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The program lies beside the tests that were built with it.
    static let executable: URL? = {
        let here = [CommandLine.arguments[0], Bundle.main.executablePath ?? ""].map {
            URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
        }
        return here.map { $0.appending(path: "wright") }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Runs `wright` with these arguments; `interruptAfter` sends it SIGINT when its errors contain that text.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], interruptAfter: String? = nil
    ) throws -> Outcome {
        let process = Process()
        let program: URL = try #require(executable, "the program 'wright' was not built beside the tests")
        process.executableURL = program
        process.arguments = arguments
        // Tests read English, whatever the machine speaks.
        var variables = ProcessInfo.processInfo.environment.filter { name, _ in
            !["WRIGHT_", "LC_", "LANG"].contains(where: name.hasPrefix)
        }
        variables["COLUMNS"] = "80"
        process.environment = variables.merging(environment) { $1 }
        // Files, not pipes: a full pipe would make the program wait for a reader.
        let folder = try Scratch()
        let (output, errors) = (folder.path("out"), folder.path("err"))
        for path in [output, errors] { try Data().write(to: URL(filePath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        if let interruptAfter {
            let deadline = Date(timeIntervalSinceNow: 60)
            while process.isRunning, Date() < deadline, !(try text(errors).contains(interruptAfter)) {
                Thread.sleep(forTimeInterval: 0.02)
            }
            process.interrupt()
        }
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: try text(output), errors: try text(errors))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}

/// A folder that is removed with everything in it.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "wright-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    // Why: a folder that cannot be removed is the system's to clean up, not the test's to fail on.
    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: path(name))) }
}
