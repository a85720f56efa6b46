public import WrightGraph

/// What a body makes of its input, added to the input itself or to what a shortcut makes of it (He et al., *Deep residual
/// learning*, 2016).
public struct Residual: Layer {
    public let body: Sequential
    public let shortcut: Sequential?
    public let activation: Activation

    /// Adds the input itself. `activation` follows the sum.
    public init(activation: Activation = .identity, @LayerBuilder _ body: () throws -> [any Layer]) rethrows {
        self.activation = activation
        self.body = try Sequential(body())
        shortcut = nil
    }

    /// Adds what `shortcut` makes of the input; an empty one adds the input itself.
    public init(
        activation: Activation = .identity, @LayerBuilder _ body: () throws -> [any Layer],
        @LayerBuilder shortcut: () throws -> [any Layer]
    ) rethrows {
        self.activation = activation
        self.body = try Sequential(body())
        let layers = try shortcut()
        self.shortcut = layers.isEmpty ? nil : Sequential(layers)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (change, base) = (body(x), shortcut.map { $0(x) } ?? x)
        precondition(
            change.shape == base.shape,
            "Residual: the body gives \(change.type), the shortcut \(base.type); they must have one shape")
        return activation(change + base)
    }
}
