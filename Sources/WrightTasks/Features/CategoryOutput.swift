import WrightData
public import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// One class out of several, by cross-entropy. Predictions are probabilities.
public struct CategoryOutput: OutputFeature {
    /// How much classes count.
    enum ClassWeights: String, CaseIterable, Sendable {
        /// Each row counts the same.
        case none
        /// Each class counts the same.
        case balanced
    }

    /// How a column of classes is learned.
    public struct CategorySettings: OutputSettings {
        var classWeights = ClassWeights.none
        var weights: [String: Double] = [:]
        var labelSmoothing = 0.0

        public init() {}
        public static var type: String { "category" }
        public static var summary: Phrase { Phrase("one class out of several", "若干类别之一") }
        public static var settings: [Setting<Self>] {
            [
                .value("class_weights", \.classWeights, .choice(), CategoryOutput.classWeightsSummary),
                .value("weights", \.weights, .table(.number(in: 0..<1e6)), CategoryOutput.weightsSummary),
                .value("label_smoothing", \.labelSmoothing, .number(in: 0..<1), CategoryOutput.smoothingSummary),
            ]
        }

        public func fit(_ fields: [String?]) throws -> CategoryOutput {
            try CategoryOutput(
                fields, labels: LabelNames(collecting: fields.compactMap(\.self)), classWeights, weights, labelSmoothing
            )
        }
    }

    /// How a column of two values is learned.
    public struct BinarySettings: OutputSettings {
        var positive: String?
        var classWeights = ClassWeights.none
        var weights: [String: Double] = [:]
        var labelSmoothing = 0.0

        public init() {}
        public static var type: String { "binary" }
        public static var summary: Phrase { Phrase("one of two values", "两个取值之一") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "positive", \.positive, .text,
                    Phrase("The value that is looked for; the later one when not given", "要找出的取值；不写则为排在后面的那个")),
                .value("class_weights", \.classWeights, .choice(), CategoryOutput.classWeightsSummary),
                .value("weights", \.weights, .table(.number(in: 0..<1e6)), CategoryOutput.weightsSummary),
                .value("label_smoothing", \.labelSmoothing, .number(in: 0..<1), CategoryOutput.smoothingSummary),
            ]
        }

        public func fit(_ fields: [String?]) throws -> CategoryOutput {
            var labels = LabelNames(collecting: fields.compactMap(\.self))
            if labels.count > 2 {
                throw FeatureProblem(.notTwo, labels.count)
            }
            if let positive {
                guard labels.names.contains(positive) else {
                    throw FeatureProblem(.positive, positive.readable, labels.names.map(\.readable))
                }
                labels = LabelNames(labels.names.filter { $0 != positive } + [positive])!
            }
            return try CategoryOutput(fields, labels: labels, classWeights, weights, labelSmoothing)
        }
    }

    private static let classWeightsSummary = Phrase(
        "How much classes count: none, or balanced so that rare ones count as much",
        "各类别的权重：none 不加权，balanced 使少见的类别同样重要")
    private static let weightsSummary = Phrase(
        "How much each class counts, by name; 1 where nothing is said", "按名称写明各类别的权重；未写的为 1")
    private static let smoothingSummary = Phrase(
        "The share of each target that is spread over all classes", "每个目标中平摊给所有类别的比例")

    /// A table of predictions has a column for each class up to so many.
    private static let maximumColumns = 100

    let labels: LabelNames
    private var decision = ClassDecision()
    private let weights: [Double]
    private let labelSmoothing: Double

    private init(
        _ fields: [String?], labels: LabelNames, _ classWeights: ClassWeights, _ named: [String: Double],
        _ labelSmoothing: Double
    ) throws {
        guard labels.count >= 2 else {
            throw labels.count == 0
                ? FeatureProblem(.emptyColumn) : FeatureProblem(.sameValue, labels[0].readable)
        }
        if let unknown = named.keys.sorted().first(where: { !labels.names.contains($0) }) {
            throw FeatureProblem(
                .weightsNameNoClass, unknown.readable, Suggestion.phrase(for: unknown, among: labels.names))
        }
        var weights = labels.names.map { named[$0] ?? 1 }
        if classWeights == .balanced {
            let counts = Dictionary(fields.compactMap(\.self).map { ($0, 1.0) }, uniquingKeysWith: +)
            let total = counts.values.reduce(0, +)
            for (index, name) in labels.names.enumerated() {
                weights[index] *= total / Double(labels.count) / counts[name]!
            }
        }
        self.labels = labels
        self.weights = weights
        self.labelSmoothing = labelSmoothing
    }

    public var width: Int { labels.count }

    public func encode(_ fields: [String?]) -> EncodedOutput {
        let numbers = fields.map { $0.flatMap(labels.number(of:)) }
        let targets = Buffer(numbers.map { $0 ?? 0 })
        return EncodedOutput(
            targets: targets, truths: targets,
            defects: zip(fields, numbers).map { field, number in
                number != nil ? nil : field == nil ? .withoutValue : .ofUnknownClass
            })
    }

    public func loss(_ answer: Tensor, target: Tensor) -> Tensor {
        let isWeighted = weights.contains { $0 != 1 }
        return Loss.crossEntropy(
            answer, classes: target, weights: isWeighted ? Tensor(weights.map { Float($0) }) : nil,
            labelSmoothing: Pass.isTraining ? labelSmoothing : 0)
    }

    public func averaged(_ answer: Tensor) -> Tensor { answer.softmax() }
    public func predictions(_ averages: Buffer) -> Buffer { decision.probabilities(averages) }

    public var metrics: [any Metric] {
        [
            ConfusionMatrix(classes: width, deciding: decision.deciding), RankingScores(classes: width),
            ProbabilityScores(classes: width),
        ] + (width > 10 ? [TopKAccuracy(k: 5, classes: width)] : [])
            + (decision.costs.map { [MeanCost($0, deciding: decision.deciding)] } ?? [])
    }

    public func problem(with goal: GoalConfig) -> Message? {
        let named = Set(goal.costs.keys).union(goal.costs.values.flatMap(\.keys)).sorted()
        return named.first { !labels.names.contains($0) }.map { name in
            Message(.costsNameNoClass, name.readable, Suggestion.phrase(for: name, among: labels.names))
        }
    }

    public func deciding(for goal: GoalConfig, predictions: Buffer, truths: Buffer) throws -> CategoryOutput {
        var output = self
        output.decision = try ClassDecision(goal, labels: labels, probabilities: predictions, truths: truths)
        return output
    }

    /// Of two classes: the later one is answered above this probability.
    var threshold: Float { decision.threshold }

    public var form: OutputForm { .classes(labels.names) }
    public var mainMetric: String { width == 2 ? "roc_auc" : "accuracy" }

    public func columns(_ predictions: Buffer) -> [PredictionColumn] {
        let values = predictions.array(of: Float.self)
        let rows = 0..<predictions.shape[0]
        let answers = decision.answers(predictions)
        var columns = [
            PredictionColumn("", answers.map { labels[$0] }),
            PredictionColumn("_probability", rows.map { Self.text(values[$0 * width + answers[$0]]) }, isNumeric: true),
        ]
        if width <= Self.maximumColumns {
            for (number, name) in labels.names.enumerated() {
                columns.append(
                    PredictionColumn(
                        "_probability_\(name)", rows.map { Self.text(values[$0 * width + number]) }, isNumeric: true))
            }
        }
        return columns
    }

    private static func text(_ probability: Float) -> String { Double(probability).fixed(6) }

    public func strata(_ fields: [String?]) -> [Int32]? { fields.map { $0.flatMap(labels.number(of:)) ?? -1 } }

    public var state: JSON {
        [
            "labels": labels.json, "weights": .numbers(weights), "label_smoothing": .number(labelSmoothing),
            "decision": decision.json,
        ]
    }

    public init(_ state: FeatureState) throws {
        labels = try state.member("labels", Phrase("a list of at least two different texts", "至少含两个不同文本的列表")) { json in
            LabelNames(json: json).flatMap { $0.count >= 2 ? $0 : nil }
        }
        weights = try state.numbers("weights")
        labelSmoothing = try state.number("label_smoothing")
        // Models of older versions decide for the most probable class.
        guard state.json["decision"] != nil else { return }
        let count = labels.count
        decision = try state.member("decision", Phrase("a temperature and square tables", "温度与方阵")) {
            ClassDecision(json: $0, classes: count)
        }
    }
}
