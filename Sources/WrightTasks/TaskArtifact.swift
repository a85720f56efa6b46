import WrightData
import WrightNN
public import WrightRuntime
import WrightTrain

/// A trained task as a folder of plain data: nothing in it is ever run.
///
/// - `config.json`: the resolved task; written last, so a folder without it is no model yet.
/// - `features.json`: what was learned of each column.
/// - `model.safetensors`: the weights of all networks.
/// - `metrics.json`: what it was worth.
/// - `data_check.json`: what was found in its data, and what cleaning did.
/// - `curves.json`: how the training of each network went.
/// - `README.md`: the same for people; `report.html`: with pictures.
///
/// `docs/formats.md` describes every member.
public enum TaskArtifact {
    /// Raised when a newer Wright writes what an older one cannot read.
    public static let formatVersion = 3
    public static let featuresFile = "features.json"
    public static let dataCheckFile = "data_check.json"
    public static let reportFile = "report.html"
    private static let format = "wright task"

    /// Where a run that writes to `folder` keeps what it has trained until it is done.
    public static func trainingFolder(in folder: String) -> String { "\(folder)/training" }

    /// Whether a run that was to write to `folder` is not done.
    public static func isTraining(in folder: String) -> Bool { TrainingFolder.exists(trainingFolder(in: folder)) }

    /// Removes what a run kept, once its model is written.
    public static func removeTraining(in folder: String) throws(FileError) {
        try FileAccess.removeTree(trainingFolder(in: folder))
    }

    /// Whether the folder holds a trained task.
    public static func exists(in folder: String) throws(FileError) -> Bool {
        let path = "\(folder)/\(ModelFolder.configFile)"
        return FileAccess.exists(path) ? try JSON.load(path)["format"]?.string == format : false
    }

    /// Writes everything; `writer` is the program and its version, `language` that of the card. Other files in the folder
    /// stay.
    public static func write(
        _ model: TaskModel, to folder: String, writer: String, language: Language = .english
    ) throws(FileError) {
        try FileAccess.createFolder(folder)
        try ModelFolder.write(features(model), to: "\(folder)/\(featuresFile)")
        try writeMeasurements(of: model, to: folder, language: language)
        if let check = model.dataCheck { try ModelFolder.write(check, to: "\(folder)/\(dataCheckFile)") }
        if let curves = model.curves { try ModelFolder.write(curves, to: "\(folder)/\(ModelFolder.curvesFile)") }
        let digest = try ModelFolder.writeWeights(of: model.ensemble, to: folder)
        let config: JSON = [
            "format": .string(format), "format_version": .integer(Int64(formatVersion)), "written_by": .string(writer),
            "task": model.config.json, "networks": .integer(Int64(model.ensemble.members.count)), "data": model.data,
            "weights": .string(digest), "environment": .object(model.environment),
        ]
        try ModelFolder.write(config, to: "\(folder)/\(ModelFolder.configFile)")
    }

    /// Writes only what is known of how good the model is, into a folder that holds the rest.
    public static func writeMeasurements(
        of model: TaskModel, to folder: String, language: Language = .english
    ) throws(FileError) {
        try ModelFolder.write(model.metrics, to: "\(folder)/\(ModelFolder.metricsFile)")
        try AtomicFile.write(
            Array(ModelCard(model: model, say: language).text.utf8), to: "\(folder)/\(ModelFolder.cardFile)")
    }

    /// Reads and checks everything.
    ///
    /// - Throws: `FileError` or ``ConfigProblems`` naming the file and what is wrong in it.
    public static func read(_ folder: String, on backend: any Backend) throws -> TaskModel {
        let path = "\(folder)/\(ModelFolder.configFile)"
        let json = try JSON.load(path)
        guard json["format"]?.string == format, let version = json["format_version"]?.integer else {
            throw FileError(.invalid, file: path, Message(.notTask))
        }
        guard version <= formatVersion else {
            throw FileError(
                .unsupported, file: path, Message(.newerFormat, version, formatVersion))
        }
        guard let task = json["task"], let count = json["networks"]?.integer, (1...1000).contains(count) else {
            throw FileError(
                .invalid, file: path, Message(.taskConfig))
        }
        let config = try TaskConfig(current(task, from: version), file: path)
        let featuresPath = "\(folder)/\(featuresFile)"
        let states = try JSON.load(featuresPath)
        let inputs = try config.inputs.map { input -> any InputFeature in
            try loaded(input.settings, state(states, "inputs", input.name, featuresPath))
        }
        let outputs = try config.outputs.map { output -> any OutputFeature in
            try loaded(output.settings, state(states, "outputs", output.name, featuresPath))
        }
        var source = ParameterSource(seed: 0)
        let form = NetworkForm(inputs, outputs, config)
        let members = (0..<count).map { _ in TaskNetwork(form, config.model, from: &source) }
        var model = TaskModel(config, inputs: inputs, outputs: outputs, members: members, on: backend)
        try ModelFolder.loadWeights(into: model.ensemble, from: folder)
        let metricsPath = "\(folder)/\(ModelFolder.metricsFile)"
        if FileAccess.exists(metricsPath) { model.metrics = try JSON.load(metricsPath) }
        let checkPath = "\(folder)/\(dataCheckFile)"
        if FileAccess.exists(checkPath) { model.dataCheck = try JSON.load(checkPath) }
        model.data = json["data"] ?? [:]
        model.environment = json["environment"]?.object ?? JSON.Object()
        let curvesPath = "\(folder)/\(ModelFolder.curvesFile)"
        if FileAccess.exists(curvesPath) { model.curves = try JSON.load(curvesPath) }
        return model
    }

    /// A resolved task as this version writes it: before version 2 `model.combiner` was what `model.network` is now, and
    /// before version 3 texts had no bags.
    private static func current(_ task: JSON, from version: Int) -> JSON {
        guard version < 3, case .object(var members) = task, case .object(var model)? = members["model"] else {
            return task
        }
        if version < 2 { (model["network"], model["combiner"]) = (model["combiner"], nil) }
        model["bag_dimension"] = 0
        members["model"] = .object(model)
        return .object(members)
    }

    private static func loaded<Settings: InputSettings>(
        _: Settings, _ state: FeatureState
    ) throws -> any InputFeature { try Settings.Feature(state) }

    private static func loaded<Settings: OutputSettings>(
        _: Settings, _ state: FeatureState
    ) throws -> any OutputFeature { try Settings.Feature(state) }

    private static func features(_ model: TaskModel) -> JSON {
        func entries(_ columns: [(name: String, state: JSON)]) -> JSON {
            var object = JSON.Object()
            for (name, state) in columns { object[name] = state }
            return .object(object)
        }
        return [
            "inputs": entries(zip(model.config.inputs, model.inputs).map { ($0.name, $1.state) }),
            "outputs": entries(zip(model.config.outputs, model.outputs).map { ($0.name, $1.state) }),
        ]
    }

    private static func state(_ json: JSON, _ list: String, _ name: String, _ file: String) throws(FileError)
        -> FeatureState
    {
        guard let state = json[list]?[name] else {
            throw FileError(
                .invalid, file: file, at: .entry(name), Message(.missingFeature, list))
        }
        return FeatureState(json: state, file: file, name: name)
    }
}
