import Wright
import WrightTesting

@testable import WrightTasks

/// What makes the messages of features and of the division of rows come up.
enum FeatureTriggers {
    static let all: [MessageCode: MessageTrigger] = columns.merging(rows) { one, _ in one }

    private static let columns: [MessageCode: MessageTrigger] = [
        .noNumber: { _ = try NumberOutput.Settings().fit(["a", "b"]) },
        .notNumbers: { _ = try NumberInput.Settings().fit(["a", "b", "3"]) },
        .notDates: { _ = try DateInput.Settings().fit(["x", "y", "2024-01-05"]) },
        .noSeriesNumber: { _ = try SeriesInput.Settings().fit(["a"]) },
        .constantSeries: { _ = try SeriesInput.Settings().fit(["1", "1"]) },
        .noVector: { _ = try VectorInput.Settings().fit(["a"]) },
        .vectorLengths: { _ = try VectorInput.Settings().fit(["1 2", "1 2 3"]) },
        .sameValue: { _ = try NumberOutput.Settings().fit(["1", "1"]) },
        .sameStep: { _ = try SequenceOutput.Settings().fit(["a a", "a a"]) },
        .emptyColumn: { _ = try CategoryOutput.CategorySettings().fit([nil]) },
        .noLogarithm: {
            var settings = NumberOutput.Settings()
            settings.transform = .log
            _ = try settings.fit(["0", "1"])
        },
        .moreThanTwo: { _ = try BinaryInput.Settings().fit(["a", "b", "c"]) },
        .notTwo: { _ = try CategoryOutput.BinarySettings().fit(["a", "b", "c"]) },
        .positive: {
            var settings = CategoryOutput.BinarySettings()
            settings.positive = "yes"
            _ = try settings.fit(["a", "b"])
        },
        .weightsNameNoClass: {
            var settings = CategoryOutput.CategorySettings()
            settings.weights = ["reed": 2]
            _ = try settings.fit(["red", "green"])
        },
        .tooManyItems: {
            _ = try SequenceOutput.Settings().fit([(0..<300).map { "i\($0)" }.joined(separator: " ")])
        },
        .noSequence: { _ = try SequenceInput.Settings().fit([nil]) },
        .noText: { _ = try TextInput.Settings().fit([nil]) },
        .noNames: { _ = try SetOutput.Settings().fit([nil]) },
        .noPicturePath: { _ = try ImageInput.Settings().fit([nil]) },
        .unreadPictures: { _ = try ImageInput.Settings().fit(["/nowhere/a.png"]) },
        .noSoundPath: { _ = try AudioInput.Settings().fit([nil]) },
        .unreadSounds: { _ = try AudioInput.Settings().fit(["/nowhere/a.wav"]) },
    ]

    private static func split(_ kind: SplitConfig.Kind, _ column: [String?]) throws {
        var config = SplitConfig()
        config.kind = kind
        _ = try TaskSplit(config, rows: Array(column.indices), strata: nil, column: column, folds: 1, seed: 0)
    }

    private static let rows: [MessageCode: MessageTrigger] = [
        .splitLeavesNoRow: { try split(.column, ["test", "test"]) }, .splitColumn: { try split(.column, ["x", "y"]) },
        .splitTime: { try split(.time, ["a", "b"]) },
        .noWindow: { _ = try TaskSplit(windowsEndingWith: [0, 1, 2], of: 3, horizon: 9, SplitConfig()) },
        .noTime: { _ = try SeriesTime(["a"], lines: [2]) },
        .timeOrder: { _ = try SeriesTime(["5", "4"], lines: [2, 3]) },
        .shortSeries: { _ = try SeriesTime(["5"], lines: [2]) },
    ]
}
