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

    static let summary = Phrase(
        "A task for wright: data, inputs, outputs, model and training", "wright 的任务：数据、输入、输出、模型与训练")

    public static var settings: [Setting<TaskConfig>] {
        [
            .section(
                "data", \.data, isRequired: true, Phrase("Where the rows are and how they are read", "数据在哪里，如何读取")),
            .section("split", \.split, Phrase("Which rows are kept from training", "哪些行不用于训练")),
            InputConfig.setting("inputs", \.inputs, Phrase("The columns that a prediction is made from", "用来预测的列")),
            OutputConfig.setting("outputs", \.outputs, Phrase("The columns that are predicted", "要预测的列")),
            .section("model", \.model, Phrase("The network", "网络")),
            .section("train", \.train, Phrase("How the network is trained", "如何训练网络")),
            .section("goal", \.goal, Phrase("What the model must reach, and what its errors cost", "模型须达到什么，错误的代价如何")),
            .section("tune", \.tune, Phrase("What 'wright tune' tries", "'wright tune' 尝试什么")),
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

    /// What JSON Schema (2020-12) says of task files, with descriptions in a language.
    public static func schema(in language: Language = .english) -> JSON {
        guard case .object(var object) = schema(summary, in: language) else { return [:] }
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
            .value("kind", \.kind, .choice(), Phrase("What keeps rows together or apart", "按什么划分各行")),
            .optional(
                "column", \.column, .text,
                Phrase("The column that the kinds group, time and column look at", "group、time 和 column 三种划分所看的列")),
            .value(
                "validation", \.validation, .number(in: 0..<1),
                Phrase(
                    "The share of rows that tells when to stop; with folds each part has its turn instead",
                    "用来决定何时停止的行所占的比例；使用多折时改为各折轮流")),
            .value(
                "test", \.test, .number(in: 0..<1),
                Phrase("The share of rows that measures the model and nothing else", "只用于衡量模型的行所占的比例")),
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

    /// Waves for each of so many numbers. Of many columns each says little by itself (pixels, moments of a series): waves
    /// then take ten times as long and give nothing.
    func frequencies(of numbers: Int) -> Int { frequencies ?? (numbers <= 256 ? 16 : 0) }

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
    public var frequencies: Int?
    public var numberDimension = 4
    public var wordDimension = 300
    public var bagDimension = 64
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
        bagDimension = size(32, medium.bagDimension, 64)
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
                Phrase(
                    "What the sizes below are at first, so that large networks need one word; settings that are given win",
                    "下面各种大小的初值，一个词即可得到大的网络；单独写出的设置优先")),
            .value(
                "network", \.network, .choice(),
                Phrase(
                    "What joined inputs go through; ft-transformer joins them itself, and takes several times as long",
                    "合并后的输入经过什么网络；ft-transformer 自行合并输入，用时为数倍")),
            .value(
                "combiner", \.combiner, .choice(),
                Phrase(
                    "How inputs are joined: side by side; gated, each let through as far as all together say; or by attention "
                        + "to each other", "如何合并输入：并排；gated，由全部输入决定各自通过多少；或互相注意")),
            .optional(
                "layers", \.layers, .integer(atLeast: 0),
                Phrase(
                    "Hidden layers of an mlp, blocks of the others; 2, or none when texts, images or sounds are the only inputs",
                    "mlp 的隐藏层数，其他网络的块数；默认 2，输入只有文本、图片或声音时为 0")
            ),
            .value(
                "hidden", \.hidden, .integer(atLeast: 1),
                Phrase("Numbers in a hidden layer, or that blocks pass on", "隐藏层的宽度，或块之间传递的宽度")),
            .optional(
                "dropout", \.dropout, .number(in: 0..<1),
                Phrase(
                    "The share of numbers that training leaves out; 0.3, or 0.5 when texts, images or sounds are the only inputs",
                    "训练时随机略去的比例；默认 0.3，输入只有文本、图片或声音时为 0.5")
            ),
            .value(
                "category_dimension", \.categoryDimension, .integer(atLeast: 1),
                Phrase("Numbers that stand for a category", "表示一个类别所用的维数")),
            .optional(
                "frequencies", \.frequencies, .integer(atLeast: 0),
                Phrase(
                    "Waves that a number is seen through, 0 for none; when not given 16, or none where there are more than "
                        + "256 numbers, each of which says little",
                    "表示一个数值所用的周期函数个数，0 表示不用；默认 16，数值超过 256 列时为 0")),
            .value(
                "number_dimension", \.numberDimension, .integer(atLeast: 1),
                Phrase("Numbers that its waves are made into, beside the number itself", "周期函数变换成的维数，数值本身另计")),
            .value(
                "word_dimension", \.wordDimension, .integer(atLeast: 1),
                Phrase("Numbers that stand for a token of a text", "表示文本中一个词元所用的维数")),
            .value(
                "bag_dimension", \.bagDimension, .integer(atLeast: 0),
                Phrase(
                    "Numbers in a second vector of each token, which count wherever in a text the token stands; 0 for none",
                    "每个词元第二个向量的维数，不论词元在文本何处都计入；0 表示不用")),
            .value(
                "filters", \.filters, .integer(atLeast: 1),
                Phrase("Filters of each of the widths 3, 4 and 5 that read texts", "读取文本的宽度为 3、4、5 的卷积核各有多少个")),
            .value(
                "channels", \.channels, .list(.integer(atLeast: 1)),
                Phrase(
                    "Channels of each stage of the residual network that sees images and sounds; each stage halves the size",
                    "读取图片和声音的残差网络各阶段的通道数；每个阶段尺寸减半")
            ),
            .value(
                "item_dimension", \.itemDimension, .integer(atLeast: 1),
                Phrase("Numbers that stand for an item of a sequence", "表示序列中一项所用的维数")),
            .value(
                "memory", \.memory, .integer(atLeast: 1),
                Phrase("Numbers in the state of the LSTM that reads sequences", "读取序列的 LSTM 的状态维数")),
            .value(
                "forecaster", \.forecaster, .choice(),
                Phrase("How forecasts follow from the last numbers", "如何由最近的数值得出预测")),
            .value("blocks", \.blocks, .integer(atLeast: 1), Phrase("Blocks of each of its stages", "各阶段的块数")),
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
                Phrase(
                    "Networks that are trained, each without another part of the rows, and asked together; by the size of "
                        + "the data when not given", "训练多少个网络，各自不看一部分行，预测时一起作答；不写则由数据量决定")),
            .optional(
                "epochs", \.epochs, .integer(atLeast: 1),
                Phrase("Passes over the rows; by their number when not given", "遍历全部行的轮数；不写则由行数决定")),
            .optional(
                "batch_size", \.batchSize, .integer(atLeast: 1),
                Phrase("Rows in a step; by their number when not given", "每一步的行数；不写则由行数决定")),
            .optional(
                "learning_rate", \.learningRate, .number(in: 1e-9..<10),
                Phrase(
                    "How far a step goes at most; 0.002, 0.001 for texts, or 0.0005 for forecasts",
                    "学习率的最大值；默认 0.002，文本 0.001，时间序列预测 0.0005")),
            .value(
                "weight_decay", \.weightDecay, .number(in: 0..<10),
                Phrase("How strongly weights are drawn to zero", "权重衰减的强度")),
            .optional(
                "patience", \.patience, .integer(atLeast: 1),
                Phrase(
                    "Passes without a better validation before training ends; a quarter of the epochs when not given",
                    "验证连续多少轮没有改善就结束训练；不写则为轮数的四分之一")),
            .value(
                "sampling", \.sampling, .choice(),
                Phrase(
                    "Which rows a pass has: all, or draws in which each class of the goal's output comes equally often; "
                        + "probabilities are then those of classes of one size",
                    "每一轮包含哪些行：全部，或按目标输出的类别均衡抽取；后一种情形下概率对应于各类别同样多的数据")),
            .value(
                "seed", \.seed, .integer(atLeast: 0),
                Phrase("Of everything random: the same seed gives the same model", "所有随机过程的种子：相同的种子得到相同的模型")),
            .optional(
                "maximum_seconds", \.maximumSeconds, .number(in: 0.1..<1e8),
                Phrase("Time that training may take", "训练可用的时间")),
        ]
    }
}
