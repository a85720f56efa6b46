/// A regular part of a tensor: along each axis, `sizes` elements from `starts`, every `steps`-th.
public struct Slice: Primitive {
    public var starts: [Int]
    public var sizes: [Int]
    /// At least 1; going backwards is ``Flip``.
    public var steps: [Int]

    public init(starts: [Int], sizes: [Int], steps: [Int]) {
        self.starts = starts
        self.sizes = sizes
        self.steps = steps
    }

    public static var names: [String] { ["slice"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        self.init(
            starts: try attributes.ints("starts", of: name), sizes: try attributes.ints("sizes", of: name),
            steps: try attributes.ints("steps", of: name))
    }

    public var op: Op { .slice(self) }
    public var name: String { "slice" }
    public var attributes: Attributes { ["starts": .ints(starts), "sizes": .ints(sizes), "steps": .ints(steps)] }

    /// The place just after the last element along `axis`.
    public func end(_ axis: Int) -> Int {
        sizes[axis] == 0 ? starts[axis] : starts[axis] + (sizes[axis] - 1) * steps[axis] + 1
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        let operand = operands[0]
        guard starts.count == operand.rank, sizes.count == operand.rank, steps.count == operand.rank else {
            throw .invalidAttribute(
                op: name, reason: "needs one start, size and step for each of the \(operand.rank) axes of \(operand)")
        }
        for axis in operand.shape.indices {
            guard starts[axis] >= 0, sizes[axis] >= 0, steps[axis] >= 1, end(axis) <= operand.shape[axis] else {
                throw .invalidAttribute(
                    op: name,
                    reason: "axis \(axis): \(sizes[axis]) elements from \(starts[axis]) in steps of \(steps[axis]) do "
                        + "not lie within \(operand); starts count from 0 and steps are at least 1")
            }
        }
        return TensorType(sizes, operand.dtype)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let shape = operands[0].shape
        guard result.count > 0 else { return [Tensor.constant(0, cotangent.dtype).broadcast(to: shape)] }
        return [
            cotangent.padded(
                low: starts, high: shape.indices.map { shape[$0] - end($0) }, interior: steps.map { $0 - 1 })
        ]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let strides = types[0].strides
        return RowMajor.offsets(
            shape: sizes, strides: zip(strides, steps).map { $0 * $1 },
            start: zip(strides, starts).reduce(0) { $0 + $1.0 * $1.1 }
        ).map { operands[0][$0] }
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        let x = operands[0]
        if x.shape == sizes { return x }
        if let scalar = x.repeatedScalar { return scalar.broadcast(to: sizes) }
        switch x.op {
        case .slice(let inner):
            return x.operands[0].sliced(
                from: sizes.indices.map { inner.starts[$0] + starts[$0] * inner.steps[$0] }, sizes: sizes,
                steps: sizes.indices.map { steps[$0] * inner.steps[$0] })
        case .concatenate(let inner): return fromOnePart(of: x.operands, axis: inner.axis)
        case .pad(let inner): return fromInside(inner, of: x.operands[0], padded: x.shape)
        default: return nil
        }
    }

    /// This slice of a concatenation, if it lies in a single one of its parts.
    private func fromOnePart(of parts: [Tensor], axis: Int) -> Tensor? {
        var place = 0
        for part in parts {
            let next = place + part.shape[axis]
            if starts[axis] >= place, end(axis) <= next, starts[axis] < next {
                var inside = starts
                inside[axis] -= place
                return part.sliced(from: inside, sizes: sizes, steps: steps)
            }
            place = next
        }
        return nil
    }

    /// This slice of a padded tensor, if it touches no padding, or nothing else.
    private func fromInside(_ pad: Pad, of x: Tensor, padded: [Int]) -> Tensor? {
        let isOutside = sizes.indices.contains {
            end($0) <= pad.low[$0] || starts[$0] >= padded[$0] - pad.high[$0]
        }
        if isOutside { return Tensor.constant(0, x.dtype).broadcast(to: sizes) }
        let isInside = sizes.indices.allSatisfy {
            starts[$0] >= pad.low[$0] && end($0) <= pad.low[$0] + x.shape[$0] && pad.interior[$0] == 0
        }
        return isInside ? x.sliced(from: zip(starts, pad.low).map { $0 - $1 }, sizes: sizes, steps: steps) : nil
    }

    public static var samples: [Sample] {
        let cases: [(shape: [Int], starts: [Int], sizes: [Int], steps: [Int])] = [
            ([5], [1], [3], [1]), ([5], [0], [3], [2]), ([6], [1], [2], [3]), ([6], [5], [1], [4]),
            ([4], [4], [0], [1]), ([0], [0], [0], [1]), ([], [], [], []), ([1, 3], [0, 1], [1, 2], [2, 1]),
            ([3, 4], [1, 0], [2, 4], [1, 1]), ([3, 4], [0, 1], [3, 2], [1, 2]),
            ([3, 4, 5], [2, 1, 0], [1, 2, 3], [1, 2, 2]),
            ([2, 3, 1, 4], [0, 0, 0, 3], [2, 2, 1, 1], [1, 2, 1, 1]),
        ]
        return cases.map { Sample(Slice(starts: $0.starts, sizes: $0.sizes, steps: $0.steps), [TensorType($0.shape)]) }
            + DType.allCases.map {
                Sample(
                    Slice(starts: [1, 0], sizes: [2, 2], steps: [1, 2]), [TensorType([3, 4], $0)],
                    in: $0 == .bool ? 0...1 : 0...100, differentiable: false)
            }
    }
}

extension Tensor {
    /// Along each axis `sizes` elements from `starts`, every `steps`-th (1 when not given). Subscripts read better.
    public func sliced(from starts: [Int], sizes: [Int], steps: [Int]? = nil) -> Tensor {
        if sizes == shape, starts.allSatisfy({ $0 == 0 }) { return self }
        // A single element takes no step: equal slices are to be written equally.
        let steps = (steps ?? sizes.map { _ in 1 }).enumerated().map { $0 < sizes.count && sizes[$0] <= 1 ? 1 : $1 }
        return Tensor(Slice(starts: starts, sizes: sizes, steps: steps), self)
    }
}
