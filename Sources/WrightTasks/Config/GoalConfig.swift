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
            .optional("output", \.output, .text, "The output that is meant; the first one when not given"),
            .optional(
                "metric", \.metric, .text,
                "What the model is judged by, such as roc_auc, f1_macro or rmse; one that depends on decisions decides "
                    + "where the threshold between two classes lies"),
            .optional("at_least", \.atLeast, .number(in: -1e12..<1e12), "What the metric must reach"),
            .optional("at_most", \.atMost, .number(in: -1e12..<1e12), "What the metric must not exceed"),
            .optional(
                "latency_ms", \.latency, .number(in: 0..<1e6),
                "Milliseconds that 99 of 100 predictions of one row must stay below"),
            .value("sensitive", \.sensitive, .list(.text), "Columns of groups that must be treated alike"),
            .value(
                "costs", \.costs, .table(.table(.number(in: 0..<1e12))),
                "What answers cost: true class, answer and cost, such as leaves: {stays: 10}; 0 where "
                    + "nothing is said"),
            .value(
                "calibration", \.calibration, .choice(),
                "Whether probabilities are made right as often as they say, by rows that were held out"),
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
