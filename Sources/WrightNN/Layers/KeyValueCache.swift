public import WrightGraph
import WrightRuntime

/// The keys and values of the places so far, of one attention layer: `[batch, capacity, key heads, head size]` each.
public struct KeyValueCache: Sendable {
    public let keys: Variable
    public let values: Variable

    public init(batch: Int, capacity: Int, keyHeads: Int, headSize: Int) {
        let type = TensorType([batch, capacity, keyHeads, headSize])
        keys = Variable("keys", Buffer(zeros: type))
        values = Variable("values", Buffer(zeros: type))
    }

    /// The most places that it holds.
    public var capacity: Int { keys.type.shape[1] }

    /// Holds these keys and values, of all places at once, when the pass is over.
    public func fill(keys newKeys: Tensor, values newValues: Tensor) {
        Pass.current?.assign(keys, newKeys)
        Pass.current?.assign(values, newValues)
    }

    /// Keys and values with those of one more place, `[batch, 1, key heads, head size]`, at `position`; they stay when the
    /// pass is over, and nothing else of the cache is moved.
    func adding(_ key: Tensor, _ value: Tensor, at position: Tensor) -> (keys: Tensor, values: Tensor) {
        func added(_ variable: Variable, _ new: Tensor) -> Tensor {
            let all = Tensor(variable).updated(with: new, from: position, along: 1)
            Pass.current?.assign(variable, all)
            return all
        }
        return (added(keys, key), added(values, value))
    }
}
