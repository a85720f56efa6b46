public import WrightRuntime

/// What `wright tune` tries.
public struct TuneConfig: ConfigSection {
    /// How settings are chosen.
    public enum Search: String, CaseIterable, Sendable {
        /// By lot, each trained in full (Bergstra & Bengio, *Random Search for Hyper-Parameter Optimization*, 2012).
        case random
        /// By lot, many for a few epochs, the best third of them for thrice as many, and so on (Jamieson & Talwalkar,
        /// *Non-stochastic Best Arm Identification and Hyperparameter Optimization*, 2016).
        case halving
        /// By what earlier trials gave, each trained in full (Bergstra et al., *Algorithms for Hyper-Parameter
        /// Optimization*, 2011: the tree-structured Parzen estimator).
        case bayes
        /// Halving whose settings are chosen as by `bayes` (Falkner, Klein & Hutter, *BOHB*, 2018).
        case mixed
    }

    /// By setting, such as `train.learning_rate`; the ranges of the kind of network when empty.
    public var space: [String: TuneRange] = [:]
    public var search = Search.mixed
    public var trials = 40
    public var seed = 0

    public init() {}

    public static var settings: [Setting<TuneConfig>] {
        [
            .value(
                "space", \.space, .table(.range),
                Phrase(
                    "By setting, the values to try, such as train.learning_rate: {log: [0.0001, 0.01]}; ranges that suit the "
                        + "kind of network when nothing is said",
                    "按设置写明要尝试的值，如 train.learning_rate: {log: [0.0001, 0.01]}；不写则采用适合该类网络的范围")),
            .value(
                "search", \.search, .choice(),
                Phrase(
                    "How values are chosen: by lot, by lot with most trials cut short, by what earlier trials gave, or mixed",
                    "如何选值：随机；随机并提前结束多数试验；依据先前试验的结果；或混合")
            ),
            .value("trials", \.trials, .integer(atLeast: 1), Phrase("How often the task is trained", "训练任务多少次")),
            .value(
                "seed", \.seed, .integer(atLeast: 0),
                Phrase("Of the choice of values; the same seed tries the same ones", "选值的种子；相同的种子尝试相同的值")),
        ]
    }
}

/// Values that a setting may have.
public enum TuneRange: Hashable, Sendable {
    case choice([JSON])
    /// All numbers between two, or those that are a whole number of steps from the lower.
    case range(low: Double, high: Double, step: Double?)
    /// Numbers whose logarithms are equally likely.
    case log(low: Double, high: Double)
}

extension ValueForm where Value == TuneRange {
    static let range = ValueForm(
        words: Phrase(
            "{choice: [values]}, {range: [low, high]}, {range: [low, high], step: number} or {log: [low, high]}",
            " {choice: [values]}、{range: [low, high]}、{range: [low, high], step: number} 或 {log: [low, high]}"),
        schema: [
            "type": "object",
            "properties": [
                "choice": ["type": "array", "minItems": 1], "range": pair, "log": pair,
                "step": ["type": "number", "exclusiveMinimum": 0],
            ],
            "oneOf": [["required": ["choice"]], ["required": ["range"]], ["required": ["log"]]],
            "additionalProperties": false,
        ], read: TuneRange.init(_:), write: \.json)

    private static var pair: JSON { ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2] }
}

extension TuneRange {
    fileprivate init?(_ node: ConfigNode) {
        guard let entries = node.map, let kind = entries.first(where: { $0.key != "step" }) else { return nil }
        let step = node["step"]?.double
        guard entries.count == (node["step"] == nil ? 1 : 2), let list = kind.value.list else { return nil }
        if kind.key == "choice", node["step"] == nil, !list.isEmpty {
            self = .choice(list.map(\.json))
            return
        }
        guard list.count == 2, let low = list[0].double, let high = list[1].double, low < high else { return nil }
        switch kind.key {
        case "range" where node["step"] == nil || step ?? 0 > 0: self = .range(low: low, high: high, step: step)
        case "log" where node["step"] == nil && low > 0: self = .log(low: low, high: high)
        default: return nil
        }
    }

    var json: JSON {
        switch self {
        case .choice(let values): ["choice": .array(values)]
        case .range(let low, let high, nil): ["range": [.number(low), .number(high)]]
        case .range(let low, let high, let step?): ["range": [.number(low), .number(high)], "step": .number(step)]
        case .log(let low, let high): ["log": [.number(low), .number(high)]]
        }
    }
}

extension ConfigNode {
    /// The value as JSON has it: what could be a number or a truth value is one, unless it is in quotes.
    var json: JSON {
        switch content {
        case .scalar:
            isNull
                ? .null
                : bool.map(JSON.bool) ?? integer.map { .integer(Int64($0)) } ?? double.map(JSON.number)
                    ?? .string(text ?? "")
        case .list(let values): .array(values.map(\.json))
        case .map(let entries):
            .object(entries.reduce(into: JSON.Object()) { $0[$1.key] = $1.value.json })
        }
    }
}
