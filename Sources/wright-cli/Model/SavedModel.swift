import Wright

/// A trained model as a folder of data: nothing in it is ever run.
///
/// `config.json` says what it is (architecture and settings, what it is given, the names of its classes),
/// `model.safetensors` holds the weights, `metrics.json` what it was worth, `curves.json` how training went, and
/// `README.md` says all that to people.
struct SavedModel {
    /// Raised when a newer Wright writes what an older one cannot read.
    static let formatVersion = 1
    static let configFile = "config.json"
    static let weightsFile = "model.safetensors"
    static let metricsFile = "metrics.json"
    static let curvesFile = "curves.json"
    static let cardFile = "README.md"

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

    /// Writes the folder; each file whole or not at all, the config last, so that a folder with one is complete.
    func write(to folder: String, metrics: JSON, curves: JSON) throws {
        try FileAccess.createFolder(folder)
        let weights =
            classifier.parameters.map { (name: $0.path, buffer: $0.parameter.buffer) }
            + classifier.states.map { (name: $0.path, buffer: $0.state.variable.buffer) }
        try SafetensorsFile.write(weights, metadata: ["format": "wright"], to: "\(folder)/\(Self.weightsFile)")
        try Self.write(metrics, to: "\(folder)/\(Self.metricsFile)")
        try Self.write(curves, to: "\(folder)/\(Self.curvesFile)")
        try AtomicFile.write(Array(card(metrics).utf8), to: "\(folder)/\(Self.cardFile)")
        try Self.write(description, to: "\(folder)/\(Self.configFile)")
    }

    private static func write(_ json: JSON, to path: String) throws {
        try AtomicFile.write(Array((json.text(indented: true) + "\n").utf8), to: path)
    }

    private var description: JSON {
        var training = JSON.Object()
        for (name, value) in self.training { training[name] = .string(value) }
        return [
            "format": "wright classifier", "format_version": .integer(Int64(Self.formatVersion)),
            "wright_version": .string(WrightCommand.version), "model": Catalog.description(of: config),
            "input": input.json, "labels": labels.json, "training": .object(training),
        ]
    }

    private func card(_ metrics: JSON) -> String {
        let name =
            input.isImage ? "images of \(InputForm.words(input.shape))" : "rows of \(input.features.count) numbers"
        let values = metrics["validation"]?.object ?? JSON.Object()
        let table = values.map { "| \($0.key) | \($0.value.double?.short ?? "–") |" }.joined(separator: "\n")
        let settings = training.map { "| \($0.name) | \($0.value) |" }.joined(separator: "\n")
        return """
            ---
            library_name: wright
            tags: [classification]
            ---

            # A classifier

            A `\(architecture)` network that sorts \(name) into \(labels.count) classes: \
            \(labels.names.joined(separator: ", ")).

            ## Measured on validation data

            | metric | value |
            | --- | --- |
            \(table)

            ## How it was trained

            | setting | value |
            | --- | --- |
            \(settings)

            ## Use

            `wright predict FOLDER FILES…` with this folder. Weights are in `model.safetensors`; nothing here is code.

            """
    }

    // MARK: Reading

    /// Whether the folder holds a whole model.
    static func exists(in folder: String) -> Bool { FileAccess.exists("\(folder)/\(configFile)") }

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
            throw Failure.usage(
                "\(folder): there is no such model. MODEL is a folder that 'wright train' wrote with --output")
        }
        guard Self.exists(in: folder) else {
            throw Failure.usage(
                "\(folder): no \(Self.configFile) in it, so it is no finished model. MODEL is a folder that 'wright train' "
                    + "wrote with --output")
        }
        let path = "\(folder)/\(Self.configFile)"
        let json = try JSON.load(path)
        guard json["format"]?.string == "wright classifier", let version = json["format_version"]?.integer else {
            throw FileError(.invalid, file: path, "is not the config of a classifier", remedy: "Train the model again")
        }
        guard version <= Self.formatVersion else {
            throw FileError(
                .unsupported, file: path, "has format version \(version); this Wright reads \(Self.formatVersion)",
                remedy: "Use a newer Wright")
        }
        guard let model = json["model"], let labels = json["labels"].flatMap(LabelNames.init(json:)), labels.count >= 2,
            let input = json["input"].flatMap(InputForm.init(json:))
        else {
            throw FileError(
                .invalid, file: path, "lacks a part that can be read: model, input or labels",
                remedy: "Train the model again, or restore the file")
        }
        config = try Catalog.config(model)
        self.input = input
        self.labels = labels
        training = (json["training"]?.object ?? JSON.Object()).map { ($0.key, $0.value.string ?? "") }
        var source = ParameterSource(seed: 0)
        classifier = Classifier(network: Catalog.model(config, from: &source), input: input)
        try Self.load("\(folder)/\(Self.weightsFile)", into: classifier)
        try check(path)
    }

    private static func load(_ path: String, into classifier: Classifier) throws {
        let file = try SafetensorsFile(path)
        let places =
            classifier.parameters.map { (path: $0.path, buffer: $0.parameter.buffer) }
            + classifier.states.map { (path: $0.path, buffer: $0.state.variable.buffer) }
        for place in places {
            let tensor = try file.tensor(place.path)
            guard tensor.type == place.buffer.type else {
                throw FileError(
                    .invalid, file: path, at: .entry(place.path),
                    "is \(tensor.type), and the model in \(configFile) needs \(place.buffer.type)",
                    remedy: "The two files belong to different models; restore both from one")
            }
            place.buffer.pointer.copyMemory(from: tensor.pointer, byteCount: tensor.type.byteCount)
        }
    }

    /// Traces the network once, so that a config that contradicts itself is an error and not a crash later.
    private func check(_ path: String) throws {
        let problem = Self.problem(config, input: input, classes: labels.count)
        guard let problem else { return }
        throw FileError(.invalid, file: path, problem, remedy: "Train the model again, or restore the file")
    }

    /// Whether a model of these settings fits its input and its classes: what `adapted` would change is a contradiction.
    static func problem(_ config: some ModelConfig, input: InputForm, classes: Int) -> String? {
        let fitting = config.adapted(image: input.image, channels: input.shape.last ?? 1, classes: classes)
        guard fitting.json != config.json else { return nil }
        return "the model's settings do not fit its input of \(InputForm.words(input.shape)) and its \(classes) classes"
    }
}

extension InputForm {
    /// Height and width; nothing for rows, whose columns are channels.
    var image: [Int] { Array(shape.dropLast()) }
}
