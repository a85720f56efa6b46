import ArgumentParser
import Wright
import WrightTasks

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a classifier of images, rows or texts, a language model or a translator.",
        discussion: """
            DATA is the name of a data set (\(NamedDataSet.allCases.map(\.rawValue).joined(separator: ", "))), a folder \
            of IDX files (train-images-idx3-ubyte.gz …), a folder with one folder of PNG or JPEG images for each class, \
            an .npz file with x_train and y_train, or a .csv, .tsv or .jsonl file with --target. Texts to classify \
            stand in a column that --text names; a .txt file, or --task language-model, trains a language model; --into names the \
            translations of its lines and trains a translator. A .yaml or .json file is a task: it says itself what to learn \
            from what; 'wright init' writes one.

              wright train fashion-mnist --model convnet --output clothes
              wright train run.yaml --output churn --set train.seed=1
              wright train run.yaml --folds 5
              wright train photographs/ --model resnet18 --augment flip,crop=4 --epochs 30 -o animals
              wright train customers.csv --target churn --model mlp --set hidden=[64,64] -o churn
              wright train reviews.csv --text review --target stars -o stars
              wright train poems.txt --epochs 20 -o poet
              wright train english.txt --into german.txt -o translator
              wright train fashion-mnist --model convnet -o clothes --resume

            Ctrl-C finishes the step, writes a checkpoint and says how to go on; a task's networks that are trained by then are \
            kept too. The model is a folder of data: config, \
            weights, class names, metrics and a card.
            """)

    @Argument(help: ArgumentHelp("What to learn from.", valueName: "data"))
    var data: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The network: \(Catalog.names.map(\.name).joined(separator: ", ")). Default: one that fits the task.",
            valueName: "name"))
    var model: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write the model to.", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("The column of a table that holds the classes.", valueName: "column"))
    var target: String?

    @Option(
        help: ArgumentHelp(
            "Height and width that the images of a folder get, such as 64 or 48x64. Default: their own, if all have one "
                + "of at most 128, else 64.", valueName: "pixels"))
    var imageSize: ImageSize?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting of the network, such as dropout=0.3 or hidden=[64,64].", valueName: "key=value"))
    var settings: [ModelSetting] = []

    @Flag(help: "End with status 4 when the model does not reach the goal of its task file.")
    var requireGoal = false

    @Option(
        help: ArgumentHelp(
            "Of task files: the memory to keep within, such as 1G; of tables that need more, rows stay on the disk. "
                + "Default: half of the machine's.", valueName: "size"))
    var maxMemory: MemorySize?

    @OptionGroup(title: "Texts") var text: TextOptions
    @OptionGroup(title: "How long") var length: TrainLength
    @OptionGroup(title: "How") var method: TrainMethod
    @OptionGroup(title: "What with") var compute: ComputeOptions
    @OptionGroup(title: "What to write") var writing: TrainWriting
    @OptionGroup(title: "To find mistakes") var trial: TrainTrial

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
            throw Failure.usage("--output says which folder to write the model to, for example --output my-model.")
        }
        if isTask { return try TaskJob(command: self, setup: setup).run() }
        if requireGoal { throw Failure.usage("--require-goal is for task files, which have a goal") }
        if method.folds != nil { throw Failure.usage("--folds is for task files; 'wright init' writes one") }
        if maxMemory != nil { throw Failure.usage("--max-memory is for task files; 'wright init' writes one") }
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
    @Option(name: .shortAndLong, help: ArgumentHelp("Passes over the data. Default: 10.", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("Updates of the weights.", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("Time, such as 90s, 15m or 2h.", valueName: "time"))
    var maxTime: TimeLength?

    @Option(
        help: ArgumentHelp("Stop after so many validations without a better loss.", valueName: "n"))
    var earlyStop: Int?

    @Option(
        help: ArgumentHelp("Stop when a value of validation is reached: accuracy=0.9 or loss=0.3.", valueName: "goal"))
    var until: ValidationGoal?

    @Option(help: ArgumentHelp("Validate every so many steps. Default: after each epoch.", valueName: "n"))
    var validateEvery: Int?

    func validate() throws {
        let counts = [
            ("--epochs", epochs), ("--steps", steps), ("--early-stop", earlyStop), ("--validate-every", validateEvery),
        ]
        for (name, value) in counts {
            if let value, value < 1 { throw ValidationError("\(name) must be at least 1, not \(value).") }
        }
    }
}

/// What a step does.
struct TrainMethod: ParsableArguments {
    @Option(
        name: [.customShort("b"), .customLong("batch-size")],
        help: ArgumentHelp("Examples in a step. Default: 64.", valueName: "n"))
    var givenBatchSize: Int?

    @Option(help: ArgumentHelp("Learning rate. Default: the optimizer's own.", valueName: "rate"))
    var lr: Double?

    @Option(
        name: .customLong("optimizer"),
        help: ArgumentHelp(
            "\(OptimizerName.allCases.map(\.rawValue).joined(separator: ", ")). Default: adam.", valueName: "name"))
    var givenOptimizer: OptimizerName?

    @Option(help: ArgumentHelp("Draws weights towards zero.", valueName: "rate"))
    var weightDecay: Double?

    @Option(help: ArgumentHelp("Of sgd and rmsprop.", valueName: "share"))
    var momentum: Double?

    @Option(
        name: .customLong("schedule"),
        help: ArgumentHelp(
            "How the learning rate changes: \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")). Default: "
                + "constant.",
            valueName: "name"))
    var givenSchedule: ScheduleName?

    @Option(
        name: .customLong("warm-up"),
        help: ArgumentHelp("Steps over which the learning rate rises first. Default: 0.", valueName: "n"))
    var givenWarmUp: Int?

    @Option(help: ArgumentHelp("Scale gradients down to this norm.", valueName: "norm"))
    var clip: Double?

    @Option(
        name: .customLong("label-smoothing"),
        help: ArgumentHelp("Share of each target spread over all classes. Default: 0.", valueName: "share"))
    var givenLabelSmoothing: Double?

    @Option(help: ArgumentHelp("Random changes to images: \(AugmentationList.help).", valueName: "list"))
    var augment: AugmentationList?

    @Option(
        name: .customLong("validation"),
        help: ArgumentHelp(
            "What to validate with: a share of the training data, or test, the part that the files set apart. Default: 0.1.",
            valueName: "share|test"))
    var givenValidation: ValidationChoice?

    @Option(
        help: ArgumentHelp(
            "Cross-validation of a task: so many networks, each measured on the part of the rows that it does not learn "
                + "from, and asked together afterwards. Without --output they are only measured.", valueName: "n"))
    var folds: Int?

    @Option(
        name: .customLong("seed"),
        help: ArgumentHelp(
            "Seed of everything random; the same seed gives the same weights. Default: 0.", valueName: "n"))
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
        func expect(_ holds: Bool, _ text: String) throws { if !holds { throw ValidationError(text) } }
        try expect((1...1_000_000).contains(batchSize), "--batch-size must be from 1 to 1,000,000, not \(batchSize).")
        try expect(folds.map { $0 > 1 } ?? true, "--folds must be at least 2, not \(folds ?? 0).")
        try expect(lr.map { $0 > 0 && $0 < 1e6 } ?? true, "--lr must be above 0, not \(lr ?? 0).")
        try expect(weightDecay.map { $0 >= 0 } ?? true, "--weight-decay must not be below 0.")
        try expect(momentum.map { (0..<1).contains($0) } ?? true, "--momentum must be from 0 to below 1.")
        try expect(warmUp >= 0, "--warm-up must not be below 0.")
        try expect(clip.map { $0 > 0 } ?? true, "--clip must be above 0.")
        try expect((0..<1).contains(labelSmoothing), "--label-smoothing must be from 0 to below 1.")
    }
}

/// What is written and printed while training.
struct TrainWriting: ParsableArguments {
    @Option(
        defaultAsFlag: ResumeChoice.automatic,
        help: ArgumentHelp(
            "Go on from the last checkpoint of --output, or from the one at a path.", valueName: "path"))
    var resume: ResumeChoice?

    @Flag(help: "Take the place of the model that --output holds.")
    var overwrite = false

    @Option(help: ArgumentHelp("Write event files for TensorBoard there.", valueName: "folder"))
    var tensorboard: String?

    @Option(
        help: ArgumentHelp("Write a log beside the model: json (log.jsonl) or csv (history.csv).", valueName: "format"))
    var log: LogFormat?

    @Option(help: "The language of a task's report and card: en or zh.")
    var language = Language.english

    @Flag(name: .shortAndLong, help: "Print no progress.")
    var quiet = false

    @Flag(help: "Print the result as JSON.")
    var json = false
}

/// Less data than there is.
struct TrainTrial: ParsableArguments {
    @Flag(help: "Three batches of everything, nothing written: does it run?")
    var fastDevRun = false

    @Option(
        help: ArgumentHelp(
            "Train on the same first batches again and again: can it learn them by heart?", valueName: "n"))
    var overfitBatches: Int?

    @Option(help: ArgumentHelp("Train on at most so many examples.", valueName: "n"))
    var limitTrain: Int?
}
