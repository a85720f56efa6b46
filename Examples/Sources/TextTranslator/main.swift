// An encoder–decoder Transformer (Vaswani et al., 2017) that learns to translate from two files of lines.
//
//   swift run -c release --package-path Examples TextTranslator SOURCE.txt TARGET.txt 'a text to translate' …
import Wright

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count > 2 else { fatalError("TextTranslator SOURCE.txt TARGET.txt TEXT …") }
let pairs = try TextPairs(source: arguments[1], target: arguments[2])

// One vocabulary for both languages, of pieces of words. Numbers 0, 1 and 2 are padding, start and end.
var settings = TokenizerTrainer.Config()
settings.vocabularySize = 6000
settings.specialTokens = ["<pad>", "<s>", "</s>"]
settings.initialAlphabet = TokenizerKind.byteLevelBPE.initialAlphabet
var trainer = TokenizerTrainer(like: try Tokenizer.untrained(.byteLevelBPE), settings)
for text in pairs.sources + pairs.targets { try trainer.add(text) }
let tokenizer = try trainer.finish()
func tokens(_ texts: [String]) throws -> [[Int32]] { try texts.map { Array(try tokenizer.encode($0).ids.prefix(127)) } }

let data = SequencePairs(
    TokenSequences(try tokens(pairs.sources)), TokenSequences(try tokens(pairs.targets)),
    widths: PaddedWidths(maximum: 128), padding: 0, start: 1, end: 2)
var source = ParameterSource(seed: 1)
var shape = Translator.Config()
shape.vocabulary = tokenizer.rows
shape.dropout = 0.2
let model = Translator(shape, from: &source)

var batches = Pipeline.Config()
batches.batchSize = 64
batches.order = .similarLengths(data.lengths, batchSize: 64)
let training = Pipeline(data, batches)
var config = Trainer.Config()
config.epochs = 8
config.clipping = .norm(1)
let fitting = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: Adam(learningRate: 1.5e-3))],
    schedule: WarmUpSchedule(steps: 400, then: CosineSchedule(steps: max(1, 8 * training.batchesPerEpoch - 400))),
    on: CPUBackend()
) { model, batch in
    Objective(
        loss: Loss.crossEntropy(
            model(batch.inputs[0], batch.inputs[1]), classes: batch.target, labelSmoothing: 0.1, ignoring: 0))
}
_ = try fitting.fit(training, callbacks: [ProgressReport()])

let search = TranslationSearch(model, marks: .init(start: 1, end: 2), on: CPUBackend())
for (text, found) in zip(arguments.dropFirst(2), try search.translate(try tokens(Array(arguments.dropFirst(2))))) {
    print(text, "→", try tokenizer.decode(found.tokens))
}
