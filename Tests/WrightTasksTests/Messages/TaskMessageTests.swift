import Testing
import Wright
import WrightTesting

@testable import WrightTasks

/// Every code of task files, features and saved tasks, said because of real input.
struct TaskMessageTests {
    private static let triggers = TaskFileTriggers.all.merging(FeatureTriggers.all) { one, _ in one }

    @Test("A code is said by what it is for, alike in both languages", arguments: Array(triggers.keys))
    func code(code: MessageCode) throws { expectMessage(code, Self.triggers[code]!) }

    /// Said of a trained model or a search, where tests that train check the code; and of what the reader of YAML
    /// resolves by itself.
    private static let elsewhere: [MessageCode] = [
        .notYAML, .yamlAlias, .notATrial, .noForecast, .noAnswer, .noKnownTruth, .memory, .searchTime, .noHeldOut,
        .metricNotFinite,
        .otherAnswers, .nothingToCompare, .dataRefused, .noTrainingRow,
    ]

    @Test("No code of these areas is without a trigger")
    func everyCode() {
        expectEveryCode(
            in: [1009...1009, 2000...2499, 3107...3110], isTriggeredBy: Array(Self.triggers.keys) + Self.elsewhere)
    }
}
