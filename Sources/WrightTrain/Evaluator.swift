public import WrightData
public import WrightGraph
public import WrightNN
public import WrightRuntime

/// Runs a model over a data set without training behaviour, batch by batch, and measures what it says.
///
/// Memory does not grow with the data: metrics stream, and of the mistakes only the worst are kept.
public struct Evaluator: Sendable {
    private let objective: @Sendable (BatchTensors) throws -> Objective
    /// With predictions, and the loss and measures alone.
    private let full: BatchFunction
    private let brief: BatchFunction

    /// `objective` runs the model on a batch.
    public init<Model: Module>(
        _ model: Model, precision: CompileOptions.Precision = .float32, on backend: any Backend,
        objective: @escaping @Sendable (Model, BatchTensors) throws -> Objective
    ) {
        let options = CompileOptions(precision: precision)
        self.objective = { try objective(model, $0) }
        full = BatchFunction(on: backend, options) { batch, _ in
            let objective = try objective(model, batch)
            return Trace(objective.values + (objective.predictions.map { [$0.cast(to: .float32)] } ?? []))
        }
        brief = BatchFunction(on: backend, options) { batch, _ in Trace(try objective(model, batch).values) }
    }

    /// Measures `data`, each row once, in order and without augmentation.
    ///
    /// `mistakes` is how many of the worst to keep; `observing` is given each batch and what the model said of it, to
    /// write predictions to a file.
    ///
    /// - Throws: ``TrainingError/configuration(_:)`` when metrics are asked for and the objective gives no predictions;
    ///   ``TrainingError/interrupted(step:checkpoint:)``; ``MetricError``; what reading data or running the graph throws.
    public func evaluate(
        _ data: Pipeline, metrics: [any Metric] = [], mistakes: Int = 0, interruption: Interruption = Interruption(),
        observing: ((_ batch: Batch, _ predictions: Buffer) throws -> Void)? = nil
    ) throws -> Evaluation {
        let start = SystemCalls.monotonicTime
        var worst = WorstMistakes(capacity: mistakes)
        let wantsPredictions = !metrics.isEmpty || mistakes > 0 || observing != nil
        let measured = try measure(data, metrics, wantsPredictions: wantsPredictions, interruption) {
            batch, predictions in
            if mistakes > 0 { worst.add(batch, predictions) }
            try observing?(batch, predictions)
        }
        guard let measured else { throw TrainingError.interrupted(step: 0, checkpoint: nil) }
        let confusion = measured.metrics.lazy.compactMap { $0 as? ConfusionMatrix }.first
        return Evaluation(
            examples: data.dataset.count, seconds: SystemCalls.monotonicTime - start, values: measured.values,
            confusion: confusion, mistakes: worst.sorted)
    }

    /// The loss, the measures and the metrics' values; nil when interrupted.
    func values(
        _ data: Pipeline, metrics: [any Metric], until interruption: Interruption
    ) throws -> [MetricValue]? {
        try measure(data, metrics, wantsPredictions: !metrics.isEmpty, interruption) { _, _ in }?.values
    }

    private func measure(
        _ data: Pipeline, _ metrics: [any Metric], wantsPredictions: Bool, _ interruption: Interruption,
        _ body: (Batch, Buffer) throws -> Void
    ) throws -> (values: [MetricValue], metrics: [any Metric])? {
        var metrics = metrics
        var runner = BatchRunner(wantsPredictions ? full : brief)
        let pipeline = data.inOrder
        let stream = try pipeline.stream(epochs: 1)
        defer { stream.cancel() }
        var names: [String] = []
        var means = RunningMeans(count: 0)
        while let batch = try stream.next() {
            if interruption.isRequested { return nil }
            if names.isEmpty {
                names = try objective(batch.samples.tensors).names
                means = RunningMeans(count: names.count)
            }
            let outputs = try runner.run(batch.samples)
            let weight = Double(batch.count)
            means.add(outputs[..<names.count].map { $0.scalar * weight }, weight: weight)
            guard wantsPredictions else { continue }
            guard outputs.count > names.count else {
                throw TrainingError.configuration([Message(.noPredictions)])
            }
            if !metrics.isEmpty {
                let predictions = Predictions(outputs: outputs[names.count], targets: batch.targets[0])
                for index in metrics.indices { try metrics[index].add(predictions) }
            }
            try body(batch, outputs[names.count])
        }
        return (metrics.values(after: means.values(named: names)), metrics)
    }
}

extension Pipeline {
    /// The same batches with each row once, in order and as it is.
    fileprivate var inOrder: Pipeline {
        var config = config
        (config.order, config.dropsLast, config.augmentation) = (.sequential, false, nil)
        return Pipeline(dataset, config)
    }
}

extension [any Metric] {
    /// The values of measures and then those of these metrics, which take the place of measures of their names.
    func values(after measures: [MetricValue]) -> [MetricValue] {
        let values = flatMap(\.values)
        let names = Set(values.map(\.name))
        return measures.filter { !names.contains($0.name) } + values
    }
}
