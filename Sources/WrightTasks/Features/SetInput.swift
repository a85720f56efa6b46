public import WrightRuntime

/// A column of several names at once, `red|green`: a flag for each name.
public struct SetInput: InputFeature {
    /// How a column of several names is read.
    public struct Settings: InputSettings {
        var separator: String?
        var maximumValues = 200

        public init() {}
        public static var type: String { "set" }
        public static var summary: Phrase { Phrase("several names at once", "同时有若干名称") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "separator", \.separator, .text,
                    Phrase("What stands between the names; found out when not given", "名称之间的分隔符；不写则自动识别")),
                .value(
                    "maximum_values", \.maximumValues, .integer(atLeast: 1),
                    Phrase("How many names are told apart, the most frequent ones", "最多区分多少个名称，取最常见的")),
            ]
        }

        public func fit(_ fields: [String?]) -> SetInput {
            let separator = separator ?? SetField.separator(of: fields) ?? ","
            let names: [String?] = fields.flatMap { SetField.names($0, separator).map { $0 } }
            return SetInput(separator: separator, values: names.ranked.prefix(maximumValues).map(\.value))
        }
    }

    private let separator: String
    private let values: [String]
    private let numbers: [String: Int]

    private init(separator: String, values: [String]) {
        self.separator = separator
        self.values = values
        numbers = Dictionary(values.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    public var shape: InputShape { InputShape(plain: values.count) }

    public func encode(_ fields: [String?]) -> EncodedInput {
        var flags = [Float](repeating: 0, count: fields.count * values.count)
        for (row, field) in fields.enumerated() {
            for name in SetField.names(field, separator) {
                if let number = numbers[name] { flags[row * values.count + number] = 1 }
            }
        }
        return EncodedInput(
            plain: flags)
    }

    public var state: JSON { ["separator": .string(separator), "values": .texts(values)] }
    public init(_ state: FeatureState) throws {
        self.init(separator: try state.text("separator"), values: try state.texts("values"))
    }
}

/// Several names in one field.
enum SetField {
    static let separators = ["|", ";", ",", "、", "，", " "]

    /// The names, each once, without blanks around them.
    static func names(_ field: String?, _ separator: String) -> [String] {
        var names: [String] = []
        let scalars = separator.unicodeScalars, field = field ?? ""
        // Splitting by a text searches for it at every place; a separator is nearly always one scalar.
        let parts =
            scalars.count == 1
            ? field.unicodeScalars.split(separator: scalars.first!).map { Substring($0) }
            : field.split(separator: separator)
        for part in parts {
            let name = part.trimmed
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The separator that most fields have, the first of equally frequent ones; nil when no field has any.
    static func separator(of fields: [String?]) -> String? {
        let sample = fields.lazy.compactMap(\.self).prefix(2000)
        let counts = separators.map { separator in sample.count { $0.contains(separator) } }
        guard let most = counts.max(), most > 0 else { return nil }
        return separators[counts.firstIndex(of: most)!]
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(self[first...last])
    }
}
