/// What each answer costs when each class is true, and the answer that costs least (Elkan, *The Foundations of
/// Cost-Sensitive Learning*, 2001).
public struct DecisionCosts: Hashable, Sendable {
    /// `costs[true][answer]`.
    public let costs: [[Double]]

    /// - Parameter costs: a square table, a row for each true class; 0 on its diagonal as a rule.
    public init(_ costs: [[Double]]) {
        precondition(
            costs.count >= 2 && costs.allSatisfy { $0.count == costs.count },
            "costs are a table of as many answers as classes, at least 2")
        self.costs = costs
    }

    /// Of two classes: what it costs to take class 0 for 1, and 1 for 0.
    public init(falsePositive: Double, falseNegative: Double) {
        self.init([[0, falsePositive], [falseNegative, 0]])
    }

    /// The answer that is expected to cost least; the first of equal ones. The probabilities should be calibrated.
    public func answer(for probabilities: [Double]) -> Int {
        precondition(
            probabilities.count == costs.count, "\(probabilities.count) probabilities for \(costs.count) classes")
        let expected = costs.indices.map { answer in
            zip(probabilities, costs).reduce(0) { $0 + $1.0 * $1.1[answer] }
        }
        return expected.indices.min { (expected[$0], $0) < (expected[$1], $1) }!
    }

    /// What the answers that were counted cost, each.
    public func meanCost(of confusion: ConfusionMatrix) -> Double {
        precondition(confusion.classes == costs.count, "\(confusion.classes) classes and costs of \(costs.count)")
        var sum = 0.0
        for label in costs.indices {
            for answer in costs.indices { sum += costs[label][answer] * Double(confusion[label, answer]) }
        }
        return sum / Double(confusion.total)
    }
}
