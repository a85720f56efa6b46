public import WrightRuntime

/// A column of two values: −1 and 1, and 0 for what is missing or neither.
public struct BinaryInput: InputFeature {
    /// How a column of two values is read.
    public struct Settings: InputSettings {
        public init() {}
        public static var type: String { "binary" }
        public static var summary: Phrase { Phrase("two values", "两个取值") }
        public static var settings: [Setting<Self>] { [] }

        public func fit(_ fields: [String?]) throws -> BinaryInput {
            let values = fields.ranked.map(\.value)
            guard values.count <= 2 else {
                throw FeatureProblem(.moreThanTwo, values.prefix(3).map(\.readable))
            }
            return BinaryInput(values: values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }

    private let values: [String]

    private init(values: [String]) { self.values = values }

    public var shape: InputShape { InputShape(plain: 1) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        EncodedInput(
            plain: fields.map { field in
                guard let field, let index = values.firstIndex(of: field) else { return 0 }
                return index == 0 ? -1 : 1
            })
    }

    public func unread(_ fields: [String?]) -> [String] { fields.compactMap(\.self).filter { !values.contains($0) } }

    public var state: JSON { ["values": .texts(values)] }
    public init(_ state: FeatureState) throws { values = try state.texts("values") }
}
