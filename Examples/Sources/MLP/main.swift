// Two hidden layers with dropout, 784–512–256–10, on Fashion-MNIST, with a validation part and early stopping.
//
//   swift run -c release --package-path Examples MLP [FOLDER OF IDX FILES]
import Wright

struct Network: Layer {
    let layers: Sequential

    init(from source: inout ParameterSource) {
        layers = Sequential {
            Flatten()
            Linear(784, 512, from: &source)
            Activation.relu
            Linear(512, 256, from: &source)
            Activation.relu
            Dropout(0.5)
            Linear(256, 10, from: &source)
        }
    }

    func callAsFunction(_ images: Tensor) -> Tensor { layers(images.cast(to: .float32) / 255) }
}

let folder = CommandLine.arguments.dropFirst().first ?? "/usr/share/datasets/fashion-mnist"
let data = try ArrayDataset.idx(folder: folder, part: "train")
let split = Split(stratifying: data.labels, .init(train: 0.9, validation: 0.1, test: 0), seed: 1)
var batches = Pipeline.Config()
batches.batchSize = 64

var source = ParameterSource(seed: 1)
let model = Network(from: &source)
var config = Trainer.Config()
config.epochs = 5
config.patience = 2
let trainer = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: AdamW())], schedule: WarmUpSchedule(steps: 100), on: CPUBackend()
) { model, batch in
    let logits = model(batch.input)
    let isRight = logits.argmax(along: -1).isEqual(to: batch.target)
    return Objective(
        loss: Loss.crossEntropy(logits, classes: batch.target),
        measures: ["accuracy": isRight.cast(to: .float32).mean()])
}
let result = try trainer.fit(
    Pipeline(data.subset(split.train), batches), validation: Pipeline(data.subset(split.validation), batches),
    callbacks: [ProgressReport()])
for value in result.validation { print("validation", value.name, value.value) }
