extension Tensor {
    /// Along `axis` (negative counts from the last) the elements that `indices` names, row by row, as NumPy's
    /// `take_along_axis`: the other axes are equal. An index outside the axis gives NaN, or 0 where the type has none.
    public func takenAlong(_ axis: Int, indices: Tensor) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        precondition(
            shape.indices.contains(axis) && indices.rank == rank
                && shape.indices.allSatisfy { $0 == axis || shape[$0] == indices.shape[$0] },
            "takenAlong: \(type) and indices \(indices.type) may differ along axis \(axis) only")
        let order = Self.orderMovingToLast(axis, rank)
        let moved = permuted(order).takenAlongLast(indices.permuted(order), areChecked: false)
        return moved.permuted(Permute(order).inverse)
    }

    /// ``takenAlong(_:indices:)`` for the last axis: the rows are laid end to end and taken from by their place there.
    /// Indices that may lie outside must be checked, lest they reach into the next row.
    func takenAlongLast(_ indices: Tensor, areChecked: Bool = true) -> Tensor {
        let (extent, rows) = (shape[rank - 1], shape.dropLast().reduce(1, *))
        let wide: DType = rows * extent > Int32.max ? .int64 : indices.dtype
        let local = indices.cast(to: wide).reshaped([rows, indices.shape[rank - 1]])
        let starts = Tensor.iota(rows).reshaped([rows, 1]).cast(to: wide) * Double(extent)
        var places = local + starts
        if !areChecked {
            let isInside = local.isGreaterOrEqual(to: 0).and(local.isLess(than: Double(extent)))
            places = Tensor.select(isInside, places, .constant(-1, wide))
        }
        return reshaped([rows * extent]).gather(places.reshaped(indices.shape))
    }

    /// Applies `body`, which keeps the order of the axes, with `axis` as the last one.
    func movingToLast(_ axis: Int, _ body: (Tensor) -> Tensor) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        precondition(shape.indices.contains(axis), "axis \(axis) is no axis of \(type)")
        let order = Self.orderMovingToLast(axis, rank)
        return body(permuted(order)).permuted(Permute(order).inverse)
    }

    private static func orderMovingToLast(_ axis: Int, _ rank: Int) -> [Int] {
        (0..<rank).filter { $0 != axis } + [axis]
    }
}
