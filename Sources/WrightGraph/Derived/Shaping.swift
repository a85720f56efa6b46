/// Other shapes of the same elements, and joining and cutting. Negative axes count from the last.
extension Tensor {
    /// An axis of extent 1 put in at place `axis` of the result.
    public func expandedAxis(at axis: Int) -> Tensor {
        let place = axis < 0 ? axis + rank + 1 : axis
        precondition((0...rank).contains(place), "expandedAxis: the result of \(type) has no axis \(axis)")
        return reshaped(shape[..<place] + [1] + shape[place...])
    }

    /// Without `axes`, whose extents are 1; without every such axis when not given.
    public func squeezed(along axes: [Int]? = nil) -> Tensor {
        guard let axes else { return reshaped(shape.filter { $0 != 1 }) }
        let dropped = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
        precondition(
            dropped.allSatisfy { shape.indices.contains($0) && shape[$0] == 1 },
            "squeezed: axes \(axes) of \(type) do not all have extent 1")
        return reshaped(shapeWithout(axes))
    }

    /// The axes from `axis` on as one.
    public func flattened(from axis: Int = 0) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        precondition((0...rank).contains(axis), "flattened: axis \(axis) is no axis of \(type)")
        return reshaped(shape[..<axis] + [shape[axis...].reduce(1, *)])
    }

    /// Two axes in each other's place.
    public func swappedAxes(_ a: Int, _ b: Int) -> Tensor {
        var order = Array(shape.indices)
        order.swapAt(a < 0 ? a + rank : a, b < 0 ? b + rank : b)
        return permuted(order)
    }

    /// `parts` of one shape along a new axis at place `axis` of the result.
    public static func stacked(_ parts: [Tensor], along axis: Int = 0) -> Tensor {
        precondition(!parts.isEmpty, "stacked: there is no tensor to stack")
        let place = axis < 0 ? axis + parts[0].rank + 1 : axis
        return concatenated(parts.map { $0.expandedAxis(at: place) }, along: place)
    }

    /// Parts of the given sizes, which add up to the extent of `axis`.
    public func split(sizes: [Int], along axis: Int = 0) -> [Tensor] {
        let axis = axis < 0 ? axis + rank : axis
        precondition(
            shape.indices.contains(axis) && sizes.reduce(0, +) == shape[axis],
            "split: sizes \(sizes) do not add up to axis \(axis) of \(type)")
        var (starts, extents) = ([Int](repeating: 0, count: rank), shape)
        return sizes.map { size in
            extents[axis] = size
            defer { starts[axis] += size }
            return sliced(from: starts, sizes: extents)
        }
    }

    /// `count` parts of equal size.
    public func split(into count: Int, along axis: Int = 0) -> [Tensor] {
        let axis = axis < 0 ? axis + rank : axis
        precondition(
            shape.indices.contains(axis) && count > 0 && shape[axis] % count == 0,
            "split: axis \(axis) of \(type) does not fall into \(count) equal parts")
        return split(sizes: [Int](repeating: shape[axis] / count, count: count), along: axis)
    }

    /// Each element along `axis` `count` times in a row: a, a, b, b.
    public func repeated(_ count: Int, along axis: Int) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        precondition(shape.indices.contains(axis) && count >= 0, "repeated: axis \(axis) of \(type), \(count) times")
        let (before, after) = (shape[...axis], shape[(axis + 1)...])
        return reshaped(before + [1] + after).broadcast(to: before + [count] + after)
            .reshaped(shape[..<axis] + [shape[axis] * count] + after)
    }

    /// The whole tensor `counts[i]` times along axis `i`: a, b, a, b.
    public func tiled(_ counts: [Int]) -> Tensor {
        precondition(
            counts.count == rank && counts.allSatisfy { $0 >= 0 }, "tiled: needs one count for each axis of \(type)")
        let (single, many) = (shape.flatMap { [1, $0] }, zip(counts, shape).flatMap { [$0, $1] })
        return reshaped(single).broadcast(to: many).reshaped(zip(counts, shape).map { $0 * $1 })
    }

    /// The elements along `axis` moved `shift` places on, those that fall off coming back at the other end.
    public func rolled(by shift: Int, along axis: Int) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        precondition(shape.indices.contains(axis), "rolled: axis \(axis) is no axis of \(type)")
        guard shape[axis] > 1 else { return self }
        let first = ((shift % shape[axis]) + shape[axis]) % shape[axis]
        guard first != 0 else { return self }
        let parts = split(sizes: [shape[axis] - first, first], along: axis)
        return Self.concatenated([parts[1], parts[0]], along: axis)
    }

    /// `value` around this tensor: along each axis so many elements before and after it.
    public func padded(_ amounts: [(before: Int, after: Int)], value: Double = 0) -> Tensor {
        let (low, high) = (amounts.map(\.before), amounts.map(\.after))
        let padded = padded(low: low, high: high)
        guard value != 0, padded.shape != shape else { return padded }
        let isInside = Tensor.constant(1, .bool).broadcast(to: shape).padded(low: low, high: high)
        return Self.select(isInside, padded, .constant(value, dtype))
    }
}
