import Foundation
import Testing
import WrightData
import WrightNN
import WrightRuntime

@testable import WrightTrain

struct LearningRateTests {
    /// Catches a sweep that leaves its mark: training after it gives the same bits as without.
    @Test func theSweepLeavesNothingBehind() throws {
        var config = Trainer.Config()
        config.epochs = 1
        let (plain, swept) = (TinyModel(), TinyModel())
        _ = try TinyModel.trainer(plain, config: config).fit(TinyModel.pipeline())
        let trainer = try TinyModel.trainer(swept, config: config)
        let sweep = try trainer.findLearningRate(TinyModel.pipeline(), from: 1e-4, to: 100, steps: 80)
        _ = try trainer.fit(TinyModel.pipeline())
        #expect(swept.bits == plain.bits)
        #expect(sweep.points.count > 20 && sweep.points[0].learningRate == 1e-4)
        let rates = sweep.points.map(\.learningRate)
        #expect(zip(rates, rates.dropFirst()).allSatisfy { abs($1 / $0 - rates[1] / rates[0]) < 1e-9 })
        let suggestion = try #require(sweep.suggestion)
        #expect((1e-3...1).contains(suggestion))
    }

    /// A curve with a known steepest place.
    @Test func theSuggestionIsWhereTheLossFallsFastest() {
        let points = (0..<80).map { index in
            let x = Double(index) / 79
            let loss = x < 0.8 ? 2 - 1 / (1 + exp(20 * (0.4 - x))) : 4
            return LearningRateSweep.Point(learningRate: Double(index + 1), loss: loss, smoothed: loss)
        }
        #expect(abs(LearningRateSweep(points: points).suggestion! - 33) < 2)
        let rising = points.enumerated().map { index, point in
            LearningRateSweep.Point(learningRate: point.learningRate, loss: Double(index), smoothed: Double(index))
        }
        #expect(LearningRateSweep(points: rising).suggestion == nil)
    }
}
