// A bidirectional LSTM that tells good reviews from bad ones, from a table with a column of texts and one of labels.
//
//   swift run -c release --package-path Examples SentimentLSTM TRAIN.tsv TEST.tsv [LABEL COLUMN]
import Wright

guard CommandLine.arguments.count > 2 else { fatalError("SentimentLSTM TRAIN.tsv TEST.tsv [LABEL COLUMN]") }
let column = CommandLine.arguments.dropFirst(3).first ?? "label"
let training = try TextRows(contentsOf: CommandLine.arguments[1], label: column)
let test = try TextRows(contentsOf: CommandLine.arguments[2], columns: training.columns, label: column)
let labels = LabelNames(collecting: training.labels)

// Token 0 fills up short texts.
var settings = TokenizerTrainer.Config()
settings.specialTokens = ["<pad>", "<unk>"]
var trainer = TokenizerTrainer(like: try Tokenizer.untrained(.word), settings)
for text in training.texts { try trainer.add(text[0]) }
let tokenizer = try trainer.finish()

func examples(_ rows: TextRows) throws -> LabelledSequences {
    let known = rows.labels.indices.filter { labels.number(of: rows.labels[$0]) != nil }
    return LabelledSequences(
        TokenSequences(try known.map { try tokenizer.encode(rows.texts[$0][0]).ids }),
        labels: known.map { labels.number(of: rows.labels[$0])! }, widths: PaddedWidths(maximum: 200))
}

var source = ParameterSource(seed: 1)
let model = LSTMClassifier(
    .init(
        vocabulary: tokenizer.rows, embedding: 100, hidden: 100, isBidirectional: true, pooling: .maximum, dropout: 0.4,
        outputs: labels.count), from: &source)
let objective: @Sendable (LSTMClassifier, BatchTensors) -> Objective = { model, batch in
    let logits = model(batch.input)
    return Objective(loss: Loss.crossEntropy(logits, classes: batch.target), predictions: logits.softmax())
}
let data = try examples(training)
var batches = Pipeline.Config()
batches.batchSize = 50
batches.order = .similarLengths(data.sequences.lengths, batchSize: 50)
var config = Trainer.Config()
config.epochs = 5
let fitting = try Trainer(
    model, config, groups: [ParameterGroup(optimizer: Adam())], on: CPUBackend(), objective: objective)
_ = try fitting.fit(Pipeline(data, batches), callbacks: [ProgressReport()])
let evaluation = try Evaluator(model, on: CPUBackend(), objective: objective)
    .evaluate(Pipeline(try examples(test)), metrics: [ConfusionMatrix(classes: labels.count)])
for value in evaluation.values { print(value.name, value.value) }
