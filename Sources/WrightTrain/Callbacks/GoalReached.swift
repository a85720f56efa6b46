import WrightRuntime
public import WrightNN

/// Ends training when a value of validation is as good as asked for.
public final class GoalReached: Callback {
    /// `loss`, a measure of the objective, or a value of a metric.
    public let metric: String
    public let value: Double
    /// Whether the metric is to become as small or as large as ``value``.
    public let goal: Plateau.Goal

    public init(_ metric: String, _ value: Double, goal: Plateau.Goal) {
        self.metric = metric
        self.value = value
        self.goal = goal
    }

    /// - Throws: ``TrainingError/configuration(_:)`` when validation does not give the metric.
    public func received(_ event: TrainingEvent) throws -> Directive {
        switch event {
        case .started(let plan):
            guard plan.validationMeasures.contains(metric) else {
                let known = plan.validationMeasures
                throw TrainingError.configuration([
                    Message(
                        .goalWithoutMetric, metric, value,
                        known.isEmpty
                            ? Phrase("nothing: there is no validation data", "空：没有验证数据")
                            : Phrase("", " ") + known.phrase)
                ])
            }
        case .validated(let report):
            guard let reached = report.values.first(where: { $0.name == metric })?.value else { break }
            if goal == .lowest ? reached <= value : reached >= value {
                return .stop(reason: Phrase("\(metric) is \(reached.short)", "\(metric) 达到 \(reached.short)"))
            }
        default: break
        }
        return .proceed
    }
}
