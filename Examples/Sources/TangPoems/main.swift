// A Llama-style Transformer (Touvron et al., 2023) that learns Chinese poems, one character a token, and finishes a line.
//
//   swift run -c release --package-path Examples TangPoems POEMS.jsonl [FIRST WORDS]
//
// Each line of POEMS.jsonl is an object with the poem in "text".
import Wright

guard CommandLine.arguments.count > 1 else { fatalError("TangPoems POEMS.jsonl [FIRST WORDS]") }
let poems = try TextRows(contentsOf: CommandLine.arguments[1], columns: ["text"]).texts.map { $0[0] + "\n" }
let beginning = CommandLine.arguments.dropFirst(2).first ?? "春"

// The last tenth of the poems validates; characters that only it has are unknown.
let kept = poems.count * 9 / 10
var reading = TokenizerTrainer.Config()
reading.specialTokens = TokenizerKind.character.specialTokens
var trainer = TokenizerTrainer(like: try Tokenizer.untrained(.character), reading)
for poem in poems[..<kept] { try trainer.add(poem) }
let tokenizer = try trainer.finish()

func windows(_ poems: ArraySlice<String>, stride: Int) throws -> TokenWindows {
    TokenWindows(try poems.flatMap { try tokenizer.encode($0).ids }, length: 64, stride: stride)
}

var source = ParameterSource(seed: 1)
var settings = GPT.Config.llama(
    vocabulary: tokenizer.rows, layers: 4, dimension: 192, heads: 6, keyHeads: 2, hidden: 512, places: 128)
settings.isTied = true
let model = GPT(settings, from: &source)

var config = Trainer.Config()
config.epochs = 3
config.clipping = .norm(1)
var batches = Pipeline.Config()
batches.batchSize = 32
batches.dropsLast = true
let training = Pipeline(try windows(poems[..<kept], stride: 32), batches)
let fitting = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: AdamW(learningRate: 2e-3))],
    schedule: WarmUpSchedule(steps: 100, then: CosineSchedule(steps: max(1, 3 * training.batchesPerEpoch - 100))),
    on: CPUBackend()
) { model, batch in Objective(loss: Loss.crossEntropy(model(batch.input), classes: batch.target)) }
_ = try fitting.fit(
    training, validation: Pipeline(try windows(poems[kept...], stride: 64), batches), callbacks: [ProgressReport()])

var sampling = TokenSampler.Config()
sampling.topP = 0.9
let end = try tokenizer.encode("\n").ids
let written = try Generator(model, on: CPUBackend())
    .generate([try tokenizer.encode(beginning).ids], maximum: 100, sampling: sampling, ending: Set(end))
print(beginning + (try tokenizer.decode(written[0].tokens)))
