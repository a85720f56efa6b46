import WrightGraph
import WrightNN
import WrightRuntime

/// What a checkpoint holds: `model.safetensors` with the weights, `optimizer.safetensors` with the moments,
/// `callbacks.safetensors` with what callbacks keep, if they do, and `state.json` with everything else.
enum Checkpoint {
    static let modelFile = "model.safetensors"
    static let optimizerFile = "optimizer.safetensors"
    static let callbacksFile = "callbacks.safetensors"
    static let stateFile = "state.json"

    /// Writes into a folder that is there and empty.
    static func write(
        _ program: TrainingProgram, _ state: TrainingState, callbacks: [any Callback], fingerprint: [String: String],
        to folder: String
    ) throws {
        try SafetensorsFile.write(program.weights, metadata: ["format": "wright"], to: "\(folder)/\(modelFile)")
        try SafetensorsFile.write(program.optimizer.tensors, to: "\(folder)/\(optimizerFile)")
        let kept = callbacks.flatMap { callback in
            callback.savedTensors.map { (name: "\(callback.name)/\($0.name)", buffer: $0.buffer) }
        }
        if !kept.isEmpty { try SafetensorsFile.write(kept, to: "\(folder)/\(callbacksFile)") }
        guard case .object(var object) = state.json else { return }
        object["random"] = [
            "seed": .string(String(program.random.seed)), "step": .string(String(program.random.step)),
        ]
        var saved = JSON.Object()
        for callback in callbacks { saved[callback.name] = callback.savedState }
        object["callbacks"] = .object(saved)
        var settings = JSON.Object()
        for (key, value) in fingerprint.sorted(by: { $0.key < $1.key }) { settings[key] = .string(value) }
        object["settings"] = .object(settings)
        try AtomicFile.write(
            Array((JSON.object(object).text(indented: true) + "\n").utf8), to: "\(folder)/\(stateFile)")
    }

    /// About how much of a disk a checkpoint takes, in bytes: files fill whole blocks.
    static func byteCount(_ program: TrainingProgram) -> Int {
        let block = 4096
        let files = [program.weights, program.optimizer.tensors].map { tensors in
            tensors.reduce(0) { $0 + $1.buffer.type.byteCount + $1.name.utf8.count + 100 }
        }
        return files.reduce(2 * block) { $0 + ($1 + block - 1) / block * block }
    }

    /// Puts program, state and callbacks where the checkpoint in `folder` says they were.
    ///
    /// Everything is checked before anything is changed.
    static func read(
        _ folder: String, into program: TrainingProgram, _ state: inout TrainingState, callbacks: [any Callback],
        fingerprint: [String: String], mayDiffer: (Set<String>) -> Set<String>
    ) throws {
        let json = try JSON.load("\(folder)/\(stateFile)")
        try check(version: json["formatVersion"]?.integer, folder)
        var saved: [String: String] = [:]
        for (key, value) in json["settings"]?.object ?? JSON.Object() { saved[key] = value.string }
        try check(saved, fingerprint, mayDiffer, folder)
        var next = state
        do throws(TrainingState.MissingMember) {
            try next.restore(json)
        } catch {
            throw damaged(
                folder, "\(stateFile) has no \(error.name) that can be read", "\(stateFile) 中没有可读取的 \(error.name)")
        }
        guard next.means.sums.count == state.means.sums.count else {
            throw damaged(
                folder, "it keeps \(next.means.sums.count) measures, and the model has \(state.means.sums.count)",
                "其中有 \(next.means.sums.count) 个度量，而模型有 \(state.means.sums.count) 个")
        }
        guard let seed = json["random"]?["seed"]?.string.flatMap({ UInt64($0) }),
            let step = json["random"]?["step"]?.string.flatMap({ UInt64($0) })
        else { throw damaged(folder, "\(stateFile) has no random that can be read", "\(stateFile) 中没有可读取的 random") }
        let model = try values(of: program.weights, from: "\(folder)/\(modelFile)")
        let optimizer = try values(of: program.optimizer.tensors, from: "\(folder)/\(optimizerFile)")
        let kept = try keptTensors(folder)
        for callback in callbacks {
            if let saved = json["callbacks"]?[callback.name] { try callback.restore(saved) }
            if let tensors = kept[callback.name] { try callback.restore(tensors) }
        }
        for (target, source) in model + optimizer { target.copy(source) }
        program.random.restore(seed: seed, step: step)
        state = next
    }

    /// The tensors that callbacks kept, by callback and name.
    private static func keptTensors(_ folder: String) throws(FileError) -> [String: [String: Buffer]] {
        let path = "\(folder)/\(callbacksFile)"
        guard FileAccess.exists(path) else { return [:] }
        let file = try SafetensorsFile(path)
        var kept: [String: [String: Buffer]] = [:]
        for name in file.entries.map(\.name) {
            guard let slash = name.firstIndex(of: "/") else { continue }
            kept[String(name[..<slash]), default: [:]][String(name[name.index(after: slash)...])] = try file.tensor(
                name)
        }
        return kept
    }

    /// Only the weights.
    static func readWeights(_ folder: String, into program: TrainingProgram) throws {
        for (target, source) in try values(of: program.weights, from: "\(folder)/\(modelFile)") { target.copy(source) }
    }

    private static func check(version: Int?, _ folder: String) throws {
        guard let version else {
            throw damaged(folder, "\(stateFile) has no formatVersion", "\(stateFile) 中没有 formatVersion")
        }
        guard version == TrainingState.formatVersion else {
            throw TrainingError.checkpoint(
                path: folder, Message(.checkpointVersion, version, TrainingState.formatVersion))
        }
    }

    private static func check(
        _ saved: [String: String], _ now: [String: String], _ mayDiffer: (Set<String>) -> Set<String>, _ folder: String
    ) throws {
        let different = Set(saved.keys).union(now.keys).filter { saved[$0] != now[$0] }
        let differences = different.subtracting(mayDiffer(different)).sorted().map {
            TrainingError.difference($0, saved[$0].map { Phrase($0) }, now[$0].map { Phrase($0) }, checkpoint)
        }
        guard differences.isEmpty else { throw TrainingError.otherRun(checkpoint: folder, differences: differences) }
    }

    /// Each buffer with what the file holds for it; the names and types must be exactly those.
    private static func values(
        of buffers: [(name: String, buffer: Buffer)], from path: String
    ) throws -> [(target: Buffer, source: Buffer)] {
        let file = try SafetensorsFile(path)
        let differences = differences(of: buffers, from: file, called: checkpoint)
        guard differences.isEmpty else { throw TrainingError.otherRun(checkpoint: path, differences: differences) }
        return try buffers.map { ($0.buffer, try file.tensor($0.name)) }
    }

    /// Where names and types of the file's tensors are not those of the buffers.
    static func differences(
        of buffers: [(name: String, buffer: Buffer)], from file: SafetensorsFile, called name: Phrase
    ) -> [Phrase] {
        func stored(_ tensor: String) -> Phrase? {
            file.type(of: tensor).map { Phrase($0.description) }
                ?? (file.contains(tensor) ? Phrase("another type", "其他类型") : nil)
        }
        let known = Set(buffers.map(\.name))
        return buffers.filter { file.type(of: $0.name) != $0.buffer.type }.map {
            TrainingError.difference($0.name, stored($0.name), Phrase("\($0.buffer.type)"), name)
        }
            + file.entries.map(\.name).filter { !known.contains($0) }.map {
                TrainingError.difference($0, stored($0), nil, name)
            }
    }

    private static let checkpoint = Phrase("the checkpoint", "检查点")

    private static func damaged(_ folder: String, _ english: String, _ chinese: String) -> TrainingError {
        .checkpoint(path: folder, Message(.checkpointDamaged, Phrase(english, chinese)))
    }
}
