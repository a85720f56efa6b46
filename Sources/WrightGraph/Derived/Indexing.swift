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

/// What a subscript chooses along one axis: a place (`2`, or `-1` for the last), a range of places (`1..<3`, `2...`), or
/// an ``AxisSelection`` such as `.all`.
public protocol AxisIndex: Sendable {
    var selection: AxisSelection { get }
}

/// One way to choose along an axis; its forms are ``AxisIndex/all``, ``AxisIndex/every(_:)`` and their neighbours.
public struct AxisSelection: AxisIndex, Hashable {
    enum Kind: Hashable {
        /// One place; the axis disappears.
        case place(Int)
        case slice(from: Int?, to: Int?, by: Int)
        case newAxis
        case rest
    }

    var kind: Kind
    public var selection: AxisSelection { self }
}

extension AxisIndex where Self == AxisSelection {
    /// The whole axis.
    public static var all: AxisSelection { .slice() }

    /// Every `step`-th element; backwards if negative.
    public static func every(_ step: Int) -> AxisSelection { .slice(by: step) }

    /// Every `by`-th element from `from` up to but without `to`; negative places count from the end. A negative step goes
    /// backwards. What is nil is the end that the step comes from or goes to.
    public static func slice(from: Int? = nil, to: Int? = nil, by: Int = 1) -> AxisSelection {
        AxisSelection(kind: .slice(from: from, to: to, by: by))
    }

    /// A new axis of extent 1.
    public static var newAxis: AxisSelection { AxisSelection(kind: .newAxis) }

    /// The whole of as many axes as the other indices leave over.
    public static var rest: AxisSelection { AxisSelection(kind: .rest) }
}

extension Int: AxisIndex { public var selection: AxisSelection { AxisSelection(kind: .place(self)) } }
extension Range<Int>: AxisIndex {
    public var selection: AxisSelection { .slice(from: lowerBound, to: upperBound) }
}
extension ClosedRange<Int>: AxisIndex {
    // The place after −1 is the end, not 0.
    public var selection: AxisSelection { .slice(from: lowerBound, to: upperBound == -1 ? nil : upperBound + 1) }
}
extension PartialRangeFrom<Int>: AxisIndex { public var selection: AxisSelection { .slice(from: lowerBound) } }
extension PartialRangeUpTo<Int>: AxisIndex { public var selection: AxisSelection { .slice(to: upperBound) } }
extension PartialRangeThrough<Int>: AxisIndex {
    public var selection: AxisSelection { .slice(to: upperBound == -1 ? nil : upperBound + 1) }
}

extension Tensor {
    /// A part of this tensor, axis by axis: `x[0]`, `x[1..<3]`, `x[.all, -1, 0..<4]`, `x[.rest, .every(-1)]`. Axes that no
    /// index speaks of are whole. A place outside its axis is a programmer's error, in a range too.
    public subscript(_ indices: any AxisIndex...) -> Tensor {
        let selections = Self.spelledOut(indices.map(\.selection.kind), rank: rank)
        var (starts, sizes, steps) = ([Int](), [Int](), [Int]())
        var (result, flipped) = ([Int](), [Int]())
        for selection in selections {
            let axis = starts.count
            switch selection {
            case .newAxis, .rest: result.append(1)
            case .place(let place):
                starts.append(resolve(place, axis, 0..<shape[axis]))
                sizes.append(1)
                steps.append(1)
            case .slice(let from, let to, let step):
                let (start, size) = span(from, to, step, axis)
                starts.append(start)
                sizes.append(size)
                steps.append(abs(step))
                result.append(size)
                if step < 0, size > 1 { flipped.append(axis) }
            }
        }
        let part = sliced(from: starts, sizes: sizes, steps: steps)
        return (flipped.isEmpty ? part : part.flipped(along: flipped)).reshaped(result)
    }

    /// One selection for each axis and each new one.
    private static func spelledOut(_ selections: [AxisSelection.Kind], rank: Int) -> [AxisSelection.Kind] {
        let spoken = selections.count { $0 != .newAxis && $0 != .rest }
        precondition(
            spoken <= rank && selections.count { $0 == .rest } <= 1,
            "subscript: \(spoken) indices for \(rank) axes; .rest may stand once")
        let whole = [AxisSelection.Kind](repeating: .slice(from: nil, to: nil, by: 1), count: rank - spoken)
        guard let open = selections.firstIndex(of: .rest) else { return selections + whole }
        return selections[..<open] + whole + selections[(open + 1)...]
    }

    /// Where a slice of `axis` starts in memory order, and how many elements it has.
    private func span(_ from: Int?, _ to: Int?, _ step: Int, _ axis: Int) -> (start: Int, size: Int) {
        precondition(step != 0, "subscript: a step of 0 goes nowhere")
        let extent = shape[axis]
        if step > 0 {
            let first = from.map { resolve($0, axis, 0..<extent + 1) } ?? 0
            let end = to.map { resolve($0, axis, 0..<extent + 1) } ?? extent
            return (first, max(0, (end - first + step - 1) / step))
        }
        let first = from.map { resolve($0, axis, 0..<extent) } ?? extent - 1
        let end = to.map { resolve($0, axis, 0..<extent) } ?? -1
        let size = max(0, (first - end - step - 1) / -step)
        return (size == 0 ? 0 : first + (size - 1) * step, size)
    }

    private func resolve(_ place: Int, _ axis: Int, _ allowed: Range<Int>) -> Int {
        let resolved = place < 0 ? place + shape[axis] : place
        precondition(allowed.contains(resolved), "subscript: \(place) lies outside axis \(axis) of \(type)")
        return resolved
    }

    /// Whole numbers as rows of `count` elements, 1 in place of the number and 0 elsewhere; rows of zeros for a number
    /// outside `0..<count`.
    public func oneHot(_ count: Int, _ dtype: DType = .float32) -> Tensor {
        precondition(self.dtype.isInteger, "oneHot: needs whole numbers, received \(type)")
        let places = Tensor(Iota([count], axis: 0)).cast(to: self.dtype)
        return expandedAxis(at: -1).isEqual(to: places).cast(to: dtype)
    }

    /// An n-by-n mask that is true on the diagonal.
    public static func identityMask(_ n: Int) -> Tensor {
        Tensor(Iota([n, n], axis: 0)).isEqual(to: Tensor(Iota([n, n], axis: 1)))
    }

    /// A mask that is true on and below the diagonal, moved `diagonal` columns to the right; a causal attention's.
    public static func lowerTriangleMask(_ rows: Int, _ columns: Int, diagonal: Int = 0) -> Tensor {
        (Tensor(Iota([rows, columns], axis: 0)) + Double(diagonal))
            .isGreaterOrEqual(to: Tensor(Iota([rows, columns], axis: 1)))
    }

    /// A mask that is true on and above the diagonal, moved `diagonal` columns to the right.
    public static func upperTriangleMask(_ rows: Int, _ columns: Int, diagonal: Int = 0) -> Tensor {
        (Tensor(Iota([rows, columns], axis: 0)) + Double(diagonal))
            .isLessOrEqual(to: Tensor(Iota([rows, columns], axis: 1)))
    }
}
