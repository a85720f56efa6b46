import Foundation
import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

@testable import WrightTrain

struct ModelFolderTests {
    private var sample: ModelFolder {
        ModelFolder(
            task: "classification", model: ["architecture": "tiny", "settings": ["width": 5]],
            input: .numbers(
                InputForm(
                    shape: [28, 28, 3],
                    normalisation: Normalisation(means: [0.5, 0.25, 0.125], deviations: [0.2, 0.3, 0.4]))),
            labels: LabelNames(["hat", "coat", "shoe \"left\""]), training: [("optimizer", "adam"), ("seed", "1")],
            metrics: ["validation": ["accuracy": 0.875]], curves: ["points": []], writer: "test 1")
    }

    private func file(_ name: String, _ folder: TemporaryFolder) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    @Test func whatIsSavedReadsBack() throws {
        let folder = try TemporaryFolder()
        let model = TinyModel(seed: 4)
        try sample.save(model, to: folder.path)
        let read = try ModelFolder(folder.path)
        #expect(read.task == sample.task && read.model == sample.model && read.input == sample.input)
        #expect(read.labels == sample.labels && read.metrics == sample.metrics && read.writer == sample.writer)
        #expect(read.training.map(\.name) == ["optimizer", "seed"] && read.training.map(\.value) == ["adam", "1"])
        let other = TinyModel(seed: 9)
        try ModelFolder.loadWeights(into: other, from: folder.path)
        #expect(other.bits == model.bits)
        // The same model gives the same bytes.
        let first = try Data(contentsOf: URL(filePath: folder.path + "/model.safetensors"))
        try sample.save(model, to: folder.path)
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/model.safetensors")) == first)
        let card = try file("README.md", folder)
        #expect(card.contains("| accuracy | 0.8750 |") && card.contains("hat, coat"))
        try sample.save(model, to: folder.path, language: .chinese)
        let chinese = try file("README.md", folder)
        #expect(chinese.contains("# 分类模型") && chinese.contains("| 优化器 | adam |"), "\(chinese)")
        #expect(!chinese.contains("trained") && !chinese.contains("metric"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["README.md", "config.json", "curves.json", "metrics.json", "model.safetensors"])
    }

    /// Catches a save that was cut short and is taken for a model.
    @Test func weightsOfAnotherSaveAreRefused() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        try sample.save(TinyModel(seed: 4), to: folder.path)
        try sample.save(TinyModel(seed: 5), to: other.path)
        let weights = folder.path + "/model.safetensors"
        try FileManager.default.removeItem(atPath: weights)
        try FileManager.default.copyItem(atPath: other.path + "/model.safetensors", toPath: weights)
        let error = #expect(throws: FileError.self) {
            try ModelFolder.loadWeights(into: TinyModel(), from: folder.path)
        }
        #expect(error?.description.contains("cut short") == true)
    }

    /// Catches readers that trap, or say nothing of the place.
    @Test(arguments: [
        ("\"format_version\": 1", "\"format_version\": 2", "format version 2"),
        ("\"format_version\": 1", "\"format_version\": \"1\"", "not the config of a model"),
        ("wright model", "wrong model", "not the config of a model"), ("28,", "-28,", "'shape' must be"),
        ("28,", "2.5,", "'shape' must be"), ("\"task\"", "\"tusk\"", "'task' must be"),
        ("0.25,", "", "'means' must be"), ("0.25,", "1e999,", "too large"),
        ("\"deviations\"", "\"deviation\"", "'deviations' must be"), ("\"hat\"", "\"coat\"", "'labels' must be"),
        ("\"labels\": [", "\"labels\": {", "line"), ("\"model\": {", "\"model\": 3, \"other\": {", "'model' must be"),
        ("\"architecture\": \"tiny\"", "\"architecture\" \"tiny\"", "line"),
    ])
    func damagedConfigsNameThePlace(original: String, damage: String, problem: String) throws {
        let folder = try TemporaryFolder()
        try sample.save(TinyModel(), to: folder.path)
        let text = try file("config.json", folder)
        #expect(text.contains(original), "\(text)")
        let path = folder.path + "/config.json"
        try text.replacing(original, with: damage, maxReplacements: 1)
            .write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: FileError.self) { _ = try ModelFolder(folder.path) }
        #expect(error.description.contains(path) && error.description.contains(problem), "\(error)")
    }

    @Test func whatIsMissingIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { _ = try ModelFolder(folder.path + "/nothing") }
        let error = try #require(throws: FileError.self) { _ = try ModelFolder(folder.path) }
        #expect(error.description.contains("config.json") && !ModelFolder.exists(in: folder.path))
        try sample.save(TinyModel(), to: folder.path)
        struct Other: Module {
            var first = TinyModel.Dense(4, 7, seed: 1)
        }
        let other = try #require(throws: FileError.self) {
            try ModelFolder.loadWeights(into: Other(), from: folder.path)
        }
        #expect(other.description.contains("first.weight: float32[4, 5] in the file, float32[4, 7] now"), "\(other)")
        try FileManager.default.removeItem(atPath: folder.path + "/model.safetensors")
        #expect(throws: FileError.self) { try ModelFolder.loadWeights(into: TinyModel(), from: folder.path) }
    }

    @Test func tableOfParameters() {
        let model = TinyModel()
        model.second.bias.isTrainable = false
        #expect(
            model.parameterTable == """
                layer   parameters  shapes
                first           25  weight [4, 5], bias [5]
                second          18  weight [5, 3], bias [3] (frozen)
                total           43
                """)
    }

    @Test func inputFormsReadBack() throws {
        let rows = InputForm(
            shape: [2], features: ["age", "收入"], target: "class",
            normalisation: Normalisation(means: [0.25, -1], deviations: [0.5, 2]))
        #expect(try InputForm(json: rows.json) == rows)
        let text = TextForm(columns: ["review"], target: "label", maximumLength: 256)
        #expect(try TextForm(json: text.json) == text)
        #expect(throws: InputForm.Problems.self) { try TextForm(json: ["kind": "text", "maximum_length": 0]) }
        let error = #expect(throws: InputForm.Problems.self) {
            _ = try InputForm(json: ["shape": [28, 28], "means": [0], "deviations": [0]])
        }
        #expect(error?.problems.count == 2)
    }
}
