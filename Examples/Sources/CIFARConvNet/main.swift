// Three convolutions and two linear layers on small colour photographs: a folder with one folder of images for each class.
//
//   swift run -c release --package-path Examples CIFARConvNet FOLDER
import Foundation
import Wright

guard let path = CommandLine.arguments.dropFirst().first else {
    print("usage: CIFARConvNet FOLDER, with one folder of 32×32 images for each class")
    exit(2)
}
var size = ImageFolder.Config()
(size.height, size.width) = (32, 32)
let images = try ImageFolder(path).load(size, workers: 2)
print(images.report)
guard let labels = images.labels else { fatalError("\(path) has no folder for each class") }
let split = Split(stratifying: images.dataset.labels, .init(train: 0.9, validation: 0.1, test: 0), seed: 1)

var batches = Pipeline.Config()
batches.batchSize = 64
var augmented = batches
augmented.augmentation = Augmentation()
augmented.augmentation?.flipHorizontally = 0.5
augmented.augmentation?.cropPadding = 2

var settings = ConvNet.Config.cifar()
settings.classes = labels.count
var source = ParameterSource(seed: 1)
let model = ConvNet(settings, from: &source)
var config = Trainer.Config()
config.epochs = 8
let groups = [ParameterGroup(optimizer: Adam())]
let trainer = try Trainer(model, config, groups: groups, on: CPUBackend()) { model, batch in
    let logits = model(batch.input.cast(to: .float32) / 127.5 - 1)
    let isRight = logits.argmax(along: -1).isEqual(to: batch.target)
    return Objective(
        loss: Loss.crossEntropy(logits, classes: batch.target),
        measures: ["accuracy": isRight.cast(to: .float32).mean()])
}
let result = try trainer.fit(
    Pipeline(images.dataset.subset(split.train), augmented),
    validation: Pipeline(images.dataset.subset(split.validation), batches), callbacks: [ProgressReport()])
for value in result.validation { print("validation", value.name, value.value) }
