public import WrightGraph
import WrightNN
public import WrightRuntime
public import WrightTrain

/// Several names at once (multi-label classification), each by itself a yes or no. Predictions are probabilities.
public struct SetOutput: OutputFeature {
    /// How a column of several names is learned.
    public struct Settings: OutputSettings {
        var separator: String?
        var threshold = 0.5

        public init() {}
        public static var type: String { "set" }
        public static var summary: Phrase { Phrase("several names at once", "同时有若干名称") }
        public static var settings: [Setting<Self>] {
            [
                .optional(
                    "separator", \.separator, .text,
                    Phrase("What stands between the names; found out when not given", "名称之间的分隔符；不写则自动识别")),
                .value(
                    "threshold", \.threshold, .number(in: 0..<1),
                    Phrase("Names above this probability are answered", "概率高于此值的名称会给出")),
            ]
        }

        public func fit(_ fields: [String?]) throws -> SetOutput {
            let separator = separator ?? SetField.separator(of: fields) ?? ","
            let names: [String?] = fields.flatMap { SetField.names($0, separator).map { $0 } }
            guard !names.isEmpty else { throw FeatureProblem(.noNames) }
            return SetOutput(separator: separator, values: names.ranked.map(\.value), threshold: threshold)
        }
    }

    private let separator: String
    private let values: [String]
    private let threshold: Double

    private init(separator: String, values: [String], threshold: Double) {
        self.separator = separator
        self.values = values
        self.threshold = threshold
    }

    public var width: Int { values.count }

    /// A missing field is a set without names.
    public func encode(_ fields: [String?]) -> EncodedOutput {
        let numbers = Dictionary(values.enumerated().map { ($1, $0) }) { first, _ in first }
        var flags = [Float](repeating: 0, count: fields.count * width)
        for (row, field) in fields.enumerated() {
            for name in SetField.names(field, separator) {
                if let number = numbers[name] { flags[row * width + number] = 1 }
            }
        }
        let targets = Buffer(flags, shape: [fields.count, width])
        return EncodedOutput(
            targets: targets, truths: targets, defects: [Phrase?](repeating: nil, count: fields.count))
    }

    public func loss(_ answer: Tensor, target: Tensor) -> Tensor {
        Loss.binaryCrossEntropy(logits: answer, target: target)
    }

    public func averaged(_ answer: Tensor) -> Tensor { answer.sigmoid() }
    public func predictions(_ averages: Buffer) -> Buffer { averages }

    public var metrics: [any Metric] { [LabelSetScores(labels: width, threshold: Float(threshold))] }
    public var mainMetric: String { "f1_micro" }

    public func columns(_ predictions: Buffer) -> [PredictionColumn] {
        let values = predictions.array(of: Float.self)
        let rows = 0..<predictions.shape[0]
        let chosen = rows.map { row in
            self.values.indices.filter { Double(values[row * width + $0]) > threshold }.map { self.values[$0] }
                .joined(separator: separator)
        }
        return [PredictionColumn("", chosen)]
            + self.values.indices.prefix(100).map { number in
                PredictionColumn(
                    "_probability_\(self.values[number])", rows.map { Double(values[$0 * width + number]).fixed(6) },
                    isNumeric: true)
            }
    }

    public var state: JSON {
        ["separator": .string(separator), "values": .texts(values), "threshold": .number(threshold)]
    }

    public init(_ state: FeatureState) throws {
        separator = try state.text("separator")
        values = try state.texts("values")
        threshold = try state.number("threshold")
    }
}
