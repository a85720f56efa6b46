/// A JSON value. Objects keep the order of their keys.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without a fraction or an exponent that fits 64 bits.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// The members of a JSON object, each key once, in the order they were written or added.
    public struct Object: Hashable, Sendable, Sequence {
        public private(set) var keys: [String] = []
        private var values: [String: JSON] = [:]

        public init() {}

        public var count: Int { keys.count }
        public var isEmpty: Bool { keys.isEmpty }

        /// Setting nil removes the member.
        public subscript(key: String) -> JSON? {
            get { values[key] }
            set {
                if values.updateValue(newValue ?? .null, forKey: key) == nil { keys.append(key) }
                if newValue == nil {
                    values[key] = nil
                    keys.removeAll { $0 == key }
                }
            }
        }

        public func makeIterator() -> some IteratorProtocol<(key: String, value: JSON)> {
            keys.lazy.map { (key: $0, value: values[$0]!) }.makeIterator()
        }

        /// The order of the members does not matter.
        public static func == (one: Object, other: Object) -> Bool { one.values == other.values }

        public func hash(into hasher: inout Hasher) { hasher.combine(values) }
    }

    public subscript(key: String) -> JSON? { object?[key] }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: Object? { if case .object(let value) = self { value } else { nil } }

    /// The whole number, also when it was written as `3.0` or `3e0`.
    public var integer: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral _: ()) { self = .null }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = Object()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}

// MARK: Writing

extension JSON {
    /// The value as JSON text: on one line, or indented by two spaces. Always the same text for the same value and
    /// order of keys; numbers are the shortest that read back as the same double.
    ///
    /// JSON has no NaN and no infinity: both are written as `null`. Write a string where the difference matters.
    public func text(indented: Bool = false) -> String {
        var text = ""
        write(to: &text, indented ? "\n" : nil)
        return text
    }

    private func write(to text: inout String, _ lineStart: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(value) : "null"
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            Self.write(values, "[", "]", to: &text, lineStart) { $0.write(to: &$1, $2) }
        case .object(let members):
            Self.write(Array(members), "{", "}", to: &text, lineStart) { member, text, lineStart in
                Self.write(member.key, to: &text)
                text += lineStart == nil ? ":" : ": "
                member.value.write(to: &text, lineStart)
            }
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars { text += scalar.escaped(asASCII: false) }
        text += "\""
    }

    private static func write<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, to text: inout String, _ lineStart: String?,
        _ write: (Element, inout String, String?) -> Void
    ) {
        text += opening
        let inner = lineStart.map { $0 + "  " }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            text += inner ?? ""
            write(element, &text, inner)
        }
        if !elements.isEmpty { text += lineStart ?? "" }
        text += closing
    }
}
