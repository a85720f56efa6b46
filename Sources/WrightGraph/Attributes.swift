/// The settings of one primitive in a graph's text: `axis=1, keep=true`, in a fixed order.
///
/// A closed set of value kinds, so that a graph text is read without running code and hashes the same for ever.
public struct Attributes: Hashable, Sendable, CustomStringConvertible {
    /// What a setting may be.
    public enum Value: Hashable, Sendable {
        case int(Int)
        case ints([Int])
        case double(Double)
        case bool(Bool)
        case word(String)
    }

    public private(set) var items: [(key: String, value: Value)] = []

    public init() {}

    public init(_ items: KeyValuePairs<String, Value>) { self.items = items.map { ($0.key, $0.value) } }

    public init(items: [(key: String, value: Value)]) { self.items = items }

    public var isEmpty: Bool { items.isEmpty }

    public subscript(key: String) -> Value? { items.first { $0.key == key }?.value }

    public static func == (a: Attributes, b: Attributes) -> Bool {
        a.items.count == b.items.count && zip(a.items, b.items).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) {
        for item in items {
            hasher.combine(item.key)
            hasher.combine(item.value)
        }
    }

    public var description: String {
        items.map { key, value in
            switch value {
            case .int(let x): "\(key)=\(x)"
            case .ints(let xs): "\(key)=[\(xs.map(String.init).joined(separator: ", "))]"
            case .double(let x): "\(key)=\(x)"
            case .bool(let x): "\(key)=\(x)"
            case .word(let x): "\(key)=\(Self.spelled(x))"
            }
        }.joined(separator: ", ")
    }
}

/// Spelling, so that a text can be read back.
extension Attributes {
    /// A word as it stands in a text: in quotes if it is not plain or could be taken for a number or a truth value.
    static func spelled(_ word: String) -> String {
        let isMistakable = word.isEmpty || word == "true" || word == "false" || Double(word) != nil
        if !isMistakable, word.utf8.allSatisfy({ isPlain[Int($0)] }) { return word }
        var quoted = "\""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether a word without quotes may hold this byte: letters, digits and `_ . + - /`.
    static let isPlain: [Bool] = {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-/".utf8)
        return (0...255).map { plain.contains($0) }
    }()
}

/// Typed access for a primitive that is being read from text: a missing or mistyped attribute names itself.
extension Attributes {
    public func int(_ key: String, of op: String) throws(GraphError) -> Int {
        guard case .int(let value)? = self[key] else { throw missing(key, "a whole number", op) }
        return value
    }

    public func ints(_ key: String, of op: String) throws(GraphError) -> [Int] {
        guard case .ints(let value)? = self[key] else { throw missing(key, "a list of whole numbers", op) }
        return value
    }

    /// A number; a whole number is accepted where a fraction may stand.
    public func double(_ key: String, of op: String) throws(GraphError) -> Double {
        switch self[key] {
        case .double(let value)?: return value
        case .int(let value)?: return Double(value)
        default: throw missing(key, "a number", op)
        }
    }

    public func bool(_ key: String, of op: String) throws(GraphError) -> Bool {
        guard case .bool(let value)? = self[key] else { throw missing(key, "true or false", op) }
        return value
    }

    public func word(_ key: String, of op: String) throws(GraphError) -> String {
        guard case .word(let value)? = self[key] else { throw missing(key, "a word", op) }
        return value
    }

    private func missing(_ key: String, _ kind: String, _ op: String) -> GraphError {
        .invalidAttribute(op: op, reason: "attribute '\(key)' must be \(kind), received \(self)")
    }
}
