public import WrightRuntime

/// Parameters that one optimizer updates, in one launch.
public struct ParameterGroup: Sendable {
    public var name: String
    public var optimizer: any Optimizer
    /// Which parameters belong to it; the first group that says yes takes a parameter.
    public var includes: @Sendable (_ path: String, _ parameter: Parameter) -> Bool

    public init(
        _ name: String = "all", optimizer: any Optimizer,
        where includes: @escaping @Sendable (_ path: String, _ parameter: Parameter) -> Bool = { _, _ in true }
    ) {
        self.name = name
        self.optimizer = optimizer
        self.includes = includes
    }

    /// Weights, which have at least two axes, by one optimizer, and biases and the scales of normalisation by another,
    /// which should not decay them.
    public static func separating(weights: any Optimizer, rest: any Optimizer) -> [ParameterGroup] {
        [
            ParameterGroup("weights", optimizer: weights) { $1.shape.count >= 2 },
            ParameterGroup("rest", optimizer: rest),
        ]
    }
}

/// Why parameters cannot be trained as asked.
public enum ParameterGroupError: CataloguedError, Hashable, Sendable {
    case nothingToTrain
    case inNoGroup(paths: [String], groups: [String])
    case unreached(paths: [String])

    public var message: Message {
        switch self {
        case .nothingToTrain: Message(.nothingToTrain)
        case .inNoGroup(let paths, let groups): Message(.inNoGroup, groups, paths)
        case .unreached(let paths): Message(.unreached, paths)
        }
    }
}
