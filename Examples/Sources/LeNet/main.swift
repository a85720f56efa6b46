// A convolution network after LeNet-5 (LeCun et al., 1998) on Fashion-MNIST: two convolutions, three linear layers.
//
//   swift run -c release --package-path Examples LeNet [FOLDER OF IDX FILES]
import Wright

struct LeNet: Layer {
    let layers: Sequential

    init(seed: UInt64) {
        var source = ParameterSource(seed: seed)
        layers = Sequential {
            Convolution(.init(inputs: 1, outputs: 6, kernel: [5, 5], padding: 2), from: &source)
            Activation.relu
            MaxPool([2, 2])
            Convolution(.init(inputs: 6, outputs: 16, kernel: [5, 5]), from: &source)
            Activation.relu
            MaxPool([2, 2])
            Flatten()
            Linear(400, 120, from: &source)
            Activation.relu
            Linear(120, 84, from: &source)
            Activation.relu
            Linear(84, 10, from: &source)
        }
    }

    /// Images uint8 `[batch, 28, 28, 1]` to ten logits each.
    func callAsFunction(_ images: Tensor) -> Tensor { layers(images.cast(to: .float32) / 255) }
}

let folder = CommandLine.arguments.dropFirst().first ?? "/usr/share/datasets/fashion-mnist"
let training = try ArrayDataset.idx(folder: folder, part: "train")
let test = try ArrayDataset.idx(folder: folder, part: "t10k")

let objective: @Sendable (LeNet, BatchTensors) -> Objective = { model, batch in
    let logits = model(batch.input)
    return Objective(loss: Loss.crossEntropy(logits, classes: batch.target), predictions: logits.softmax())
}
let model = LeNet(seed: 1)
var config = Trainer.Config()
config.epochs = 3
let trainer = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: Adam())], on: CPUBackend(), objective: objective)
_ = try trainer.fit(Pipeline(training), callbacks: [ProgressReport()])

let evaluation = try Evaluator(model, on: CPUBackend(), objective: objective)
    .evaluate(Pipeline(test), metrics: [ConfusionMatrix(classes: 10)])
for value in evaluation.values { print(value.name, value.value) }
