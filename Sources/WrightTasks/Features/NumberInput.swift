public import WrightRuntime

/// A column of numbers. Missing ones become the middle and, where training saw some, raise a flag. Values that occur again
/// and again (a capital gain of 7,688, a fee of 0) are a category beside the number, for what is true of them and not of
/// their neighbours.
public struct NumberInput: InputFeature {
    /// How a column of numbers is read.
    public struct Settings: InputSettings {
        var scale = NumberScale.Kind.robust
        var frequent: Int?
        var decimal = NumberField.Mark.point

        public init() {}
        public static var type: String { "number" }
        public static var summary: Phrase { Phrase("numbers", "数值") }
        public static var settings: [Setting<Self>] {
            [
                .value(
                    "scale", \.scale, .choice(), Phrase("How the numbers are brought to a common scale", "如何把数值变换到同一尺度")
                ),
                .optional(
                    "frequent", \.frequent, .integer(atLeast: 0),
                    Phrase(
                        "Values that occur so often are a category beside the number, 0 for none; 20 when not given and there "
                            + "are 5,000 rows, which smaller tables have too few of to learn from",
                        "出现这么多次的取值除数值外还作为类别，0 表示没有；不写且有 5,000 行时为 20，更小的表行数太少，学不到")),
                .value(
                    "decimal", \.decimal, .choice(),
                    Phrase("What stands before the part of a number that is less than one", "小数点的写法")),
            ]
        }

        /// No more than so many values are a category, the most frequent ones.
        private static let maximumValues = 200

        public func fit(_ fields: [String?]) throws -> NumberInput {
            let numbers = fields.map { $0.flatMap { NumberField.read($0, decimal: decimal) } }
            let values = numbers.compactMap(\.self)
            let present = fields.count { $0 != nil }
            guard values.count * 2 >= present, !values.isEmpty || present == 0 else {
                throw FeatureProblem(
                    .notNumbers, present - values.count, present,
                    fields.examples { NumberField.read($0, decimal: decimal) == nil })
            }
            return NumberInput(
                scale: NumberScale(scale, fitting: values), flagsMissing: values.count < fields.count,
                values: frequentValues(values), decimal: decimal)
        }

        private func frequentValues(_ values: [Double]) -> [Double] {
            let frequent = frequent ?? (values.count >= 5000 ? 20 : 0)
            guard frequent > 0 else { return [] }
            let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value >= frequent }
            let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.maximumValues)
            return ranked.map(\.key)
        }
    }

    private let scale: NumberScale
    private let flagsMissing: Bool
    /// Those that are a category.
    private let values: [Double]
    private let numbers: [Double: Int32]
    private let decimal: NumberField.Mark

    private init(scale: NumberScale, flagsMissing: Bool, values: [Double], decimal: NumberField.Mark) {
        self.decimal = decimal
        self.scale = scale
        self.flagsMissing = flagsMissing
        self.values = values
        numbers = Dictionary(values.enumerated().map { ($1, Int32($0 + 1)) }) { first, _ in first }
    }

    public var shape: InputShape {
        InputShape(
            continuous: 1, plain: flagsMissing ? 1 : 0, categories: values.isEmpty ? [] : [values.count + 1])
    }

    public func encode(_ fields: [String?]) -> EncodedInput {
        let found = fields.map { $0.flatMap { NumberField.read($0, decimal: decimal) } }
        return EncodedInput(
            continuous: found.map { $0.map { scale($0) } ?? 0 },
            plain: flagsMissing ? found.map { $0 == nil ? 1 : 0 } : [],
            categories: values.isEmpty ? [] : [found.map { $0.flatMap { numbers[$0] } ?? 0 }])
    }

    public func unread(_ fields: [String?]) -> [String] {
        fields.compactMap(\.self).filter { NumberField.read($0, decimal: decimal) == nil }
    }

    public var state: JSON {
        [
            "scale": scale.json, "flags_missing": .bool(flagsMissing), "frequent": .numbers(values),
            "decimal": .string(decimal.rawValue),
        ]
    }

    public init(_ state: FeatureState) throws {
        self.init(
            scale: try NumberScale(state, "scale"), flagsMissing: try state.flag("flags_missing"),
            values: try state.numbers("frequent"), decimal: try NumberField.Mark(state))
    }
}
