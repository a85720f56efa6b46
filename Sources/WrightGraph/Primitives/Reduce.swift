/// Combines the elements along some axes into one; the reduced axes are dropped.
public struct Reduce: Primitive {
    /// How elements are combined.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case sum, maximum, minimum, product }

    public var kind: Kind
    /// The axes that disappear, ascending.
    public var axes: [Int]

    public init(_ kind: Kind, axes: [Int]) {
        self.kind = kind
        self.axes = axes
    }

    public static var names: [String] { Kind.allCases.map { "reduce_\($0.rawValue)" } }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let kind = Kind(rawValue: String(name.dropFirst("reduce_".count))) else {
            throw .invalidAttribute(op: name, reason: "is no reduction")
        }
        self.init(kind, axes: try attributes.ints("axes", of: name))
    }

    public var op: Op { .reduce(self) }
    public var name: String { "reduce_\(kind.rawValue)" }
    public var attributes: Attributes { ["axes": .ints(axes)] }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(1, operands)
        let operand = operands[0]
        guard axes == Set(axes).sorted(), axes.allSatisfy(operand.shape.indices.contains) else {
            throw .invalidAttribute(op: name, reason: "axes \(axes) must be ascending, distinct axes of \(operand)")
        }
        guard operand.dtype != .bool else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs numbers; cast(to: .int32) to count")
        }
        if kind == .maximum || kind == .minimum, axes.contains(where: { operand.shape[$0] == 0 }) {
            throw .shapeMismatch(op: name, operands: operands, reason: "nothing to choose from along an empty axis")
        }
        let kept = operand.shape.indices.filter { !axes.contains($0) }.map { operand.shape[$0] }
        return TensorType(kept, operand.dtype)
    }

    /// The operand's shape with 1 in place of every reduced axis, along which the result stretches back.
    private func keptShape(_ shape: [Int]) -> [Int] { shape.indices.map { axes.contains($0) ? 1 : shape[$0] } }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let x = operands[0]
        let kept = keptShape(x.shape)
        let g = cotangent.reshaped(kept)
        switch kind {
        case .sum: return [g.broadcast(to: x.shape)]
        case .maximum, .minimum:
            // Equal extremes share the cotangent, as PyTorch's amax and amin do.
            let chosen = x.isEqual(to: result.reshaped(kept)).cast(to: x.dtype)
            return [chosen * (g / chosen.sum(along: axes).reshaped(kept))]
        case .product: return [Self.productPullback(x, g, axes: axes)]
        }
    }

    /// `g` times the product of all other elements: exact at zeros, and differentiable to any order, which a division by
    /// the element itself would not be. The reduced axes are folded into one of length n, and the others' products taken
    /// along the rows of an n-by-n table whose diagonal is 1: costly for long axes.
    private static func productPullback(_ x: Tensor, _ g: Tensor, axes: [Int]) -> Tensor {
        let kept = x.shape.indices.filter { !axes.contains($0) }
        let order = kept + axes
        let n = axes.map { x.shape[$0] }.reduce(1, *)
        let lead = kept.map { x.shape[$0] }
        let flat = x.permuted(order).reshaped(lead + [1, n]).broadcast(to: lead + [n, n])
        let rows = Tensor.identityMask(n).broadcast(to: lead + [n, n])
        let others = Tensor.select(rows, .constant(1, x.dtype), flat).product(along: [lead.count + 1])
        let moved = others.reshaped(order.map { x.shape[$0] })
        var inverse = order
        for (position, axis) in order.enumerated() { inverse[axis] = position }
        return moved.permuted(inverse) * g
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let shape = types[0].shape
        let initial: Double = kind == .sum ? 0 : (kind == .product ? 1 : (kind == .maximum ? -.infinity : .infinity))
        var accumulated = [Double](repeating: initial, count: result.count)
        var strides = [Int](repeating: 0, count: shape.count)
        for (position, axis) in shape.indices.filter({ !axes.contains($0) }).enumerated() {
            strides[axis] = result.strides[position]
        }
        for (x, target) in zip(operands[0], RowMajor.offsets(shape: shape, strides: strides)) {
            switch kind {
            case .sum: accumulated[target] += x
            case .product: accumulated[target] *= x
            case .maximum: if x > accumulated[target] || x.isNaN { accumulated[target] = x }
            case .minimum: if x < accumulated[target] || x.isNaN { accumulated[target] = x }
            }
        }
        return accumulated
    }

    public func simplified(_ operands: [Tensor], type: TensorType) -> Tensor? {
        let x = operands[0]
        if axes.allSatisfy({ x.shape[$0] == 1 }) { return x.reshaped(type.shape) }
        if let value = x.uniformValue, type.dtype.isFloatingPoint {
            let count = axes.reduce(1) { $0 * x.shape[$1] }
            switch kind {
            case .sum: return Tensor.constant(value * Double(count), type.dtype).broadcast(to: type.shape)
            case .maximum, .minimum: return Tensor.constant(value, type.dtype).broadcast(to: type.shape)
            case .product: return nil
            }
        }
        if case .reduce(let inner) = x.op, inner.kind == kind {
            let outer = x.operands[0].shape.indices.filter { !inner.axes.contains($0) }
            return Tensor(Reduce(kind, axes: (inner.axes + axes.map { outer[$0] }).sorted()), x.operands[0])
        }
        guard kind == .sum else { return nil }
        // What is the same for all terms comes out of the sum.
        switch x.op {
        case .unary(.negate): return -x.operands[0].sum(along: axes)
        case .binary(.multiply):
            let (a, b) = (x.operands[0], x.operands[1])
            if let factor = constantFactor(b, type) { return a.sum(along: axes) * factor }
            if let factor = constantFactor(a, type) { return b.sum(along: axes) * factor }
            return nil
        default: return nil
        }
    }

    /// A factor that does not change along the reduced axes, in the result's shape.
    private func constantFactor(_ factor: Tensor, _ type: TensorType) -> Tensor? {
        if let value = factor.uniformValue {
            return Tensor.constant(value, type.dtype).broadcast(to: type.shape)
        }
        guard case .broadcast(let broadcast) = factor.op else { return nil }
        let source = factor.operands[0]
        let repeated = broadcast.repeatedAxes(of: source.shape)
        guard axes.allSatisfy({ repeated.contains($0) || factor.shape[$0] == 1 }) else { return nil }
        // The source without the reduced axes stretches over what is left.
        let added = factor.rank - source.rank
        let kept = source.shape.indices.filter { !axes.contains($0 + added) }.map { source.shape[$0] }
        return source.reshaped(kept).broadcast(to: type.shape)
    }

    public static var samples: [Sample] {
        let shapes: [([Int], [Int])] = [
            ([2, 3], [1]), ([2, 3], [0]), ([2, 3], [0, 1]), ([2, 3, 4], [0, 2]), ([2, 3, 4], [1]), ([5], [0]),
            ([3, 1, 2], [1]), ([], []),
        ]
        return Kind.allCases.flatMap { kind in
            shapes.map { Sample(Reduce(kind, axes: $0.1), [TensorType($0.0)]) }
        } + [
            Sample(Reduce(.sum, axes: [0]), [TensorType([0, 3])]),
            Sample(Reduce(.sum, axes: [1]), [TensorType([3, 4], .int32)], in: -9...9, differentiable: false),
            Sample(Reduce(.maximum, axes: [0]), [TensorType([3, 4], .int32)], in: -9...9, differentiable: false),
        ]
    }
}

extension Tensor {
    /// The sum along `axes` (of every element when not given). Negative axes count from the last. The axes are dropped,
    /// or kept with an extent of 1 so that the result stretches back over this tensor.
    public func sum(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        reduced(.sum, axes, keepingAxes)
    }

    /// The largest element along `axes`, as in ``sum(along:keepingAxes:)``; NaN where one of them is NaN.
    public func maximum(along axes: [Int]?, keepingAxes: Bool = false) -> Tensor {
        reduced(.maximum, axes, keepingAxes)
    }

    /// The smallest element along `axes`, as in ``sum(along:keepingAxes:)``; NaN where one of them is NaN.
    public func minimum(along axes: [Int]?, keepingAxes: Bool = false) -> Tensor {
        reduced(.minimum, axes, keepingAxes)
    }

    /// The product along `axes`, as in ``sum(along:keepingAxes:)``.
    public func product(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        reduced(.product, axes, keepingAxes)
    }

    private func reduced(_ kind: Reduce.Kind, _ axes: [Int]?, _ keepingAxes: Bool) -> Tensor {
        let axes = (axes ?? Array(shape.indices)).map { $0 < 0 ? $0 + rank : $0 }.sorted()
        guard !axes.isEmpty else { return self }
        let result = Tensor(Reduce(kind, axes: axes), self)
        return keepingAxes ? result.reshaped(shape.indices.map { axes.contains($0) ? 1 : shape[$0] }) : result
    }
}
