import Foundation
import Testing
import WrightNN
import WrightRuntime

@testable import WrightTrain

/// A folder that is removed when the test is over.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "wright-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Why: a folder that cannot be removed is the operating system's to clean up, and fails no test.
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension TrainingPlan {
    static func sample(startStep: Int = 0) -> TrainingPlan {
        TrainingPlan(
            trainableCount: 101_770, frozenCount: 0, examplesPerEpoch: 640, batchesPerEpoch: 10, totalSteps: 30,
            epochs: 3, measures: ["loss", "accuracy"], validationMeasures: ["loss"], startStep: startStep,
            resumedFrom: startStep > 0 ? "run/last" : nil)
    }
}

struct CallbackTests {
    private func step(_ step: Int, loss: Double = 0.5) -> StepReport {
        var means = RunningMeans(count: 2)
        means.add([loss * 64, 0.75 * 64], weight: 64)
        return StepReport(
            step: step, epoch: (step - 1) / 10, batch: (step - 1) % 10 + 1, batches: 10, examples: 64,
            totalExamples: step * 64, loss: loss, learningRate: 0.001, means: means)
    }

    private func epoch(_ epoch: Int, validation: Bool = true) -> TrainingEvent {
        .epochEnded(
            EpochReport(
                epoch: epoch, step: (epoch + 1) * 10,
                training: [MetricValue("loss", 0.5), MetricValue("accuracy", 0.75)],
                validation: validation ? [MetricValue("loss", 0.625)] : [], learningRate: 0.001, examples: 640,
                seconds: 2, totalSeconds: Double(epoch) * 2 + 2.0004))
    }

    private func validated(_ step: Int, isBest: Bool) -> TrainingEvent {
        .validated(
            ValidationReport(
                step: step, epoch: 0, values: [MetricValue("loss", 0.625)], isBest: isBest, seconds: 0.25))
    }

    /// Catches a patience that is off by one, and one that forgets across a resume.
    @Test func earlyStoppingWaitsAsLongAsItSays() throws {
        let first = EarlyStopping(patience: 2)
        #expect(first.received(validated(10, isBest: true)) == .proceed)
        #expect(first.received(validated(20, isBest: false)) == .proceed)
        let resumed = EarlyStopping(patience: 2)
        resumed.restore(try #require(first.savedState))
        #expect(resumed.received(.started(.sample(startStep: 20))) == .proceed)
        #expect(
            resumed.received(validated(30, isBest: false))
                == .stop(
                    reason: Phrase("no better value in 2 validations", "早停：连续 2 次验证没有改善")))
        #expect(resumed.received(validated(40, isBest: true)) == .proceed)
    }

    /// Catches a goal that is passed unseen, one whose direction is turned round, and one that can never be reached.
    @Test func goalsEndTraining() throws {
        #expect(try GoalReached("loss", 0.6, goal: .lowest).received(validated(10, isBest: true)) == .proceed)
        let stop = Directive.stop(reason: Phrase("loss is 0.6250", "loss 达到 0.6250"))
        #expect(try GoalReached("loss", 0.625, goal: .lowest).received(validated(10, isBest: true)) == stop)
        #expect(try GoalReached("loss", 0.5, goal: .highest).received(validated(10, isBest: true)) == stop)
        #expect(throws: TrainingError.self) {
            try GoalReached("accuracy", 0.9, goal: .highest).received(.started(.sample()))
        }
    }

    /// Catches rows lost or doubled when a killed run is resumed from an earlier step.
    @Test func historyKeepsRowsUpToTheCheckpoint() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/run/history.csv"
        let first = HistoryCSV(path: path)
        _ = try first.received(.started(.sample()))
        _ = try first.received(epoch(0))
        _ = try first.received(epoch(1, validation: false))
        let resumed = HistoryCSV(path: path)
        _ = try resumed.received(.started(.sample(startStep: 10)))
        _ = try resumed.received(epoch(1, validation: false))
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == """
                epoch,step,seconds,learning_rate,loss,accuracy,val_loss
                1,10,2.0,0.001,0.5,0.75,0.625
                2,20,4.0,0.001,0.5,0.75,

                """)
    }

    @Test func jsonLogIsOneObjectALineAndForgetsWhatIsRepeated() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/log.jsonl"
        let first = JSONLog(path: path, stepInterval: 5)
        _ = try first.received(.started(.sample()))
        for number in 1...12 { _ = try first.stepEnded(step(number)) }
        _ = try first.received(validated(12, isBest: true))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"event":"step","st"#.utf8))
        let resumed = JSONLog(path: path, stepInterval: 5)
        _ = try resumed.received(.started(.sample(startStep: 10)))
        _ = try resumed.stepEnded(step(15))
        let events = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSON(parsing: String($0))
        }
        #expect(events.map { $0["event"]?.string } == ["started", "step", "step", "started", "step"])
        #expect(events.map { $0["step"]?.integer } == [0, 5, 10, 10, 15])
        #expect(events[4]["means"]?["accuracy"]?.double == 0.75)
    }

    /// Catches a curve that grows without bound, or whose means are not those of the steps.
    @Test func learningCurveIsBoundedAndResumes() throws {
        let whole = LearningCurve(capacity: 8)
        for number in 1...100 { _ = whole.stepEnded(step(number, loss: Double(number))) }
        #expect(whole.points.count < 8)
        #expect(whole.points.map(\.step) == [16, 32, 48, 64, 80, 96])
        #expect(whole.points[1].loss == Double((17...32).reduce(0, +)) / 16)
        let first = LearningCurve(capacity: 8)
        for number in 1...37 { _ = first.stepEnded(step(number, loss: Double(number))) }
        let second = LearningCurve(capacity: 8)
        second.restore(try JSON(parsing: try #require(first.savedState).text()))
        for number in 38...100 { _ = second.stepEnded(step(number, loss: Double(number))) }
        #expect(second.points == whole.points)
    }

    private func progress(
        _ style: ProgressReport.Style, isTerminal: Bool, width: Int = 120, _ body: (ProgressReport) -> Void
    ) -> String {
        var text = ""
        var config = ProgressReport.Config()
        config.style = style
        (config.plainInterval, config.rewritingInterval) = (0, 0)
        withoutActuallyEscaping({ text += $0 }) { write in
            body(ProgressReport(config, isTerminal: isTerminal, width: { width }, write: write))
        }
        return text
    }

    /// Catches control characters in log files (tqdm#1342) and lines that wrap on a narrow terminal.
    @Test func progressRewritesOnlyOnTerminals() {
        func run(_ report: ProgressReport) {
            _ = report.received(.started(.sample()))
            _ = report.stepEnded(step(1))
            _ = report.stepEnded(step(2))
            _ = report.received(epoch(0))
        }
        let plain = progress(.automatic, isTerminal: false, run)
        #expect(!plain.contains("\r") && !plain.contains("\u{1B}"))
        let lines = plain.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0] == "training 101,770 parameters on 640 examples, 10 batches an epoch")
        #expect(lines[1].hasPrefix("epoch 1/3  1/10  loss 0.5000  accuracy 0.7500  "))
        #expect(lines[1].contains("ETA ") && lines[1].hasSuffix(" MiB"))
        #expect(lines[3] == "epoch 1/3  step 10  loss 0.5000  accuracy 0.7500  val_loss 0.6250  2.0 s")

        let terminal = progress(.automatic, isTerminal: true, width: 40, run)
        let rewritten = terminal.split(separator: "\r").filter { $0.hasSuffix("\u{1B}[K") }
        #expect(rewritten.count >= 2)
        #expect(rewritten.allSatisfy { $0.count <= 40 + 2 })
        #expect(progress(.quiet, isTerminal: true, run) == "")
    }

    @Test func numbersForPeople() {
        #expect(0.03125.short == "0.03125")
        #expect(12.345.short == "12.35")
        #expect((-1.5).short == "-1.5000")
        #expect(1.2e-5.short == "1.2e-5")
        #expect(9.999e-5.short == "1.0e-4")
        #expect(123456.7.short == "123457")
        #expect(Double.nan.short == "nan")
        #expect(0.25.clock == "0.3 s" && 59.6.clock == "1:00" && 3723.0.clock == "1:02:03")
        #expect(1_234_567.grouped == "1,234,567" && 12.grouped == "12" && (-1234).grouped == "-1,234")
    }
}
