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

    /// The members of a JSON object, each key once, in the order they were written or added. Keys are equal when their
    /// bytes are: two spellings of "é" are two keys, as RFC 8259 has it.
    public struct Object: Hashable, Sendable, Sequence {
        public private(set) var keys: [String] = []
        private var values: [JSON] = []
        /// Where each key stands; empty while there are so few that looking through them is faster.
        private var places: [Key: Int] = [:]

        private static let fewKeys = 8

        /// A key by its bytes.
        private struct Key: Hashable {
            let text: String

            static func == (one: Key, other: Key) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

            func hash(into hasher: inout Hasher) {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }

        public init() {}

        public var count: Int { keys.count }
        public var isEmpty: Bool { keys.isEmpty }

        private func place(of key: String) -> Int? {
            keys.count <= Self.fewKeys
                ? keys.firstIndex { $0.utf8.elementsEqual(key.utf8) } : places[Key(text: key)]
        }

        /// Setting nil removes the member.
        public subscript(key: String) -> JSON? {
            get { place(of: key).map { values[$0] } }
            set {
                switch (place(of: key), newValue) {
                case (let place?, let value?): values[place] = value
                case (let place?, nil):
                    keys.remove(at: place)
                    values.remove(at: place)
                    index()
                case (nil, let value?):
                    _ = append(key, value)
                case (nil, nil): break
                }
            }
        }

        /// Adds a member, unless the key is there already.
        mutating func append(_ key: String, _ value: JSON) -> Bool {
            if keys.count < Self.fewKeys {
                guard place(of: key) == nil else { return false }
                keys.append(key)
            } else {
                if keys.count == Self.fewKeys { index(always: true) }
                guard places.updateValue(keys.count, forKey: Key(text: key)) == nil else {
                    index(always: true)
                    return false
                }
                keys.append(key)
            }
            values.append(value)
            return true
        }

        private mutating func index(always: Bool = false) {
            places = [:]
            guard always || keys.count > Self.fewKeys else { return }
            for (place, key) in keys.enumerated() { places[Key(text: key)] = place }
        }

        public func makeIterator() -> some IteratorProtocol<(key: String, value: JSON)> {
            zip(keys, values).lazy.map { (key: $0, value: $1) }.makeIterator()
        }

        /// The order of the members does not matter.
        public static func == (one: Object, other: Object) -> Bool {
            one.count == other.count && one.keys.allSatisfy { one[$0] == other[$0] }
        }

        public func hash(into hasher: inout Hasher) {
            // The order must not matter here either.
            var sum = 0
            for (key, value) in self {
                var own = Hasher()
                Key(text: key).hash(into: &own)
                value.hash(into: &own)
                sum &+= own.finalize()
            }
            hasher.combine(sum)
        }
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
