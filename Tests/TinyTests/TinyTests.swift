import Foundation
import Testing
import Wright

/// Wright from the outside, a few lines each: read these first. They take seconds.
struct TensorTests {
    @Test("Nothing is computed until it is asked for, and then on the CPU")
    func arithmetic() throws {
        let x = Tensor([Float]([1, 2, 3]))
        #expect(try ((x + 1) * 2).evaluate().doubles == [4, 6, 8])
    }

    @Test("Shapes stretch over each other as in NumPy")
    func broadcasting() throws {
        let column = Tensor([Float]([1, 2]), shape: [2, 1])
        let row = Tensor([Float]([10, 20, 30]), shape: [1, 3])
        let sum = column + row
        #expect(sum.shape == [2, 3])
        #expect(try sum.evaluate().doubles == [11, 21, 31, 12, 22, 32])
    }

    @Test("Rows times columns")
    func matrixProduct() throws {
        let a = Tensor([Float]([1, 2, 3, 4]), shape: [2, 2])
        #expect(try a.matmul(a).evaluate().doubles == [7, 10, 15, 22])
    }

    @Test("Sums and means along an axis")
    func reductions() throws {
        let x = Tensor([Float]([1, 2, 3, 4, 5, 6]), shape: [2, 3])
        #expect(try x.sum(along: [0]).evaluate().doubles == [5, 7, 9])
        #expect(try x.mean(along: [1]).evaluate().doubles == [2, 5])
        #expect(try x.argmax(along: 1).evaluate().doubles == [2, 2])
    }

    @Test("A softmax adds up to one, far from zero too")
    func softmax() throws {
        let shares = try Tensor([Float]([1000, 1001, 1002])).softmax().evaluate().doubles
        #expect(abs(shares.reduce(0, +) - 1) < 1e-6)
        #expect(abs(shares[2] - 0.665241) < 1e-5)
    }

    @Test("Equations of indices")
    func einsum() throws {
        let a = Tensor([Float]([1, 2, 3, 4]), shape: [2, 2])
        #expect(try Tensor.einsum("ij->ji", a).evaluate().doubles == [1, 3, 2, 4])
        #expect(try Tensor.einsum("ii->", a).evaluate().doubles == [5])
    }

    @Test("The gradient of x³ is 3x², and of that 6x")
    func gradients() throws {
        let x = Tensor([Float]([1, 2, -3]))
        let first = (x * x * x).sum().gradients(of: [x])[0]
        let second = first.sum().gradients(of: [x])[0]
        #expect(try first.evaluate().doubles == [3, 12, 27])
        #expect(try second.evaluate().doubles == [6, 12, -18])
    }

    @Test("A compiled function is traced once for each signature")
    func compiled() throws {
        let double = CompiledFunction(on: CPUBackend()) { Trace([$0[0] * 2]) }
        for count in [2, 3, 2, 3, 2] {
            let result = try double([Buffer([Float](repeating: 4, count: count))])
            #expect(result[0].doubles == [Double](repeating: 8, count: count))
        }
        #expect(double.executables.count == 2)
    }

    @Test("The CPU and the interpreter agree")
    func backendsAgree() throws {
        let x = Tensor([Float]((0..<64).map { Float($0) / 16 - 2 }), shape: [8, 8])
        let y = x.matmul(x.gelu()).softmax().sum(along: [0])
        let fast = try y.evaluate().doubles
        let slow = try y.evaluate(on: Interpreter()).doubles
        #expect(zip(fast, slow).allSatisfy { abs($0 - $1) < 1e-4 })
    }
}

struct NetworkTests {
    @Test("Parameters are named by where they stand")
    func parameterPaths() {
        var source = ParameterSource(seed: 1)
        let network = Sequential {
            Linear(4, 3, from: &source)
            Activation.relu
            Linear(3, 2, from: &source)
        }
        #expect(
            network.parameters.map(\.path) == [
                "layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias",
            ])
    }

    @Test("The same seed makes the same network")
    func seeds() {
        func weights(_ seed: UInt64) -> [Double] {
            var source = ParameterSource(seed: seed)
            return Linear(8, 8, from: &source).weight.buffer.doubles
        }
        #expect(weights(3) == weights(3))
        #expect(weights(3) != weights(4))
    }

    @Test("A convolution without padding loses its border; a pooling halves")
    func shapes() {
        var source = ParameterSource(seed: 1)
        let images = Tensor.input(0, TensorType([2, 28, 28, 1]))
        let convolved = Convolution(.init(inputs: 1, outputs: 6, kernel: [5, 5]), from: &source)(images)
        #expect(convolved.shape == [2, 24, 24, 6])
        #expect(MaxPool([2, 2])(convolved).shape == [2, 12, 12, 6])
    }

    @Test("Dropout does nothing when not training")
    func dropout() throws {
        let x = Tensor([Float]([1, 2, 3, 4]))
        #expect(try Dropout(0.5)(x).evaluate().doubles == [1, 2, 3, 4])
    }

    @Test("A model that knows nothing has the loss ln n")
    func uniformLoss() throws {
        let loss = Loss.crossEntropy(Tensor(Buffer(zeros: TensorType([3, 10]))), classes: Tensor([Int32]([0, 5, 9])))
        #expect(abs(try loss.evaluate().doubles[0] - 2.302585) < 1e-5)
    }

    @Test("Every architecture can be made from its name and described as JSON")
    func catalog() throws {
        for (name, _) in Catalog.names where name != "resnet101" && name != "resnet152" {
            let config = try Catalog.config(named: name)
            let again = try Catalog.config(Catalog.description(of: config))
            #expect(Catalog.description(of: again) == Catalog.description(of: config))
        }
    }

    @Test("A schedule warms up and then falls to nothing")
    func schedule() {
        let schedule = WarmUpSchedule(steps: 10, then: CosineSchedule(steps: 100))
        #expect(schedule.factor(at: 0) < 0.2)
        #expect(schedule.factor(at: 10) > 0.99)
        #expect(schedule.factor(at: 110) < 0.01)
    }
}

struct DataTests {
    @Test("What is written as safetensors, NumPy and IDX comes back")
    func formats() throws {
        let folder = try TemporaryFolder()
        let values = Buffer([Float]([1.5, -2, 0.25, 8]), shape: [2, 2])
        try SafetensorsFile.write([(name: "w", buffer: values)], to: folder.path("w.safetensors"))
        #expect(try SafetensorsFile(folder.path("w.safetensors")).tensor("w").doubles == values.doubles)
        try NumPy.write(values, to: folder.path("w.npy"))
        #expect(try NumPy.load(folder.path("w.npy")).doubles == values.doubles)
        let bytes = Buffer([UInt8]([0, 7, 255]))
        try IDX.write(bytes, to: folder.path("b.gz"))
        #expect(try IDX.load(folder.path("b.gz")).doubles == [0, 7, 255])
    }

    @Test("A picture survives PNG")
    func pictures() throws {
        let picture = Buffer((0..<48).map { UInt8($0 * 5) }, shape: [4, 4, 3])
        #expect(try ImageFile.decode(ImageFile.png(picture), file: "a.png").doubles == picture.doubles)
    }

    @Test("Rows that cannot be used are counted and say where they were")
    func dropReport() throws {
        let folder = try TemporaryFolder()
        try Data("size,kind\n1.5,cat\nlarge,dog\n2.5,dog\n".utf8).write(to: URL(filePath: folder.path("t.csv")))
        let table = try Table(contentsOf: folder.path("t.csv"))
        let numbers = try table.numbers(features: ["size"], target: "kind")
        #expect(numbers.dataset.count == 2)
        #expect(numbers.report.dropped == 1)
        #expect(numbers.report.description.contains("line 3"))
    }

    @Test("An epoch has every row once, in an order of its own that the seed decides")
    func shuffling() {
        let sampler = Sampler(count: 100, order: .shuffled)
        let first = sampler.rows(seed: 1, epoch: 0)
        #expect(first.sorted() == Array(0..<100))
        #expect(first == sampler.rows(seed: 1, epoch: 0))
        #expect(first != sampler.rows(seed: 1, epoch: 1))
    }

    @Test("A split parts rows without loss or overlap, each class alike")
    func split() {
        let labels = (0..<100).map { Int32($0 % 2) }
        let split = Split(stratifying: labels, .init(train: 0.8, validation: 0.1, test: 0.1), seed: 1)
        #expect((split.train + split.validation + split.test).sorted() == Array(0..<100))
        #expect(split.test.count { labels[$0] == 0 } == 5)
    }
}

struct TrainingTests {
    /// Points inside and outside a circle, and a network that learns which is which.
    struct Circle {
        let data: ArrayDataset
        let network: Sequential

        init(seed: UInt64 = 1) {
            var random = KeyedRandom(seed: 1, stream: .shuffle)
            let points = (0..<512).map { _ in [Float(random.uniform(-1, 1)), Float(random.uniform(-1, 1))] }
            let inside = points.map { Int32($0[0] * $0[0] + $0[1] * $0[1] < 0.6 ? 1 : 0) }
            let inputs = Buffer(points.flatMap { $0 }, shape: [512, 2])
            data = ArrayDataset(Samples(inputs: [inputs], targets: [Buffer(inside)]))
            var source = ParameterSource(seed: seed)
            network = Sequential {
                Linear(2, 16, from: &source)
                Activation.tanh
                Linear(16, 2, from: &source)
            }
        }

        func train(epochs: Int, checkpoints: String? = nil, resume: Resume = .never) throws -> [MetricValue] {
            var config = Trainer.Config()
            config.epochs = epochs
            config.checkpoints = checkpoints.map { Trainer.Checkpoints(folder: $0) }
            let adam = ParameterGroup(optimizer: Adam(learningRate: 0.01))
            let trainer = try Trainer(network, config, groups: [adam], on: CPUBackend()) { network, batch in
                let logits = network(batch.input)
                let isRight = logits.argmax(along: -1).isEqual(to: batch.target)
                return Objective(
                    loss: Loss.crossEntropy(logits, classes: batch.target),
                    measures: ["accuracy": isRight.cast(to: .float32).mean()])
            }
            return try trainer.fit(Pipeline(data), resume: resume).training
        }

        var weights: [Double] { network.parameters.flatMap { $0.parameter.buffer.doubles } }
    }

    @Test("A network learns")
    func learning() throws {
        let values = try Circle().train(epochs: 30)
        let accuracy = try #require(values.first { $0.name == "accuracy" })
        #expect(accuracy.value > 0.93)
    }

    @Test("The same seed gives the same weights, bit for bit")
    func reproducible() throws {
        let (one, other) = (Circle(), Circle())
        _ = try one.train(epochs: 2)
        _ = try other.train(epochs: 2)
        #expect(one.weights == other.weights)
    }

    @Test("A run that is resumed ends where one ends that never stopped")
    func resuming() throws {
        let folder = try TemporaryFolder()
        let (whole, halves) = (Circle(), Circle())
        _ = try whole.train(epochs: 4)
        _ = try halves.train(epochs: 2, checkpoints: folder.path("run"))
        let again = Circle(seed: 9)
        _ = try again.train(epochs: 4, checkpoints: folder.path("run"), resume: .automatic)
        #expect(again.weights == whole.weights)
    }

    @Test("A parameter that the loss does not depend on is an error that names it")
    func unreachedParameter() throws {
        struct Forgetful: Module {
            let used: Linear
            let forgotten: Linear
        }
        var source = ParameterSource(seed: 1)
        let model = Forgetful(used: Linear(2, 2, from: &source), forgotten: Linear(2, 2, from: &source))
        let groups = [ParameterGroup(optimizer: Adam())]
        let trainer = try Trainer(model, groups: groups, on: CPUBackend()) { model, batch in
            Objective(loss: Loss.crossEntropy(model.used(batch.input), classes: batch.target))
        }
        let error = #expect(throws: (any Error).self) { _ = try trainer.fit(Pipeline(Circle().data)) }
        #expect("\(try #require(error))".contains("forgotten.weight"))
    }
}

/// A folder that is removed with everything in it.
final class TemporaryFolder {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "wright-tiny-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    // Why: a folder that cannot be removed is the system's to clean up, not the test's to fail on.
    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }
}
