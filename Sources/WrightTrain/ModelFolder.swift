public import WrightData
public import WrightGraph
public import WrightNN
public import WrightRuntime

/// A trained model as a folder of plain data: reading one never runs code from it.
///
/// - `config.json`: what the model is and what it reads; written last, so a folder without it is no model yet.
/// - `model.safetensors`: the weights.
/// - `labels.json`: the names of classes, if it has classes.
/// - `metrics.json`, `history.csv`: what it is worth, and how it got there.
/// - `README.md`: the same for people.
///
/// `docs/formats.md` describes every member.
public struct ModelFolder: Hashable, Sendable {
    public static let formatVersion = 1

    static let configFile = "config.json"
    static let weightsFile = "model.safetensors"
    static let labelsFile = "labels.json"
    static let metricsFile = "metrics.json"
    static let historyFile = "history.csv"
    static let cardFile = "README.md"

    /// What people call it.
    public var name: String
    /// `classification`, `regression` …
    public var task: String
    /// How the model is built: a description that `Catalog.config(_:)` reads.
    public var model: JSON
    /// One example's input, without the axis that counts examples.
    public var input: TensorType
    /// What the model does to pixels before anything else; nil for none.
    public var normalisation: Normalisation?
    /// How images of other sizes are brought to the input's.
    public var resampling: Resampling
    public var labels: LabelNames?
    public var evaluation: Evaluation?
    /// The text of `history.csv`.
    public var history: String?
    /// More for the card: what it was trained on, for what it is meant.
    public var notes: [String]

    public init(
        name: String, task: String, model: JSON, input: TensorType, normalisation: Normalisation? = nil,
        resampling: Resampling = .antialiased, labels: LabelNames? = nil, evaluation: Evaluation? = nil,
        history: String? = nil, notes: [String] = []
    ) {
        self.name = name
        self.task = task
        self.model = model
        self.input = input
        self.normalisation = normalisation
        self.resampling = resampling
        self.labels = labels
        self.evaluation = evaluation
        self.history = history
        self.notes = notes
    }
}

// MARK: Writing

extension ModelFolder {
    /// Writes everything, with the weights of `model`. Each file appears whole or not at all, and `config.json` names the
    /// weights it belongs to, so that a save that was cut short is recognised. Other files in the folder stay.
    public func save(_ module: some Module, to path: String) throws {
        try FileAccess.createFolder(path)
        let weights = module.weights
        let digest = Self.digest(of: weights)
        let metadata = ["format": "wright", "digest": digest]
        try SafetensorsFile.write(weights, metadata: metadata, to: "\(path)/\(Self.weightsFile)")
        try Self.write(labels?.json, to: "\(path)/\(Self.labelsFile)")
        try Self.write(evaluation?.json, to: "\(path)/\(Self.metricsFile)")
        if let history { try AtomicFile.write(Array(history.utf8), to: "\(path)/\(Self.historyFile)") }
        let count = weights.reduce(0) { $0 + $1.buffer.count }
        try AtomicFile.write(Array(card(parameterCount: count).utf8), to: "\(path)/\(Self.cardFile)")
        try Self.write(config(digest: digest), to: "\(path)/\(Self.configFile)")
    }

    private static func write(_ json: JSON?, to path: String) throws {
        guard let json else { return try FileAccess.remove(path) }
        try AtomicFile.write(Array((json.text(indented: true) + "\n").utf8), to: path)
    }

    private func config(digest: String) -> JSON {
        var config = JSON.Object()
        config["formatVersion"] = JSON(Self.formatVersion)
        config["name"] = .string(name)
        config["task"] = .string(task)
        config["model"] = model
        config["input"] = ["shape": .array(input.shape.map { JSON($0) }), "dtype": .string(input.dtype.rawValue)]
        var preprocessing: JSON.Object = JSON.Object()
        preprocessing["resampling"] = .string(resampling.rawValue)
        preprocessing["means"] = normalisation.map { .array($0.means.map { .number(Double($0)) }) }
        preprocessing["deviations"] = normalisation.map { .array($0.deviations.map { .number(Double($0)) }) }
        config["preprocessing"] = .object(preprocessing)
        config["notes"] = .array(notes.map(JSON.string))
        config["weights"] = .string(digest)
        return .object(config)
    }

    /// A number that names the weights: equal weights have equal ones.
    private static func digest(of weights: [(name: String, buffer: Buffer)]) -> String {
        var hash: UInt64 = 0
        for (name, buffer) in weights.sorted(by: { $0.name < $1.name }) {
            hash = stableHash(name.utf8, salt: hash)
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
    /// Reads and checks everything but the weights.
    ///
    /// - Throws: `FileError` naming the file and the member that is missing or wrong.
    public init(_ path: String) throws(FileError) {
        guard FileAccess.isFolder(path) else {
            throw FileError(.missing, file: path, "there is no such folder", remedy: "Check the path")
        }
        let file = "\(path)/\(Self.configFile)"
        guard FileAccess.exists(file) else {
            throw FileError(
                .missing, file: file, "a folder without it is no model",
                remedy: "Name the folder that wright train wrote; if training was cut short, resume it")
        }
        let reader = MemberReader(json: try JSON.load(file), file: file)
        let version = try reader.value("formatVersion", "a whole number") { $0.integer }
        guard version == Self.formatVersion else {
            throw FileError(
                .unsupported, file: file, at: .entry("formatVersion"),
                "it is \(version), this program reads \(Self.formatVersion)", remedy: "Use a newer Wright")
        }
        self.init(
            name: try reader.value("name", "a text") { $0.string },
            task: try reader.value("task", "a text") { $0.string },
            model: try reader.value("model", "an object") { $0.object.map(JSON.object) },
            input: TensorType(
                try reader.value("input", "shape", "a list of whole numbers above zero") { $0.positiveIntegers },
                try reader.value("input", "dtype", "an element type") { $0.string.flatMap(DType.init(rawValue:)) }))
        resampling = try reader.value("preprocessing", "resampling", "a resampling") {
            $0.string.flatMap(Resampling.init(rawValue:))
        }
        notes = try reader.value("notes", "a list of texts") { $0.array?.compactMap(\.string) }
        if reader.json["preprocessing"]?["means"] != nil {
            let means = try reader.value("preprocessing", "means", "a list of numbers") { $0.floats }
            let deviations = try reader.value(
                "preprocessing", "deviations", "as many numbers above zero as there are means"
            ) { json in json.floats.flatMap { $0.count == means.count && $0.allSatisfy { $0 > 0 } ? $0 : nil } }
            guard means.count == 1 || means.count == input.shape.last else {
                throw FileError(
                    .invalid, file: file, at: .entry("preprocessing.means"),
                    "\(means.count) means do not fit the channels of \(input)")
            }
            normalisation = Normalisation(means: means, deviations: deviations)
        }
        try readBeside(path)
    }

    private mutating func readBeside(_ path: String) throws(FileError) {
        let labelsPath = "\(path)/\(Self.labelsFile)"
        if FileAccess.exists(labelsPath) {
            guard let names = LabelNames(json: try JSON.load(labelsPath)), names.count > 0 else {
                throw FileError(.invalid, file: labelsPath, "it must be a list of texts, no two of them equal")
            }
            labels = names
        }
        let metricsPath = "\(path)/\(Self.metricsFile)"
        if FileAccess.exists(metricsPath) {
            guard let evaluation = Evaluation(json: try JSON.load(metricsPath)) else {
                throw FileError(.invalid, file: metricsPath, "it does not hold an evaluation")
            }
            self.evaluation = evaluation
        }
        let historyPath = "\(path)/\(Self.historyFile)"
        if FileAccess.exists(historyPath) {
            history = String(decoding: try FileAccess.read(historyPath), as: UTF8.self)
        }
    }

    /// Gives `module`, built from ``model``, the weights in the folder at `path`.
    ///
    /// - Throws: `FileError` when the file is damaged or belongs to another `config.json`;
    ///   ``TrainingError/otherRun(checkpoint:differences:)`` listing tensors of other names or shapes.
    public static func loadWeights(into module: some Module, from path: String) throws {
        let file = "\(path)/\(weightsFile)"
        let weights = try SafetensorsFile(file)
        let digest = try JSON.load("\(path)/\(configFile)")["weights"]?.string
        guard digest == weights.metadata["digest"] else {
            throw FileError(
                .invalid, file: file, "the weights are not those that \(configFile) describes: a save was cut short",
                remedy: "Save the model again, or resume the training that was saving it")
        }
        for (target, source) in try Checkpoint.values(of: module.weights, from: file) { target.copy(source) }
    }
}

extension Module {
    /// Parameters, and what modules keep beside them, by path.
    var weights: [(name: String, buffer: Buffer)] {
        parameters.map { (name: $0.path, buffer: $0.parameter.buffer) }
            + states.map { (name: $0.path, buffer: $0.state.variable.buffer) }
    }
}

/// Reads members of an object, naming what is wrong and where.
private struct MemberReader {
    let json: JSON
    let file: String

    func value<Value>(
        _ name: String, _ what: String, _ read: (JSON) -> Value?
    ) throws(FileError) -> Value {
        try value(json[name], name, what, read)
    }

    func value<Value>(
        _ outer: String, _ inner: String, _ what: String, _ read: (JSON) -> Value?
    ) throws(FileError) -> Value {
        try value(json[outer]?[inner], "\(outer).\(inner)", what, read)
    }

    private func value<Value>(
        _ member: JSON?, _ place: String, _ what: String, _ read: (JSON) -> Value?
    ) throws(FileError) -> Value {
        guard let value = member.flatMap(read) else {
            let received = member.map { $0.text() } ?? "nothing"
            throw FileError(
                .invalid, file: file, at: .entry(place), "it must be \(what), not \(String(received.prefix(80)))")
        }
        return value
    }
}

extension JSON {
    fileprivate var positiveIntegers: [Int]? {
        guard let array else { return nil }
        let numbers = array.compactMap(\.integer)
        return numbers.count == array.count && numbers.allSatisfy { $0 > 0 } ? numbers : nil
    }

    fileprivate var floats: [Float]? {
        guard let array, !array.isEmpty else { return nil }
        let numbers = array.compactMap(\.double).map { Float($0) }
        return numbers.count == array.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }
}
