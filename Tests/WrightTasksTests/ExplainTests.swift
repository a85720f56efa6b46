import Testing
import Wright
@testable import WrightTasks

/// What answers depend on, where it is known; comparisons; cards. One model of made rows serves all.
struct ExplainTests {
    private static let task = """
        data: {path: rows.csv}
        inputs:
          - {name: size, type: number}
          - {name: day, type: date}
          - {name: note, type: text}
        outputs:
          - {name: big, type: binary}
          - {name: price, type: number}
        model: {hidden: 16, frequencies: 4, word_dimension: 16, filters: 8}
        train: {epochs: 15, folds: 1, batch_size: 16, learning_rate: 0.01, patience: 15}
        """

    private func trained() throws -> (model: TaskModel, table: TaskTable, folder: TaskFolder) {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(160), "rows.csv")
        let model = try folder.run(folder.config(Self.task)).model
        return (model, try TaskTable(folder.write(MadeRows.csv(60, from: 500), "test.csv")), folder)
    }

    @Test("Importance, dependence, Shapley values and left-out words tell what the rows were made from")
    func explanations() throws {
        let (model, table, _) = try trained()
        let importance = try model.importance(table, repeats: 3)
        #expect(importance[0].columns.first?.name == "size" && importance[0].columns[0].mean > 0.2)
        #expect(importance[0].columns.first { $0.name == "day" }!.mean < 0.1)
        #expect(importance[1].metric == "r2" && importance[1].columns.count == 3)

        let curve = try #require(try model.dependence(of: "big", on: "size", table))
        #expect(curve.isNumeric && curve.answer.english == "probability of yes")
        #expect(curve.points.first!.answer < 0.3 && curve.points.last!.answer > 0.7)
        #expect(try model.dependence(of: "big", on: "nothing", table) == nil)

        for values in try model.shapley(row: 3, of: table, background: 20) {
            #expect(abs(values.additivityError) < 1e-3 * max(1, abs(values.prediction)), "\(values.json.text())")
            #expect(values.samples == 40 && values.parts.count == 3)
            #expect(values.parts.first { $0.column == "day" }!.standardError >= 0)
        }
        let single = try model.shapley(row: 3, of: table, background: 20)
        #expect(single[0].parts[0].column == "size")

        // "it looks quite red to me": the colour is what the price depends on.
        let words = try #require(try model.occlusion(row: 0, of: table).first { $0.output == "price" })
        let strongest = try #require(words.words.max { abs($0.value) < abs($1.value) })
        #expect(["red", "green", "blue"].contains(strongest.text), "\(words.json.text())")
        #expect(words.words.count == 6)
    }

    /// Catches networks that are asked of rows they learned by heart: columns of noise would look important.
    @Test("With folds a row is asked of the network that did not learn from it")
    func unseenRows() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(120), "rows.csv")
        let text = Self.task.replacing("folds: 1", with: "folds: 3")
        let result = try folder.run(folder.config(text))
        #expect(result.unseen.map(\.count).reduce(0, +) == 120 && result.unseen.count == 3)
        let rows = try #require(result.validation?.outputs[0].rows)
        let unseen = try result.model.importance(result.table, among: rows, unseen: result.unseen, repeats: 2)
        let wanted = result.validation?.outputs[0].values.first { $0.name == "roc_auc" }?.value ?? .nan
        #expect(abs(unseen[0].baseline - wanted) < 1e-6)
        #expect(unseen[0].columns.first?.name == "size")
    }

    @Test("A model is as good as itself and better than one that knows less, whatever the order of its classes")
    func comparison() throws {
        let (model, table, folder) = try trained()
        let text = Self.task.replacing("  - {name: size, type: number}\n", with: "")
        let blind = try folder.run(folder.config(text)).model
        let (good, bad) = (try model.evaluate(table), try blind.evaluate(table))
        let same = try good.compared(as: "a", with: good, as: "b")
        #expect(same.map(\.output) == ["big", "price"] && same.allSatisfy { !$0.comparison.isSignificant })
        #expect(same[0].disagreement == McNemarTest(onlyFirst: 0, onlySecond: 0))
        let better = try bad.compared(as: "blind", with: good, as: "seeing")[0]
        #expect(
            better.comparison.isSignificant && better.sentence.english.hasPrefix("big: seeing is better than blind"))
        #expect(better.disagreement!.onlySecond > better.disagreement!.onlyFirst)
    }

    @Test("Cards say what the task is, in the reader's language", arguments: Language.allCases)
    func card(language: Language) throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(60), "rows.csv")
        for (output, inputs, tag) in [
            ("big, type: binary", "size, type: number", "tabular-classification"),
            ("price, type: number", "size, type: number", "tabular-regression"),
            ("big, type: binary", "note, type: text", "text-classification"),
        ] {
            let text = """
                data: {path: rows.csv}
                inputs: [{name: \(inputs)}]
                outputs: [{name: \(output)}]
                model: {hidden: 8, frequencies: 2, word_dimension: 8, filters: 4}
                train: {epochs: 1, folds: 1}
                """
            var result = try folder.run(folder.config(text))
            let evaluation = try #require(result.validation)
            result.model.add(try TaskInsight(evaluation, result.table, .init()), to: "validation")
            let card = ModelCard(model: result.model, say: language).text
            #expect(card.contains("pipeline_tag: \(tag)\nlanguage: \(language.rawValue)"))
            #expect(card.contains(language == .chinese ? "验证集结果" : "Measured on validation rows"))
            let intervals = card.split(separator: "\n").filter { $0.contains(" – ") }
            #expect(intervals.count == evaluation.outputs[0].values.count, "\(card)")
        }
    }
}
