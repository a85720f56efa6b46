/// Walking over the elements of a shape in row-major order, for the reference implementations.
enum RowMajor {
    /// The offset of each element of `shape` in memory with these strides, in row-major order.
    static func offsets(shape: [Int], strides: [Int], start: Int = 0) -> [Int] {
        guard shape.allSatisfy({ $0 > 0 }) else { return [] }
        var offsets = [start]
        for (extent, stride) in zip(shape, strides) {
            offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * stride } }
        }
        return offsets
    }

    /// The coordinates of each element of `shape`, in row-major order.
    static func coordinates(_ shape: [Int]) -> [[Int]] {
        guard shape.allSatisfy({ $0 > 0 }) else { return [] }
        var all: [[Int]] = [[]]
        for extent in shape { all = all.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
        return all
    }
}
