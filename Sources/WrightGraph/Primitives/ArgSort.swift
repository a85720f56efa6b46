/// The order that sorts the last axis: where the first, second … element of the sorted row lies; int32. Equal elements
/// keep their order in either direction (the sort is stable), and NaN counts as larger than any number, as in PyTorch.
public struct ArgSort: Primitive {
    public var isDescending: Bool

    public init(descending: Bool) { isDescending = descending }

    public static var names: [String] { ["arg_sort"] }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        isDescending = try attributes.bool("descending", of: name)
    }

    public var op: Op { .argSort(self) }
    public var name: String { "arg_sort" }
    public var attributes: Attributes { ["descending": .bool(isDescending)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        guard operands[0].rank > 0 else {
            throw .shapeMismatch(op: name, operands: operands, reason: "a scalar has no axis to sort along")
        }
        return TensorType(operands[0].shape, .int32)
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] { [nil] }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let extent = result.shape[result.rank - 1]
        guard extent > 0 else { return [] }
        return stride(from: 0, to: result.count, by: extent).flatMap { start in
            (0..<extent).sorted { i, j in
                let (a, b) = (operands[0][start + i], operands[0][start + j])
                let (first, second) = isDescending ? (b, a) : (a, b)
                if Self.isLess(first, second) { return true }
                return i < j && !Self.isLess(second, first)
            }.map(Double.init)
        }
    }

    private static func isLess(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        operands[0].repeatedScalar != nil || type.shape[type.rank - 1] <= 1
            ? Tensor(Iota(type.shape, axis: type.rank - 1)) : nil
    }

    public static var samples: [Sample] {
        [false, true].flatMap { descending in
            [[5], [1], [0], [3, 4], [2, 0], [0, 3], [2, 1, 3], [4, 1], [3, 17]].map {
                Sample(ArgSort(descending: descending), [TensorType($0)], differentiable: false)
            }
                + DType.allCases.map {
                    // A narrow range, so that elements repeat and stability shows.
                    Sample(
                        ArgSort(descending: descending), [TensorType([3, 9], $0)], in: $0 == .bool ? 0...1 : 0...3,
                        differentiable: false)
                }
        }
    }
}

extension Tensor {
    /// The order that sorts `axis` (negative counts from the last), as int32 places along it; see ``ArgSort``.
    public func argSorted(along axis: Int = -1, descending: Bool = false) -> Tensor {
        movingToLast(axis) { Tensor(ArgSort(descending: descending), $0) }
    }

    /// The elements along `axis` (negative counts from the last) in ascending or descending order; see ``ArgSort``.
    public func sorted(along axis: Int = -1, descending: Bool = false) -> Tensor {
        movingToLast(axis) { $0.takenAlongLast(Tensor(ArgSort(descending: descending), $0)) }
    }

    /// The `k` largest (or smallest) elements along `axis` in order, best first, and where they lie, as int32.
    public func topK(_ k: Int, along axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
        let extent = shape.isEmpty ? 0 : shape[axis < 0 ? axis + rank : axis]
        precondition((0...extent).contains(k), "topK: there are no \(k) elements along axis \(axis) of \(type)")
        func best(_ x: Tensor) -> Tensor {
            let order = Tensor(ArgSort(descending: largest), x)
            return order.sliced(from: x.shape.map { _ in 0 }, sizes: x.shape.dropLast() + [k])
        }
        return (movingToLast(axis) { $0.takenAlongLast(best($0)) }, movingToLast(axis, best))
    }
}
