/// Running sums along one axis: each element becomes the sum of itself and all before it.
public struct CumulativeSum: Primitive {
    public var axis: Int
    /// Whether sums run from the last element to the first.
    public var isReversed: Bool
    /// Whether each element is left out of its own sum.
    public var isExclusive: Bool

    public init(axis: Int, reverse: Bool = false, exclusive: Bool = false) {
        self.axis = axis
        isReversed = reverse
        isExclusive = exclusive
    }

    public static var names: [String] { ["cumulative_sum"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        self.init(
            axis: try attributes.int("axis", of: name), reverse: try attributes.bool("reverse", of: name),
            exclusive: try attributes.bool("exclusive", of: name))
    }

    public var op: Op { .cumulativeSum(self) }
    public var name: String { "cumulative_sum" }
    public var attributes: Attributes {
        ["axis": .int(axis), "reverse": .bool(isReversed), "exclusive": .bool(isExclusive)]
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard operands[0].shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of \(operands[0])")
        }
        guard operands[0].dtype != .bool else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs numbers; cast(to: .int32) to count")
        }
        return operands[0]
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        [Tensor(CumulativeSum(axis: axis, reverse: !isReversed, exclusive: isExclusive), cotangent)]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let (extent, stride) = (result.shape[axis], result.strides[axis])
        var sums = operands[0]
        var outer = result.shape
        outer[axis] = min(extent, 1)
        for start in RowMajor.offsets(shape: outer, strides: result.strides) {
            var sum = 0.0
            for step in 0..<extent {
                let place = start + (isReversed ? extent - 1 - step : step) * stride
                let x = operands[0][place]
                sums[place] = isExclusive ? sum : sum + x
                sum += x
            }
        }
        return sums
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        if !isExclusive, type.shape[axis] <= 1 { return operands[0] }
        return operands[0].uniformValue == 0 ? operands[0] : nil
    }

    public static var samples: [Sample] {
        let flags = [(false, false), (false, true), (true, false), (true, true)]
        return flags.flatMap { reverse, exclusive in
            [([4], 0), ([1], 0), ([0], 0), ([3, 2], 0), ([3, 2], 1), ([2, 3, 4], 1), ([0, 3], 1), ([2, 1, 2], 1)].map {
                Sample(CumulativeSum(axis: $0.1, reverse: reverse, exclusive: exclusive), [TensorType($0.0)])
            }
                + [DType.bfloat16, .int32, .int64, .int8, .uint8].map {
                    Sample(
                        CumulativeSum(axis: 1, reverse: reverse, exclusive: exclusive), [TensorType([2, 5], $0)],
                        in: 0...9, differentiable: false)
                }
        }
    }
}

extension Tensor {
    /// Running sums along `axis` (negative counts from the last): from the last element with `reverse`, without the
    /// element itself with `exclusive`.
    public func cumulativeSum(along axis: Int = -1, reverse: Bool = false, exclusive: Bool = false) -> Tensor {
        Tensor(CumulativeSum(axis: axis < 0 ? axis + rank : axis, reverse: reverse, exclusive: exclusive), self)
    }
}
