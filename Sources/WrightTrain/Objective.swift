public import WrightGraph

/// One batch as the graph of a step sees it.
public struct BatchTensors: Sendable {
    public var inputs: [Tensor]
    public var targets: [Tensor]
    /// How much each example counts, float32 [n]; nil when all count the same.
    public var weights: Tensor?

    public init(inputs: [Tensor], targets: [Tensor] = [], weights: Tensor? = nil) {
        self.inputs = inputs
        self.targets = targets
        self.weights = weights
    }

    /// The first, for most models the only, input.
    public var input: Tensor { inputs[0] }
    /// The first, for most models the only, target.
    public var target: Tensor { targets[0] }
    /// The number of examples.
    public var count: Int { (inputs.first ?? targets[0]).shape[0] }
}

/// What a model makes of one batch: the number that training makes small, and what else is of interest.
public struct Objective: Sendable {
    /// A scalar: the mean over the examples of the batch.
    public var loss: Tensor
    /// More scalars that are means over the examples, by name: accuracy and the like. Computed in the same launch plan as
    /// the loss, for training and validation alike.
    public var measures: [(name: String, value: Tensor)]
    /// What ``Metric``s read beside the first target: float32, examples first. Computed only where metrics are asked for.
    public var predictions: Tensor?

    public init(loss: Tensor, measures: KeyValuePairs<String, Tensor> = [:], predictions: Tensor? = nil) {
        precondition(
            loss.shape.isEmpty && loss.dtype.isFloatingPoint,
            "a loss must be a floating-point scalar, not \(loss.type): reduce it with mean()")
        for (name, value) in measures {
            precondition(
                value.shape.isEmpty, "measure \(name) must be a scalar, not \(value.type): reduce it with mean()")
        }
        self.loss = loss
        self.measures = measures.map { ($0.key, $0.value) }
        self.predictions = predictions
    }
}
