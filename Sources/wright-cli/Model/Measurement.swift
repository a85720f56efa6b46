import Wright
import WrightTasks

/// What a saved model is worth on a part of a data set.
struct Measurement {
    var evaluation: Evaluation
    /// How well its probabilities are meant, for the reliability diagram.
    var calibration: ProbabilityScores
    var threads: Int
    var precision: CompileOptions.Precision

    init(
        of model: SavedModel, on part: DataSource.Part, source: DataSource, batchSize: Int, compute: ComputeOptions,
        mistakes: Int
    ) throws {
        guard part.data.count > 0 else { throw Failure.data(Message(.nothingToRead, source.description)) }
        if let problem = model.input.problem(with: part.data.inputTypes[0]) {
            throw Failure.data(Message(.unfitInput, source.description, problem))
        }
        let classes = model.labels.count
        if let foreign = part.classes.first(where: { $0 < 0 || $0 >= classes }) {
            throw Failure.data(Message(.foreignClass, source.description, Int(foreign), classes - 1))
        }
        var config = Pipeline.Config()
        config.batchSize = min(batchSize, part.data.count)
        config.order = .sequential
        var metrics: [any Metric] = [ConfusionMatrix(classes: classes)]
        if classes > 3 { metrics.append(TopKAccuracy(k: 3, classes: classes)) }
        metrics.append(ProbabilityScores(classes: classes))
        let backend = CPUBackend(threads: compute.threads)
        let evaluator = Evaluator(
            model.classifier, precision: compute.precision, on: backend
        ) { classifier, batch in classifier.objective(batch) }
        var calibration = ProbabilityScores(classes: classes)
        evaluation = try evaluator.evaluate(
            Pipeline(part.data, config), metrics: metrics, mistakes: mistakes, interruption: .onSignals()
        ) { batch, predictions in
            try calibration.add(Predictions(outputs: predictions, targets: batch.targets[0]))
        }
        self.calibration = calibration
        threads = backend.threads
        precision = compute.precision
    }

    /// The numbers that answer "how good is it", for a terminal.
    static func table(_ evaluation: Evaluation, labels: LabelNames) -> String {
        // English lists say what programs call a metric.
        func name(_ metric: String) -> String { say(metric, Phrase.metric(metric).chinese) }
        var rows: [[String]] = []
        if let confusion = evaluation.confusion {
            let hits = (0..<confusion.classes).reduce(0) { $0 + confusion[$1, $1] }
            rows.append(
                [
                    Language.spoken(.metric("accuracy")), confusion.accuracy.fixed(4),
                    say(
                        "\(hits.grouped) of \(confusion.total.grouped) right",
                        "\(confusion.total.grouped) 个中答对 \(hits.grouped) 个"),
                ])
        }
        for value in evaluation.values
        where value.name != "accuracy" && !rows.contains(where: { $0[0] == name(value.name) }) {
            rows.append([name(value.name), value.value.fixed(4)])
        }
        rows.append([say("time", "用时"), evaluation.seconds.clock])
        guard let confusion = evaluation.confusion else { return Output.table(rows) }
        var classes = [
            [say("class", "类别"), say("examples", "样本数"), say("precision", "精确率"), say("recall", "召回率"), "f1"]
        ]
        for index in 0..<min(confusion.classes, 40) {
            classes.append([
                labels[index], confusion.support[index].grouped, confusion.precision[index].fixed(3),
                confusion.recall[index].fixed(3), confusion.f1[index].fixed(3),
            ])
        }
        let rest =
            confusion.classes > 40
            ? say(
                "\n… and \(confusion.classes - 40) more; --json has all",
                "\n……另有 \(confusion.classes - 40) 个类别；--json 给出全部") : ""
        return Output.table(rows) + "\n\n" + Output.table(classes, rightAligned: [1, 2, 3, 4]) + rest
    }
}

extension DataSource.Part {
    /// One part behind the other.
    init(joining first: DataSource.Part, _ second: DataSource.Part) {
        let names = first.names.flatMap { one in second.names.map { one + $0 } }
        self.init(
            JoinedDataset(first: first.data, second: second.data), classes: first.classes + second.classes, names: names
        )
    }
}

/// The rows of one data set and then those of another.
private struct JoinedDataset: Dataset {
    let first: any Dataset
    let second: any Dataset

    var count: Int { first.count + second.count }
    var inputTypes: [TensorType] { first.inputTypes }
    var targetTypes: [TensorType] { first.targetTypes }

    func samples(_ rows: [Int]) throws -> Samples {
        let parts = try rows.map { row in
            try row < first.count ? first.samples([row]) : second.samples([row - first.count])
        }
        func joined(_ part: (Samples) -> [Buffer], _ types: [TensorType]) -> [Buffer] {
            types.indices.map { index in
                let result = Buffer(zeros: TensorType([rows.count] + types[index].shape, types[index].dtype))
                for (row, samples) in parts.enumerated() {
                    let buffer = part(samples)[index]
                    let size = buffer.type.byteCount
                    (result.pointer + row * size).copyMemory(from: buffer.pointer, byteCount: size)
                }
                return result
            }
        }
        return Samples(inputs: joined(\.inputs, inputTypes), targets: joined(\.targets, targetTypes))
    }
}
