import Testing
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

@Suite("Catalog")
struct CatalogTests {
    /// Catches a setting that is missing from a config's fields or read otherwise than written.
    @Test(arguments: Catalog.names.map(\.name))
    func everyDescriptionReadsBack(_ name: String) throws {
        let config = try Catalog.config(named: name)
        let description = Catalog.description(of: config)
        let text = description.text()
        let again = try Catalog.config(JSON(parsing: text))
        #expect(Catalog.description(of: again).text() == text)
        #expect(type(of: again) == type(of: config))
    }

    @Test func settingsLeftOutAreDefaults() throws {
        let config = try Catalog.config(["architecture": "mlp", "settings": ["hidden": [7, 8]]])
        #expect(try #require(config as? MLP.Config) == MLP.Config(hidden: [7, 8]))
    }

    /// Catches errors that hide one another or do not say what to write instead.
    @Test func saysEverythingThatIsWrong() {
        let description: JSON = [
            "architecture": "convnet",
            "settings": ["filter": [3], "hidden": "many", "dropout": 1.0, "activation": "reluu"],
        ]
        let error = #expect(throws: ModelConfigError.self) { try Catalog.config(description) }
        #expect(error?.problems.count == 4)
        let text = error?.description ?? ""
        for part in ["'filter'", "filters", "'hidden'", "'dropout'", "below 1", "leakyRelu", "\"reluu\""] {
            #expect(text.contains(part), "\(part) is not in: \(text)")
        }
    }

    @Test(
        arguments: [
            ["architecture": "transformer9"], ["settings": [:]], "mlp", ["architecture": "mlp", "code": "rm"],
            ["architecture": "convnet", "settings": ["pools": [2]]],
            ["architecture": "convnet", "settings": ["image": [3, 3]]],
            ["architecture": "resnet", "settings": ["depths": [2]]],
            ["architecture": "mlp", "settings": ["dropout": [0.1, 0.2]]],
        ] as [JSON])
    func refusesWhatIsNoModel(_ description: JSON) {
        #expect(throws: ModelConfigError.self) { try Catalog.config(description) }
    }

    @Test func adaptsToADataset() throws {
        let config = try Catalog.config(named: "convnet").adapted(image: [32, 20], channels: 3, classes: 7)
        var source = ParameterSource(seed: 1)
        let model = Catalog.model(config, from: &source)
        #expect(model(Tensor.input(0, TensorType([2, 32, 20, 3]))).shape == [2, 7])
    }
}
