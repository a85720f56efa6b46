import Testing
import Wright
@testable import WrightTasks

/// Columns as numbers: what was learned is what encodes, missing and unseen values have a place, and a feature that was
/// saved encodes as before.
struct FeatureTests {
    /// The encoding by a feature that was written and read again, which must be that of the feature itself.
    private func encoded(
        _ settings: some InputSettings, _ fields: [String?], _ others: [String?]? = nil
    ) throws -> (continuous: [Float], plain: [Float], numbers: [Int32]) {
        func parts(_ feature: some InputFeature) throws -> (continuous: [Float], plain: [Float], numbers: [Int32]) {
            let found = try feature.encode(others ?? fields)
            let tokens = found.texts.flatMap { text in (0..<text.count).flatMap { Array(text[$0]) } }
            return (found.continuous, found.plain, found.categories.flatMap(\.self) + tokens)
        }
        let feature = try settings.fit(fields)
        let text = feature.state.text()
        let again = try type(of: feature).init(
            FeatureState(json: JSON(parsing: text), file: "features.json", name: "x"))
        #expect(again.shape == feature.shape)
        let (one, other) = (try parts(feature), try parts(again))
        #expect(one == other)
        return one
    }

    @Test("Numbers: the median is 0, missing ones are 0 with a flag, far ones are held")
    func numbers() throws {
        let found = try encoded(NumberInput.Settings(), ["1", "2", "3", "4", "5", nil, "x"], ["3", nil, "1e9", "5"])
        #expect(found.continuous[0] == 0 && found.continuous[1] == 0)
        #expect(found.continuous[2] > 2.9 && found.continuous[2] <= 3)
        #expect(abs(found.continuous[3] - 1 / (1 + 1.0 / 9).squareRoot()) < 1e-6)
        #expect(found.plain == [0, 1, 0, 0])
        #expect(throws: FeatureProblem.self) { try NumberInput.Settings().fit(["a", "b", "3"]) }
    }

    @Test("Numbers that occur often are a category too; others are none of it")
    func frequentNumbers() throws {
        let fields: [String?] = (0..<250).map { $0 < 200 ? "\($0 % 2)" : "\($0).5" }
        var settings = NumberInput.Settings()
        settings.frequent = 100
        #expect(try encoded(settings, fields, ["0", "1.0", "201.5", nil]).numbers == [1, 2, 0, 0])
        #expect(try NumberInput.Settings().fit(fields).shape.categories.isEmpty, "too few rows to learn from")
    }

    @Test(
        "Each scale puts its numbers where it says",
        arguments: [("standard", -1.4142), ("range", 0), ("log", -1.6), ("quantile", -3.09), ("none", 1)])
    func scales(kind: String, lowest: Float) throws {
        var settings = NumberInput.Settings()
        settings.scale = try #require(NumberScale.Kind(rawValue: kind))
        let found = try encoded(settings, ["1", "2", "3", "4", "5"]).continuous
        #expect(abs(found[0] - lowest) < 0.05, "\(found)")
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 })
        if kind == "quantile" { #expect(abs(found[2]) < 1e-6) }
    }

    @Test(
        "Numbers as people write them",
        arguments: [
            ("1,234.50", 1234.5), ("$ 99", 99), ("-¥1,000", -1000), ("12 %", 12), ("1e-3", 0.001), (" 7 ", 7),
            ("1 234 567.5", 1_234_567.5), ("1\u{202F}234", 1234), ("1'000", 1000), ("(1,200)", -1200), ("USD 5.5", 5.5),
            ("180866元", 180866), ("18.09万", 180_900), ("99 €", 99), ("0.25", 0.25),
        ])
    func writtenNumbers(field: String, value: Double) { #expect(NumberField.read(field) == value) }

    @Test(
        "What is no number is none",
        arguments: ["", "1,23", "1.2.3", "abc", "12,", "nan", "0x10", "$", "1 2a", "0,123", "1 2 3", "3 30"])
    func noNumbers(field: String) { #expect(NumberField.read(field) == nil) }

    @Test("Numbers with a comma before their lesser part are read where the column says so, and predicted by")
    func commas() throws {
        for (field, value) in [("1.234,5", 1234.5), ("0,123", 0.123), ("12,5 €", 12.5), ("7", 7)] {
            #expect(NumberField.read(field, decimal: .comma) == value)
        }
        #expect(NumberField.read("1,234.5", decimal: .comma) == nil)
        var settings = NumberInput.Settings()
        settings.decimal = .comma
        settings.scale = .none
        #expect(try encoded(settings, ["0,5", "1,5", "2"]).continuous == [0.5, 1.5, 2])
        var output = NumberOutput.Settings()
        output.decimal = .comma
        #expect(try output.fit(["0,5", "1,5"]).encode(["1,5"]).truths.array(of: Float.self) == [1.5])
    }

    @Test("Categories: 0 is missing, 1 is rare or never seen, frequent ones come first")
    func categories() throws {
        let found = try encoded(
            CategoryInput.Settings(), ["b", "a", "a", "a", "b", "rare", nil], ["a", "b", "rare", "new", nil])
        #expect(found.numbers == [2, 3, 1, 1, 0])
        var settings = CategoryInput.Settings()
        settings.maximumValues = 100
        let many = (0..<10_000).flatMap { ["value \($0)", "value \($0)"] }
        #expect(settings.fit(many).shape.categories == [102])
    }

    @Test("Two values are −1 and 1; a third is neither; three are refused")
    func binary() throws {
        #expect(
            try encoded(BinaryInput.Settings(), ["no", "yes"], ["yes", "no", nil, "maybe"]).plain == [1, -1, 0, 0])
        #expect(throws: FeatureProblem.self) { try BinaryInput.Settings().fit(["a", "b", "c"]) }
    }

    @Test("Sets: a flag for each name, whatever the order and the blanks")
    func sets() throws {
        let found = try encoded(SetInput.Settings(), ["a|b", "b", nil, "a |c"], ["c|a", nil, "b|b|zzz"])
        #expect(found.plain == [1, 0, 1, 0, 0, 0, 0, 1, 0])
    }

    @Test("Vectors: each place on its own scale; other lengths are 0")
    func vectors() throws {
        let found = try encoded(VectorInput.Settings(), ["[1, 10]", "[3, 30]"], ["3 30", "2;20", "1 2 3", nil])
        #expect(found.plain == [1, 1, 0, 0, 0, 0, 0, 0])
        #expect(throws: FeatureProblem.self) { try VectorInput.Settings().fit(["1 2", "1 2 3"]) }
    }

    @Test("Texts: tokens of the training texts, unknown ones, and nothing")
    func texts() throws {
        let found = try encoded(TextInput.Settings(), ["a b a", "b a"], ["a b", "zzz a", nil])
        #expect(found.numbers.count == 4 && found.numbers[0] == found.numbers[3])
        #expect(Set(found.numbers).count == 3 && !found.numbers.contains(0))
    }

    @Test(
        "Dates in many forms are one day",
        arguments: [
            "2024-03-05", "2024/3/5", "20240305", "2024年3月5日", "5.3.2024", "3/5/2024", "5 March 2024", "Mar 5, 2024",
            "05-Mar-24", "2024.03.05", "Tue, 5 Mar 2024", "2024-03-05T00:00:00Z", "2024-03-05 12:00 AM",
        ])
    func dates(field: String) throws {
        let date = try #require(DateField.read(field))
        #expect(date.days == 19_787)
        #expect(date.shareOfWeek == 1.0 / 7, "a Tuesday")
    }

    @Test("Times are parts of the day, and what is no date is none")
    func times() throws {
        for field in ["2024-03-05 14:30", "2024-03-05T14:30:00.000+08:00", "3/5/2024 2:30 PM", "2024年3月5日14时30分"] {
            #expect(try #require(DateField.read(field), "\(field)").shareOfDay == 14.5 / 24)
        }
        #expect(DateField.read("1709649000")?.days == Double(1_709_649_000) / 86_400)
        #expect(DateField.read("25/12/2024")?.days == DateField.read("2024-12-25")?.days)
        #expect(DateField.read("3/5/2024", dayFirst: true)?.days == DateField.read("2024-05-03")?.days)
        for field in [
            "2024-02-30", "2024-13-01", "hello", "12", "1.2.3", "192.168.1.10", "2024-03", "12:30", "may be 3",
        ] {
            #expect(DateField.read(field) == nil, "\(field)")
        }
    }

    @Test("Dates encode time, season and weekday, and a missing one is flagged")
    func dateFeature() throws {
        let found = try encoded(DateInput.Settings(), ["2024-01-01", "2024-01-03", nil])
        #expect(found.continuous == [-1, 1, 0])
        #expect(found.plain.count == 15)
        #expect(found.plain[0] == 0 && found.plain[1] == 1, "the first of January starts the circle of the year")
        #expect(found.plain[14] == 1 && found.plain[4] == 0)
    }

    @Test("A long tail above zero is learned as its logarithm, and predictions come back in the column's unit")
    func longTail() throws {
        let fields: [String?] = (0..<50).map { row in "\(1000 * (1 << (row % 8)))" }
        let feature = try NumberOutput.Settings().fit(fields)
        #expect(feature.state["log"] == true)
        let encoded = feature.encode(["1000", nil, "x"])
        let back = feature.predictions(encoded.targets.reshaped([3, 1])).array(of: Float.self)
        #expect(abs(back[0] - 1000) < 0.01)
        #expect(encoded.defects.map { $0?.english } == [nil, "without a value", "without a number"])
        #expect(try NumberOutput.Settings().fit(["1", "2", "3"]).state["log"] == false)
    }

    @Test("Nothing to learn is refused in words")
    func nothingToLearn() {
        #expect(throws: FeatureProblem.self) { try CategoryOutput.CategorySettings().fit(["a", "a", nil]) }
        #expect(throws: FeatureProblem.self) { try NumberOutput.Settings().fit(["1", "1"]) }
        #expect(throws: FeatureProblem.self) { try NumberOutput.Settings().fit(["a", "b"]) }
        #expect(throws: FeatureProblem.self) { try CategoryOutput.BinarySettings().fit(["a", "b", "c"]) }
        #expect(throws: FeatureProblem.self) { try SetOutput.Settings().fit([nil, nil]) }
    }

    @Test("Balanced classes weigh a class by how rare it is")
    func balanced() throws {
        var settings = CategoryOutput.CategorySettings()
        settings.classWeights = .balanced
        let feature = try settings.fit(["a", "a", "a", "b"])
        let weights = feature.state["weights"]?.array?.compactMap(\.double) ?? []
        #expect(abs(weights[0] - 2.0 / 3) < 1e-12 && weights[1] == 2)
    }
}
