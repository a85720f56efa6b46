import WrightRuntime

/// What is changed in rows and which are left out before anything is learned, in the order of the settings. Predictions
/// are made for every row: for them fields are changed and no row is left out.
public struct CleaningConfig: ConfigSection {
    /// Numbers that may be; nil where there is no limit.
    public struct Limits: Hashable, Sendable {
        public var low: Double?
        public var high: Double?

        public init(low: Double?, high: Double?) {
            self.low = low
            self.high = high
        }
    }

    /// By column: what a field becomes. An empty text becomes a missing field.
    public var map: [String: [String: String]] = [:]
    /// Columns whose personal data become placeholders.
    public var redact: [String] = []
    /// Columns whose field must be there.
    public var dropMissing: [String] = []
    /// By column: a number outside of it leaves the row out.
    public var range: [String: Limits] = [:]
    public var dropDuplicates = false

    public init() {}

    public static var settings: [Setting<CleaningConfig>] {
        [
            .value(
                "map", \.map, .table(.table(.text)),
                "By column, what a field becomes, such as answer: {Y: yes, N: no}; \"\" for a missing one"),
            .value(
                "redact", \.redact, .list(.text),
                "Columns in whose texts e-mail addresses, telephone, card and identity numbers become placeholders"),
            .value("drop_missing", \.dropMissing, .list(.text), "Columns; rows without a value there are left out"),
            .value(
                "range", \.range, .table(.limits),
                "By column, the least and the largest number; rows outside of it are left out"),
            .value(
                "drop_duplicates", \.dropDuplicates, .flag,
                "Whether a row whose fields are all those of an earlier one is left out"),
        ]
    }

    /// Every column that is named.
    var columns: [String] { Set(map.keys).union(redact).union(dropMissing).union(range.keys).sorted() }
}

extension ValueForm where Value == CleaningConfig.Limits {
    static let limits = ValueForm(
        words: Phrase(
            "a list [low, high] of two numbers that rise, null where there is no limit",
            "由两个递增的数组成的列表 [low, high]，没有界限处写 null"),
        schema: [
            "type": "array", "prefixItems": [["type": ["number", "null"]], ["type": ["number", "null"]]],
            "minItems": 2, "maxItems": 2,
        ],
        read: { node in
            guard let list = node.list, list.count == 2, list.allSatisfy({ $0.isNull || $0.double != nil }) else {
                return nil
            }
            let (low, high) = (list[0].double, list[1].double)
            if let low, let high, low > high { return nil }
            return CleaningConfig.Limits(low: low, high: high)
        },
        write: { [$0.low.map { .number($0) } ?? .null, $0.high.map { .number($0) } ?? .null] })
}
