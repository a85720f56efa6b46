import Foundation
import Testing
import Wright
@testable import WrightTasks

/// A model of each format version is kept as it was written: later versions must read it and say the same.
struct StoredTaskTests {
    static let stored = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Stored").path

    /// `WRIGHT_RECORD=1` writes a new one; that is for a new format version only, beside the old ones.
    private func record(_ path: String) throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(60), "rows.csv")
        let config = try folder.config(
            """
            data: {path: rows.csv}
            \(MadeRows.columns)
            model:
              {hidden: 8, layers: 1, frequencies: 2, number_dimension: 2, category_dimension: 2, word_dimension: 4,
               bag_dimension: 3, filters: 2, combiner: gated}
            train: {epochs: 2, folds: 1}
            """)
        try TaskArtifact.write(folder.run(config).model, to: path, writer: "wright 0.1.0")
        let model = try TaskArtifact.read(path, on: CPUBackend(threads: 1))
        let columns = try model.predict(TaskTable(folder.write(MadeRows.csv(5, from: 100), "test.csv")))
        var expected = JSON.Object()
        for column in columns { expected[column.name] = .array(column.fields.indices.map { column.json($0) }) }
        try AtomicFile.write(Array(JSON.object(expected).text(indented: true).utf8), to: "\(path)/expected.json")
    }

    @Test(
        "A model of every format version loads and predicts what it predicted",
        arguments: 1...TaskArtifact.formatVersion)
    func versions(version: Int) throws {
        let path = "\(Self.stored)/task-\(version)"
        if ProcessInfo.processInfo.environment["WRIGHT_RECORD"] != nil, !FileManager.default.fileExists(atPath: path) {
            try record(path)
        }
        let model = try TaskArtifact.read(path, on: CPUBackend(threads: 1))
        let folder = try TaskFolder()
        let table = try TaskTable(folder.write(MadeRows.csv(5, from: 100), "test.csv"))
        let expected = try JSON.load("\(path)/expected.json")
        let columns = try model.predict(table)
        #expect(columns.map(\.name) == expected.object?.keys)
        for column in columns {
            for (row, value) in (expected[column.name]?.array ?? []).enumerated() {
                if let number = value.double {
                    // Other processors add in another order.
                    #expect(abs((column.json(row).double ?? .nan) - number) <= 1e-4 * max(1, abs(number)))
                } else {
                    #expect(column.json(row) == value)
                }
            }
        }
    }
}
