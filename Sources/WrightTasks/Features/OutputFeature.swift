public import WrightGraph
public import WrightRuntime
public import WrightTrain

/// How an output column is learned, as a task file says it.
public protocol OutputSettings: ConfigSection {
    associatedtype Feature: OutputFeature

    /// Its name in task files.
    static var type: String { get }
    /// What such columns hold, in a few words.
    static var summary: Phrase { get }

    /// Learns what encoding needs from the fields of the rows to train on; nil is a missing one.
    ///
    /// - Throws: ``FeatureProblem`` when nothing can be learned from the column.
    func fit(_ fields: [String?]) throws -> Feature
}

/// What a model answers for one column, fitted, and saved with the model.
public protocol OutputFeature: Sendable {
    /// How a network answers it.
    var shape: OutputShape { get }
    /// Numbers of a network's answer that are this output's.
    var width: Int { get }
    /// What the network is to answer, and what is true.
    func encode(_ fields: [String?]) -> EncodedOutput
    /// A scalar: the mean over the examples of `answer`, float32 `[n, width]`.
    func loss(_ answer: Tensor, target: Tensor) -> Tensor
    /// What several networks' answers are averaged as, `[n, width]`: probabilities, or numbers on the network's scale.
    func averaged(_ answer: Tensor) -> Tensor
    /// Averages as ``metrics`` read them: probabilities `[n, width]`, numbers `[n]` in the column's own unit.
    func predictions(_ averages: Buffer) -> Buffer
    /// What predictions are measured by against ``EncodedOutput/truths``.
    var metrics: [any Metric] { get }
    /// Which value of ``metrics`` says best how good a model is.
    var mainMetric: String { get }
    /// Which value of ``metrics`` parts of the rows are compared by.
    var sliceMetric: String { get }
    /// What its predictions are.
    var form: OutputForm { get }
    /// Columns of a table of predictions, each named by what is appended to the output's name.
    func columns(_ predictions: Buffer) -> [PredictionColumn]
    /// The class of each target, to give each class its share of every part; nil where there are none.
    func strata(_ fields: [String?]) -> [Int32]?
    /// Why this output cannot serve the goal, in words.
    func problem(with goal: GoalConfig) -> Message?
    /// The same with its decisions fitted to the goal by ``predictions(_:)`` of rows that were held out and their truths.
    func deciding(for goal: GoalConfig, predictions: Buffer, truths: Buffer) throws -> Self
    /// What ``init(_:)`` reads back.
    var state: JSON { get }
    init(_ state: FeatureState) throws
}

extension OutputFeature {
    public func problem(with goal: GoalConfig) -> Message? {
        goal.costs.isEmpty && goal.calibration == .none
            ? nil : Message(.costsNeedClasses)
    }

    public func deciding(for goal: GoalConfig, predictions: Buffer, truths: Buffer) throws -> Self { self }

    public var shape: OutputShape { .row(width) }
    public func strata(_ fields: [String?]) -> [Int32]? { nil }
    public var sliceMetric: String { mainMetric }
    public var form: OutputForm { .other }
}

/// How a network answers an output.
public enum OutputShape: Hashable, Sendable {
    /// So many numbers for a row.
    case row(Int)
    /// So many numbers for each step of its sequences.
    case steps(maximum: Int, classes: Int)
    /// So many next numbers of the series of the same name.
    case horizon(Int)

    var width: Int {
        switch self {
        case .row(let width), .horizon(let width): width
        case .steps(let maximum, let classes): maximum * classes
        }
    }
}

/// What an output's predictions are, for those who draw or explain them.
public enum OutputForm: Hashable, Sendable {
    /// Probabilities of these classes, `[n, classes]`, of which one is true.
    case classes([String])
    /// A number, `[n]`.
    case number
    case other
}

/// A column of a table of predictions: a field for each row.
public struct PredictionColumn: Hashable, Sendable {
    public var name: String
    public var fields: [String]
    /// Whether the fields are numbers and no names.
    public var isNumeric = false

    init(_ name: String, _ fields: [String], isNumeric: Bool = false) {
        self.name = name
        self.fields = fields
        self.isNumeric = isNumeric
    }

    /// Where each row starts in its file.
    public static func lines(_ lines: [Int]) -> PredictionColumn {
        PredictionColumn("line", lines.map { "\($0)" }, isNumeric: true)
    }

    /// A field as programs want it; null for a number that is none.
    public func json(_ row: Int) -> JSON {
        isNumeric
            ? Double(fields[row]).map { Int64(exactly: $0).map(JSON.integer) ?? .number($0) } ?? .null
            : .string(fields[row])
    }
}

/// An output column, encoded.
public struct EncodedOutput: Sendable {
    /// What the loss compares with; the outermost axis counts rows.
    public var targets: Buffer
    /// What metrics compare with.
    public var truths: Buffer
    /// Why a row can be neither learned nor measured; nil when it can.
    public var defects: [Phrase?]
    /// Steps of each row before it was cut; nil for what has none.
    public var lengths: [Int]?

    init(targets: Buffer, truths: Buffer, defects: [Phrase?], lengths: [Int]? = nil) {
        self.targets = targets
        self.truths = truths
        self.defects = defects
        self.lengths = lengths
    }
}

/// The output types: the one list.
enum OutputTypes {
    static let all: [any OutputSettings.Type] = [
        CategoryOutput.CategorySettings.self, CategoryOutput.BinarySettings.self, NumberOutput.Settings.self,
        SetOutput.Settings.self, SequenceOutput.Settings.self, ForecastOutput.Settings.self,
    ]
}
