import Testing
import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTrain

/// When the loss stops being a number, the error says where.
struct DivergenceTests {
    private func train(
        epochs: Int = 3, learningRate: Double = 0.02, checkpoints: String? = nil,
        _ loss: @escaping @Sendable (TinyModel, BatchTensors) -> Tensor
    ) throws -> Divergence {
        var config = Trainer.Config()
        config.epochs = epochs
        config.checkpoints = checkpoints.map { Trainer.Checkpoints(folder: $0, interval: .steps(2)) }
        let trainer = try Trainer(
            TinyModel(), config, groups: [ParameterGroup(optimizer: SGD(learningRate: learningRate))],
            on: Interpreter()
        ) { Objective(loss: loss($0, $1)) }
        let error = try #require(throws: TrainingError.self) { _ = try trainer.fit(TinyModel.pipeline()) }
        guard case .diverged(let divergence) = error else { throw error }
        return divergence
    }

    /// Some examples overflow between the layers; a mask of −∞ before that is harmless. Catches a search that blames the
    /// loss, where it shows, or the mask.
    @Test func theFirstActivationIsNamed() throws {
        let found = try train { model, batch in
            let x = model.first(batch.input.cast(to: .float32) / 16)
            let scores = Tensor.select(x.isGreater(than: 0), x, .constant(-.infinity))
            let isBad = batch.target.cumulativeSum(along: 0).isGreater(than: 6).reshaped([batch.count, 1])
            let huge = Tensor.select(isBad, .constant(1e30), .constant(1))
            return model.second(((x + 1) * huge).squared() + scores.exp()).squared().mean()
        }
        #expect(found.activation == "square [8, 5] in first")
        #expect(found.description.contains("Try a lower learning rate"))
    }

    /// A gradient of √x at 0 is infinite while the loss is fine; the update then spoils the weights, and the next loss is
    /// not a number. Catches a diagnosis that only says that the weights are broken.
    @Test func theGradientOfTheStepBeforeIsNamed() throws {
        let found = try train { model, batch in
            let x = model.first(batch.input.cast(to: .float32) / 16)
            return model.second(x).mean() + (model.second.bias.value * 0).absolute().squareRoot().sum()
        }
        #expect(found.activation == nil)
        #expect(found.gradient == "second.bias")
        #expect(found.step == 2)
    }

    /// The run is repeated from the last checkpoint, which stays.
    @Test func theLastGoodCheckpointStays() throws {
        let folder = try TemporaryFolder()
        let found = try train(epochs: 100, learningRate: 60, checkpoints: folder.path) { model, batch in
            model.second(model.first(batch.input.cast(to: .float32))).squared().mean()
        }
        #expect(found.step >= 3)
        #expect(found.activation != nil || found.gradient != nil)
        let checkpoint = try #require(found.checkpoint)
        let weight = try SafetensorsFile(checkpoint + "/model.safetensors").tensor("first.weight")
        #expect(weight.array(of: Float.self).allSatisfy { $0.isFinite })
    }
}
