import Testing
import Wright
import WrightTesting

@testable import WrightTasks

/// Every code of task files, features, searches and trained tasks, said because of real input.
struct TaskMessageTests {
    private static let triggers = TaskFileTriggers.all.merging(FeatureTriggers.all) { one, _ in one }
        .merging(TrainedTaskTriggers.all) { one, _ in one }

    @Test("A code is said by what it is for, alike in both languages", arguments: Array(triggers.keys))
    func code(code: MessageCode) throws { expectMessage(code, Self.triggers[code]!) }

    @Test("No code of these areas is without a trigger")
    func everyCode() {
        expectEveryCode(in: [1009...1009, 2000...2999, 3107...3110], isTriggeredBy: Self.triggers.keys)
    }
}
