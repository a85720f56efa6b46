import WrightData
import WrightRuntime
import WrightTrain

/// What a search keeps: `tune.json` says which it is, `trials.jsonl` holds a trial in each line, and `best.yaml` is the task
/// with the best settings.
struct TuneFolder {
    let path: String
    private static let searchFile = "tune.json"
    private static let trialsFile = "trials.jsonl"
    private static let format = "wright tune"

    var bestFile: String { "\(path)/best.yaml" }
    private var trialsFile: String { "\(path)/\(Self.trialsFile)" }

    static func exists(_ path: String) -> Bool { FileAccess.exists("\(path)/\(searchFile)") }

    /// - Throws: `TrainingError.otherRun` when the folder holds a search of something else.
    init(_ path: String, task: TaskConfig, space: TuneSpace, _ table: TaskTable) throws {
        self.path = path
        let ranges = space.dimensions.reduce(into: JSON.Object()) { $0[$1.path] = $1.range.json }
        let search: JSON = [
            "format": .string(Self.format), "task": TrainingFolder.decisive(task.json), "space": .object(ranges),
            "search": .string(task.tune.search.rawValue), "seed": .integer(Int64(task.tune.seed)),
            "rows": .integer(Int64(table.count)), "fingerprint": .string(String(table.fingerprint, radix: 16)),
        ]
        guard Self.exists(path) else {
            try FileAccess.createFolder(path)
            try ModelFolder.write(search, to: "\(path)/\(Self.searchFile)")
            return
        }
        let differences = TrainingFolder.differences(try JSON.load("\(path)/\(Self.searchFile)"), search)
        guard differences.isEmpty else {
            throw TrainingError.otherRun(
                checkpoint: path,
                differences: differences.map {
                    TrainingError.difference($0.path, $0.one, $0.other, Phrase("the earlier search", "先前的搜索"))
                })
        }
    }

    /// The trials so far.
    ///
    /// - Throws: `FileError` with the line that holds none.
    func trials() throws -> [TuneTrial] {
        guard FileAccess.exists(trialsFile) else { return [] }
        let text = String(decoding: try FileAccess.read(trialsFile), as: UTF8.self)
        return try text.split(separator: "\n").enumerated().map { index, line in
            guard let trial = TuneTrial(try JSON(parsing: String(line), file: trialsFile)), trial.number == index else {
                throw FileError(
                    .invalid, file: trialsFile, at: .line(index + 1, column: 1), Message(.notATrial, index))
            }
            return trial
        }
    }

    /// Writes all trials: the file is whole at all times, and a few hundred lines are written in a millisecond.
    func write(_ trials: [TuneTrial]) throws {
        try AtomicFile.write(Array(trials.map { $0.json.text() + "\n" }.joined().utf8), to: trialsFile)
    }
}
