import Wright

/// A model of texts in a ``ModelFolder``: its network, its tokenizer and, of classifiers, its labels.
struct SavedTextModel {
    var task: TaskName
    var config: any ModelConfig
    var form: TextForm
    var tokens: TextTokens
    var labels: LabelNames?
    var training: [(name: String, value: String)]
    var network: any Module

    var architecture: String { SavedModel.architecture(of: config) }

    func write(to folder: String, metrics: JSON, curves: JSON) throws {
        try FileAccess.createFolder(folder)
        try tokens.tokenizer.write(to: "\(folder)/\(ModelFolder.tokenizerFile)")
        try ModelFolder(
            task: task.rawValue, model: Catalog.description(of: config), input: .text(form), labels: labels,
            training: training, metrics: metrics, curves: curves, writer: "wright \(WrightCommand.version)"
        ).save(NetworkModule(network: network), to: folder, language: .spoken)
    }

    init(
        task: TaskName, config: any ModelConfig, form: TextForm, tokens: TextTokens, labels: LabelNames?,
        training: [(name: String, value: String)], network: any Module
    ) {
        self.task = task
        self.config = config
        self.form = form
        self.tokens = tokens
        self.labels = labels
        self.training = training
        self.network = network
    }

    /// The model in the folder; nil when it is one of images or numbers.
    init?(contentsOf folder: String) throws {
        guard SavedModel.exists(in: folder) else { return nil }
        let description = try ModelFolder(folder)
        guard case .text(let form) = description.input else { return nil }
        let path = "\(folder)/\(ModelFolder.configFile)"
        guard let task = TaskName(rawValue: description.task), task != .classification else {
            throw FileError(
                .unsupported, file: path, Message(.unknownTask, description.task))
        }
        self.task = task
        self.form = form
        tokens = TextTokens(try Tokenizer(contentsOf: "\(folder)/\(ModelFolder.tokenizerFile)"))
        labels = description.labels
        training = description.training
        config = try Catalog.config(description.model)
        guard config.json["vocabulary"]?.integer == (task == .translation ? tokens.rowsWithMarks : tokens.rows) else {
            throw FileError(
                .invalid, file: path,
                Message(
                    .otherTokenizer, config.json["vocabulary"]?.text() ?? "no", ModelFolder.tokenizerFile, tokens.rows))
        }
        guard task != .textClassification || labels != nil else {
            throw FileError(
                .invalid, file: path, Message(.modelConfig, Phrase("it is a classifier without labels", "是没有标签的分类器")))
        }
        var source = ParameterSource(seed: 0)
        network = Catalog.module(config, from: &source)
        try ModelFolder.loadWeights(into: NetworkModule(network: network), from: folder)
    }
}

/// A network under the name that its parameters have in files.
struct NetworkModule: Module {
    let network: any Module
}

extension ModelConfig {
    /// The settings with these in their place, of those that the architecture has.
    func with(_ values: KeyValuePairs<String, JSON>) throws -> any ModelConfig {
        guard case .object(var object) = json else { return self }
        for (name, value) in values where object[name] != nil { object[name] = value }
        return try Self(json: .object(object))
    }
}
