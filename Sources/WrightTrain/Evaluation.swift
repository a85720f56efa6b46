import WrightData
import WrightGraph
public import WrightRuntime

/// What a model is worth on a data set.
public struct Evaluation: Hashable, Sendable {
    public var examples: Int
    public var seconds: Double
    /// The loss, the objective's measures and the metrics' values.
    public var values: [MetricValue]
    /// When a confusion matrix was among the metrics.
    public var confusion: ConfusionMatrix?
    /// The worst first.
    public var mistakes: [Mistake]

    public init(
        examples: Int, seconds: Double, values: [MetricValue], confusion: ConfusionMatrix? = nil,
        mistakes: [Mistake] = []
    ) {
        self.examples = examples
        self.seconds = seconds
        self.values = values
        self.confusion = confusion
        self.mistakes = mistakes
    }

    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    /// An example that the model got wrong.
    public struct Mistake: Hashable, Sendable {
        /// The row of the data set.
        public var row: Int
        /// The class, or the number, that is true, and what the model said.
        public var truth: Double
        public var answer: Double
        /// The probability of the answer; nil for numbers.
        public var confidence: Double?
        /// How bad it is: −ln p(truth) for classes, |error| for numbers.
        public var badness: Double
    }
}

extension Evaluation {
    public var json: JSON {
        var object = JSON.Object()
        object["examples"] = JSON(examples)
        object["seconds"] = .number(seconds)
        object["values"] = JSON(values)
        if let confusion {
            object["confusion"] = .array(
                (0..<confusion.classes).map { row in
                    .array((0..<confusion.classes).map { JSON(confusion[row, $0]) })
                })
            let (precision, recall, f1) = (confusion.precision, confusion.recall, confusion.f1)
            object["classes"] = .array(
                confusion.support.enumerated().map { index, support in
                    [
                        "precision": .number(precision[index]), "recall": .number(recall[index]),
                        "f1": .number(f1[index]), "support": JSON(support),
                    ]
                })
        }
        object["mistakes"] = .array(
            mistakes.map { mistake in
                [
                    "row": JSON(mistake.row), "truth": .number(mistake.truth), "answer": .number(mistake.answer),
                    "confidence": mistake.confidence.map(JSON.number) ?? .null, "badness": .number(mistake.badness),
                ]
            })
        return .object(object)
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: JSON) {
        guard let examples = json["examples"]?.integer, let seconds = json["seconds"]?.double,
            let values = json["values"]?.metricValues
        else { return nil }
        self.init(examples: examples, seconds: seconds, values: values)
        if let rows = json["confusion"]?.array {
            let counts = rows.flatMap { ($0.array ?? []).compactMap(\.integer) }
            guard rows.count >= 2, counts.count == rows.count * rows.count, counts.allSatisfy({ $0 >= 0 }) else {
                return nil
            }
            var matrix = ConfusionMatrix(classes: rows.count)
            for (cell, times) in counts.enumerated() where times > 0 { matrix.add(cell, times: Int(times)) }
            confusion = matrix
        }
        for item in json["mistakes"]?.array ?? [] {
            guard let row = item["row"]?.integer, let truth = item["truth"]?.double,
                let answer = item["answer"]?.double
            else { return nil }
            mistakes.append(
                Mistake(
                    row: row, truth: truth, answer: answer, confidence: item["confidence"]?.double,
                    badness: item["badness"]?.double ?? .infinity))
        }
    }
}

/// The worst mistakes so far, at most `capacity` of them: a heap whose first is the least bad.
package struct WorstMistakes {
    private let capacity: Int
    private var heap: [Evaluation.Mistake] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// The worst first; of equally bad ones the first row first.
    package var sorted: [Evaluation.Mistake] { heap.sorted { ($1.badness, $0.row) < ($0.badness, $1.row) } }

    /// Looks through a batch: for class numbers as targets outputs are probabilities, else numbers.
    mutating func add(_ batch: Batch, _ outputs: Buffer) {
        guard let targets = batch.targets.first else { return }
        add(Predictions(outputs: outputs, targets: targets), rows: batch.rows)
    }

    /// Looks through predictions of `rows`.
    package mutating func add(_ predictions: Predictions, rows: [Int]) {
        let targets = predictions.targets
        guard predictions.outputs.dtype == .float32 else { return }
        let truths = targets.doubles
        predictions.outputs.withElements(of: Float.self) { values in
            if targets.dtype.isInteger, truths.count == rows.count {
                addClasses(values, truths, rows)
            } else if truths.count == rows.count, values.count == rows.count {
                for (index, row) in rows.enumerated() {
                    let answer = Double(values[index])
                    insert(
                        .init(row: row, truth: truths[index], answer: answer, badness: abs(answer - truths[index])))
                }
            }
        }
    }

    private mutating func addClasses(_ values: UnsafeMutableBufferPointer<Float>, _ truths: [Double], _ rows: [Int]) {
        let width = values.count / max(rows.count, 1)
        for (index, row) in rows.enumerated() {
            let probabilities = UnsafeBufferPointer(rebasing: values[index * width..<(index + 1) * width])
            let truth = Int(truths[index])
            let answer = width == 1 ? (probabilities[0] > 0.5 ? 1 : 0) : probabilities.indexOfMaximum
            guard answer != truth, truth >= 0, truth < max(width, 2) else { continue }
            func probability(_ label: Int) -> Double {
                width > 1 ? Double(probabilities[label]) : Double(label == 1 ? probabilities[0] : 1 - probabilities[0])
            }
            insert(
                .init(
                    row: row, truth: Double(truth), answer: Double(answer), confidence: probability(answer),
                    badness: -SystemCalls.naturalLogarithm(probability(truth))))
        }
    }

    private mutating func insert(_ mistake: Evaluation.Mistake) {
        if heap.count < capacity {
            heap.append(mistake)
            var place = heap.count - 1
            while place > 0, isLess(heap[place], heap[(place - 1) / 2]) {
                heap.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        } else if let least = heap.first, isLess(least, mistake) {
            heap[0] = mistake
            var place = 0
            while true {
                let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
                guard let smallest = children.min(by: { isLess(heap[$0], heap[$1]) }),
                    isLess(heap[smallest], heap[place])
                else { break }
                heap.swapAt(place, smallest)
                place = smallest
            }
        }
    }

    /// A total order, so that what is kept does not depend on the order of batches; NaN is the worst.
    private func isLess(_ one: Evaluation.Mistake, _ other: Evaluation.Mistake) -> Bool {
        let (a, b) = (one.badness.isNaN ? .infinity : one.badness, other.badness.isNaN ? .infinity : other.badness)
        return (a, other.row) < (b, one.row)
    }
}
