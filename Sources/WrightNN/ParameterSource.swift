import WrightGraph

/// Where a model's new parameters come from: a seed, and how many were made from it. Layers take it `inout`, so that each
/// parameter gets numbers of its own and a model is made the same way every time.
///
/// ```swift
/// var source = ParameterSource(seed: 1)
/// let model = Sequential {
///     Flatten()
///     Linear(784, 128, from: &source)
///     Activation.relu
///     Linear(128, 10, from: &source)
/// }
/// ```
public struct ParameterSource: Sendable {
    public let seed: UInt64
    private var made = 0

    public init(seed: UInt64) { self.seed = seed }

    /// A new float32 parameter. `fans` says what the layer connects; only scaled initializers look at it.
    public mutating func parameter(
        _ shape: [Int], _ initializer: Initializer, fans: Fans = Fans(input: 1, output: 1)
    ) -> Parameter {
        let buffer = Buffer(zeros: TensorType(shape))
        let key = CounterRandom.key(seed: seed, index: made)
        made += 1
        if initializer != .zeros {
            buffer.withElements(of: Float.self) { initializer.fill($0, shape: shape, fans: fans, key: key) }
        }
        return Parameter(buffer)
    }
}
