public import WrightGraph

/// An activation function as a layer, with PyTorch's default settings. Use ``Apply`` for others.
public enum Activation: String, Layer, Hashable, CaseIterable {
    case identity, relu, leakyRelu, elu, selu, gelu, geluTanh, silu, mish, softplus, sigmoid, tanh, softsign, relu6
    case hardsigmoid, hardswish, hardtanh, logSigmoid, reluSquared

    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .identity: x
        case .relu: x.relu()
        case .leakyRelu: x.leakyRelu()
        case .elu: x.elu()
        case .selu: x.selu()
        case .gelu: x.gelu()
        case .geluTanh: x.geluTanh()
        case .silu: x.silu()
        case .mish: x.mish()
        case .softplus: x.softplus()
        case .sigmoid: x.sigmoid()
        case .tanh: x.tanh()
        case .softsign: x.softsign()
        case .relu6: x.relu6()
        case .hardsigmoid: x.hardsigmoid()
        case .hardswish: x.hardswish()
        case .hardtanh: x.hardtanh()
        case .logSigmoid: x.logSigmoid()
        case .reluSquared: x.reluSquared()
        }
    }
}

/// A ReLU whose slope below zero is learned, one for all channels (the last axis) or one for each (He et al., *Delving
/// deep into rectifiers*, 2015).
public struct PReLU: Layer {
    public let weight: Parameter

    public init(channels: Int = 1, initial: Double = 0.25, from source: inout ParameterSource) {
        weight = source.parameter([channels], .constant(initial))
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            weight.count == 1 || x.shape.last == weight.count,
            "PReLU: needs [..., \(weight.count) channels], received \(x.type)")
        return x.prelu(weight: weight.value)
    }
}

/// Any function of one tensor as a layer: `Apply { $0.leakyRelu(slope: 0.2) }`.
public struct Apply: Layer {
    private let function: @Sendable (Tensor) -> Tensor

    public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

    public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }
}
