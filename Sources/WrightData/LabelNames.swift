public import WrightRuntime

/// The names of classes, in the order of their numbers.
public struct LabelNames: Hashable, Sendable {
    public let names: [String]
    private let numbers: [String: Int32]

    /// Names must differ from each other; nil when two are equal.
    public init?(_ names: [String]) {
        numbers = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        guard numbers.count == names.count else { return nil }
        self.names = names
    }

    /// The distinct labels of some data, ordered by number where all are whole numbers, else by the bytes of their text.
    public init(collecting labels: some Sequence<String>) {
        let distinct = Set(labels)
        let ordered =
            distinct.allSatisfy { Int($0) != nil }
            ? distinct.sorted { (Int($0)!, $0) < (Int($1)!, $1) }
            : distinct.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.init(ordered)!
    }

    public var count: Int { names.count }

    public subscript(number: Int) -> String { names[number] }

    /// The number of a class; nil for names that are none.
    public func number(of name: String) -> Int32? { numbers[name] }

    public var json: JSON { .array(names.map { .string($0) }) }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: JSON) {
        guard let values = json.array else { return nil }
        let names = values.compactMap(\.string)
        guard names.count == values.count else { return nil }
        self.init(names)
    }

    /// The ten classes of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017).
    public static let fashionMNIST = LabelNames([
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ])!
}
