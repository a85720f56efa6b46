import WrightData
import WrightGraph
import WrightRuntime
import WrightTrain

/// How probabilities of classes become an answer: made honest first, then the answer that is expected to cost least.
struct ClassDecision: Hashable, Sendable {
    /// 1 where probabilities are taken as they are.
    var temperature = 1.0
    /// What decides; nil for the most probable class.
    var deciding: DecisionCosts?
    /// What errors cost the user; nil where nothing was said.
    var costs: DecisionCosts?

    /// Averages as probabilities.
    func probabilities(_ averages: Buffer) -> Buffer {
        guard temperature != 1 else { return averages }
        do { return try Calibration.temperature(temperature).calibrated(averages) } catch {
            preconditionFailure("averages of classes are float32[n, classes]: \(error)")
        }
    }

    /// Of two classes: the probability of the later one above which it is answered.
    var threshold: Float {
        guard let costs = deciding?.costs, costs[0][1] + costs[1][0] > 0 else { return 0.5 }
        return Float(costs[0][1] / (costs[0][1] + costs[1][0]))
    }

    /// The class that is answered for each row.
    func answers(_ probabilities: Buffer) -> [Int] {
        let (rows, width) = (probabilities.shape[0], probabilities.shape[1])
        let values = probabilities.array(of: Float.self)
        return (0..<rows).map { row in
            let own = values[(row * width)..<((row + 1) * width)]
            if let deciding { return deciding.answer(for: own.map(Double.init)) }
            return own.indices.max { values[$0] < values[$1] }! - row * width
        }
    }
}

// MARK: Fitting

extension ClassDecision {
    /// Fewer held-out rows say too little of where a threshold should lie.
    private static let leastRows = 50

    /// What the goal asks for, fitted to averages of rows that were held out.
    init(_ goal: GoalConfig, labels: LabelNames, probabilities averages: Buffer, truths: Buffer) throws {
        let isEnough = averages.shape[0] >= Self.leastRows
        if goal.calibration == .temperature, isEnough {
            let fitted = try Calibration.fittedTemperature(
                Predictions(outputs: averages, targets: truths), classes: labels.count)
            if case .temperature(let value) = fitted { temperature = value }
        }
        if !goal.costs.isEmpty {
            let table = (0..<labels.count).map { truth in
                (0..<labels.count).map { answer in
                    truth == answer ? 0 : goal.costs[labels[truth]].map { $0[labels[answer]] ?? 0 } ?? 0
                }
            }
            costs = DecisionCosts(table)
            deciding = costs
        }
        guard labels.count == 2, isEnough else { return }
        let scores = probabilities(averages).array(of: Float.self)
        let curve = ThresholdCurve(
            scores: stride(from: 1, to: scores.count, by: 2).map { scores[$0] },
            isPositive: truths.array(of: Int32.self).map { $0 == 1 })
        guard curve.positives > 0, curve.negatives > 0 else { return }
        if let costs {
            let threshold = curve.cheapestThreshold(
                falsePositive: costs.costs[0][1], falseNegative: costs.costs[1][0]
            ).threshold
            deciding = Self.threshold(threshold)
        } else if let metric = goal.metric, let best = Self.bestThreshold(curve, metric) {
            deciding = Self.threshold(best)
        }
    }

    /// Costs by which class 1 is answered above this probability.
    private static func threshold(_ threshold: Float) -> DecisionCosts {
        let share = Double(min(max(threshold, 0), 1))
        return DecisionCosts(falsePositive: share, falseNegative: 1 - share)
    }

    /// Where a metric of decisions is largest; nil for one that no threshold changes.
    private static func bestThreshold(_ curve: ThresholdCurve, _ metric: String) -> Float? {
        var best: (value: Double, count: Int)?
        let step = max(1, curve.points.count / 200)
        for count in stride(from: step, to: curve.points.count, by: step) {
            let point = curve.points[count - 1]
            var confusion = ConfusionMatrix(classes: 2)
            confusion.add(label: 1, predicted: 1, times: point.hits)
            confusion.add(label: 0, predicted: 1, times: point.falseAlarms)
            confusion.add(label: 1, predicted: 0, times: curve.positives - point.hits)
            confusion.add(label: 0, predicted: 0, times: curve.negatives - point.falseAlarms)
            guard let value = confusion.values.first(where: { $0.name == metric })?.value else { return nil }
            if value > best?.value ?? -.infinity { best = (value, count) }
        }
        return best.map { curve.threshold(selecting: $0.count) }
    }
}

// MARK: Saving

extension ClassDecision {
    var json: JSON {
        func table(_ costs: DecisionCosts?) -> JSON { costs.map { .array($0.costs.map { .numbers($0) }) } ?? .null }
        return ["temperature": .number(temperature), "deciding": table(deciding), "costs": table(costs)]
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    init?(json: JSON, classes: Int) {
        guard let temperature = json["temperature"]?.double, temperature > 0 else { return nil }
        self.temperature = temperature
        for (key, path) in [("deciding", \Self.deciding), ("costs", \Self.costs)] {
            guard let rows = json[key]?.array else { continue }
            let table = rows.map { ($0.array ?? []).compactMap(\.double) }
            guard table.count == classes, table.allSatisfy({ $0.count == classes }) else { return nil }
            self[keyPath: path] = DecisionCosts(table)
        }
    }
}
