public import WrightGraph
public import WrightRuntime

/// Something measured over a data set, batch by batch, in memory that does not grow with it unless its type says so.
///
/// Definitions are scikit-learn's. Two halves of a data set measured apart and merged give what measuring it whole gives
/// (up to the rounding of sums).
public protocol Metric: Sendable {
    /// Takes in one batch.
    ///
    /// - Throws: ``MetricError`` if outputs and targets are not what this metric reads.
    mutating func add(_ batch: Predictions) throws(MetricError)
    /// Takes in what `other` measured.
    mutating func merge(_ other: Self) throws(MetricError)
    /// Whether memory grows with the examples, as of metrics that put all of them in order.
    var growsWithExamples: Bool { get }
    /// The results so far, by name; NaN where nothing can be said (no examples, one class only).
    var values: [MetricValue] { get }
}

extension Metric {
    public var growsWithExamples: Bool { false }
}

/// One number of a ``Metric``.
public struct MetricValue: Hashable, Sendable {
    public var name: String
    public var value: Double

    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// What a model said of some examples, and what is true.
public struct Predictions: Sendable {
    /// float32, examples first: class probabilities `[n, classes]`, the probability of class 1 `[n]` or `[n, 1]`, or
    /// numbers of any shape.
    public var outputs: Buffer
    /// Class numbers, int32 or int64 `[n]`; or numbers, float32 of as many elements as `outputs`.
    public var targets: Buffer

    public init(outputs: Buffer, targets: Buffer) {
        self.outputs = outputs
        self.targets = targets
    }

    public init(probabilities: [[Float]], labels: [Int]) {
        let classes = probabilities.first?.count ?? 0
        self.init(
            outputs: Buffer(probabilities.flatMap(\.self), shape: [probabilities.count, classes]),
            targets: Buffer(labels.map { Int32($0) }))
    }

    public init(scores: [Float], labels: [Int]) {
        self.init(outputs: Buffer(scores), targets: Buffer(labels.map { Int32($0) }))
    }

    public init(values: [Float], targets: [Float]) {
        self.init(outputs: Buffer(values), targets: Buffer(targets))
    }

    /// The number of examples.
    public var count: Int { outputs.shape.first ?? 0 }
}

/// Why a metric could not read a batch.
public enum MetricError: CataloguedError, Hashable, Sendable {
    case outputs(metric: String, expected: String, received: TensorType)
    case targets(metric: String, expected: String, received: TensorType)
    /// A label that is no class of the model.
    case label(metric: String, example: Int, label: Int, classes: Int)
    case merge(metric: String, reason: String)
    /// What is said of the examples beside the predictions does not fit them.
    case examples(metric: String, reason: Phrase)

    public var message: Message {
        switch self {
        case .outputs(let metric, let expected, let received):
            Message(.metricOutputs, metric, expected, received.description)
        case .targets(let metric, let expected, let received):
            Message(.metricTargets, metric, expected, received.description)
        case .label(let metric, let example, let label, let classes):
            Message(.metricLabel, metric, example, label, classes - 1)
        case .merge(let metric, let reason): Message(.metricMerge, metric, reason)
        case .examples(let metric, let reason): Message(.metricExamples, metric, reason)
        }
    }
}

// MARK: What metrics of classes read

extension Predictions {
    /// Gives `body` each example's class probabilities and label. One probability p stands for (1 − p, p).
    func forEachExample(
        of metric: String, classes: Int, _ body: (_ probabilities: UnsafeBufferPointer<Float>, _ label: Int) -> Void
    ) throws(MetricError) {
        let isSingle = classes == 2 && outputs.count == count && outputs.type.rank <= 2
        guard outputs.dtype == .float32, isSingle || outputs.shape == [count, classes] else {
            throw .outputs(metric: metric, expected: "float32[n, \(classes)]", received: outputs.type)
        }
        let labels = try labels(of: metric, classes: classes)
        withExtendedLifetime(outputs.storage) {
            let values = UnsafeBufferPointer(
                start: outputs.pointer.assumingMemoryBound(to: Float.self), count: outputs.count)
            guard isSingle else {
                for (example, label) in labels.enumerated() {
                    body(UnsafeBufferPointer(rebasing: values[example * classes..<(example + 1) * classes]), label)
                }
                return
            }
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { pair in
                for (example, label) in labels.enumerated() {
                    _ = pair.initialize(fromContentsOf: [1 - values[example], values[example]])
                    body(UnsafeBufferPointer(pair), label)
                }
            }
        }
    }

    private func labels(of metric: String, classes: Int) throws(MetricError) -> [Int] {
        guard targets.count == count, let labels = wholeNumbers else {
            throw .targets(metric: metric, expected: "int32[\(count)]", received: targets.type)
        }
        if let bad = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
            throw .label(metric: metric, example: bad, label: labels[bad], classes: classes)
        }
        return labels
    }

    private var wholeNumbers: [Int]? {
        switch targets.dtype {
        case .int32: targets.withElements(of: Int32.self) { $0.map(Int.init) }
        case .int64: targets.withElements(of: Int64.self) { $0.map(Int.init) }
        case .uint8: targets.withElements(of: UInt8.self) { $0.map(Int.init) }
        default: nil
        }
    }
}

// MARK: What metrics of numbers read

extension Predictions {
    /// The predicted numbers and the true ones, as many.
    package func numbers(of metric: String) throws(MetricError) -> (outputs: [Double], targets: [Double]) {
        guard outputs.dtype == .float32 else {
            throw .outputs(metric: metric, expected: "float32", received: outputs.type)
        }
        guard targets.dtype == .float32, targets.count == outputs.count else {
            throw .targets(
                metric: metric, expected: "float32, as many as the \(outputs.count) outputs", received: targets.type)
        }
        return (outputs.doubles, targets.doubles)
    }
}

// MARK: Parts

extension Predictions {
    /// The examples at `places`, in that order; a place may come more than once.
    public func examples(at places: [Int]) -> Predictions {
        Predictions(outputs: outputs.rows(at: places), targets: targets.rows(at: places))
    }
}

extension Buffer {
    fileprivate func rows(at places: [Int]) -> Buffer {
        let result = Buffer(zeros: TensorType([places.count] + shape.dropFirst(), dtype))
        let rowBytes = type.byteCount / max(shape[0], 1)
        withExtendedLifetime(storage) {
            for (row, place) in places.enumerated() {
                precondition(place >= 0 && place < shape[0], "example \(place) of \(shape[0])")
                (result.pointer + row * rowBytes).copyMemory(from: pointer + place * rowBytes, byteCount: rowBytes)
            }
        }
        return result
    }
}
