public import WrightData
import WrightGraph
public import WrightRuntime
public import WrightTrain

/// What a task's model is worth on a file that need not fit into memory: every row is measured, some of them at a time.
/// Metrics that put all answers in order are of as many answers as may be kept, drawn by lot.
public struct StreamedEvaluation: Sendable {
    /// What one output is worth.
    public struct Output: Sendable {
        public let name: String
        /// By scikit-learn's names.
        public let values: [MetricValue]
        public let examples: Int
        /// The values that are of answers drawn by lot, and of how many; none where all are of all rows.
        public let drawn: (names: [String], answers: Int)

        /// How many answers a value is of.
        public func count(of name: String) -> Int { drawn.names.contains(name) ? drawn.answers : examples }
    }

    public let outputs: [Output]
    public let examples: Int
    /// Rows that could not be measured.
    public let report: DropReport

    /// `{"outputs": {NAME: {METRIC: value}}, "examples": …, "dropped": …}`, as ``TaskEvaluation/json``.
    public var json: JSON {
        TaskEvaluation.json(of: outputs.map { ($0.name, $0.values) }, examples: examples, report)
    }
}

extension TaskModel {
    /// Rows that are encoded and answered at a time.
    private static let rowsStreamed = 8192

    /// Measures the model on every row of a file that has a value in its output columns, and keeps `answersKept` answers at
    /// most. Forecasts need the rows before a row and cannot be measured so.
    ///
    /// - Throws: `FileError`; ``FeatureProblem`` when a column is not there, or no row can be measured.
    public func evaluate(streaming path: String, answersKept: Int) throws -> StreamedEvaluation {
        precondition(!config.forecasts, "a forecast needs all rows before it")
        var rows = try CleanedRows([path], config.data) { needs($0, isMeasured: true) }
        var report = DropReport(unit: "row")
        var measured = outputs.map { OutputStream($0.metrics, answersKept: answersKept) }
        while let chunk = try TaskTable(next: Self.rowsStreamed, of: &rows) {
            let answers = try zip(outputs, config.outputs).map { feature, output in
                guard let fields = chunk.column(output.name) else {
                    throw FeatureProblem(chunk.missingColumn(output.name))
                }
                return feature.encode(fields)
            }
            let (data, defects) = try encoded(chunk, answers)
            for (row, defect) in defects.sorted(by: { $0.key < $1.key }) {
                report.drop(defect, at: chunk.place(of: row))
            }
            let usable = (0..<chunk.count).filter { defects[$0] == nil }
            let parts = answered(
                try averages(data, rows: usable), answers, rows: usable, lines: chunk.lines, &report)
            for (place, part) in parts.enumerated() where !part.rows.isEmpty {
                try measured[place].add(part.predictions)
            }
        }
        try rows.checkHasRows()
        let found = try zip(config.outputs, measured).map { output, stream in
            guard stream.examples > 0 else {
                throw FeatureProblem(.noKnownTruth, output.name.readable)
            }
            return try stream.measured(output.name)
        }
        let examples = found.map(\.examples).max() ?? 0
        report.keep(examples)
        return StreamedEvaluation(outputs: found, examples: examples, report: report)
    }
}

/// One output's metrics while rows go by.
private struct OutputStream {
    private(set) var examples = 0
    private var metrics: [any Metric]
    private var drawn: DrawnAnswers

    init(_ metrics: [any Metric], answersKept: Int) {
        self.metrics = metrics
        drawn = DrawnAnswers(most: metrics.contains(where: \.growsWithExamples) ? answersKept : 0)
    }

    mutating func add(_ batch: Predictions) throws {
        examples += batch.count
        for index in metrics.indices where !metrics[index].growsWithExamples { try metrics[index].add(batch) }
        drawn.add(batch)
    }

    func measured(_ name: String) throws -> StreamedEvaluation.Output {
        var metrics = metrics
        let answers = drawn.predictions
        for index in metrics.indices where metrics[index].growsWithExamples {
            if let answers { try metrics[index].add(answers) }
        }
        let isWhole = drawn.count == examples
        return StreamedEvaluation.Output(
            name: name, values: metrics.flatMap(\.values), examples: examples,
            drawn: (
                names: isWhole ? [] : metrics.filter(\.growsWithExamples).flatMap { $0.values.map(\.name) },
                answers: drawn.count
            ))
    }
}

/// Some of many predictions, each as likely to be among them (Vitter, *Random Sampling with a Reservoir*, 1985).
private struct DrawnAnswers {
    private let most: Int
    private var seen = 0
    /// One of the batches, for the types of its rows.
    private var example: Predictions?
    private var outputs: [UInt8] = []
    private var targets: [UInt8] = []
    private(set) var count = 0
    private var random = KeyedRandom(seed: 0, stream: .bootstrap)

    init(most: Int) { self.most = most }

    mutating func add(_ batch: Predictions) {
        guard most > 0 else { return }
        example = example ?? batch
        for row in 0..<batch.count {
            seen += 1
            if count < most {
                count += 1
                Self.put(batch.outputs, row, at: nil, &outputs)
                Self.put(batch.targets, row, at: nil, &targets)
                continue
            }
            let place = random.integer(below: seen)
            guard place < most else { continue }
            Self.put(batch.outputs, row, at: place, &outputs)
            Self.put(batch.targets, row, at: place, &targets)
        }
    }

    /// Copies a row's bytes to a place, or to the end.
    private static func put(_ buffer: Buffer, _ row: Int, at place: Int?, _ bytes: inout [UInt8]) {
        let size = buffer.type.byteCount / buffer.shape[0]
        withExtendedLifetime(buffer.storage) {
            // Safety: the buffer holds `size` bytes for each of its rows, and lives as long as the bytes are read.
            let own = UnsafeRawBufferPointer(start: buffer.pointer + row * size, count: size)
            if let place {
                bytes.replaceSubrange((place * size)..<((place + 1) * size), with: own)
            } else {
                bytes.append(contentsOf: own)
            }
        }
    }

    /// What was drawn; nil before anything came.
    var predictions: Predictions? {
        example.map {
            Predictions(outputs: buffer(outputs, like: $0.outputs), targets: buffer(targets, like: $0.targets))
        }
    }

    private func buffer(_ bytes: [UInt8], like example: Buffer) -> Buffer {
        let buffer = Buffer(zeros: TensorType([count] + example.shape.dropFirst(), example.dtype))
        // Safety: the buffer was made above for `count` rows of as many bytes, and nobody else has it.
        bytes.withUnsafeBytes { buffer.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        return buffer
    }
}
