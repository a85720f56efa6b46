import WrightGraph

/// Metrics of classes over the steps of sequences: outputs are float32 `[n, steps, classes]` or as many numbers, targets
/// int32 `[n, steps]`, where −1 stands for a step that is not there and is left out.
public struct StepScores: Metric {
    private let classes: Int
    private(set) var metrics: [any Metric]

    /// `metrics` read probabilities `[n, classes]` and class numbers `[n]`.
    public init(_ metrics: [any Metric], classes: Int) {
        self.metrics = metrics
        self.classes = classes
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) {
        let (steps, rows) = try steps(of: batch)
        guard !rows.isEmpty else { return }
        for index in metrics.indices { try metrics[index].add(steps) }
    }

    /// The steps that are there, one after the other, and the example of each.
    func steps(of batch: Predictions) throws(MetricError) -> (steps: Predictions, rows: [Int]) {
        guard batch.targets.dtype == .int32, batch.outputs.count == batch.targets.count * classes else {
            throw .targets(
                metric: "step scores", expected: "int32, one for each \(classes) outputs of \(batch.outputs.type)",
                received: batch.targets.type)
        }
        let outputs = batch.outputs.array(of: Float.self)
        var (chosen, labels, rows) = ([Float](), [Int32](), [Int]())
        let width = batch.targets.count / max(batch.count, 1)
        for (step, label) in batch.targets.array(of: Int32.self).enumerated() where label >= 0 {
            chosen += outputs[(step * classes)..<((step + 1) * classes)]
            labels.append(label)
            rows.append(step / width)
        }
        return (Predictions(outputs: Buffer(chosen, shape: [labels.count, classes]), targets: Buffer(labels)), rows)
    }

    public mutating func merge(_ other: Self) throws(MetricError) {
        for index in metrics.indices { metrics[index] = try Self.merged(metrics[index], other.metrics[index]) }
    }

    private static func merged<Kind: Metric>(_ one: Kind, _ other: any Metric) throws(MetricError) -> any Metric {
        guard let other = other as? Kind else {
            throw .merge(metric: "step scores", reason: "they measure different things")
        }
        var one = one
        try one.merge(other)
        return one
    }

    public var values: [MetricValue] { metrics.flatMap(\.values) }
}
