import WrightData
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting
import WrightTrain

/// Two dense layers with dropout and a running mean: everything that a checkpoint must hold, in 34 numbers.
struct TinyModel: Module {
    struct Dense: Module {
        var weight: Parameter
        var bias: Parameter

        init(_ inputs: Int, _ outputs: Int, seed: UInt64) {
            var random = SplitMix64(seed: seed)
            let values = (0..<inputs * outputs).map { _ in Float.random(in: -0.7...0.7, using: &random) }
            weight = Parameter(Buffer(values, shape: [inputs, outputs]))
            bias = Parameter(Buffer(zeros: TensorType([outputs])))
        }

        func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight.value) + bias.value }
    }

    var first: Dense
    var second: Dense
    var runningMean = ModuleState("running mean", Buffer(zeros: TensorType([4])))

    init(seed: UInt64 = 1) {
        first = Dense(4, 5, seed: seed)
        second = Dense(5, 3, seed: seed + 1)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        var x = x
        if let pass = Pass.current, pass.isTraining {
            pass.assign(runningMean.variable, runningMean.value * 0.9 + x.mean(along: [0]) * 0.1)
        }
        x = first(x - runningMean.value).relu()
        if let pass = Pass.current, pass.isTraining, let key = pass.randomKey {
            let uniform = Tensor(Random(.uniform, shape: x.shape, stream: pass.nextStream()), key)
            x = x * uniform.isGreater(than: 0.2).cast(to: .float32) / 0.8
        }
        return second(x)
    }

    /// Cross-entropy, with the accuracy and the probabilities.
    func objective(_ batch: BatchTensors) -> Objective {
        let logits = self(batch.input.cast(to: .float32) * (1.0 / 16) - 1)
        let classes = Tensor.iota(3).reshaped([1, 3]).broadcast(to: logits.shape)
        let labels = batch.target.reshaped([batch.count, 1]).broadcast(to: logits.shape)
        let hot = classes.isEqual(to: labels).cast(to: .float32)
        let loss = -(logits.logSoftmax(along: -1) * hot).sum(along: [1]).mean()
        let hits = logits.argmax(along: 1).isEqual(to: batch.target).cast(to: .float32)
        return Objective(loss: loss, measures: ["accuracy": hits.mean()], predictions: logits.softmax(along: -1))
    }

    /// Three overlapping clouds of bytes.
    static func data(count: Int, seed: UInt64 = 5) -> ArrayDataset {
        var random = SplitMix64(seed: seed)
        let labels = (0..<count).map { _ in Int32.random(in: 0..<3, using: &random) }
        let values = labels.flatMap { label in
            (0..<4).map { UInt8(8 + 6 * ((Int(label) + $0) % 3)) + UInt8.random(in: 0..<9, using: &random) }
        }
        return ArrayDataset(images: Buffer(values, shape: [count, 4]), labels: Buffer(labels))
    }

    static func pipeline(count: Int = 50, batchSize: Int = 8, seed: UInt64 = 5) -> Pipeline {
        var config = Pipeline.Config()
        (config.batchSize, config.seed) = (batchSize, 3)
        return Pipeline(data(count: count, seed: seed), config)
    }

    static func trainer(
        _ model: TinyModel = TinyModel(), config: Trainer.Config, optimizer: any Optimizer = Adam(learningRate: 0.02),
        schedule: any Schedule = ConstantSchedule(), on backend: any Backend = Interpreter()
    ) throws -> Trainer {
        try Trainer(
            model, config, groups: ParameterGroup.separating(weights: optimizer, rest: optimizer), schedule: schedule,
            on: backend, objective: { $0.objective($1) })
    }

    /// All numbers of the model, to compare bit for bit.
    var bits: [UInt32] {
        (parameters.map(\.parameter.buffer) + states.map(\.state.variable.buffer)).flatMap { buffer in
            buffer.array(of: Float.self).map(\.bitPattern)
        }
    }
}
