import WrightData
import WrightRuntime
import WrightTrain

/// What a column seems to hold, with the reason in words.
struct ColumnGuess {
    /// A type of inputs; nil when the column is better left out.
    var input: String?
    /// A type of outputs; nil when it cannot be predicted.
    var output: String?
    /// Settings that go with the type.
    var settings: [(name: String, value: JSON)] = []
    /// Settings that go with the type of inputs only.
    var inputSettings: [(name: String, value: JSON)] = []
    /// Why, for a comment.
    var reason: Phrase

    private static let sampleSize = 20_000
    /// Shares of fields that must be of a kind for the column to be of it.
    private static let nearlyAll = 0.98
    /// Of what numbers refer to, so many are told apart.
    private static let mostReferences: Int64 = 10_000

    /// `total` is how many rows there are when `fields` are only some of them.
    init(name: String, fields: [String?], total: Int) {
        let present = fields.compactMap(\.self)
        let missing = fields.count - present.count
        let missingShare = (100 * Double(missing) / Double(fields.count)).short
        let note = missing > 0 ? Phrase(", \(missingShare) % missing", "，缺失 \(missingShare)%") : Phrase("")
        let distinct = Set(present)
        guard let first = present.first else {
            self.init(nil, nil, Phrase("every field is missing", "全部缺失"))
            return
        }
        guard distinct.count > 1 else {
            self.init(nil, nil, Phrase("every field is \(first.readable)", "全部为 \(first.readable)") + note)
            return
        }
        let step = max(1, present.count / Self.sampleSize)
        let sample = stride(from: 0, to: present.count, by: step).map { present[$0] }
        // Each value is looked at once: most columns have few.
        let counts = Dictionary(sample.map { ($0, 1) }, uniquingKeysWith: +)
        func share(_ holds: (String) -> Bool) -> Double {
            Double(counts.reduce(0) { holds($1.key) ? $0 + $1.value : $0 }) / Double(sample.count)
        }
        let isUnique = distinct.count == present.count && present.count > 20
        var numbers = sample.compactMap { NumberField.read($0) }
        let hasCommas =
            Double(numbers.count) < Self.nearlyAll * Double(sample.count)
            && share { NumberField.read($0, decimal: .comma) != nil } >= Self.nearlyAll
        if hasCommas { numbers = sample.compactMap { NumberField.read($0, decimal: .comma) } }
        let isNumeric = Double(numbers.count) >= Self.nearlyAll * Double(sample.count)
        let isWhole = numbers.allSatisfy { $0 == $0.rounded() }
        if share(PictureSource.isPicture) >= Self.nearlyAll {
            self.init(
                "image", nil, Phrase("paths of pictures such as \(first.readable)", "图像路径，如 \(first.readable)") + note)
        } else if share(SoundFile.isSound) >= Self.nearlyAll {
            self.init(
                "audio", nil, Phrase("paths of sounds such as \(first.readable)", "声音路径，如 \(first.readable)") + note)
        } else if distinct.count == 2 {
            let values = distinct.sorted().map(\.readable)
            self.init(
                "binary", "binary",
                Phrase(
                    "two values, \(values.joined(separator: " and "))", "两个取值：\(values.joined(separator: " 与 "))")
                    + note)
        } else if share({ DateField.read($0) != nil }) >= Self.nearlyAll,
            !isNumeric || Self.namesDate(name) || Self.areCompactDates(sample)
        {
            let dayFirst = sample.contains { field in
                field.contains("/") && DateField.read(field) != nil
                    && DateField.read(field, dayFirst: true)?.days == DateField.read(field)?.days
                    && Self.firstNumber(field) > 12 && Self.firstNumber(field) < 32
            }
            self.init("date", nil, Phrase("dates such as \(first.readable)", "日期，如 \(first.readable)") + note)
            if dayFirst { inputSettings = [("day_first", true)] }
        } else if isNumeric {
            let (low, high) = (numbers.min()!, numbers.max()!)
            // Different whole numbers that nearly fill a range were given and not measured.
            let isDense = high - low < 2 * Double(max(total, present.count))
            let isKey = isUnique && isWhole && (Self.namesKey(name) || isDense)
            // A key of something else, as of who bought: numbers that lie beside each other have nothing in common.
            let isReference =
                !isKey && isWhole && Self.namesKey(name) && distinct.count > 20 && 2 * distinct.count <= present.count
            let output = isWhole && Self.areClasses(counts, of: sample.count) ? "category" : "number"
            let words = Phrase(
                "\(distinct.count.grouped) numbers from \(low.short) to \(high.short)",
                "\(distinct.count.grouped) 个不同的数，从 \(low.short) 到 \(high.short)")
            if isKey {
                self.init(
                    nil, output,
                    Phrase(
                        "a different whole number in every row: a key says nothing of new rows", "每行一个不同的整数：编号对新的行没有意义")
                        + note)
            } else if isReference {
                self.init("category", output, words + Phrase(" that name something", "，用于指代某个对象") + note)
                inputSettings = [("maximum_values", .integer(Self.mostReferences))]
            } else {
                self.init("number", output, words + note)
                if hasCommas { settings = [("decimal", "comma")] }
            }
        } else if share({ VectorField.read($0) != nil }) >= Self.nearlyAll,
            Set(sample.compactMap { VectorField.read($0)?.count }).count == 1
        {
            let count = VectorField.read(sample[0])?.count ?? 0
            self.init("vector", nil, Phrase("lists of \(count) numbers", "每项 \(count) 个数的列表") + note)
        } else if let separator = Self.setSeparator(counts, distinct: distinct.count) {
            self.init(
                "set", "set",
                Phrase(
                    "names with \(separator.readable) between them, such as \(first.readable)",
                    "以 \(separator.readable) 分隔的名称，如 \(first.readable)") + note)
            settings = [("separator", .string(separator))]
        } else if Self.isText(sample, distinctShare: Double(distinct.count) / Double(present.count)) {
            let start = first.prefix(40).description.readable
            self.init("text", nil, Phrase("texts such as \(start)", "文本，如 \(start)") + note)
        } else if isUnique || distinct.count * 10 > present.count * 9 {
            self.init(
                nil, nil,
                Phrase(
                    "a different value in nearly every row, such as \(first.readable)",
                    "几乎每行取值都不同，如 \(first.readable)") + note)
        } else {
            let shown = fields.ranked.prefix(3).map(\.value.readable)
            self.init(
                "category", "category",
                Phrase(
                    "\(distinct.count.grouped) values, such as \(shown.joined(separator: ", "))",
                    "\(distinct.count.grouped) 个取值，如 \(shown.joined(separator: "、"))") + note)
        }
    }

    /// Whether the fields say which part of the data each row belongs to.
    static func namesParts(_ fields: [String?]) -> Bool {
        let names = Set(fields.map { $0?.lowercased() ?? "" })
        return names.contains("train") && names.count > 1 && names.isSubset(of: ["train", "validation", "test"])
    }

    private init(_ input: String?, _ output: String?, _ reason: Phrase) {
        self.input = input
        self.output = output
        self.reason = reason
    }

    private static func firstNumber(_ field: String) -> Int { Int(field.prefix { $0.isNumber }) ?? 0 }

    private static func namesDate(_ name: String) -> Bool {
        ["date", "time", "_at", "日期", "时间"].contains(where: name.lowercased().contains)
    }

    /// `20240305` in all of them: eight digits are a date by chance in few columns.
    private static func areCompactDates(_ sample: [String]) -> Bool {
        sample.allSatisfy { field in
            field.utf8.count == 8 && (Int(field).map { (1900_00_00...2100_00_00).contains($0) } ?? false)
        }
    }

    private static func namesKey(_ name: String) -> Bool {
        // `userId`, and not `paid`.
        if ["Id", "ID"].contains(where: name.hasSuffix), name.dropLast(2).last?.isLowercase ?? false { return true }
        let name = name.lowercased()
        return ["id", "index", "key", "no", "编号", "序号"].contains(name)
            || ["_id", " id", "-id", ".id", "编号", "序号"].contains(where: name.hasSuffix)
    }

    /// Whether few whole numbers name classes: each of them comes again and again. What is counted or measured has values
    /// that come once, as in a table of twenty rows or far out in a tail.
    private static func areClasses(_ counts: [String: Int], of total: Int) -> Bool {
        counts.count <= 20 && total >= 5 * counts.count && (counts.count <= 5 || counts.values.allSatisfy { $0 > 1 })
    }

    /// Letters of a script without spaces count as half a word each.
    private static func wordCount(_ text: String) -> Double {
        var (words, isInside, letters) = (0.0, false, 0.0)
        for scalar in text.unicodeScalars.prefix(2000) {
            if scalar.value >= 0x2E80 { letters += 1 }
            if scalar == " " || scalar == "\n" || scalar == "\t" {
                isInside = false
            } else if !isInside {
                (isInside, words) = (true, words + 1)
            }
        }
        return max(words, letters / 2)
    }

    private static func isText(_ sample: [String], distinctShare: Double) -> Bool {
        let words = sample.reduce(0) { $0 + wordCount($1) } / Double(sample.count)
        return words >= 3.5 && distinctShare > 0.3 || words >= 8 && distinctShare > 0.05
    }

    /// What stands between names when few names are combined in many ways.
    private static func setSeparator(_ counts: [String: Int], distinct: Int) -> String? {
        let total = Double(counts.values.reduce(0, +))
        for separator in SetField.separators where separator != " " {
            let parts = counts.map { (names: SetField.names($0.key, separator), count: $0.value) }
            let several = parts.reduce(0) { $1.names.count > 1 ? $0 + $1.count : $0 }
            guard Double(several) > 0.2 * total else { continue }
            let names = Set(parts.flatMap(\.names))
            let longest = names.map { wordCount($0) }.max() ?? 0
            if names.count < distinct, names.count <= 500, longest <= 4 { return separator }
        }
        return nil
    }
}
