import Foundation
import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTrain

struct EvaluatorTests {
    private func evaluate(_ count: Int, batchSize: Int, mistakes: Int = 5) throws -> (Evaluation, [[Float]]) {
        let evaluator = Evaluator(TinyModel(), on: Interpreter()) { $0.objective($1) }
        var probabilities = [[Float]](repeating: [], count: count)
        let evaluation = try evaluator.evaluate(
            TinyModel.pipeline(count: count, batchSize: batchSize),
            metrics: [ConfusionMatrix(classes: 3), ProbabilityScores(classes: 3)], mistakes: mistakes
        ) { batch, predictions in
            let values: [Float] = predictions.array()
            for (index, row) in batch.rows.enumerated() {
                probabilities[row] = Array(values[index * 3..<index * 3 + 3])
            }
        }
        return (evaluation, probabilities)
    }

    /// Catches rows that are left out or counted twice, dropout that is left on, and a heap that loses the worst.
    @Test func everyRowIsMeasuredOnce() throws {
        let (evaluation, probabilities) = try evaluate(53, batchSize: 8)
        let labels = TinyModel.data(count: 53).labels.map(Int.init)
        #expect(evaluation.examples == 53 && evaluation.confusion?.total == 53)
        let losses = zip(probabilities, labels).map { -log(Double($0[$1])) }
        #expect(abs(try #require(evaluation["loss"]) - losses.reduce(0, +) / 53) < 1e-6)
        #expect(abs(try #require(evaluation["log_loss"]) - losses.reduce(0, +) / 53) < 1e-6)
        let wrong = labels.indices.filter { probabilities[$0].max()! != probabilities[$0][labels[$0]] }
        #expect(evaluation["accuracy"] == evaluation.confusion?.accuracy)
        #expect(wrong.count > 5)
        #expect(evaluation.mistakes.map(\.row) == wrong.sorted { losses[$0] > losses[$1] }.prefix(5).map(\.self))
        #expect(evaluation.mistakes.allSatisfy { Int($0.truth) == labels[$0.row] && $0.answer != $0.truth })
        let (other, _) = try evaluate(53, batchSize: 7)
        #expect(other.mistakes.map(\.row) == evaluation.mistakes.map(\.row) && other.confusion == evaluation.confusion)
    }

    @Test func evaluationsReadBack() throws {
        let (evaluation, _) = try evaluate(20, batchSize: 6)
        #expect(try Evaluation(json: JSON(parsing: evaluation.json.text())) == evaluation)
        #expect(Evaluation(json: ["examples": 3]) == nil)
    }

    @Test func numbersHaveMistakesToo() throws {
        let data = ArrayDataset(
            Samples(inputs: [Buffer([Float]([1, 2, 3]))], targets: [Buffer([Float]([2, 9, 6.5]))]))
        struct Doubler: Module {}
        let evaluator = Evaluator(Doubler(), on: Interpreter()) { _, batch in
            let answer = batch.input * 2
            return Objective(loss: (answer - batch.target).squared().mean(), predictions: answer)
        }
        let evaluation = try evaluator.evaluate(Pipeline(data), metrics: [RegressionErrors()], mistakes: 2)
        #expect(abs(evaluation["mse"]! - evaluation["loss"]!) < 1e-6)
        #expect(evaluation.mistakes.map(\.row) == [1, 2] && evaluation.mistakes[0].badness == 5)
    }

    @Test func metricsWithoutPredictionsAreAnError() throws {
        let evaluator = Evaluator(TinyModel(), on: Interpreter()) { model, batch in
            Objective(loss: model(batch.input.cast(to: .float32)).mean())
        }
        #expect(throws: TrainingError.self) {
            _ = try evaluator.evaluate(TinyModel.pipeline(), metrics: [ConfusionMatrix(classes: 3)])
        }
    }
}
