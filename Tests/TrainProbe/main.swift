// Trains a small network in a process of its own, so that tests can kill, interrupt and starve it.
//
//     wright-train-probe FOLDER [pause=MILLISECONDS] [starve=STEP]
//
// It always resumes. At the end it prints the bits of the weights and the table of epochs without their times; `starve`
// forbids files of more than a few bytes from that step on, which looks like a full disk.
import Foundation
import Wright

/// Slows steps down, so that there is time to kill, and takes the disk away.
final class Meddler: Callback {
    let pause: Double
    let starvingStep: Int?

    init(pause: Double, starvingStep: Int?) {
        self.pause = pause
        self.starvingStep = starvingStep
    }

    func stepEnded(_ step: borrowing StepReport) -> Directive {
        if step.step == 1 { print("training", terminator: "\n") }
        fflush(nil)
        Thread.sleep(forTimeInterval: pause)
        if step.step == starvingStep {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        }
        return .proceed
    }
}

let folder = CommandLine.arguments[1]
var options: [String: Double] = [:]
for argument in CommandLine.arguments.dropFirst(2) {
    let parts = argument.split(separator: "=")
    options[String(parts[0])] = Double(parts[1])
}

struct Network: Module {
    let layers: Sequential
}

var source = ParameterSource(seed: 1)
let network = Network(
    layers: Sequential {
        Linear(12, 24, from: &source)
        BatchNorm(BatchNorm.Config(channels: 24), from: &source)
        Activation.relu
        Dropout(0.3)
        Linear(24, 3, from: &source)
    })

func pipeline(_ count: Int, seed: UInt64) -> Pipeline {
    var random = KeyedRandom(seed: seed, stream: .shuffle)
    let labels = (0..<count).map { _ in Int32(random.uniform() * 3) }
    var pixels: [UInt8] = []
    for label in labels {
        for place in 0..<12 {
            let height = (place + Int(label) * 4) % 12 * 12
            pixels.append(UInt8(height) + UInt8(random.uniform() * 90))
        }
    }
    var config = Pipeline.Config()
    (config.batchSize, config.seed) = (16, 5)
    return Pipeline(ArrayDataset(images: Buffer(pixels, shape: [count, 12]), labels: Buffer(labels)), config)
}

do {
    var config = Trainer.Config()
    (config.epochs, config.patience, config.restoresBest) = (6, 4, false)
    config.clipping = .norm(1)
    config.accumulation = 2
    config.checkpoints = Trainer.Checkpoints(folder: folder + "/checkpoints", interval: .steps(2))
    let normalisation = Normalisation(means: [0.4], deviations: [0.2])
    let trainer = try Trainer(
        network, config,
        groups: ParameterGroup.separating(
            weights: AdamW(learningRate: 0.01), rest: AdamW(learningRate: 0.01, weightDecay: 0)),
        schedule: CosineSchedule(steps: 60), on: CPUBackend(threads: 1)
    ) { network, batch in
        let logits = network.layers(normalisation(batch.input))
        return Objective(
            loss: Loss.crossEntropy(logits, classes: batch.target),
            measures: ["accuracy": logits.argmax(along: 1).isEqual(to: batch.target).cast(to: .float32).mean()],
            predictions: logits.softmax(along: 1))
    }
    let starvingStep = options["starve"].map { Int($0) }
    var callbacks: [any Callback] = [
        Meddler(pause: (options["pause"] ?? 0) / 1000, starvingStep: starvingStep),
        HistoryCSV(path: folder + "/history.csv"),
    ]
    if starvingStep == nil {
        callbacks += [
            JSONLog(path: folder + "/log.jsonl", stepInterval: 5),
            TensorBoard(folder: folder + "/events", stepInterval: 5),
        ]
    }
    let result = try trainer.fit(
        pipeline(150, seed: 1), validation: pipeline(64, seed: 2), metrics: [ConfusionMatrix(classes: 3)],
        callbacks: callbacks, resume: .automatic, interruption: .onSignals())
    print("steps", result.step)
    for (path, parameter) in network.parameters {
        print(path, parameter.buffer.array(of: Float.self).map(\.bitPattern))
    }
    for (path, state) in network.states { print(path, state.variable.buffer.doubles) }
    for line in try String(contentsOfFile: folder + "/history.csv", encoding: .utf8).split(separator: "\n") {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        print((cells[..<2] + cells[3...]).joined(separator: ","))
    }
} catch TrainingError.interrupted(let step, let checkpoint) {
    FileHandle.standardError.write(Data("\(TrainingError.interrupted(step: step, checkpoint: checkpoint))\n".utf8))
    exit(130)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
