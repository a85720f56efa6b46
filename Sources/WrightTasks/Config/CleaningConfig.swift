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
                Phrase(
                    "By column, what a field becomes, such as answer: {Y: yes, N: no}; \"\" for a missing one",
                    "按列写明字段改成什么，如 answer: {Y: yes, N: no}；\"\" 表示缺失")),
            .value(
                "redact", \.redact, .list(.text),
                Phrase(
                    "Columns in whose texts e-mail addresses, telephone, card and identity numbers become placeholders",
                    "将文本中的电子邮箱、电话、银行卡号和身份证号换成占位符的列")),
            .value(
                "drop_missing", \.dropMissing, .list(.text),
                Phrase("Columns; rows without a value there are left out", "这些列缺少值的行会被舍弃")),
            .value(
                "range", \.range, .table(.limits),
                Phrase(
                    "By column, the least and the largest number; rows outside of it are left out",
                    "按列写明最小值与最大值；超出的行会被舍弃")),
            .value(
                "drop_duplicates", \.dropDuplicates, .flag,
                Phrase("Whether a row whose fields are all those of an earlier one is left out", "是否舍弃与先前某行完全相同的行")),
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
