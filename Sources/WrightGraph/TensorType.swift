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

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    public var byteCount: Int { count * dtype.byteCount }

    public var description: String { "\(dtype.rawValue)[\(shape.map(String.init).joined(separator: ", "))]" }

    /// Elements to step over in memory to advance by one along each axis, row-major.
    public var strides: [Int] { Self.strides(of: shape) }

    public static func strides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return strides
    }
}
