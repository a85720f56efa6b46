// A small GPT (Radford et al., 2019) that learns a text character by character and then goes on writing.
//
//   swift run -c release --package-path Examples TextGPT FILE [PROMPT]
import Wright

guard CommandLine.arguments.count > 1 else { fatalError("TextGPT FILE [PROMPT]: FILE is plain text to learn from") }
let lines = try TextRows(contentsOf: CommandLine.arguments[1]).texts.map { $0[0] + "\n" }
let prompt = CommandLine.arguments.dropFirst(2).first ?? "\n"

var trainer = TokenizerTrainer(like: try Tokenizer.untrained(.character))
for line in lines { try trainer.add(line) }
let tokenizer = try trainer.finish()

// The last tenth validates.
let numbers = try lines.flatMap { try tokenizer.encode($0).ids }
let training = Array(numbers.prefix(numbers.count * 9 / 10))
let validation = Array(numbers.dropFirst(training.count))

var source = ParameterSource(seed: 1)
let context = 128
let model = GPT(
    .init(vocabulary: tokenizer.rows, places: context, layers: 4, dimension: 128, heads: 4), from: &source)

var config = Trainer.Config()
config.epochs = nil
config.steps = 2000
config.validationInterval = .steps(500)
config.clipping = .norm(1)
var batches = Pipeline.Config()
batches.batchSize = 16
batches.dropsLast = true
let fitting = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: AdamW(learningRate: 2e-3))],
    schedule: WarmUpSchedule(steps: 100, then: CosineSchedule(steps: 1900)), on: CPUBackend()
) { model, batch in Objective(loss: Loss.crossEntropy(model(batch.input), classes: batch.target)) }
_ = try fitting.fit(
    Pipeline(TokenWindows(training, length: context, stride: context / 4), batches),
    validation: Pipeline(TokenWindows(validation, length: context), batches), callbacks: [ProgressReport()])

var sampling = TokenSampler.Config()
sampling.temperature = 0.8
let written = try Generator(model, on: CPUBackend())
    .generate([try tokenizer.encode(prompt).ids], maximum: 500, sampling: sampling)
print(prompt + (try tokenizer.decode(written[0].tokens)))
