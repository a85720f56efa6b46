public import WrightGraph

/// A plain recurrent layer over sequences: `[batch, time, inputs]` to `[batch, time, hidden]` (Elman, *Finding structure in
/// time*, 1990). Formulas, parameters and initial values are PyTorch's.
public struct RNN: Layer {
    public typealias Config = RecurrentConfig

    /// What the sum of input and hidden product goes through.
    public enum Nonlinearity: String, Hashable, Sendable, CaseIterable { case tanh, relu }

    public let stack: RecurrentStack

    public init(_ config: Config, nonlinearity: Nonlinearity = .tanh, from source: inout ParameterSource) {
        stack = RecurrentStack(nonlinearity == .tanh ? .tanh : .relu, config, from: &source)
    }

    /// With every other setting at its default.
    public init(_ inputs: Int, _ hidden: Int, from source: inout ParameterSource) {
        self.init(Config(inputs: inputs, hidden: hidden), from: &source)
    }

    /// The outputs of all steps, `[batch, time, hidden]`, from states of zeros.
    public func callAsFunction(_ x: Tensor) -> Tensor { stack(x, lengths: nil, state: nil).outputs }

    /// Outputs and final states of `[batch, time, inputs]`. `lengths` says how many steps each sequence has (`[batch]` of
    /// int32, all when nil); `state` is where the sequences start (zeros when nil).
    public func callAsFunction(_ x: Tensor, lengths: Tensor?, state: RecurrentState? = nil) -> RecurrentResult {
        stack(x, lengths: lengths, state: state)
    }
}
