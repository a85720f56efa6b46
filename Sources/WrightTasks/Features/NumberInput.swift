public import WrightRuntime

/// A column of numbers. Missing ones become the middle and, where training saw some, raise a flag.
public struct NumberInput: InputFeature {
    /// How a column of numbers is read.
    public struct Settings: InputSettings {
        var scale = NumberScale.Kind.robust

        public init() {}
        public static var type: String { "number" }
        public static var summary: String { "numbers" }
        public static var settings: [Setting<Self>] {
            [.value("scale", \.scale, .choice(), "How the numbers are brought to a common scale")]
        }

        public func fit(_ fields: [String?]) throws -> NumberInput {
            let numbers = fields.map { $0.flatMap(NumberField.read) }
            let values = numbers.compactMap(\.self)
            let present = fields.count { $0 != nil }
            guard values.count * 2 >= present, !values.isEmpty || present == 0 else {
                throw FeatureProblem(
                    "\(present - values.count) of \(present) fields are no numbers, such as "
                        + "\(fields.examples { NumberField.read($0) == nil }); another type fits better: category or text"
                )
            }
            return NumberInput(
                scale: NumberScale(scale, fitting: values), flagsMissing: values.count < fields.count)
        }
    }

    private let scale: NumberScale
    private let flagsMissing: Bool

    private init(scale: NumberScale, flagsMissing: Bool) {
        self.scale = scale
        self.flagsMissing = flagsMissing
    }

    public var shape: InputShape { .numbers(continuous: 1, plain: flagsMissing ? 1 : 0) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        let numbers = fields.map { $0.flatMap(NumberField.read) }
        return .numbers(
            continuous: numbers.map { $0.map { scale($0) } ?? 0 },
            plain: flagsMissing ? numbers.map { $0 == nil ? 1 : 0 } : [])
    }

    public var state: JSON { ["scale": scale.json, "flags_missing": .bool(flagsMissing)] }

    public init(_ state: FeatureState) throws {
        scale = try NumberScale(state, "scale")
        flagsMissing = try state.flag("flags_missing")
    }
}
