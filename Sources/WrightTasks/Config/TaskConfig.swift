public import WrightRuntime

/// A task: data, what is given, what is asked for, and how it is learned. Read from a file by ``init(file:overrides:)``.
public struct TaskConfig: ConfigSection {
    public var data = DataConfig()
    public var split = SplitConfig()
    public var inputs: [InputConfig] = []
    public var outputs: [OutputConfig] = []
    public var model = NetworkConfig()
    public var train = FittingConfig()
    public var goal = GoalConfig()
    public var tune = TuneConfig()

    public init() {}

    static let summary = "A task for wright: data, inputs, outputs, model and training"

    public static var settings: [Setting<TaskConfig>] {
        [
            .section("data", \.data, isRequired: true, "Where the rows are and how they are read"),
            .section("split", \.split, "Which rows are kept from training"),
            InputConfig.setting("inputs", \.inputs, "The columns that a prediction is made from"),
            OutputConfig.setting("outputs", \.outputs, "The columns that are predicted"),
            .section("model", \.model, "The network"),
            .section("train", \.train, "How the network is trained"),
            .section("goal", \.goal, "What the model must reach, and what its errors cost"),
            .section("tune", \.tune, "What 'wright tune' tries"),
        ]
    }

    public var contradictions: [(setting: String, message: Message)] {
        let given = misplacedOutputs
        let names = outputs.map(\.name)
        guard let meant = goal.output, !names.contains(meant) else { return given }
        let message = Message(.noSuchOutput, meant.readable, Suggestion.phrase(for: meant, among: names))
        return given + [(setting: "goal", message: message)]
    }

    /// Reads a file and puts the overrides, `a.b=c`, in their places.
    ///
    /// - Throws: `FileError` when the file cannot be read; ``ConfigProblems`` with everything that is wrong in it.
    public init(file: String, overrides: [(path: String, value: ConfigNode)] = []) throws {
        var node = try ConfigNode(file: file)
        var problems = ConfigProblems(file: file)
        for (path, value) in overrides {
            do throws(ConfigOverrideProblem) {
                try node.set(path.split(separator: ".").map(String.init)[...], to: value)
            } catch {
                problems.add(value.place, path, error.message)
            }
        }
        self.init(node, at: "", &problems)
        try problems.check()
    }

    /// Reads what a model folder holds.
    public init(_ json: JSON, file: String) throws {
        var problems = ConfigProblems(file: file)
        self.init(ConfigNode(json), at: "", &problems)
        try problems.check()
    }

    /// The file's text with every default in place.
    public var resolvedText: String { ConfigText.yaml(json) }

    /// What most of the work is.
    var work: TaskWork {
        if inputs.contains(where: { $0.settings is ImageInput.Settings || $0.settings is AudioInput.Settings }) {
            return .pictures
        }
        if forecasts { return .series }
        if inputs.contains(where: { $0.settings is SequenceInput.Settings }) { return .sequences }
        return inputs.contains { $0.settings is TextInput.Settings } ? .texts : .numbers
    }

    /// Whether steps are long enough for several threads: short ones would wait for each other longer than they work.
    public var usesThreads: Bool { work != .numbers && work != .series }

    /// Whether what comes next is asked for: rows are in the order of time, and `split.column` is their time.
    public var forecasts: Bool { outputs.contains { $0.settings is ForecastOutput.Settings } }

    /// The most rows ahead, and back, that are seen of a series.
    var window: (lookback: Int, horizon: Int) {
        (
            inputs.compactMap { ($0.settings as? SeriesInput.Settings)?.lookback }.max() ?? 1,
            outputs.compactMap { ($0.settings as? ForecastOutput.Settings)?.horizon }.max() ?? 0
        )
    }

    /// What JSON Schema (2020-12) says of task files.
    public static var schema: JSON {
        guard case .object(var object) = schema(summary) else { return [:] }
        object["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        object["title"] = "Wright task"
        return .object(object)
    }
}

/// Kinds of work that networks are trained differently for.
enum TaskWork {
    case numbers, texts, pictures, sequences, series

    /// Rows that are predicted at a time: fewer of those that take much memory.
    var rowsMeasured: Int {
        switch self {
        case .numbers, .texts, .series: 512
        case .pictures: 128
        case .sequences: 32
        }
    }
}

/// Which rows are kept from training.
public struct SplitConfig: ConfigSection {
    /// What keeps rows together or apart.
    public enum Kind: String, CaseIterable, Sendable {
        /// Each class has its share of each part, where the first output has classes; else by chance.
        case stratified
        case random
        /// Rows of one value of a column stay together.
        case group
        /// The latest rows are kept.
        case time
        /// A column says `train`, `validation` or `test`.
        case column
    }

    public var kind = Kind.stratified
    public var column: String?
    public var validation = 0.1
    public var test = 0.0

    public init() {}

    public static var settings: [Setting<SplitConfig>] {
        [
            .value("kind", \.kind, .choice(), "What keeps rows together or apart"),
            .optional("column", \.column, .text, "The column that the kinds group, time and column look at"),
            .value(
                "validation", \.validation, .number(in: 0..<1),
                "The share of rows that tells when to stop; with folds each part has its turn instead"),
            .value("test", \.test, .number(in: 0..<1), "The share of rows that measures the model and nothing else"),
        ]
    }

    public var contradictions: [(setting: String, message: Message)] {
        var found: [(setting: String, message: Message)] = []
        if [.group, .time, .column].contains(kind), column == nil {
            found.append(("kind", Message(.splitNeedsColumn, kind.rawValue)))
        }
        if validation + test >= 1 { found.append(("test", Message(.splitLeavesNothing))) }
        return found
    }
}

/// The network: encoders of inputs, which a combiner joins and gives to a network for rows.
public struct NetworkConfig: ConfigSection {
    /// How inputs are joined.
    public enum Combiner: String, CaseIterable, Sendable {
        /// Side by side.
        case concat
        case gated, attention
    }

    /// What joined inputs go through.
    public enum Network: String, CaseIterable, Sendable {
        case mlp, resnet
        /// Joins them itself.
        case ftTransformer = "ft-transformer"
    }

    /// Settings of a size that belong together.
    public enum Preset: String, CaseIterable, Sendable { case small, medium, large }

    /// What other settings are at first; those that are given win.
    public var preset: Preset? { didSet { if let preset { take(preset) } } }
    public var network = Network.resnet
    public var combiner = Combiner.concat
    public var layers: Int?
    public var hidden = 64
    public var dropout: Double?
    public var categoryDimension = 8
    public var frequencies = 16
    public var numberDimension = 4
    public var wordDimension = 300
    public var filters = 100
    public var channels = [32, 64, 128]
    public var blocks = 1
    public var itemDimension = 64
    public var memory = 128
    var forecaster = Forecaster.Kind.nlinear

    public init() {}

    /// ``Preset/medium`` is what settings are without one.
    private mutating func take(_ preset: Preset) {
        let medium = NetworkConfig()
        func size<Value>(_ small: Value, _ medium: Value, _ large: Value) -> Value {
            switch preset {
            case .small: small
            case .medium: medium
            case .large: large
            }
        }
        hidden = size(32, medium.hidden, 192)
        categoryDimension = size(4, medium.categoryDimension, 16)
        frequencies = size(8, medium.frequencies, 32)
        numberDimension = size(2, medium.numberDimension, 8)
        wordDimension = size(100, medium.wordDimension, 300)
        filters = size(50, medium.filters, 200)
        channels = size([16, 32, 64], medium.channels, [64, 128, 256])
        blocks = size(1, medium.blocks, 2)
        itemDimension = size(32, medium.itemDimension, 128)
        memory = size(64, medium.memory, 256)
    }

    public static var settings: [Setting<NetworkConfig>] {
        [
            .optional(
                "preset", \.preset, .choice(),
                "What the sizes below are at first, so that large networks need one word; settings that are given win"),
            .value(
                "network", \.network, .choice(),
                "What joined inputs go through; ft-transformer joins them itself, and takes several times as long"),
            .value(
                "combiner", \.combiner, .choice(),
                "How inputs are joined: side by side; gated, each let through as far as all together say; or by attention "
                    + "to each other"),
            .optional(
                "layers", \.layers, .integer(atLeast: 0),
                "Hidden layers of an mlp, blocks of the others; 2, or none when texts, images or sounds are the only inputs"
            ),
            .value("hidden", \.hidden, .integer(atLeast: 1), "Numbers in a hidden layer, or that blocks pass on"),
            .optional(
                "dropout", \.dropout, .number(in: 0..<1),
                "The share of numbers that training leaves out; 0.3, or 0.5 when texts, images or sounds are the only inputs"
            ),
            .value(
                "category_dimension", \.categoryDimension, .integer(atLeast: 1), "Numbers that stand for a category"),
            .value(
                "frequencies", \.frequencies, .integer(atLeast: 0), "Waves that a number is seen through; 0 for none"),
            .value(
                "number_dimension", \.numberDimension, .integer(atLeast: 1),
                "Numbers that its waves are made into, beside the number itself"),
            .value("word_dimension", \.wordDimension, .integer(atLeast: 1), "Numbers that stand for a token of a text"),
            .value(
                "filters", \.filters, .integer(atLeast: 1), "Filters of each of the widths 3, 4 and 5 that read texts"),
            .value(
                "channels", \.channels, .list(.integer(atLeast: 1)),
                "Channels of each stage of the residual network that sees images and sounds; each stage halves the size"
            ),
            .value(
                "item_dimension", \.itemDimension, .integer(atLeast: 1), "Numbers that stand for an item of a sequence"),
            .value("memory", \.memory, .integer(atLeast: 1), "Numbers in the state of the LSTM that reads sequences"),
            .value("forecaster", \.forecaster, .choice(), "How forecasts follow from the last numbers"),
            .value("blocks", \.blocks, .integer(atLeast: 1), "Blocks of each of its stages"),
        ]
    }

    public var contradictions: [(setting: String, message: Message)] {
        network == .ftTransformer && combiner != .concat
            ? [("combiner", Message(.combiner))]
            : []
    }
}

/// How the network is trained.
public struct FittingConfig: ConfigSection {
    /// Which rows a pass over the data has.
    public enum Sampling: String, CaseIterable, Sendable {
        /// Each once.
        case all
        /// As many draws as there are rows, each class equally often.
        case balanced
    }

    public var folds: Int?
    public var epochs: Int?
    public var batchSize: Int?
    public var learningRate: Double?
    public var weightDecay = 0.01
    public var patience: Int?
    public var sampling = Sampling.all
    public var seed = 0
    public var maximumSeconds: Double?

    public init() {}

    public static var settings: [Setting<FittingConfig>] {
        [
            .optional(
                "folds", \.folds, .integer(atLeast: 1),
                "Networks that are trained, each without another part of the rows, and asked together; by the size of "
                    + "the data when not given"),
            .optional("epochs", \.epochs, .integer(atLeast: 1), "Passes over the rows; by their number when not given"),
            .optional(
                "batch_size", \.batchSize, .integer(atLeast: 1), "Rows in a step; by their number when not given"),
            .optional(
                "learning_rate", \.learningRate, .number(in: 1e-9..<10),
                "How far a step goes at most; 0.002, 0.001 for texts, or 0.0005 for forecasts"),
            .value("weight_decay", \.weightDecay, .number(in: 0..<10), "How strongly weights are drawn to zero"),
            .optional(
                "patience", \.patience, .integer(atLeast: 1),
                "Passes without a better validation before training ends; a quarter of the epochs when not given"),
            .value(
                "sampling", \.sampling, .choice(),
                "Which rows a pass has: all, or draws in which each class of the goal's output comes equally often; "
                    + "probabilities are then those of classes of one size"),
            .value("seed", \.seed, .integer(atLeast: 0), "Of everything random: the same seed gives the same model"),
            .optional("maximum_seconds", \.maximumSeconds, .number(in: 0.1..<1e8), "Time that training may take"),
        ]
    }
}
