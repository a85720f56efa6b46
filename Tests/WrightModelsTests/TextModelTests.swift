import Testing
import WrightCPU
import WrightGraph
import WrightModels
import WrightNN
import WrightRuntime

/// Models of token sequences: what padding must not change, and that they learn.
@Suite("Models of text")
struct TextModelTests {
    private static func tokens(_ rows: [[Int32]]) -> Buffer {
        Buffer(rows.flatMap { $0 }, shape: [rows.count, rows[0].count])
    }

    private static func run(_ layer: any Layer, _ rows: [[Int32]]) throws -> [Double] {
        let result = layer(Tensor(tokens(rows)))
        return try Interpreter().compile(Graph([result])).run([])[0].doubles
    }

    static let classifiers: [any ModelConfig] =
        [.last, .mean, .maximum].map { (pooling: LSTMClassifier.Pooling) in
            LSTMClassifier.Config(
                vocabulary: 11, embedding: 4, hidden: 5, layers: 2, isBidirectional: true, pooling: pooling, outputs: 3)
        } + [
            TextCNN.Config.tiny(), TransformerClassifier.Config.tiny(),
            TextCNN.Config(vocabulary: 11, embedding: 4, widths: [2, 3], filters: 3, bag: 5, dropout: 0, outputs: 3),
        ]

    /// Catches a pooled padding, a backward layer that starts at the padding, a filter that answers to it.
    @Test(arguments: classifiers)
    func paddingChangesNothing(_ config: any ModelConfig) throws {
        var source = ParameterSource(seed: 3)
        let model = Catalog.model(config, from: &source)
        let short = try Self.run(model, [[3, 7, 1, 4]])
        let padded = try Self.run(model, [[3, 7, 1, 4, 0, 0, 0]])
        #expect(zip(short, padded).allSatisfy { abs($0 - $1) < 1e-9 }, "\(short), padded \(padded)")
        let other = try Self.run(model, [[3, 7, 1, 4, 2, 0, 0]])
        #expect(other != padded)
        // A text of nothing, or one shorter than every filter, has some answer.
        #expect(try Self.run(model, [[0, 0, 0, 0]]).allSatisfy(\.isFinite))
        #expect(try Self.run(model, [[5]]).count == 3)
    }

    /// Catches a bag that leaves tokens out, counts padding, or asks where they stand.
    @Test func bagAddsUpEveryToken() throws {
        var source = ParameterSource(seed: 3)
        let model = TextCNN(
            .init(vocabulary: 11, embedding: 4, widths: [2, 3], filters: 3, bag: 2, dropout: 0, outputs: 0),
            from: &source)
        let bag = try #require(model.bag).weight.buffer.array(of: Float.self)
        let features = try Self.run(model, [[3, 7, 3, 0, 0], [7, 3, 3, 0, 0]])
        #expect(model.config.features == 8 && features.count == 16)
        let expected = (0..<2).map { Double(2 * bag[3 * 2 + $0] + bag[7 * 2 + $0]) }
        for row in [features[6...7], features[14...15]] {
            #expect(zip(row, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(row), not \(expected)")
        }
        #expect(features[..<6] != features[8..<14])
    }

    /// Catches an architecture whose step cannot be differentiated: which of two tokens comes first is learned.
    @Test(arguments: classifiers)
    func learnsOrder(_ config: any ModelConfig) throws {
        var source = ParameterSource(seed: 1)
        let model = Catalog.model(config, from: &source)
        let state = try OptimizerState(model.parameters, groups: [ParameterGroup(optimizer: Adam(learningRate: 0.05))])
        let step = CompiledFunction(on: CPUBackend()) { arguments in
            let pass = Pass(isTraining: true)
            let loss = Loss.crossEntropy(pass { model(arguments[0]) }, classes: arguments[1])
            return Trace([loss], assigning: pass.assignments + state.update(try state.gradients(of: loss)))
        }
        let x = Self.tokens([[1, 2, 5, 6], [2, 1, 6, 5], [1, 2, 7, 0], [2, 1, 8, 0]])
        let y = Buffer([0, 1, 0, 1] as [Int32])
        var losses: [Double] = []
        for _ in 0..<30 { losses += try step([x, y])[0].doubles }
        #expect(losses[29] < 0.3 * losses[0], "\(losses)")
    }

    /// Catches a language model that sees what it shall predict, and states that do not go on where they stopped.
    @Test func languageModelReadsForward() throws {
        var source = ParameterSource(seed: 2)
        let model = LSTMLanguageModel(.tiny(), from: &source)
        let whole = try Self.run(model, [[1, 2, 3, 4]])
        let changed = try Self.run(model, [[1, 2, 3, 5]])
        #expect(Array(whole.prefix(21)) == Array(changed.prefix(21)))
        #expect(Array(whole.suffix(7)) != Array(changed.suffix(7)))
        let first = model(Tensor(Self.tokens([[1, 2]])), state: nil)
        let second = model(Tensor(Self.tokens([[3, 4]])), state: first.state)
        let pieces = try Interpreter().compile(Graph([first.logits, second.logits])).run([]).flatMap(\.doubles)
        #expect(zip(whole, pieces).allSatisfy { abs($0 - $1) < 1e-9 })
        // One table is both word vectors and last layer.
        #expect(model.parameters.map(\.path).filter { $0.contains("head") } == [])
    }
}
