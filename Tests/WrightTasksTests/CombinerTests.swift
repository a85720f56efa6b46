import Testing
import Wright
@testable import WrightTasks

/// Ways to join inputs, and networks for rows: each learns what needs several inputs at once, and comes back from its files.
struct CombinerTests {
    private static func task(_ model: String) -> String {
        """
        data: {path: rows.csv}
        \(MadeRows.columns)
        model: {hidden: 16, frequencies: 4, category_dimension: 4, word_dimension: 16, filters: 8, \(model)}
        train: {epochs: 20, folds: 1, batch_size: 16, learning_rate: 0.01, patience: 20}
        """
    }

    @Test(
        "Every combiner and network learns a price that depends on a number and a word, and is saved whole",
        arguments: [
            "combiner: gated", "combiner: attention", "network: ft-transformer", "network: mlp, combiner: gated",
        ])
    func learns(_ model: String) throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(240), "rows.csv")
        let trained = try folder.run(folder.config(Self.task(model))).model
        let table = try TaskTable(folder.write(MadeRows.csv(60, from: 500), "test.csv"))
        let values = try trained.evaluate(table).json["outputs"]
        #expect(values?["price"]?["r2"]?.double ?? 0 > 0.8, "\(values?.text() ?? "")")
        #expect(values?["big"]?["roc_auc"]?.double ?? 0 > 0.9, "\(values?.text() ?? "")")
        try TaskArtifact.write(trained, to: "\(folder.path)/model", writer: "test")
        let loaded = try TaskArtifact.read("\(folder.path)/model", on: CPUBackend())
        #expect(try loaded.predict(table) == trained.predict(table))
        // What joins the inputs is trained and saved with the rest.
        let paths = Set(trained.ensemble.parameters.map(\.path))
        let wanted =
            model.contains("gated")
            ? "members.0.fusion.gate.weight"
            : model.contains("attention")
                ? "members.0.fusion.attention.projection.weight" : "members.0.transformer.answer"
        #expect(paths.contains(wanted), "\(paths.sorted())")
        for found in try trained.integratedGradients(row: 3, of: table) {
            let difference = abs(found.prediction - found.baseline)
            #expect(abs(found.completenessError) < 0.03 * difference + 1e-3, "\(model): \(found.json.text())")
        }
    }

    @Test("Gates close inputs: where a gate is shut its input does nothing, where it is open it is its tanh")
    func gates() throws {
        var source = ParameterSource(seed: 1)
        let fusion = GatedFusion([2, 3], outputs: 4, from: &source)
        fusion.gate.weight.assign(Buffer([Float](repeating: 0, count: 40), shape: [5, 8]))
        fusion.gate.bias!.assign(Buffer([Float](repeating: 40, count: 4) + [Float](repeating: -40, count: 4)))
        let function = CompiledFunction(on: CPUBackend(threads: 1)) { x in
            Trace([fusion(x), fusion.contents[0](x[0]).tanh()])
        }
        let first = Buffer([0.3, -2] as [Float], shape: [1, 2])
        let one = try function([first, Buffer([1, 2, 3] as [Float], shape: [1, 3])])
        let other = try function([first, Buffer([-9, 0, 5] as [Float], shape: [1, 3])])
        #expect(one[0].doubles == other[0].doubles, "the second input is shut out")
        for (value, wanted) in zip(one[0].doubles, one[1].doubles) { #expect(abs(value - wanted) < 1e-6) }
    }

    @Test(
        "A transformer over features takes no combiner beside it, and the old place of a network is an error in words")
    func contradictions() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(40), "rows.csv")
        let both = try folder.problems(Self.task("network: ft-transformer, combiner: gated"))
        #expect(both.first?.setting == "model.combiner" && both.first?.text.contains("joins the inputs itself") == true)
        let old = try folder.problems(Self.task("combiner: mlp"))
        #expect(old.first?.text.contains("one of concat, gated, attention") == true, "\(old)")
    }
}
