import Foundation
import Testing
import Wright
@testable import WrightTasks

/// Tables that do not fit into memory: a part of the rows decides and measures, the others train from the disk.
struct StoredRowsTests {
    private static let task = """
        data: {path: rows.csv}
        \(MadeRows.columns)
        split: {validation: 0.2, test: 0.2}
        model: {hidden: 32, frequencies: 4, word_dimension: 16, filters: 8}
        train: {epochs: 12, batch_size: 16, learning_rate: 0.005, patience: 12}
        """

    /// A run that may hold `limit` rows.
    private func run(_ folder: TaskFolder, _ text: String = task, limit: Int) throws -> TaskRun {
        let config = try folder.config(text)
        var run = TaskRun(config, file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.table = try TaskTable(paths: ["\(folder.path)/rows.csv"], config.data, dropsRows: true, limit: limit)
        run.workingFolder = "\(folder.path)/training"
        return run
    }

    @Test("A network learns from rows on the disk, and nothing of them stays there")
    func trains() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(600), "rows.csv")
        let said = Said()
        var run = try run(folder, limit: 150)
        run.say = { said.lines.append($0.english) }
        let result = try run.run()
        #expect(said.lines.contains { $0.contains("600 rows do not fit") }, "\(said.lines)")
        // A fifth of 150 rows tests, a fifth of the others validates.
        #expect(
            said.lines.contains { $0.contains("546 rows to train on, 24 to validate, 30 to test") }, "\(said.lines)")
        #expect(result.model.data["rows"]?.integer == 600 && result.table.count == 150)
        let values = result.test?.json["outputs"]
        #expect(values?["big"]?["roc_auc"]?.double ?? 0 > 0.95, "\(values?.text() ?? "")")
        #expect(values?["price"]?["r2"]?.double ?? 0 > 0.8, "\(values?.text() ?? "")")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/training-rows"))
        let again = try self.run(folder, limit: 150).run()
        let table = try TaskTable("\(folder.path)/rows.csv")
        #expect(try again.model.predict(table).map(\.fields) == result.model.predict(table).map(\.fields))
    }

    /// Catches rows that are measured twice or not at all where a piece ends, and answers that are drawn from one end.
    @Test("A file is measured a piece at a time as it is at once")
    func streamedEvaluation() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(200), "rows.csv")
        let model = try folder.run(folder.config(Self.task.replacing("epochs: 12", with: "epochs: 2"))).model
        let path = try folder.write(MadeRows.csv(9000, from: 300) + ",,,,,,\n", "test.csv")
        let whole = try model.evaluate(TaskTable(path))
        let streamed = try model.evaluate(streaming: path, answersKept: 20_000)
        #expect(streamed.examples == 9000 && streamed.report.dropped == whole.report.dropped)
        for (one, other) in zip(streamed.outputs, whole.outputs) {
            #expect(one.drawn.names.isEmpty && one.values.map(\.name) == other.values.map(\.name))
            for (value, wanted) in zip(one.values, other.values) {
                #expect(abs(value.value - wanted.value) < 1e-5 * max(1, abs(wanted.value)), "\(value), not \(wanted)")
            }
        }
        let drawn = try model.evaluate(streaming: path, answersKept: 2000).outputs[0]
        #expect(drawn.drawn.names == ["roc_auc", "average_precision"] && drawn.drawn.answers == 2000)
        #expect(drawn.count(of: "accuracy") == 9000 && drawn.count(of: "roc_auc") == 2000)
        let area = drawn.values.first { $0.name == "roc_auc" }?.value ?? .nan
        let wanted = whole.outputs[0].values.first { $0.name == "roc_auc" }?.value ?? .nan
        #expect(abs(area - wanted) < 0.05, "\(area), not \(wanted)")
    }

    /// Catches rows that are lost, written twice, cut in the wrong place or held out and trained on.
    @Test("The disk gives back every row that may train, as it was encoded")
    func sameRows() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(300), "rows.csv")
        let task = try run(folder, limit: 100).prepare()
        let stored = try #require(task.stored)
        let table = try TaskTable("\(folder.path)/rows.csv")
        let answers = zip(task.outputs, task.config.outputs).map { $0.encode(table.column($1.name)!) }
        let columns = try zip(task.inputs, task.config.inputs).map { try $0.encode(table.fields(of: $1)!) }
        let all = TaskRows(columns, task.form, targets: answers.map(\.targets), count: table.count)
        let held = Set((task.split.test + task.split.members[0].validation).map { task.table.lines[$0] })
        #expect(held.count == 36)
        func words(_ data: some Dataset, _ rows: [Int]) throws -> [String] {
            try rows.map { row in
                let samples = try data.samples([row])
                return (samples.inputs + samples.targets).map { "\($0.doubles)" }.joined(separator: ";")
            }.sorted()
        }
        let expected = table.lines.indices.filter { !held.contains(table.lines[$0]) }
        #expect(try words(stored, Array(0..<stored.count)) == words(all, expected))
        // Rows of one batch are padded to the longest of them.
        let batch = try stored.samples([5, 0, 263])
        #expect(batch.inputs.map(\.shape[0]) == batch.inputs.map { _ in 3 })
        #expect(batch.inputs.map(\.dtype) == stored.inputTypes.map(\.dtype))
    }

    @Test("The same groups train whether their rows are in memory or not")
    func groups() throws {
        var config = SplitConfig()
        (config.kind, config.test, config.validation) = (.group, 0.3, 0.25)
        let keys: [String?] = (0..<200).map { $0 % 7 == 0 ? nil : "group \($0 % 31)" }
        let split = try TaskSplit(
            config, rows: Array(keys.indices), strata: nil, column: keys, folds: 1, seed: 3)
        let trains = TaskSplit.trainingGroups(config, keys, seed: 3)
        #expect(split.members[0].training == keys.indices.filter { trains[$0] })
        #expect(trains.contains(true) && trains.contains(false))
    }

    @Test("What needs all rows at once is refused, with the way out")
    func refusals() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(120), "rows.csv")
        let text = Self.task.replacing("split: {", with: "split: {kind: time, column: day, ")
        #expect { try run(folder, text, limit: 50).prepare() } throws: {
            "\($0)".contains("--max-memory") && "\($0)".contains("by time")
        }
    }

    /// Catches a long reading that nothing ends, and a message that promises a checkpoint.
    @Test("An interruption before the first step ends the reading and says that nothing was there to save")
    func interrupted() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(9000), "rows.csv")
        let config = try folder.config(Self.task)
        let reading = TaskRun(config, file: "\(folder.path)/run.yaml", on: CPUBackend())
        reading.interruption.request()
        #expect { try reading.run() } throws: { "\($0)".contains("before the first step") }
        let paths = ["\(folder.path)/rows.csv"]
        #expect(try TaskTable(paths: paths, config.data, isStopped: { true }).count == 4095)
        var storing = try run(folder, limit: 100)
        storing.checksData = false
        storing.interruption.request()
        #expect { try storing.run() } throws: { "\($0)".contains("before the first step") }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/training-rows"))
    }

    @Test("A table stops growing at its bytes, and its lot is fair")
    func bounded() throws {
        let folder = try TaskFolder()
        try folder.write("n\n" + (0..<4000).map { "\($0)\n" }.joined(), "rows.csv")
        let table = try TaskTable(paths: ["\(folder.path)/rows.csv"], DataConfig(), maximumBytes: 12_000)
        #expect(table.total == 4000 && table.count == 500)
        #expect(table.lines == table.lines.sorted() && Set(table.lines).count == 500)
        let mean = table.column("n")!.reduce(0) { $0 + Double($1!)! } / 500
        #expect(abs(mean - 2000) < 200)
    }
}

private final class Said {
    var lines: [String] = []
}
