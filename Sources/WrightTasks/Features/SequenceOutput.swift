import WrightData
public import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// A class for each step of a sequence: tags of words, whether the next answer is right. Steps beside the sequences of the
/// inputs have the number −1 and count nothing. Predictions are probabilities, `[n, steps · classes]`.
public struct SequenceOutput: OutputFeature {
    /// How a column of classes, one for each step, is learned.
    public struct Settings: OutputSettings {
        var separator: String?
        var maximumLength = 2048

        public init() {}
        public static var type: String { "sequence" }
        public static var summary: Phrase { Phrase("a class for each step of a sequence", "序列每一步的类别") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "separator", \.separator, .text,
                    Phrase("What stands between the classes; found out when not given", "类别之间的分隔符；不写则自动识别")),
                .value(
                    "maximum_length", \.maximumLength, .integer(atLeast: 1),
                    Phrase("Steps after so many are neither learned nor measured", "超过此数的步既不学习也不衡量")),
            ]
        }

        public func fit(_ fields: [String?]) throws -> SequenceOutput {
            let separator = separator ?? SequenceField.separator(of: fields) ?? " "
            let sequences = fields.map { SequenceField.items($0, separator) }
            let labels = LabelNames(collecting: sequences.flatMap(\.self))
            guard labels.count >= 2 else {
                throw labels.count == 0
                    ? FeatureProblem(.emptyColumn) : FeatureProblem(.sameStep, labels[0].readable)
            }
            guard labels.count <= Self.maximumClasses else {
                throw FeatureProblem(.tooManyItems, labels.count.grouped, Self.maximumClasses)
            }
            return SequenceOutput(
                separator: separator, labels: labels, maximum: min(maximumLength, sequences.map(\.count).max() ?? 1))
        }

        private static let maximumClasses = 200
    }

    private let separator: String
    private let labels: LabelNames
    private let maximum: Int

    private init(separator: String, labels: LabelNames, maximum: Int) {
        self.separator = separator
        self.labels = labels
        self.maximum = maximum
    }

    public var shape: OutputShape { .steps(maximum: maximum, classes: labels.count) }
    public var width: Int { maximum * labels.count }

    public func encode(_ fields: [String?]) -> EncodedOutput {
        var numbers: [Int32] = []
        numbers.reserveCapacity(fields.count * maximum)
        var defects: [Phrase?] = []
        var lengths: [Int] = []
        for field in fields {
            let items = SequenceField.items(field, separator)
            let own = items.prefix(maximum).map { labels.number(of: $0) }
            numbers += own.map { $0 ?? -1 } + [Int32](repeating: -1, count: maximum - own.count)
            defects.append(
                items.isEmpty
                    ? .withoutValue
                    : own.contains(nil) ? Phrase("with a class that is not known", "含有未知类别") : nil)
            lengths.append(items.count)
        }
        let targets = Buffer(numbers, shape: [fields.count, maximum])
        return EncodedOutput(targets: targets, truths: targets, defects: defects, lengths: lengths)
    }

    public func loss(_ answer: Tensor, target: Tensor) -> Tensor {
        Loss.crossEntropy(answer.reshaped(target.shape + [labels.count]), classes: target, ignoring: -1)
    }

    public func averaged(_ answer: Tensor) -> Tensor {
        answer.reshaped([answer.shape[0], maximum, labels.count]).softmax().reshaped(answer.shape)
    }

    public func predictions(_ averages: Buffer) -> Buffer { averages }

    public var metrics: [any Metric] {
        let classes = labels.count
        return [
            StepScores(
                [
                    ConfusionMatrix(classes: classes), RankingScores(classes: classes),
                    ProbabilityScores(classes: classes),
                ],
                classes: classes)
        ] + (areTags ? [EntityScores(tags: labels.names)] : [])
    }

    /// Whether the classes mark entities.
    private var areTags: Bool { EntityScores.areTags(labels.names) }

    /// Where classes mark entities, whole entities are what counts.
    public var mainMetric: String { areTags ? "entity_f1" : labels.count == 2 ? "roc_auc" : "f1_macro" }

    /// The classes of all steps, and the probability of each step's: of the later one where there are two.
    public func columns(_ predictions: Buffer) -> [PredictionColumn] {
        let values = predictions.array(of: Float.self)
        var (classes, probabilities) = ([String](), [String]())
        for row in 0..<predictions.shape[0] {
            var (names, shares) = ([String](), [String]())
            for step in 0..<maximum {
                let first = (row * maximum + step) * labels.count
                let own = values[first..<(first + labels.count)]
                // Steps that are not there are no numbers.
                guard !own[first].isNaN else { break }
                let best = own.indices.max { own[$0] < own[$1] }!
                names.append(labels[best - first])
                shares.append(Double(labels.count == 2 ? own[first + 1] : own[best]).fixed(4))
            }
            classes.append(names.joined(separator: separator))
            probabilities.append(shares.joined(separator: separator))
        }
        return [
            PredictionColumn("", classes),
            PredictionColumn(labels.count == 2 ? "_probability_\(labels[1])" : "_probability", probabilities),
        ]
    }

    public var state: JSON {
        ["separator": .string(separator), "labels": labels.json, "maximum_length": .integer(Int64(maximum))]
    }

    public init(_ state: FeatureState) throws {
        separator = try state.text("separator")
        labels = try state.member("labels", Phrase("a list of at least two different texts", "至少含两个不同文本的列表")) { json in
            LabelNames(json: json).flatMap { $0.count >= 2 ? $0 : nil }
        }
        maximum = try state.count("maximum_length")
    }
}
