import Foundation
import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

@testable import WrightTrain

struct ModelFolderTests {
    private var sample: ModelFolder {
        var matrix = ConfusionMatrix(classes: 3)
        matrix.add(label: 0, predicted: 1)
        return ModelFolder(
            name: "clothes", task: "classification", model: ["architecture": "tiny", "settings": ["width": 5]],
            input: TensorType([28, 28, 3], .uint8),
            normalisation: Normalisation(means: [0.5, 0.25, 0.1], deviations: [0.2, 0.3, 0.4]), resampling: .area,
            labels: LabelNames(["hat", "coat", "shoe \"left\""]),
            evaluation: Evaluation(
                examples: 1, seconds: 0.5, values: [MetricValue("accuracy", 0.875)], confusion: matrix,
                mistakes: [.init(row: 3, truth: 0, answer: 1, confidence: 0.75, badness: 2)]),
            history: "epoch,loss\n1,0.5\n", notes: ["Trained on photographs of clothes."])
    }

    @Test func whatIsSavedReadsBack() throws {
        let folder = try TemporaryFolder()
        let model = TinyModel(seed: 4)
        try sample.save(model, to: folder.path)
        #expect(try ModelFolder(folder.path) == sample)
        let other = TinyModel(seed: 9)
        try ModelFolder.loadWeights(into: other, from: folder.path)
        #expect(other.bits == model.bits)
        // The same model gives the same bytes.
        let first = try Data(contentsOf: URL(filePath: folder.path + "/model.safetensors"))
        try sample.save(model, to: folder.path)
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/model.safetensors")) == first)
        let card = try String(contentsOfFile: folder.path + "/README.md", encoding: .utf8)
        #expect(card.contains("| accuracy | 0.8750 |") && card.contains("1. coat"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            names == ["README.md", "config.json", "history.csv", "labels.json", "metrics.json", "model.safetensors"])
        // A model without labels does not keep another's.
        var bare = sample
        (bare.labels, bare.evaluation) = (nil, nil)
        try bare.save(model, to: folder.path)
        #expect(try ModelFolder(folder.path).labels == nil)
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
        ("\"formatVersion\": 1", "\"formatVersion\": 2", "formatVersion"),
        ("\"formatVersion\": 1", "\"formatVersion\": \"1\"", "formatVersion"),
        ("\"dtype\": \"uint8\"", "\"dtype\": \"uint9\"", "input.dtype"), ("28,", "-28,", "input.shape"),
        ("28,", "2.5,", "input.shape"), ("\"name\"", "\"nome\"", "name"), ("\"area\"", "7", "preprocessing.resampling"),
        ("0.25,", "", "preprocessing.deviations"), ("\"notes\": [", "\"notes\": {", "line"),
        ("\"architecture\": \"tiny\"", "\"architecture\" \"tiny\"", "line"),
    ])
    func damagedConfigsNameThePlace(original: String, damage: String, place: String) throws {
        let folder = try TemporaryFolder()
        try sample.save(TinyModel(), to: folder.path)
        let path = folder.path + "/config.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(original), "\(text)")
        try text.replacing(original, with: damage, maxReplacements: 1).write(
            toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: FileError.self) { _ = try ModelFolder(folder.path) }
        #expect(error?.description.contains(path) == true && error?.description.contains(place) == true, "\(error!)")
    }

    @Test func whatIsMissingIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { _ = try ModelFolder(folder.path + "/nothing") }
        let error = #expect(throws: FileError.self) { _ = try ModelFolder(folder.path) }
        #expect(error?.description.contains("config.json") == true)
        try sample.save(TinyModel(), to: folder.path)
        for file in ["labels.json", "metrics.json"] {
            try Data("[1, 2]".utf8).write(to: URL(filePath: folder.path + "/" + file))
            let error = #expect(throws: FileError.self) { _ = try ModelFolder(folder.path) }
            #expect(error?.description.contains(file) == true)
            try FileManager.default.removeItem(atPath: folder.path + "/" + file)
        }
        struct Other: Module {
            var first = TinyModel.Dense(4, 7, seed: 1)
        }
        #expect(throws: TrainingError.self) { try ModelFolder.loadWeights(into: Other(), from: folder.path) }
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
}
