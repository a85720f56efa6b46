import WrightGraph
import WrightRuntime
import WrightTrain

/// What a run keeps until it is done, so that an interrupted one goes on where it was: `run.json` says which run it is, and
/// `network-1` … hold the networks that are trained, or the checkpoints of the one that is being trained.
struct TrainingFolder {
    let path: String

    private static let runFile = "run.json"
    private static let format = "wright task training"

    /// Whether a folder holds a run that is not done.
    static func exists(_ path: String) -> Bool { FileAccess.exists("\(path)/\(runFile)") }

    /// - Throws: `TrainingError.otherRun` when the folder is to be taken up and was made by another task or from other rows.
    init(_ path: String, of task: PreparedTask, resumes: Bool) throws {
        self.path = path
        let run: JSON = [
            "format": .string(Self.format), "task": Self.decisive(task.config.json),
            "rows": .integer(Int64(task.table.total)),
            "fingerprint": .string(String(task.table.fingerprint, radix: 16)),
        ]
        if resumes, Self.exists(path) {
            let earlier = try JSON.load("\(path)/\(Self.runFile)")
            let differences = Self.differences(earlier, run)
            guard differences.isEmpty else {
                throw TrainingError.otherRun(
                    checkpoint: path,
                    differences: differences.map {
                        TrainingError.difference($0.path, $0.one, $0.other, Phrase("the earlier run", "先前的运行"))
                    })
            }
            return
        }
        try FileAccess.removeTree(path)
        try FileAccess.createFolder(path)
        try ModelFolder.write(run, to: "\(path)/\(Self.runFile)")
    }

    private func folder(of number: Int) -> String { "\(path)/network-\(number + 1)" }

    func checkpoints(of number: Int) -> String { "\(folder(of: number))/checkpoints" }

    /// Keeps a network that is trained; its checkpoints are of no more use.
    func keep(_ trained: TrainedNetwork, _ number: Int) throws {
        let folder = folder(of: number)
        try FileAccess.createFolder(folder)
        let digest = try ModelFolder.writeWeights(of: trained.network, to: folder)
        let config: JSON = [
            "weights": .string(digest), "seconds": .number(trained.seconds), "curve": trained.curve,
        ]
        try ModelFolder.write(config, to: "\(folder)/\(ModelFolder.configFile)")
        try FileAccess.removeTree(checkpoints(of: number))
    }

    /// Gives `network` the weights of a network that was trained before; nil when it was not.
    func trained(_ number: Int, as network: TaskNetwork) throws -> TrainedNetwork? {
        let folder = folder(of: number)
        guard ModelFolder.exists(in: folder) else { return nil }
        try ModelFolder.loadWeights(into: network, from: folder)
        let config = try JSON.load("\(folder)/\(ModelFolder.configFile)")
        return TrainedNetwork(
            network: network, curve: config["curve"] ?? [:], seconds: config["seconds"]?.double ?? 0, isOld: true)
    }

    /// The settings that decide what is learned: the time may change, and the data may be called otherwise.
    static func decisive(_ task: JSON) -> JSON {
        guard case .object(var object) = task else { return task }
        object["tune"] = nil
        if case .object(var train)? = object["train"] {
            train["maximum_seconds"] = nil
            object["train"] = .object(train)
        }
        if case .object(var data)? = object["data"] {
            data["path"] = nil
            data["paths"] = nil
            object["data"] = .object(data)
        }
        return .object(object)
    }

    /// Where two values differ, by the names of members, those of a list by their `name`.
    static func differences(
        _ one: JSON, _ other: JSON, at path: String = ""
    ) -> [(path: String, one: Phrase?, other: Phrase?)] {
        func members(_ value: JSON) -> [(key: String, value: JSON)]? {
            switch value {
            case .object(let object): object.map { ($0.key, $0.value) }
            case .array(let values) where values.contains { $0.object != nil }:
                values.enumerated().map { ($1["name"]?.string ?? "\($0)", $1) }
            default: nil
            }
        }
        guard let first = members(one), let second = members(other) else {
            return one == other ? [] : [(path, Phrase(one.text()), Phrase(other.text()))]
        }
        let later = Dictionary(second.map { ($0.key, $0.value) }) { $1 }
        let known = Set(first.map(\.key))
        func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        return first.flatMap { key, value in
            later[key].map { differences(value, $0, at: place(key)) } ?? [(place(key), Phrase(value.text()), nil)]
        } + second.filter { !known.contains($0.key) }.map { (place($0.key), nil, Phrase($0.value.text())) }
    }
}
