public import WrightRuntime
public import WrightTrain

/// Whether an output of two classes treats the groups of one column alike, and what thresholds by group would change.
public struct FairnessFinding: Sendable {
    public let column: String
    /// The class that counts as yes.
    public let yes: String
    /// It is answered above this probability.
    public let threshold: Float
    public let groups: [GroupFairness.Group]
    public let values: [MetricValue]
    public let mitigation: FairnessMitigation

    /// Groups of fewer rows say nothing about rates and are taken together.
    private static let minimumCount = 20

    /// nil where the output does not say yes or no, or all rows are of one group.
    init?(_ output: TaskEvaluation.Output, column: String, fields: [String?]) throws {
        guard case .classes(let labels) = output.feature.form, labels.count == 2 else { return nil }
        let parts = SliceColumn.parts(output.rows.map { fields[$0] })
        let counts = Dictionary(parts.map { ($0, 1) }, uniquingKeysWith: +)
        let names = parts.map { counts[$0]! < Self.minimumCount ? "(other)" : $0 }
        guard Set(names).count > 1 else { return nil }
        threshold = (output.feature as? CategoryOutput)?.threshold ?? 0.5
        var fairness = GroupFairness(threshold: threshold)
        try fairness.add(output.predictions, groups: names)
        self.column = column
        yes = labels[1]
        groups = fairness.groups()
        values = fairness.values()
        mitigation = try FairnessMitigation(output.predictions, groups: names, threshold: threshold)
    }

    public subscript(metric: String) -> Double { values.first { $0.name == metric }?.value ?? .nan }

    public var json: JSON {
        var thresholds = JSON.Object()
        for (name, threshold) in mitigation.thresholds.sorted(by: { $0.key < $1.key }) {
            thresholds[name] = .number(Double(threshold))
        }
        guard case .object(var object) = JSON(values) else { return [:] }
        object["yes"] = .string(yes)
        object["threshold"] = .number(Double(threshold))
        object["groups"] = .array(
            groups.map { group in
                [
                    "group": .string(group.name), "count": .integer(Int64(group.count)),
                    "selection_rate": .number(group.selectionRate),
                    "true_positive_rate": .number(group.truePositiveRate),
                    "false_positive_rate": .number(group.falsePositiveRate), "accuracy": .number(group.accuracy),
                ]
            })
        object["mitigation"] = [
            "equalises": .string(mitigation.rate.rawValue), "thresholds": .object(thresholds),
            "after": JSON(mitigation.after), "accuracy_before": .number(mitigation.accuracyBefore),
            "accuracy_after": .number(mitigation.accuracyAfter),
        ]
        return .object(object)
    }
}
