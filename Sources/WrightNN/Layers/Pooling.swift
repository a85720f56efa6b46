public import WrightGraph

/// The largest element of each window of `[batch, spatial…, channels]`. Where several are equal the gradient goes to the
/// first, as in PyTorch.
public struct MaxPool: Layer {
    public let size: [Int]
    public let strides: [Int]
    public let padding: Padding

    /// `size` has one number for each spatial axis; strides are as large as the window when not given.
    public init(_ size: [Int], strides: [Int]? = nil, padding: Padding = .none) {
        self.size = size
        self.strides = strides ?? size
        self.padding = padding
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (strides, padding) = windows(size, strides, padding, over: x, layer: "MaxPool")
        return x.maxPooled(size: size, strides: strides, padding: padding)
    }
}

/// The mean of each window of `[batch, spatial…, channels]`.
public struct AveragePool: Layer {
    public let size: [Int]
    public let strides: [Int]
    public let padding: Padding
    /// Whether the mean of a window at the border takes in padding, as zeros.
    public let countsPadding: Bool

    /// `size` has one number for each spatial axis; strides are as large as the window when not given.
    public init(_ size: [Int], strides: [Int]? = nil, padding: Padding = .none, countsPadding: Bool = true) {
        self.size = size
        self.strides = strides ?? size
        self.padding = padding
        self.countsPadding = countsPadding
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (strides, padding) = windows(size, strides, padding, over: x, layer: "AveragePool")
        return x.averagePooled(
            size: size, strides: strides, padding: padding, countIncludesPadding: countsPadding)
    }
}

private func windows(
    _ size: [Int], _ strides: [Int], _ padding: Padding, over x: Tensor, layer: String
) -> (strides: [Int], padding: [(begin: Int, end: Int)]) {
    precondition(
        x.rank == size.count + 2, "\(layer): needs [batch, \(size.count) spatial axes, channels], received \(x.type)")
    let strides = strides.perAxis(size.count, "\(layer): strides")
    let ones = [Int](repeating: 1, count: size.count)
    return (strides, padding.amounts(kernel: size, dilation: ones, strides: strides, layer: layer))
}

/// The mean over all spatial axes: `[batch, spatial…, channels]` to `[batch, channels]`.
public struct GlobalAveragePool: Layer {
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(x.rank >= 3, "GlobalAveragePool: needs [batch, spatial..., channels], received \(x.type)")
        return x.mean(along: Array(1..<x.rank - 1))
    }
}

/// The largest element over all spatial axes: `[batch, spatial…, channels]` to `[batch, channels]`.
public struct GlobalMaxPool: Layer {
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(x.rank >= 3, "GlobalMaxPool: needs [batch, spatial..., channels], received \(x.type)")
        return x.maximum(along: Array(1..<x.rank - 1))
    }
}

/// Means of windows that are chosen so that the result has `output` places along each spatial axis: place i of n is the
/// mean from ⌊i · input / n⌋ up to ⌈(i + 1) · input / n⌉, as in PyTorch.
public struct AdaptiveAveragePool: Layer {
    public let output: [Int]

    public init(_ output: [Int]) {
        precondition(output.allSatisfy { $0 > 0 }, "AdaptiveAveragePool: an output of \(output)")
        self.output = output
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(
            x.rank == output.count + 2,
            "AdaptiveAveragePool: needs [batch, \(output.count) spatial axes, channels], received \(x.type)")
        let spatial = Array(x.shape.dropFirst().dropLast())
        if zip(spatial, output).allSatisfy({ $0 % $1 == 0 }) {
            return x.averagePooled(size: zip(spatial, output).map { $0 / $1 })
        }
        return output.indices.reduce(x) { averaged($0, axis: $1 + 1, to: output[$1]) }
    }

    /// One axis after the other, each as a product with a matrix of means.
    private func averaged(_ x: Tensor, axis: Int, to count: Int) -> Tensor {
        let extent = x.shape[axis]
        var means = [Float](repeating: 0, count: count * extent)
        for place in 0..<count {
            let (start, end) = (place * extent / count, ((place + 1) * extent + count - 1) / count)
            for source in start..<end { means[place * extent + source] = 1 / Float(end - start) }
        }
        let before = x.shape[..<axis].reduce(1, *)
        let product = Tensor(means, shape: [count, extent]).matmul(
            x.reshaped([before, extent, x.count / (before * extent)]))
        return product.reshaped(x.shape[..<axis] + [count] + x.shape[(axis + 1)...])
    }
}
