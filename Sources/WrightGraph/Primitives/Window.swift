/// Pooling over sliding windows of `[batch, spatial…, channels]`, each channel by itself: maxima and sums with their
/// gradients, a family closed under differentiation. Padding is never chosen and adds nothing.
public struct Window: Primitive {
    /// What is computed of each window.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Of `x`: the largest element of each window, −∞ for a window of padding alone; NaN wins, and of equal elements
        /// the first, taps row-major.
        case maximum
        /// Of `values` and `keys`, both like the input: the value where the window's largest key is, 0 for a window of
        /// padding alone.
        case select
        /// Of `g`, like the output, and `keys`, like the input: zeros, to which `g` is added where each window's largest
        /// key is.
        case scatter
        /// Of `x`: the sum of each window.
        case sum
        /// Of `g`, like the output: each element added to every place of its window.
        case sumTranspose = "sum_transpose"
    }

    public var role: Role
    public var kernel: [Int]
    public var sliding: Sliding
    /// The input's spatial extents for ``Role/sumTranspose``, whose operand does not tell them; empty otherwise.
    public var sizes: [Int]

    public init(_ role: Role, kernel: [Int], _ sliding: Sliding, sizes: [Int] = []) {
        self.role = role
        self.kernel = kernel
        self.sliding = sliding
        self.sizes = sizes
    }

    public static var names: [String] { Role.allCases.map { "window_\($0.rawValue)" } }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let role = Role(rawValue: String(name.dropFirst("window_".count))) else {
            throw .invalidAttribute(op: name, reason: "is no role of a window")
        }
        self.init(
            role, kernel: try attributes.ints("kernel", of: name), try Sliding(attributes, of: name),
            sizes: role == .sumTranspose ? try attributes.ints("sizes", of: name) : [])
    }

    public var op: Op { .window(self) }
    public var name: String { "window_\(role.rawValue)" }

    public var attributes: Attributes {
        Attributes(
            items: [("kernel", .ints(kernel))] + sliding.attributes
                + (role == .sumTranspose ? [("sizes", .ints(sizes))] : []))
    }

    private func spatial(_ shape: [Int]) -> [Int] { Array(shape.dropFirst().dropLast()) }

    /// The output's shape for an input.
    private func output(_ input: [Int]) throws(GraphError) -> [Int] {
        [input[0]] + (try sliding.output(name, input: spatial(input), kernel: kernel)) + [input[input.count - 1]]
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        try expect(role == .select || role == .scatter ? 2 : 1, operands)
        try sliding.check(name, kernel: kernel)
        let dtype = operands[0].dtype
        guard operands.allSatisfy({ $0.dtype == dtype }), dtype.isFloatingPoint else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs floating-point operands of one type")
        }
        guard operands.allSatisfy({ $0.rank == sliding.rank + 2 }),
            role != .sumTranspose || sizes.count == sliding.rank
        else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs [batch, spatial..., channels] with \(sliding.rank) spatial axes")
        }
        let first = operands[0].shape
        switch role {
        case .maximum, .sum: return TensorType(try output(first), dtype)
        case .select:
            guard first == operands[1].shape else {
                throw .shapeMismatch(op: name, operands: operands, reason: "values and keys must have one shape")
            }
            return TensorType(try output(first), dtype)
        case .scatter:
            try check(input: operands[1].shape, output: first, operands)
            return operands[1]
        case .sumTranspose:
            let input = [first[0]] + sizes + [first[first.count - 1]]
            try check(input: input, output: first, operands)
            return TensorType(input, dtype)
        }
    }

    private func check(input: [Int], output: [Int], _ operands: [TensorType]) throws(GraphError) {
        let expected = try self.output(input)
        guard expected == output else {
            throw .shapeMismatch(
                op: name, operands: operands, reason: "an input \(input) has windows \(expected), not \(output)")
        }
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        switch role {
        case .maximum: [with(.scatter, cotangent, operands[0])]
        case .select: [with(.scatter, cotangent, operands[1]), nil]
        case .scatter: [with(.select, cotangent, operands[1]), nil]
        case .sum:
            [Tensor(Window(.sumTranspose, kernel: kernel, sliding, sizes: spatial(operands[0].shape)), cotangent)]
        case .sumTranspose: [with(.sum, cotangent)]
        }
    }

    /// The same windows in another role.
    private func with(_ role: Role, _ operands: Tensor...) -> Tensor {
        Tensor(Window(role, kernel: kernel, sliding), operands)
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        let isFromOutput = role == .scatter || role == .sumTranspose
        let (outputShape, inputShape) = isFromOutput ? (types[0].shape, result.shape) : (result.shape, types[0].shape)
        var values = [Double](repeating: role == .maximum ? -.infinity : 0, count: result.count)
        switch role {
        case .sum: forEachTap(inputShape, outputShape) { values[$1] += operands[0][$0] }
        case .sumTranspose: forEachTap(inputShape, outputShape) { values[$0] += operands[0][$1] }
        case .maximum, .select, .scatter:
            let keys = operands[operands.count - 1]
            for (output, input) in chosen(keys, inputShape, outputShape).enumerated() {
                guard let input else { continue }
                if isFromOutput { values[input] += operands[0][output] } else { values[output] = operands[0][input] }
            }
        }
        return values
    }

    /// Where the largest key of each window lies; nil for a window of padding alone.
    private func chosen(_ keys: [Double], _ input: [Int], _ output: [Int]) -> [Int?] {
        var chosen = [Int?](repeating: nil, count: output.reduce(1, *))
        forEachTap(input, output) { place, window in
            guard let best = chosen[window] else {
                chosen[window] = place
                return
            }
            if keys[place] > keys[best] || (keys[place].isNaN && !keys[best].isNaN) { chosen[window] = place }
        }
        return chosen
    }

    /// The places, in the memory of input and output, of every tap that lies in the input.
    private func forEachTap(_ input: [Int], _ output: [Int], _ body: (_ input: Int, _ output: Int) -> Void) {
        let channels = input[input.count - 1]
        let (inputArea, outputArea) = (spatial(input).reduce(1, *), spatial(output).reduce(1, *))
        for image in 0..<input[0] {
            sliding.forEachTap(input: spatial(input), kernel: kernel, output: spatial(output)) { source, _, place in
                for c in 0..<channels {
                    body((image * inputArea + source) * channels + c, (image * outputArea + place) * channels + c)
                }
            }
        }
    }

    public static var samples: [Sample] {
        let cases: [([Int], [Int], Sliding)] = [
            ([1, 1, 1], [1], Sliding(rank: 1)), ([2, 6, 3], [2], Sliding(rank: 1, strides: [2])),
            ([1, 7, 2], [3], Sliding(rank: 1)), ([1, 7, 1], [2], Sliding(rank: 1, strides: [3])),
            ([1, 5, 2], [3], Sliding(rank: 1, strides: [2], padding: [(1, 1)])),
            ([1, 7, 1], [3], Sliding(rank: 1, padding: [(0, 2)], dilation: [2])), ([0, 4, 2], [2], Sliding(rank: 1)),
            ([1, 4, 6, 2], [2, 2], Sliding(rank: 2, strides: [2, 2])),
            ([1, 4, 3, 1], [3, 2], Sliding(rank: 2, strides: [1, 2], padding: [(1, 1), (0, 1)])),
            ([2, 5, 5, 1], [3, 3], Sliding(rank: 2, strides: [2, 2], padding: [(1, 1), (1, 1)])),
            ([1, 5, 4, 2], [2, 2], Sliding(rank: 2, dilation: [3, 2])),
            ([1, 2, 3, 2, 2], [2, 2, 1], Sliding(rank: 3)),
            ([1, 3, 2, 3, 1], [2, 1, 3], Sliding(rank: 3, strides: [2, 1, 1], padding: [(1, 0), (0, 0), (1, 1)])),
        ]
        return cases.flatMap { shape, kernel, sliding in
            let input = TensorType(shape)
            let sum = Window(.sum, kernel: kernel, sliding)
            // Why: a sample that does not fit is a defect of this list, which every test would show.
            let output = try! sum.result(of: [input])
            let transpose = Window(.sumTranspose, kernel: kernel, sliding, sizes: sum.spatial(shape))
            return [
                Sample(Window(.maximum, kernel: kernel, sliding), [input]),
                Sample(Window(.select, kernel: kernel, sliding), [input, input]),
                Sample(Window(.scatter, kernel: kernel, sliding), [output, input]),
                Sample(sum, [input]), Sample(transpose, [output]),
            ]
        }
    }
}

extension Tensor {
    /// The largest element of each window of `size` places; `[batch, spatial…, channels]`, one to three spatial axes.
    /// Every list has one entry per spatial axis; empty means strides as large as the window, no padding, no dilation.
    public func maxPooled(
        size: [Int], strides: [Int] = [], padding: [(begin: Int, end: Int)] = [], dilation: [Int] = []
    ) -> Tensor {
        Tensor(Window(.maximum, kernel: size, pooling(size, strides, padding, dilation)), self)
    }

    /// The mean of each window of `size` places; lists as in ``maxPooled(size:strides:padding:dilation:)``. Padding counts
    /// as zeros, or with `countIncludesPadding` false not at all.
    public func averagePooled(
        size: [Int], strides: [Int] = [], padding: [(begin: Int, end: Int)] = [], countIncludesPadding: Bool = true
    ) -> Tensor {
        let sum = Window(.sum, kernel: size, pooling(size, strides, padding, []))
        let isPadded = padding.contains { $0.begin > 0 || $0.end > 0 }
        guard isPadded, !countIncludesPadding else { return Tensor(sum, self) / Double(size.reduce(1, *)) }
        let places = Tensor.constant(1, dtype).broadcast(to: [1] + shape.dropFirst().dropLast() + [1])
        return Tensor(sum, self) / Tensor(sum, places)
    }

    private func pooling(
        _ size: [Int], _ strides: [Int], _ padding: [(begin: Int, end: Int)], _ dilation: [Int]
    ) -> Sliding {
        Sliding(
            rank: size.count, strides: strides.isEmpty ? size : strides, padding: padding, dilation: dilation)
    }
}
