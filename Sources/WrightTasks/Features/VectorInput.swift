import WrightData
public import WrightRuntime

/// A column of number lists of one length, `0.1 0.5 2` or `[0.1, 0.5, 2]`, each place on its own scale.
public struct VectorInput: InputFeature {
    /// How a column of number lists is read.
    public struct Settings: InputSettings {
        public init() {}
        public static var type: String { "vector" }
        public static var summary: Phrase { Phrase("lists of numbers of one length", "长度相同的数值列表") }
        public static var settings: [Setting<Self>] { [] }

        public func fit(_ fields: [String?]) throws -> VectorInput {
            let vectors = fields.compactMap { $0.flatMap(VectorField.read) }
            guard let width = vectors.first?.count, vectors.allSatisfy({ $0.count == width }) else {
                let lengths = Set(vectors.map(\.count)).sorted().prefix(5).map(String.init).joined(separator: ", ")
                throw vectors.isEmpty
                    ? FeatureProblem(.noVector, fields.examples { _ in true })
                    : FeatureProblem(.vectorLengths, "\(lengths)")
            }
            return VectorInput(
                scales: (0..<width).map { place in NumberScale(.standard, fitting: vectors.map { $0[place] }) })
        }
    }

    private let scales: [NumberScale]

    private init(scales: [NumberScale]) { self.scales = scales }

    public var shape: InputShape { InputShape(plain: scales.count) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        EncodedInput(
            plain: fields.flatMap { field -> [Float] in
                guard let vector = field.flatMap(VectorField.read), vector.count == scales.count else {
                    return [Float](repeating: 0, count: scales.count)
                }
                return zip(scales, vector).map { $0($1) }
            })
    }

    public func unread(_ fields: [String?]) -> [String] {
        fields.compactMap(\.self).filter { VectorField.read($0)?.count != scales.count }
    }

    public var state: JSON { ["scales": .array(scales.map(\.json))] }

    public init(_ state: FeatureState) throws {
        let list = try state.member("scales", Phrase("a list", "列表"), \.array)
        scales = try list.map {
            try NumberScale(FeatureState(json: ["scale": $0], file: state.file, name: state.name), "scale")
        }
    }
}

/// A list of numbers in one field.
enum VectorField {
    /// nil for what is no list of at least two numbers.
    static func read(_ field: String) -> [Double]? {
        // Most fields that are asked about hold no list.
        guard field.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }) else {
            return nil
        }
        let separators: Set<Character> = [",", ";", " ", "\t", "\n", "\r\n"]
        let inner = field.drop { "[( ".contains($0) }
        let parts = inner.reversed().drop { "]) ".contains($0) }.reversed().split { separators.contains($0) }
        guard parts.count >= 2 else { return nil }
        var values: [Double] = []
        for part in parts {
            guard let value = Double(decimal: String(part)) else { return nil }
            values.append(value)
        }
        return values
    }
}
