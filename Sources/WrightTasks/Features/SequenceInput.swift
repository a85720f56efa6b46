import WrightData
public import WrightRuntime

/// A column of sequences: several items in a field, one for each step (words, products, answers). Columns of one task run
/// side by side: a step is what all of them say of it.
public struct SequenceInput: InputFeature {
    /// How a column of sequences is read.
    public struct Settings: InputSettings {
        var separator: String?
        var shift = 0
        var maximumValues = 10_000
        var minimumCount = 2
        var maximumLength = 2048

        public init() {}
        public static var type: String { "sequence" }
        public static var summary: Phrase { Phrase("several items in order, one for each step", "依次排列的若干项，每步一项") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "separator", \.separator, .text,
                    Phrase("What stands between the items; found out when not given", "各项之间的分隔符；不写则自动识别")),
                .value(
                    "shift", \.shift, .integer(atLeast: 0),
                    Phrase(
                        "By how many steps the items come later: with 1 a step knows what came before it and not what it is "
                            + "itself, so that an output can be an input too; nothing then looks ahead",
                        "各项推迟几步：为 1 时，每一步只知道之前的项而不知道自己，因此输出列也可以作为输入；这时不会向后看")),
                .value(
                    "maximum_values", \.maximumValues, .integer(atLeast: 1),
                    Phrase(
                        "How many items are told apart, the most frequent ones; others are one",
                        "最多区分多少种项，取最常见的；其余视为同一种")),
                .value(
                    "minimum_count", \.minimumCount, .integer(atLeast: 1),
                    Phrase(
                        "Items that occur less often are one, which also stands for items never seen",
                        "出现次数少于此数的项视为同一种，它也代表从未见过的项")),
                .value(
                    "maximum_length", \.maximumLength, .integer(atLeast: 1),
                    Phrase("Longer sequences are cut to so many steps", "更长的序列截到这么多步")
                ),
            ]
        }

        public func fit(_ fields: [String?]) throws -> SequenceInput {
            let separator = separator ?? SequenceField.separator(of: fields) ?? " "
            let sequences = fields.map { SequenceField.items($0, separator) }
            guard let longest = sequences.map(\.count).max(), longest > 0 else {
                throw FeatureProblem(.noSequence)
            }
            let items: [String?] = sequences.flatMap { $0.map { $0 } }
            let ranked = items.ranked.filter { $0.count >= minimumCount }.prefix(maximumValues)
            return SequenceInput(
                separator: separator, shift: shift, values: ranked.map(\.value), maximum: min(maximumLength, longest))
        }
    }

    private let separator: String
    private let shift: Int
    private let values: [String]
    private let maximum: Int
    private let numbers: [String: Int32]

    /// Numbers that are no values: 0 is no step, 1 an item that was rare or not there in training, 2 one before the first.
    private static let reserved = 3

    private init(separator: String, shift: Int, values: [String], maximum: Int) {
        self.separator = separator
        self.shift = shift
        self.values = values
        self.maximum = maximum
        numbers = Dictionary(values.enumerated().map { ($1, Int32($0 + Self.reserved)) }) { first, _ in first }
    }

    public var shape: InputShape {
        InputShape(sequences: [
            .init(vocabulary: values.count + Self.reserved, maximum: maximum, looksAhead: shift == 0)
        ])
    }

    public func encode(_ fields: [String?]) -> EncodedInput {
        var sequences = TokenSequences()
        var lengths: [Int] = []
        for field in fields {
            let items = SequenceField.items(field, separator)
            let before = [Int32](repeating: 2, count: min(shift, items.count))
            let shown = items.dropLast(before.count).map { numbers[$0] ?? 1 }
            sequences.append((before + shown).prefix(maximum))
            lengths.append(items.count)
        }
        var defects: [Int: Phrase] = [:]
        for (row, length) in lengths.enumerated() where length == 0 {
            defects[row] = Phrase("without a step", "没有任何一步")
        }
        return EncodedInput(sequences: [sequences], lengths: lengths, defects: defects)
    }

    /// The item that each step knows; nothing for steps before the first one.
    public func pieces(_ field: String) -> [String] {
        let items = SequenceField.items(field, separator)
        let before = [String](repeating: "", count: min(shift, items.count))
        let shown = (before + items.dropLast(before.count).map { String($0) }).prefix(maximum)
        return shown.enumerated().map { $0 == 0 ? $1 : separator + $1 }
    }

    public var state: JSON {
        [
            "separator": .string(separator), "shift": .integer(Int64(shift)), "values": .texts(values),
            "maximum_length": .integer(Int64(maximum)),
        ]
    }

    public init(_ state: FeatureState) throws {
        let shift = try state.member("shift", Phrase("a whole number of at least 0", "不小于 0 的整数")) { json in
            json.integer.flatMap { $0 >= 0 ? $0 : nil }
        }
        self.init(
            separator: try state.text("separator"), shift: shift, values: try state.texts("values"),
            maximum: try state.count("maximum_length"))
    }
}
