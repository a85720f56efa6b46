import ArgumentParser
import Wright
import WrightTasks

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: say(
            "Train a classifier of images, rows or texts, a language model or a translator.",
            "训练图像、表格行或文本的分类器，语言模型，或翻译模型。"),
        discussion: say(
            """
            DATA is the name of a data set (\(NamedDataSet.allCases.map(\.rawValue).joined(separator: ", "))), a folder \
            of IDX files (train-images-idx3-ubyte.gz …), a folder with one folder of PNG or JPEG images for each class, \
            an .npz file with x_train and y_train, or a .csv, .tsv or .jsonl file with --target. Texts to classify \
            stand in a column that --text names; a .txt file, or --task language-model, trains a language model; --into names the \
            translations of its lines and trains a translator. A .yaml or .json file is a task: it says itself what to learn \
            from what; 'wright init' writes one.

            \(examples)

            Ctrl-C finishes the step, writes a checkpoint and says how to go on; a task's networks that are trained by then are \
            kept too. The model is a folder of data: config, \
            weights, class names, metrics and a card.
            """,
            """
            DATA 可以是：数据集的名称（\(NamedDataSet.allCases.map(\.rawValue).joined(separator: "、"))）；存放 IDX 文件的文件夹\
            （train-images-idx3-ubyte.gz 等）；每个类别一个子文件夹的 PNG 或 JPEG 图像文件夹；含 x_train 与 y_train 的 .npz 文件；\
            或 .csv、.tsv、.jsonl 文件（用 --target 指定类别列）。要分类的文本所在的列由 --text 指定；.txt 文件或 \
            --task language-model 训练语言模型；--into 指定逐行译文，训练翻译模型。.yaml 或 .json 文件是任务文件，其中写明由什么学习什么，\
            可用 'wright init' 生成。

            \(examples)

            按 Ctrl-C 会完成当前步、写入检查点并说明如何继续；任务中已训练好的网络也会保留。模型是一个数据文件夹：配置、权重、\
            类别名、指标和模型卡。
            """))

    private static let examples = """
          wright train fashion-mnist --model convnet --output clothes
          wright train run.yaml --output churn --set train.seed=1
          wright train run.yaml --folds 5
          wright train photographs/ --model resnet18 --augment flip,crop=4 --epochs 30 -o animals
          wright train customers.csv --target churn --model mlp --set hidden=[64,64] -o churn
          wright train reviews.csv --text review --target stars -o stars
          wright train poems.txt --epochs 20 -o poet
          wright train english.txt --into german.txt -o translator
          wright train fashion-mnist --model convnet -o clothes --resume
        """

    @Argument(help: ArgumentHelp("What to learn from.", "用于学习的数据。", valueName: "data"))
    var data: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The network: \(Catalog.names.map(\.name).joined(separator: ", ")). Default: one that fits the task.",
            "网络：\(Catalog.names.map(\.name).joined(separator: "、"))。默认：适合该任务的网络。",
            valueName: "name"))
    var model: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder to write the model to.", "写入模型的文件夹。", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("The column of a table that holds the classes.", "表中存放类别的列。", valueName: "column"))
    var target: String?

    @Option(
        help: ArgumentHelp(
            "Height and width that the images of a folder get, such as 64 or 48x64. Default: their own, if all have one "
                + "of at most 128, else 64.",
            "文件夹中的图像统一缩放到的高与宽，如 64 或 48x64。默认：若所有图像尺寸相同且不超过 128，则保持原尺寸，否则为 64。", valueName: "pixels"))
    var imageSize: ImageSize?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting of the network, such as dropout=0.3 or hidden=[64,64].",
            "网络的一项设置，如 dropout=0.3 或 hidden=[64,64]。", valueName: "key=value"))
    var settings: [ModelSetting] = []

    @Flag(
        help: ArgumentHelp(
            "End with status 4 when the model does not reach the goal of its task file.", "模型未达到任务文件中的目标时，以状态码 4 退出。"))
    var requireGoal = false

    @Option(
        help: ArgumentHelp(
            "Of task files: the memory to keep within, such as 1G; of tables that need more, rows stay on the disk. "
                + "Default: half of the machine's.",
            "用于任务文件：内存上限，如 1G；超出上限的表，其行留在磁盘上。默认：本机内存的一半。", valueName: "size"))
    var maxMemory: MemorySize?

    @OptionGroup(title: say("Texts", "文本")) var text: TextOptions
    @OptionGroup(title: say("How long", "训练时长")) var length: TrainLength
    @OptionGroup(title: say("How", "训练方法")) var method: TrainMethod
    @OptionGroup(title: say("What with", "计算资源")) var compute: ComputeOptions
    @OptionGroup(title: say("What to write", "输出内容")) var writing: TrainWriting
    @OptionGroup(title: say("To find mistakes", "排查问题")) var trial: TrainTrial
    @OptionGroup var speech: SpeechOptions

    func validate() throws {
        try compute.validate()
        try length.validate()
        try maxMemory?.check()
        try method.validate()
        try text.validate()
    }

    func run() throws {
        let setup = TrainingSetup(command: self)
        let isTask = TaskJob.isTask(data)
        let isOnlyMeasured = isTask && (method.folds != nil || trial.overfitBatches != nil)
        if output == nil, !trial.fastDevRun, !isOnlyMeasured {
            throw Failure.usage(Message(.noOutput))
        }
        if isTask { return try TaskJob(command: self, setup: setup).run() }
        if requireGoal { throw Failure.usage(Message(.forTaskFiles, "--require-goal")) }
        if method.folds != nil { throw Failure.usage(Message(.forTaskFiles, "--folds")) }
        if maxMemory != nil { throw Failure.usage(Message(.forTaskFiles, "--max-memory")) }
        switch text.task ?? TaskName(data: data, hasTextColumn: !text.text.isEmpty, hasTranslations: text.into != nil) {
        case .classification: try TrainingJob(setup: setup).run()
        case .textClassification: try TextClassificationJob(setup: setup).run()
        case .languageModel: try LanguageModelJob(setup: setup).run()
        case .translation: try TranslationJob(setup: setup).run()
        }
    }
}

/// The limits of training; whichever is reached first ends it.
struct TrainLength: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Passes over the data. Default: 10.", "遍历数据的轮数。默认：10。", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("Updates of the weights.", "权重更新的步数。", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("Time, such as 90s, 15m or 2h.", "训练时间，如 90s、15m 或 2h。", valueName: "time"))
    var maxTime: TimeLength?

    @Option(
        help: ArgumentHelp(
            "Stop after so many validations without a better loss.", "连续这么多次验证损失没有改善则早停。", valueName: "n"))
    var earlyStop: Int?

    @Option(
        help: ArgumentHelp(
            "Stop when a value of validation is reached: accuracy=0.9 or loss=0.3.",
            "验证指标达到给定值时停止：accuracy=0.9 或 loss=0.3。", valueName: "goal"))
    var until: ValidationGoal?

    @Option(
        help: ArgumentHelp(
            "Validate every so many steps. Default: after each epoch.", "每隔这么多步验证一次。默认：每轮之后。", valueName: "n"))
    var validateEvery: Int?

    func validate() throws {
        let counts = [
            ("--epochs", epochs), ("--steps", steps), ("--early-stop", earlyStop), ("--validate-every", validateEvery),
        ]
        for (name, value) in counts {
            if let value, value < 1 { throw Failure.usage(.outOfBounds(name, .atLeast(1), value)) }
        }
    }
}

/// What a step does.
struct TrainMethod: ParsableArguments {
    @Option(
        name: [.customShort("b"), .customLong("batch-size")],
        help: ArgumentHelp("Examples in a step. Default: 64.", "批大小：每步的样本数。默认：64。", valueName: "n"))
    var givenBatchSize: Int?

    @Option(help: ArgumentHelp("Learning rate. Default: the optimizer's own.", "学习率。默认：优化器自己的默认值。", valueName: "rate"))
    var lr: Double?

    @Option(
        name: .customLong("optimizer"),
        help: ArgumentHelp(
            "\(OptimizerName.allCases.map(\.rawValue).joined(separator: ", ")). Default: adam.",
            "优化器：\(OptimizerName.allCases.map(\.rawValue).joined(separator: "、"))。默认：adam。", valueName: "name"))
    var givenOptimizer: OptimizerName?

    @Option(help: ArgumentHelp("Draws weights towards zero.", "权重衰减：使权重趋向零。", valueName: "rate"))
    var weightDecay: Double?

    @Option(help: ArgumentHelp("Of sgd and rmsprop.", "动量，用于 sgd 与 rmsprop。", valueName: "share"))
    var momentum: Double?

    @Option(
        name: .customLong("schedule"),
        help: ArgumentHelp(
            "How the learning rate changes: \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")). Default: "
                + "constant.",
            "学习率的变化方式：\(ScheduleName.allCases.map(\.rawValue).joined(separator: "、"))。默认：constant。",
            valueName: "name"))
    var givenSchedule: ScheduleName?

    @Option(
        name: .customLong("warm-up"),
        help: ArgumentHelp(
            "Steps over which the learning rate rises first. Default: 0.", "预热：学习率先在这么多步内上升。默认：0。", valueName: "n"))
    var givenWarmUp: Int?

    @Option(help: ArgumentHelp("Scale gradients down to this norm.", "梯度裁剪：梯度范数的上限。", valueName: "norm"))
    var clip: Double?

    @Option(
        name: .customLong("label-smoothing"),
        help: ArgumentHelp(
            "Share of each target spread over all classes. Default: 0.", "标签平滑：每个目标分摊给所有类别的比例。默认：0。",
            valueName: "share"))
    var givenLabelSmoothing: Double?

    @Option(
        help: ArgumentHelp(
            "Random changes to images: \(AugmentationList.help).", "图像的随机增强：\(AugmentationList.help)。",
            valueName: "list"))
    var augment: AugmentationList?

    @Option(
        name: .customLong("validation"),
        help: ArgumentHelp(
            "What to validate with: a share of the training data, or test, the part that the files set apart. Default: 0.1.",
            "用什么验证：训练数据的一个比例，或 test，即文件中另外划出的测试部分。默认：0.1。",
            valueName: "share|test"))
    var givenValidation: ValidationChoice?

    @Option(
        help: ArgumentHelp(
            "Cross-validation of a task: so many networks, each measured on the part of the rows that it does not learn "
                + "from, and asked together afterwards. Without --output they are only measured.",
            "任务的交叉验证：训练这么多个网络，各在自己未学习的那部分行上评估，之后一起作答。不带 --output 时只作评估。", valueName: "n"))
    var folds: Int?

    @Option(
        name: .customLong("seed"),
        help: ArgumentHelp(
            "Seed of everything random; the same seed gives the same weights. Default: 0.",
            "所有随机过程的种子；种子相同，权重相同。默认：0。", valueName: "n"))
    var givenSeed: UInt64?

    // What stands where nothing is given. A task file has defaults of its own, so what is given must be known.
    var batchSize: Int { givenBatchSize ?? 64 }
    var optimizer: OptimizerName { givenOptimizer ?? .adam }
    var schedule: ScheduleName { givenSchedule ?? .constant }
    var warmUp: Int { givenWarmUp ?? 0 }
    var labelSmoothing: Double { givenLabelSmoothing ?? 0 }
    var validation: ValidationChoice { givenValidation ?? .share(0.1) }
    var seed: UInt64 { givenSeed ?? 0 }

    func validate() throws {
        func expect(_ flag: String, _ bounds: Message.Bounds, _ value: Double?, _ holds: (Double) -> Bool) throws {
            if let value, !holds(value) {
                throw Failure.usage(.outOfBounds(flag, bounds, value == value.rounded() ? value.fixed(0) : "\(value)"))
            }
        }
        try expect("--batch-size", .between(1, 1_000_000), Double(batchSize)) { (1...1_000_000).contains($0) }
        try expect("--folds", .atLeast(2), folds.map(Double.init)) { $0 >= 2 }
        try expect("--lr", .above0AtMost(1_000_000), lr) { $0 > 0 && $0 <= 1e6 }
        try expect("--weight-decay", .notBelow0, weightDecay) { $0 >= 0 }
        try expect("--momentum", .share, momentum) { (0..<1).contains($0) }
        try expect("--warm-up", .notBelow0, Double(warmUp)) { $0 >= 0 }
        try expect("--clip", .above0, clip) { $0 > 0 }
        try expect("--label-smoothing", .share, labelSmoothing) { (0..<1).contains($0) }
    }
}

/// What is written and printed while training.
struct TrainWriting: ParsableArguments {
    @Option(
        defaultAsFlag: ResumeChoice.automatic,
        help: ArgumentHelp(
            "Go on from the last checkpoint of --output, or from the one at a path.",
            "从 --output 中最后的检查点继续，或从给定路径的检查点继续。", valueName: "path"))
    var resume: ResumeChoice?

    @Flag(help: ArgumentHelp("Take the place of the model that --output holds.", "覆盖 --output 中已有的模型。"))
    var overwrite = false

    @Option(
        help: ArgumentHelp("Write event files for TensorBoard there.", "在该处写入 TensorBoard 事件文件。", valueName: "folder"))
    var tensorboard: String?

    @Option(
        help: ArgumentHelp(
            "Write a log beside the model: json (log.jsonl) or csv (history.csv).",
            "在模型旁写入日志：json（log.jsonl）或 csv（history.csv）。", valueName: "format"))
    var log: LogFormat?

    @Flag(name: .shortAndLong, help: ArgumentHelp("Print no progress.", "不输出进度。"))
    var quiet = false

    @Flag(help: ArgumentHelp("Print the result as JSON.", "以 JSON 格式输出结果。"))
    var json = false
}

/// Less data than there is.
struct TrainTrial: ParsableArguments {
    @Flag(help: ArgumentHelp("Three batches of everything, nothing written: does it run?", "各阶段只跑三个批次，不写任何文件：能否跑通？"))
    var fastDevRun = false

    @Option(
        help: ArgumentHelp(
            "Train on the same first batches again and again: can it learn them by heart?", "反复训练开头的几个批次：能否把它们背下来？",
            valueName: "n"))
    var overfitBatches: Int?

    @Option(help: ArgumentHelp("Train on at most so many examples.", "最多用这么多样本训练。", valueName: "n"))
    var limitTrain: Int?
}
