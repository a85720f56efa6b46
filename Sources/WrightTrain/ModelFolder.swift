public import WrightData
import WrightGraph
public import WrightNN
public import WrightRuntime

/// A trained model as a folder of plain data: nothing in it is ever run.
///
/// - `config.json`: what the model is, reads and answers; written last, so a folder without it is no model yet.
/// - `model.safetensors`: the weights.
/// - `metrics.json`: what it was worth; `curves.json`: how training went.
/// - `tokenizer.json`: of models of texts, how texts become numbers.
/// - `README.md`: the same for people.
///
/// `docs/formats.md` describes every member.
public struct ModelFolder: Sendable {
    /// Raised when a newer Wright writes what an older one cannot read.
    public static let formatVersion = 1
    public static let configFile = "config.json"
    public static let weightsFile = "model.safetensors"
    public static let metricsFile = "metrics.json"
    public static let curvesFile = "curves.json"
    public static let cardFile = "README.md"
    public static let tokenizerFile = "tokenizer.json"
    private static let format = "wright model"

    /// What a model is given.
    public enum Input: Sendable, Hashable {
        case numbers(InputForm)
        case text(TextForm)

        var json: JSON {
            switch self {
            case .numbers(let form): form.json
            case .text(let form): form.json
            }
        }

        init(json: JSON) throws(InputForm.Problems) {
            self =
                json["kind"]?.string == "text" ? .text(try TextForm(json: json)) : .numbers(try InputForm(json: json))
        }
    }

    /// `classification`, `text-classification`, `language-model` …
    public var task: String
    /// How the model is built: a description that `Catalog.config(_:)` reads.
    public var model: JSON
    public var input: Input
    /// The names of the classes, when the answer is a class.
    public var labels: LabelNames?
    /// How it was trained, in words.
    public var training: [(name: String, value: String)]
    /// What it was worth: an object; a member `validation` of numbers becomes the card's table.
    public var metrics: JSON
    /// How training went (``LearningCurve/json``); not read back, as only reports need it.
    public var curves: JSON?
    /// The program and its version.
    public var writer: String

    public init(
        task: String, model: JSON, input: Input, labels: LabelNames? = nil,
        training: [(name: String, value: String)] = [], metrics: JSON = [:], curves: JSON? = nil,
        writer: String = "Wright"
    ) {
        self.task = task
        self.model = model
        self.input = input
        self.labels = labels
        self.training = training
        self.metrics = metrics
        self.curves = curves
        self.writer = writer
    }

    /// Whether the folder holds a whole model.
    public static func exists(in folder: String) -> Bool { FileAccess.exists("\(folder)/\(configFile)") }
}

// MARK: Writing

extension ModelFolder {
    /// Writes everything, with the weights of `module`. Each file appears whole or not at all, the config last, and it
    /// names the weights it belongs to, so that a save that was cut short is recognised. Other files in the folder stay.
    ///
    /// - Parameter language: of the card.
    public func save(
        _ module: some Module, to folder: String, language: Language = .english
    ) throws(FileError) {
        try FileAccess.createFolder(folder)
        let digest = try Self.writeWeights(of: module, to: folder)
        try Self.write(metrics, to: "\(folder)/\(Self.metricsFile)")
        if let curves { try Self.write(curves, to: "\(folder)/\(Self.curvesFile)") }
        try AtomicFile.write(
            Array(ModelFolderCard(model: self, say: language).text.utf8), to: "\(folder)/\(Self.cardFile)")
        try Self.write(config(digest: digest), to: "\(folder)/\(Self.configFile)")
    }

    /// Writes the weights alone, and gives what names them: the member `weights` of the folder's config.
    package static func writeWeights(of module: some Module, to folder: String) throws(FileError) -> String {
        let weights = module.weights
        let digest = digest(of: weights)
        try SafetensorsFile.write(
            weights, metadata: ["format": "wright", "digest": digest], to: "\(folder)/\(weightsFile)")
        return digest
    }

    package static func write(_ json: JSON, to path: String) throws(FileError) {
        try AtomicFile.write(Array((json.text(indented: true) + "\n").utf8), to: path)
    }

    private func config(digest: String) -> JSON {
        var training = JSON.Object()
        for (name, value) in self.training { training[name] = .string(value) }
        var config = JSON.Object()
        config["format"] = .string(Self.format)
        config["format_version"] = JSON(Self.formatVersion)
        config["written_by"] = .string(writer)
        config["task"] = .string(task)
        config["model"] = model
        config["input"] = input.json
        config["labels"] = labels?.json
        config["training"] = .object(training)
        config["weights"] = .string(digest)
        return .object(config)
    }

    /// A number that names the weights: equal weights have equal ones.
    private static func digest(of weights: [(name: String, buffer: Buffer)]) -> String {
        var hash: UInt64 = 0
        for (name, buffer) in weights.sorted(by: { $0.name < $1.name }) {
            hash = stableHash(name, salt: hash)
            hash = withExtendedLifetime(buffer.storage) {
                stableHash(UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.type.byteCount), salt: hash)
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

// MARK: Reading

extension ModelFolder {
    /// Reads and checks everything but the weights, which ``loadWeights(into:from:)`` reads once the model is built.
    ///
    /// - Throws: `FileError` naming the file and every member that is missing or wrong.
    public init(_ folder: String) throws(FileError) {
        let path = "\(folder)/\(Self.configFile)"
        guard FileAccess.exists(path) else {
            throw FileError(
                .missing, file: path, Message(.noModel))
        }
        let json = try JSON.load(path)
        guard json["format"]?.string == Self.format, let version = json["format_version"]?.integer else {
            throw FileError(.invalid, file: path, Message(.notModelConfig))
        }
        guard version <= Self.formatVersion else {
            throw FileError(
                .unsupported, file: path, Message(.newerFormat, version, Self.formatVersion))
        }
        var problems: [Phrase] = []
        if json["task"]?.string == nil { problems.append(Phrase("'task' must be a text", "'task' 必须是文本")) }
        if json["model"]?.object == nil { problems.append(Phrase("'model' must be an object", "'model' 必须是对象")) }
        let labels = json["labels"].flatMap { LabelNames(json: $0) }
        if json["labels"] != nil, labels?.count ?? 0 < 2 {
            problems.append(
                Phrase("'labels' must be a list of at least two texts, all different", "'labels' 必须是至少两个互不相同的文本"))
        }
        var input: Input?
        do throws(InputForm.Problems) { input = try Input(json: json["input"] ?? .null) } catch {
            problems += error.problems.map { Phrase("input: ", "input：") + $0 }
        }
        guard problems.isEmpty, let input, let task = json["task"]?.string, let model = json["model"] else {
            throw FileError(
                .invalid, file: path, Message(.modelConfig, problems.joined()))
        }
        let metricsPath = "\(folder)/\(Self.metricsFile)"
        self.init(
            task: task, model: model, input: input, labels: labels,
            training: (json["training"]?.object ?? JSON.Object()).map { ($0.key, $0.value.string ?? "") },
            metrics: FileAccess.exists(metricsPath) ? try JSON.load(metricsPath) : [:],
            writer: json["written_by"]?.string ?? "")
    }

    /// Gives `module`, built from ``model``, the weights in the folder.
    ///
    /// - Throws: `FileError` when the file is damaged, belongs to another `config.json`, or holds other tensors.
    public static func loadWeights(into module: some Module, from folder: String) throws(FileError) {
        let path = "\(folder)/\(weightsFile)"
        let file = try SafetensorsFile(path)
        let digest = try JSON.load("\(folder)/\(configFile)")["weights"]?.string
        guard digest == file.metadata["digest"] else {
            throw FileError(
                .invalid, file: path, Message(.weightsCutShort, configFile))
        }
        let differences = Checkpoint.differences(of: module.weights, from: file, called: Phrase("the file", "文件"))
        guard differences.isEmpty else {
            throw FileError(
                .invalid, file: path, Message(.otherTensors, differences.joined()))
        }
        for (name, buffer) in module.weights { buffer.copy(try file.tensor(name)) }
    }
}

extension Module {
    /// Parameters, and what modules keep beside them, by path.
    var weights: [(name: String, buffer: Buffer)] {
        parameters.map { (name: $0.path, buffer: $0.parameter.buffer) }
            + states.map { (name: $0.path, buffer: $0.state.variable.buffer) }
    }
}
