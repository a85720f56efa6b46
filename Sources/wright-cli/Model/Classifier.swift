import Wright

/// A network with what is done to its inputs: examples as they are read go in, one logit for each class comes out.
struct Classifier: Module {
    let network: any Layer
    let input: InputForm

    func logits(_ x: Tensor) -> Tensor { network(input.prepared(x)) }

    /// Cross-entropy, accuracy and class probabilities of a batch. Labels are class numbers or, from mixup,
    /// distributions; smoothing is for training only.
    func objective(_ batch: BatchTensors, labelSmoothing: Double = 0) -> Objective {
        let logits = logits(batch.input)
        let smoothing = Pass.isTraining ? labelSmoothing : 0
        let target = batch.target
        let isSoft = target.dtype.isFloatingPoint
        let loss =
            isSoft
            ? Loss.crossEntropy(logits, probabilities: target, labelSmoothing: smoothing)
            : Loss.crossEntropy(logits, classes: target, labelSmoothing: smoothing)
        let answer = logits.argmax(along: -1)
        let truth = isSoft ? target.argmax(along: -1) : target.cast(to: .int32)
        let accuracy = answer.isEqual(to: truth).cast(to: .float32).mean()
        return Objective(loss: loss, measures: ["accuracy": accuracy], predictions: logits.softmax())
    }

    var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.count } }
}
