public import WrightRuntime

/// A column of names: a number for each, 0 for missing and 1 for names that were rare or not there in training.
public struct CategoryInput: InputFeature {
    /// How a column of names is read.
    public struct Settings: InputSettings {
        var maximumValues = 1000
        var minimumCount = 2

        public init() {}
        public static var type: String { "category" }
        public static var summary: Phrase { Phrase("one name out of several", "若干名称之一") }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "maximum_values", \.maximumValues, .integer(atLeast: 1),
                    Phrase(
                        "How many values are told apart, the most frequent ones; others are one",
                        "最多区分多少个取值，取最常见的；其余视为同一个")),
                .value(
                    "minimum_count", \.minimumCount, .integer(atLeast: 1),
                    Phrase(
                        "Values that occur less often are one, which also stands for values never seen",
                        "出现次数少于此数的取值视为同一个，它也代表从未见过的取值")),
            ]
        }

        public func fit(_ fields: [String?]) -> CategoryInput {
            let ranked = fields.ranked.filter { $0.count >= minimumCount }.prefix(maximumValues)
            return CategoryInput(values: ranked.map(\.value))
        }
    }

    private let values: [String]
    private let numbers: [String: Int32]

    private init(values: [String]) {
        self.values = values
        numbers = Dictionary(values.enumerated().map { ($1, Int32($0 + 2)) }) { first, _ in first }
    }

    public var shape: InputShape { InputShape(categories: [values.count + 2]) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        EncodedInput(categories: [fields.map { field in field.map { numbers[$0] ?? 1 } ?? 0 }])
    }

    /// Rare and new names are ordinary and have a number of their own; they are told of when nearly all are.
    public func unread(_ fields: [String?]) -> [String] {
        let present = fields.compactMap(\.self)
        let unknown = present.filter { numbers[$0] == nil }
        return unknown.count * 10 > present.count * 9 ? unknown : []
    }

    public var state: JSON { ["values": .texts(values)] }
    public init(_ state: FeatureState) throws { self.init(values: try state.texts("values")) }
}
