import WrightData
import WrightGraph
public import WrightRuntime

/// What every part of a row adds to its answer, on the way there from a row that says nothing: gradients of the answer,
/// added up along the straight line between them (Sundararajan, Taly & Yan, *Axiomatic Attribution for Deep Networks*,
/// 2017). The row that says nothing has zeros where the network begins: numbers at the middle of their scale, no flag, no
/// category, no word, no item, pictures of the mean colour.
///
/// The sum of all parts is the difference of the two answers but for ``completenessError``, as a line is tried at some points
/// only. Probabilities are the networks' own, before they are calibrated; numbers are in the unit of their column.
public struct IntegratedGradients: Sendable {
    /// What one column adds.
    public struct Column: Sendable {
        public let name: String
        public let field: String?
        /// With everything below.
        public let value: Double
        /// The pieces of a text or a sequence, in order; together they are the text as far as it is read.
        public let pieces: [(text: String, value: Double)]
        /// Of a picture or a sound.
        public let regions: PictureRegions?
    }

    public let output: String
    /// `price`, `probability of yes`.
    public let answer: Phrase
    /// Of this row, and of one that says nothing.
    public let prediction: Double
    public let baseline: Double
    /// The largest first.
    public let columns: [Column]
    /// How many points of the line were tried.
    public let steps: Int

    /// What the parts do not add up to: prediction − baseline − their sum.
    public var completenessError: Double { prediction - baseline - columns.reduce(0) { $0 + $1.value } }

    public var json: JSON {
        [
            "output": .string(output), "answer": .string(answer.english), "prediction": .number(prediction),
            "baseline": .number(baseline), "completeness_error": .number(completenessError),
            "steps": .integer(Int64(steps)),
            "columns": .array(
                columns.map { column in
                    var object = JSON.Object()
                    object["column"] = .string(column.name)
                    object["field"] = column.field.map { .string($0) } ?? .null
                    object["value"] = .number(column.value)
                    if !column.pieces.isEmpty {
                        object["pieces"] = .array(column.pieces.map { [.string($0.text), .number($0.value)] })
                    }
                    object["regions"] = column.regions?.json
                    return .object(object)
                }),
        ]
    }
}

extension TaskModel {
    /// Points of the line in one batch.
    private static let batch = 32
    /// More points are tried until the error is below this share of the difference, or these are used up: an answer that
    /// rises and falls again on the way needs many.
    private static let tolerance = 0.005
    private static let mostSteps = 64 * batch

    /// Integrated gradients of a row for each output that says a single number.
    ///
    /// - Throws: ``ConfigProblems`` naming every column that is not there; ``FeatureProblem`` when the row cannot be predicted.
    public func integratedGradients(row: Int, of table: TaskTable) throws -> [IntegratedGradients] {
        let single = try SingleRow(self, row: row, of: table)
        let inputs = try single.inputs(copies: Self.batch)
        return try outputs.indices.compactMap { place in
            guard let explained = try explained(place, row: single.fields) else { return nil }
            let line = GradientLine(self, explained)
            let ends = try line.answers(inputs, shares: [0, 1])
            let difference = ends[1].value - ends[0].value
            var (steps, sums) = (0, [[Double]]())
            repeat {
                // Twice as many points each time, each in the middle of its part of the line. Parts are the shorter the
                // nearer they are to the row that says nothing (share = root²): there, where next to nothing is normalised,
                // answers change most.
                steps = max(Self.batch, 2 * steps)
                sums = []
                for first in stride(from: 0, to: steps, by: Self.batch) {
                    let roots = (first..<(first + Self.batch)).map { (Double($0) + 0.5) / Double(steps) }
                    let part = try line.attributions(
                        inputs, shares: roots.map { $0 * $0 }, weights: roots.map { 2 * $0 / Double(steps) })
                    sums = sums.isEmpty ? part : zip(sums, part).map { zip($0, $1).map(+) }
                }
            } while steps < Self.mostSteps
                && abs(difference - sums.joined().reduce(0, +)) > Self.tolerance * abs(difference)
            // A number's own unit may be a bent scale: every part gets its share of the way in that unit.
            let (from, to) = (ends[0].answer, ends[1].answer)
            let factor = abs(difference) > 1e-12 ? (to - from) / difference : 0
            return IntegratedGradients(
                output: config.outputs[place].name, answer: explained.name, prediction: to, baseline: from,
                columns: try single.columns(sums.map { $0.map { $0 * factor } }).sorted {
                    abs($0.value) > abs($1.value)
                },
                steps: steps)
        }
    }
}

/// An answer of all networks along the line from a row that says nothing to a row.
private struct GradientLine {
    private let function: CompiledFunction
    private let output: any OutputFeature
    private let explained: ExplainedAnswer
    private let chosen: [Float]

    init(_ model: TaskModel, _ explained: ExplainedAnswer) {
        let outputs = model.outputs
        let feature = outputs[explained.place]
        let (members, widths) = (model.ensemble.members, outputs.map(\.width))
        let form = model.form
        function = CompiledFunction(on: model.backend) { arguments in
            let (chosen, shares, weights) = (arguments[0], arguments[1], arguments[2])
            var answers: [Tensor] = []
            var parts: [[Tensor]] = []
            for member in members {
                let embedded = member.embedded(Array(arguments.dropFirst(3)))
                var points = embedded
                points.values = zip(embedded.values, form.order).map { $0 * shares.along($1, rank: $0.rank) }
                let answer = feature.averaged(member.answer(to: points).split(sizes: widths, along: 1)[explained.place])
                let gradients = ((answer * chosen).sum(along: [1]) * weights).sum().gradients(of: points.values)
                answers.append(answer)
                parts.append(
                    zip(zip(embedded.values, gradients), form.order).map { pair, input in
                        let product = pair.0 * pair.1
                        let vectors = product.rank > 2 ? product.sum(along: [product.rank - 1]) : product
                        return vectors.sum(along: [input.rowAxis])
                    })
            }
            func mean(_ tensors: [Tensor]) -> Tensor {
                tensors.dropFirst().reduce(tensors[0]) { $0 + $1 } / Double(tensors.count)
            }
            return Trace([mean(answers)] + form.order.indices.map { index in mean(parts.map { $0[index] }) })
        }
        output = feature
        self.explained = explained
        chosen = (0..<feature.width).map { $0 == explained.label ?? 0 ? 1 : 0 }
    }

    private func run(_ inputs: [Buffer], shares: [Double], weights: [Double]) throws -> [Buffer] {
        // What is left of the batch counts nothing.
        let rest = [Float](repeating: 0, count: inputs[0].shape[0] - shares.count)
        return try function(
            [chosen, shares.map(Float.init) + rest, weights.map(Float.init) + rest].map { Buffer($0) } + inputs)
    }

    /// On the scale that is differentiated, and as people read it.
    func answers(_ inputs: [Buffer], shares: [Double]) throws -> [(value: Double, answer: Double)] {
        let averages = try run(inputs, shares: shares, weights: shares.map { _ in 0 })[0]
        let values = averages.array(of: Float.self)
        let width = averages.shape[1]
        return shares.indices.map { place in
            let own = Array(values[(place * width)..<((place + 1) * width)])
            let value = Double(own[explained.label ?? 0])
            guard explained.label == nil else { return (value, value) }
            let answer = output.predictions(Buffer(own, shape: [1, width])).array(of: Float.self)[0]
            return (value, Double(answer))
        }
    }

    /// What each number, vector, step or pixel adds at points that count by their weights, one list for each of the network's
    /// inputs.
    func attributions(_ inputs: [Buffer], shares: [Double], weights: [Double]) throws -> [[Double]] {
        try run(inputs, shares: shares, weights: weights).dropFirst().map { $0.array(of: Float.self).map(Double.init) }
    }
}

extension NetworkForm.Input {
    /// Where rows are counted once they are embedded.
    fileprivate var rowAxis: Int { if case .sequence = self { 1 } else { 0 } }
}

extension Tensor {
    /// One number for each row, `[n]`, beside an embedded input of `rank`.
    fileprivate func along(_ input: NetworkForm.Input, rank: Int) -> Tensor {
        var shape = [Int](repeating: 1, count: rank)
        shape[input.rowAxis] = count
        return reshaped(shape)
    }
}
