/// What a model's answers cost on average, by a table of costs.
public struct MeanCost: Metric, Hashable {
    public let costs: DecisionCosts
    private var confusion: ConfusionMatrix

    /// - Parameter deciding: what decides for an answer; nil for the most probable class.
    public init(_ costs: DecisionCosts, deciding: DecisionCosts? = nil) {
        self.costs = costs
        confusion = ConfusionMatrix(classes: costs.costs.count, deciding: deciding)
    }

    public mutating func add(_ batch: Predictions) throws(MetricError) { try confusion.add(batch) }

    public mutating func merge(_ other: MeanCost) throws(MetricError) {
        guard costs == other.costs else { throw .merge(metric: "mean cost", reason: "the costs differ") }
        try confusion.merge(other.confusion)
    }

    public var values: [MetricValue] { [MetricValue("mean_cost", costs.meanCost(of: confusion))] }
}

extension MeanCost: SummedMetric {
    func parts(_ batch: Predictions) throws(MetricError) -> [Int] { try confusion.parts(batch) }
    mutating func add(_ cell: Int, times: Int) { confusion.add(cell, times: times) }
}
