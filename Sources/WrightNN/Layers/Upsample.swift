public import WrightGraph

/// Repeats each pixel: `[batch, spatial …, channels]` to as many times the spatial axes, nearest neighbours.
public struct Upsample: Layer {
    /// How many times each spatial axis; one number stands for all.
    public let scales: [Int]

    public init(_ scales: [Int] = [2]) {
        precondition(
            !scales.isEmpty && scales.allSatisfy { $0 >= 1 }, "Upsample: scales must be at least 1, received \(scales)")
        self.scales = scales
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let spatial = x.rank - 2
        precondition(
            spatial >= 1 && [1, spatial].contains(scales.count),
            "Upsample: needs [batch, \(scales.count) spatial axes, channels], received \(x.type)")
        return (0..<spatial).reduce(x) { result, axis in
            result.repeated(scales[scales.count == 1 ? 0 : axis], along: axis + 1)
        }
    }
}
