import Wright

// A network that sorts photographs of clothes, from data to accuracy.
let folder = "/usr/share/datasets/fashion-mnist"
let training = Pipeline(try ArrayDataset.idx(folder: folder, part: "train"))
let test = Pipeline(try ArrayDataset.idx(folder: folder, part: "t10k"))

var source = ParameterSource(seed: 1)
let network = Sequential {
    Flatten()
    Linear(784, 128, from: &source)
    Activation.relu
    Linear(128, 10, from: &source)
}
let objective: @Sendable (Sequential, BatchTensors) -> Objective = { network, batch in
    let logits = network(batch.input.cast(to: .float32) / 255)
    return Objective(loss: Loss.crossEntropy(logits, classes: batch.target), predictions: logits.softmax())
}
let trainer = try Trainer(
    network, groups: [ParameterGroup(optimizer: Adam())], on: CPUBackend(), objective: objective)
_ = try trainer.fit(training, callbacks: [ProgressReport()])
let result = try Evaluator(network, on: CPUBackend(), objective: objective)
    .evaluate(test, metrics: [ConfusionMatrix(classes: 10)])
print("accuracy", result["accuracy"] ?? .nan)
