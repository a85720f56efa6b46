import Wright

/// A classifier, and how it came about, in a ``ModelFolder``.
struct SavedModel {
    static let curvesFile = ModelFolder.curvesFile

    var config: any ModelConfig
    var input: InputForm
    var labels: LabelNames
    /// How it was trained, in words, for the card and the report.
    var training: [(name: String, value: String)]
    var classifier: Classifier

    /// `convnet`.
    var architecture: String { Self.architecture(of: config) }

    static func architecture(of config: some ModelConfig) -> String { type(of: config).architecture }

    // MARK: Writing

    func write(to folder: String, metrics: JSON, curves: JSON) throws {
        try ModelFolder(
            task: "classification", model: Catalog.description(of: config), input: .numbers(input), labels: labels,
            training: training, metrics: metrics, curves: curves, writer: "wright \(WrightCommand.version)"
        ).save(classifier, to: folder, language: .spoken)
    }

    // MARK: Reading

    /// Whether the folder holds a whole model.
    static func exists(in folder: String) -> Bool { ModelFolder.exists(in: folder) }

    init(
        config: any ModelConfig, input: InputForm, labels: LabelNames, training: [(name: String, value: String)],
        classifier: Classifier
    ) {
        self.config = config
        self.input = input
        self.labels = labels
        self.training = training
        self.classifier = classifier
    }

    /// Reads the folder; everything in it is checked before anything is made of it.
    init(contentsOf folder: String) throws {
        guard FileAccess.exists(folder) else {
            throw Failure.usage(Message(.noSuchModel, folder))
        }
        guard Self.exists(in: folder) else {
            throw Failure.usage(Message(.unfinishedModel, folder, ModelFolder.configFile))
        }
        let path = "\(folder)/\(ModelFolder.configFile)"
        let description = try ModelFolder(folder)
        guard let labels = description.labels, case .numbers(let input) = description.input else {
            throw FileError(
                .invalid, file: path,
                Message(
                    .modelConfig,
                    Phrase("is not the config of a classifier of images or rows with labels", "不是带标签的图片或表格行分类器的配置")))
        }
        config = try Catalog.config(description.model)
        self.input = input
        self.labels = labels
        training = description.training
        var source = ParameterSource(seed: 0)
        classifier = Classifier(network: Catalog.model(config, from: &source), input: input)
        try ModelFolder.loadWeights(into: classifier, from: folder)
        try check(path)
    }

    /// Traces the network once, so that a config that contradicts itself is an error and not a crash later.
    private func check(_ path: String) throws {
        let problem = Self.problem(config, input: input, classes: labels.count)
        guard let problem else { return }
        throw FileError(.invalid, file: path, Message(.modelConfig, problem))
    }

    /// Whether a model of these settings fits its input and its classes: what `adapted` would change is a contradiction.
    static func problem(_ config: some ModelConfig, input: InputForm, classes: Int) -> Phrase? {
        let fitting = config.adapted(image: input.image, channels: input.shape.last ?? 1, classes: classes)
        guard fitting.json != config.json else { return nil }
        let shape = InputForm.words(input.shape)
        return Phrase(
            "the model's settings do not fit its input of \(shape) and its \(classes) classes",
            "模型的设置与其输入（\(shape)）及 \(classes) 个类别不符")
    }
}
