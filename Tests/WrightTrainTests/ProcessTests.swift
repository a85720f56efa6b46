import Foundation
import Testing
import WrightRuntime
import WrightTesting

/// Training in a process of its own that is killed, interrupted and starved; `Tests/TrainProbe` is that process.
@Suite(.serialized) struct ProcessTests {
    /// Beside the bundle of this test.
    private static let probe = Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "wright-train-probe")

    private final class Probe {
        let process = Process()
        private let output = Pipe()
        private let errors = Pipe()
        /// Kept, so that nobody removes it under the process.
        private let folder: TemporaryFolder

        init(_ folder: TemporaryFolder, _ options: String...) throws {
            self.folder = folder
            process.executableURL = ProcessTests.probe
            process.arguments = [folder.path] + options
            process.standardOutput = output
            process.standardError = errors
            try process.run()
        }

        /// Waits until the first step is done.
        func waitForTraining() { _ = output.fileHandleForReading.availableData }

        /// Waits for the end: what it printed since, and how it ended.
        func end() -> (output: String, errors: String, status: Int32) {
            let text = output.fileHandleForReading.readDataToEndOfFile()
            let errors = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (
                String(decoding: text, as: UTF8.self).replacing("training\n", with: ""),
                String(decoding: errors, as: UTF8.self), process.terminationStatus
            )
        }
    }

    /// Catches a checkpoint that is ever half a file, and state that lives outside of it. Twenty kills, most of them while
    /// a checkpoint is written, because one is written after every other step.
    @Test func killedTwentyTimesComesOutTheSame() throws {
        let whole = try Probe(TemporaryFolder()).end()
        #expect(whole.status == 0 && whole.output.contains("steps 30"), "\(whole.errors)")
        var random = SplitMix64(seed: UInt64(Date().timeIntervalSince1970))
        var kills = 0
        while kills < 20 {
            let folder = try TemporaryFolder()
            while true {
                let probe = try Probe(folder, "pause=5")
                if kills < 20 {
                    Thread.sleep(forTimeInterval: Double.random(in: 0.03...0.25, using: &random))
                    if probe.process.isRunning { kill(probe.process.processIdentifier, SIGKILL) }
                }
                let end = probe.end()
                if probe.process.terminationReason == .uncaughtSignal {
                    kills += 1
                    continue
                }
                #expect(end.status == 0 && end.output == whole.output, "\(end.errors)")
                break
            }
        }
    }

    /// Catches an interruption that loses steps or does not say how to go on.
    @Test func controlCSavesAndSaysHowToResume() throws {
        let whole = try Probe(TemporaryFolder()).end()
        let folder = try TemporaryFolder()
        let probe = try Probe(folder, "pause=20")
        probe.waitForTraining()
        kill(probe.process.processIdentifier, SIGINT)
        let end = probe.end()
        #expect(end.status == 130)
        #expect(end.errors.contains("Resume from \(folder.path)/checkpoints/step-"), "\(end.errors)")
        let resumed = try Probe(folder).end()
        #expect(resumed.output == whole.output && resumed.status == 0, "\(resumed.errors)")
    }

    /// Catches a process that cannot be stopped: the second Ctrl-C does not wait for the step.
    @Test func theSecondControlCEndsAtOnce() throws {
        let probe = try Probe(TemporaryFolder(), "pause=20000")
        probe.waitForTraining()
        kill(probe.process.processIdentifier, SIGINT)
        Thread.sleep(forTimeInterval: 0.05)
        kill(probe.process.processIdentifier, SIGINT)
        #expect(probe.end().status == 130)
    }

    /// Catches a full disk that takes the last good checkpoint with it.
    @Test func aFullDiskLeavesThePreviousCheckpoint() throws {
        let whole = try Probe(TemporaryFolder()).end()
        let folder = try TemporaryFolder()
        let starved = try Probe(folder, "starve=13").end()
        #expect(starved.status == 1)
        let error = starved.errors
        #expect(
            error.contains("\(folder.path)/checkpoints: the checkpoint of step 14 could not be written"), "\(error)")
        #expect(error.contains("it takes about ") && error.contains(" are free"), "\(error)")
        #expect(error.contains("step-00000012 is whole"), "\(error)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/checkpoints")
        #expect(!names.contains("writing") && names.contains("step-00000012"))
        let resumed = try Probe(folder).end()
        #expect(resumed.output == whole.output && resumed.status == 0, "\(resumed.errors)")
    }
}
