public import WrightRuntime

/// What a model must reach to be of use, and what its errors cost.
public struct GoalConfig: ConfigSection {
    /// What is done to probabilities so that they are right as often as they say.
    public enum Calibrating: String, CaseIterable, Sendable {
        case none
        /// Logits divided by one number, fitted to held-out rows (Guo et al., *On Calibration of Modern Neural Networks*,
        /// 2017).
        case temperature
    }

    /// The output that is meant; the first one when not given.
    public var output: String?
    public var metric: String?
    public var atLeast: Double?
    public var atMost: Double?
    public var latency: Double?
    /// Columns by which groups are compared.
    public var sensitive: [String] = []
    /// By true class, then by answer.
    public var costs: [String: [String: Double]] = [:]
    public var calibration = Calibrating.none

    public init() {}

    public static var settings: [Setting<GoalConfig>] {
        [
            .optional(
                "output", \.output, .text,
                Phrase("The output that is meant; the first one when not given", "所指的输出；不写则为第一个")),
            .optional(
                "metric", \.metric, .text,
                Phrase(
                    "What the model is judged by, such as roc_auc, f1_macro or rmse; one that depends on decisions decides "
                        + "where the threshold between two classes lies",
                    "用什么评判模型，如 roc_auc、f1_macro 或 rmse；取决于判定的指标会决定两个类别之间的阈值")),
            .optional(
                "at_least", \.atLeast, .number(in: -1e12..<1e12), Phrase("What the metric must reach", "指标至少应达到的值")),
            .optional(
                "at_most", \.atMost, .number(in: -1e12..<1e12), Phrase("What the metric must not exceed", "指标不得超过的值")),
            .optional(
                "latency_ms", \.latency, .number(in: 0..<1e6),
                Phrase("Milliseconds that 99 of 100 predictions of one row must stay below", "单行预测中百分之九十九须低于的毫秒数")),
            .value(
                "sensitive", \.sensitive, .list(.text),
                Phrase("Columns of groups that must be treated alike", "须一视同仁的群体所在的列")),
            .value(
                "costs", \.costs, .table(.table(.number(in: 0..<1e12))),
                Phrase(
                    "What answers cost: true class, answer and cost, such as leaves: {stays: 10}; 0 where "
                        + "nothing is said", "各种判定的代价：真实类别、判定与代价，如 leaves: {stays: 10}；未写的为 0")),
            .value(
                "calibration", \.calibration, .choice(),
                Phrase(
                    "Whether probabilities are made right as often as they say, by rows that were held out",
                    "是否用未参与训练的行校准概率，使其与实际答对的频率一致")),
        ]
    }

    /// Whether nothing is asked for.
    public var isEmpty: Bool { atLeast == nil && atMost == nil && latency == nil }

    public var contradictions: [(setting: String, message: Message)] {
        var found: [(setting: String, message: Message)] = []
        if metric == nil, atLeast != nil || atMost != nil {
            found.append(
                (
                    atLeast != nil ? "at_least" : "at_most",
                    Message(.missingSetting, "metric", Phrase("what is to be reached", "要达到的指标"))
                ))
        }
        if let atLeast, let atMost, atLeast > atMost {
            found.append(("at_most", Message(.goalBounds)))
        }
        return found
    }
}
