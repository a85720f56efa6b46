/// A shape and an element type: all that a graph knows of a tensor before it runs.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    /// The extent of each axis, outermost first; empty for a scalar.
    public var shape: [Int]
    public var dtype: DType

    public init(_ shape: [Int], _ dtype: DType = .float32) {
        self.shape = shape
        self.dtype = dtype
    }

    public var rank: Int { shape.count }

    /// The number of elements; `Int.max` for a shape, read from a file, that no memory could hold.
    public var count: Int { Self.product(shape) }

    public var byteCount: Int { Self.product([count, dtype.byteCount]) }

    private static func product(_ factors: [Int]) -> Int {
        if factors.contains(0) { return 0 }
        var product = 1
        for factor in factors {
            let (value, overflow) = product.multipliedReportingOverflow(by: factor)
            if overflow { return .max }
            product = value
        }
        return product
    }

    public var description: String { "\(dtype.rawValue)[\(shape.map(String.init).joined(separator: ", "))]" }

    /// Elements to step over in memory to advance by one along each axis, row-major.
    public var strides: [Int] { Self.strides(of: shape) }

    public static func strides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return strides
    }
}
