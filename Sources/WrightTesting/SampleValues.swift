public import WrightGraph

extension Sample {
    /// Values for the operands, the same for the same seed. Floating-point operands get distinct values, at least half a
    /// grid step apart, so that a small perturbation changes the order of no two of them: a maximum or a sort has a
    /// gradient only then. Whole numbers and masks are drawn freely and repeat.
    public func values(seed: UInt64 = 1) -> [[Double]] {
        var generator = SplitMix64(seed: seed)
        return zip(operands, ranges).map { type, range in
            guard type.dtype.isFloatingPoint else {
                let (low, high) = (Int(range.lowerBound.rounded(.up)), Int(range.upperBound.rounded(.down)))
                return (0..<type.count).map { _ in Double(Int.random(in: low...high, using: &generator)) }
            }
            let step = (range.upperBound - range.lowerBound) / Double(max(type.count, 1))
            return (0..<type.count).map { place in
                range.lowerBound + (Double(place) + Double.random(in: 0.25...0.75, using: &generator)) * step
            }.shuffled(using: &generator)
        }
    }

    /// The same use with its float32 operands in another type, if the primitive takes it. Whole numbers are drawn from a
    /// few around zero, so that they repeat and their products fit, but stay positive where the sample's are: divisors.
    public func converted(to dtype: DType) -> Sample? {
        var other = self
        for place in operands.indices where operands[place].dtype == .float32 {
            other.operands[place].dtype = dtype
            if dtype.isFloatingPoint { continue }
            let lowest = ranges[place].lowerBound >= 0 ? 1.0 : (dtype == .uint8 ? 0 : -4)
            other.ranges[place] = dtype == .bool ? 0...1 : lowest...4
        }
        other.isDifferentiable = isDifferentiable && dtype.isFloatingPoint
        guard other.operands != operands else { return nil }
        do {
            _ = try op.result(of: other.operands)
            return other
        } catch {
            // Why: the question is whether the primitive takes the type, and it has answered.
            return nil
        }
    }

    /// A graph to run on a backend. Order 0 gives the result; order 1 the gradients of Σ (result + c)² by the
    /// floating-point operands, c being fixed numbers that keep the cotangent from vanishing with the result; order 2
    /// the gradients of the sum of the squares of those. The operands are the graph's inputs, in order.
    public func graph(order: Int) throws(GraphError) -> Graph {
        let inputs = operands.enumerated().map { Tensor.input($0.offset, $0.element) }
        let result = try Tensor(applying: op, to: inputs)
        guard order > 0 else { return Graph([result]) }
        return Graph(Self.loss(result, of: inputs, order: order).gradients(of: Self.differentiable(inputs)))
    }

    /// The scalar whose gradient ``graph(order:)`` computes.
    public func lossGraph(order: Int) throws(GraphError) -> Graph {
        let inputs = operands.enumerated().map { Tensor.input($0.offset, $0.element) }
        return Graph([Self.loss(try Tensor(applying: op, to: inputs), of: inputs, order: order)])
    }

    private static func loss(_ result: Tensor, of inputs: [Tensor], order: Int) -> Tensor {
        var generator = SplitMix64(seed: 3)
        let offsets = (0..<result.count).map { _ in Double.random(in: -1...1, using: &generator) }
        var loss = (result + Tensor(Buffer(result.type, doubles: offsets))).squared().sum()
        for _ in 1..<order {
            let gradients = loss.gradients(of: differentiable(inputs)).map { $0.squared().sum() }
            loss = gradients.dropFirst().reduce(gradients[0], +)
        }
        return loss
    }

    private static func differentiable(_ inputs: [Tensor]) -> [Tensor] { inputs.filter { $0.dtype.isFloatingPoint } }
}

/// A small deterministic generator (Steele, Lea & Flood, *Fast splittable pseudorandom number generators*, 2014).
public struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
