// ResNet-18 (He et al., 2016) with the 3×3 stem, SGD with momentum, a cosine schedule and augmentation, on a folder with
// one folder of images for each class. Checkpoints let a stopped run go on where it was.
//
//   swift run -c release --package-path Examples ResNet18 FOLDER CHECKPOINTS
import Foundation
import Wright

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2 else {
    print("usage: ResNet18 FOLDER CHECKPOINTS")
    exit(2)
}
var size = ImageFolder.Config()
(size.height, size.width) = (32, 32)
let images = try ImageFolder(arguments[0]).load(size, workers: 2)
print(images.report)

var batches = Pipeline.Config()
batches.batchSize = 64
batches.augmentation = Augmentation()
batches.augmentation?.flipHorizontally = 0.5
batches.augmentation?.cropPadding = 4
let pipeline = Pipeline(images.dataset, batches)

var settings = ResNet.Config.resnet18()
settings.classes = images.labels?.count ?? 1
var source = ParameterSource(seed: 1)
let model = ResNet(settings, from: &source)
let normalisation = try Normalisation(measuring: images.dataset)

var config = Trainer.Config()
config.epochs = 10
config.checkpoints = Trainer.Checkpoints(folder: arguments[1])
let trainer = try Trainer(
    model, config,
    groups: [ParameterGroup(optimizer: SGD(learningRate: 0.05, momentum: 0.9, weightDecay: .l2(5e-4)))],
    schedule: CosineSchedule(steps: 10 * pipeline.batchesPerEpoch), on: CPUBackend()
) { model, batch in
    let pixels = batch.input.cast(to: .float32) / 255
    let logits = model((pixels - Tensor(normalisation.means)) / Tensor(normalisation.deviations))
    let isRight = logits.argmax(along: -1).isEqual(to: batch.target)
    return Objective(
        loss: Loss.crossEntropy(logits, classes: batch.target, labelSmoothing: 0.1),
        measures: ["accuracy": isRight.cast(to: .float32).mean()])
}
let result = try trainer.fit(
    pipeline, callbacks: [ProgressReport()], resume: .automatic, interruption: .onSignals())
for value in result.training { print("training", value.name, value.value) }
