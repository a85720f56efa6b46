/// Writes over a part of a tensor that is found when the graph runs: of `x` `[a…, n, b…]`, an update `[a…, k, b…]` and one
/// whole number `start` it makes `x` with places `start ..< start + k` of the axis taken from the update (XLA's
/// dynamic-update-slice). Places of the update that lie outside of `x` are left out.
public struct UpdateSlice: Primitive {
    public var axis: Int

    public init(axis: Int) { self.axis = axis }

    public static var names: [String] { ["update_slice"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        axis = try attributes.int("axis", of: name)
    }

    public var op: Op { .updateSlice(self) }
    public var name: String { "update_slice" }
    public var attributes: Attributes { ["axis": .int(axis)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(3, operands)
        let (x, update, start) = (operands[0], operands[1], operands[2])
        guard x.shape.indices.contains(axis) else {
            throw .invalidAttribute(op: name, reason: "axis \(axis) is no axis of \(x)")
        }
        guard start.rank == 0, start.dtype == .int32 || start.dtype == .int64 else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "the start must be one int32 or int64, of no axes")
        }
        guard x.dtype == update.dtype else {
            throw .dtypeMismatch(
                op: name, operands: operands, reason: "element types must be equal; cast(to:) one of them")
        }
        var fitting = x.shape
        fitting[axis] = update.rank == x.rank ? min(x.shape[axis], update.shape[axis]) : x.shape[axis]
        guard update.shape == fitting else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "the update must have x's shape, but on axis \(axis), where it may be shorter")
        }
        return x
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let (x, update, start) = (operands[0], operands[1], operands[2])
        let none = Tensor.constant(0, cotangent.dtype)
        let places = Tensor.iota(update.shape[axis]).cast(to: start.dtype) + start
        let isInside = places.isGreaterOrEqual(to: 0).and(places.isLess(than: Double(x.shape[axis])))
        let mask = isInside.reshaped(x.shape.indices.map { $0 == axis ? update.shape[axis] : 1 })
        return [
            cotangent.updated(with: none.broadcast(to: update.shape), from: start, along: axis),
            Tensor.select(mask, cotangent.gather(places, axis: axis), none), nil,
        ]
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        var x = operands[0]
        let (extent, count, start) = (types[0].shape[axis], types[1].shape[axis], operands[2][0])
        let run = types[0].shape[(axis + 1)...].reduce(1, *)
        for outer in 0..<types[0].shape[..<axis].reduce(1, *) {
            for place in 0..<count where start + Double(place) >= 0 && start + Double(place) < Double(extent) {
                let (to, from) = ((outer * extent + Int(start) + place) * run, (outer * count + place) * run)
                x.replaceSubrange(to..<to + run, with: operands[1][from..<from + run])
            }
        }
        return x
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        operands[1].count == 0 ? operands[0] : nil
    }

    public static var samples: [Sample] {
        let cases: [(shape: [Int], axis: Int, count: Int, start: ClosedRange<Double>)] = [
            ([5], 0, 2, 1...1), ([5], 0, 2, 4...4), ([5], 0, 3, -2...(-2)), ([4, 3], 0, 1, 2...2),
            ([2, 6, 3], 1, 1, 5...5),
            ([2, 6, 3], 1, 4, 1...1), ([3, 2, 4], 2, 3, 0...0), ([2, 3], 1, 3, 0...0), ([2, 3], 1, 2, 9...9),
            ([2, 3], 1, 0, 0...0), ([0, 3], 1, 1, 0...0), ([3, 17, 5, 7], 1, 1, 12...12),
        ]
        return cases.map { shape, axis, count, start in
            var update = shape
            update[axis] = count
            return Sample(
                UpdateSlice(axis: axis), [TensorType(shape), TensorType(update), TensorType([], .int32)],
                ranges: [-2...2, -2...2, start])
        }
            + DType.allCases.map { dtype in
                Sample(
                    UpdateSlice(axis: 0),
                    [TensorType([4, 3], dtype), TensorType([2, 3], dtype), TensorType([], .int64)],
                    ranges: [dtype == .bool ? 0...1 : 0...9, dtype == .bool ? 0...1 : 0...9, 1...1],
                    differentiable: false)
            }
    }
}

extension Tensor {
    /// This tensor with places `start ..< start + k` of `axis` taken from `update`, whose axis has k places and whose others are
    /// this tensor's. `start` is one int32 or int64; places outside are left out. A variable that is assigned the result is
    /// written only where it changes.
    public func updated(with update: Tensor, from start: Tensor, along axis: Int) -> Tensor {
        Tensor(UpdateSlice(axis: axis < 0 ? axis + rank : axis), self, update, start)
    }
}
