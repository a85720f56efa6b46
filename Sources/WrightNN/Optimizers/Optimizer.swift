public import WrightGraph

/// A rule that makes new parameters from gradients.
///
/// It sees all parameters of a group as one flat tensor, and its moments likewise, so that the compiler turns the whole
/// update into one launch over one block of memory.
public protocol Optimizer: Sendable {
    /// The rate at the start of training; a schedule multiplies or replaces it.
    var learningRate: Double { get }
    /// Names of the tensors it keeps beside the parameters, each as large as they are: `momentum`, `variance`.
    var momentNames: [String] { get }
    /// One update. `step` counts from 1, as a float32 scalar; `learningRate` is a float32 scalar.
    func update(
        parameters: Tensor, gradient: Tensor, moments: [Tensor], step: Tensor, learningRate: Tensor
    ) -> (parameters: Tensor, moments: [Tensor])
}
