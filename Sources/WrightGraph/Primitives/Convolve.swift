/// A convolution and its two gradients, a family closed under differentiation.
///
/// Activations are `[batch, spatial…, channels]`, weights `[out, kernel…, in / groups]`; output channels of group `g` read
/// the input channels of group `g`. As in every deep-learning library the kernel is not mirrored (it is a correlation).
/// The three roles are the partial derivatives of one sum over input `x`, weights `w` and output cotangent `g`.
public struct Convolve: Primitive {
    /// Which of the three sums this is.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Of `x` and `w`: the output.
        case forward
        /// Of `g` and `w`: the cotangent of the input, also known as transposed convolution.
        case inputGradient = "input_gradient"
        /// Of `x` and `g`: the cotangent of the weights.
        case weightGradient = "weight_gradient"
    }

    public var role: Role
    public var sliding: Sliding
    public var groups: Int
    /// The spatial extents that the operands do not tell: the input's for ``Role/inputGradient``, the kernel's for
    /// ``Role/weightGradient``; empty for ``Role/forward``.
    public var sizes: [Int]

    public init(_ role: Role, _ sliding: Sliding, groups: Int = 1, sizes: [Int] = []) {
        self.role = role
        self.sliding = sliding
        self.groups = groups
        self.sizes = sizes
    }

    public static var names: [String] { Role.allCases.map(name) }

    private static func name(_ role: Role) -> String {
        role == .forward ? "convolution" : "convolution_\(role.rawValue)"
    }

    public init(name: String, attributes: Attributes) throws(GraphError) {
        guard let role = Role.allCases.first(where: { Self.name($0) == name }) else {
            throw .invalidAttribute(op: name, reason: "is no role of a convolution")
        }
        self.init(
            role, try Sliding(attributes, of: name), groups: try attributes.int("groups", of: name),
            sizes: role == .forward ? [] : try attributes.ints("sizes", of: name))
    }

    public var op: Op { .convolution(self) }
    public var name: String { Self.name(role) }

    public var attributes: Attributes {
        Attributes(
            items: sliding.attributes + [("groups", .int(groups))] + (role == .forward ? [] : [("sizes", .ints(sizes))])
        )
    }

    /// The shapes of input, weights and output.
    struct Shapes {
        var input: [Int]
        var weights: [Int]
        var output: [Int]
    }

    private func spatial(_ shape: [Int]) -> [Int] { Array(shape.dropFirst().dropLast()) }

    /// The shapes behind two operands of this role, checked.
    func shapes(of operands: [TensorType]) throws(GraphError) -> Shapes {
        try expect(2, operands)
        let (first, second) = (operands[0].shape, operands[1].shape)
        guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloatingPoint else {
            throw .dtypeMismatch(op: name, operands: operands, reason: "needs two floating-point operands of one type")
        }
        guard first.count == sliding.rank + 2, second.count == sliding.rank + 2,
            role == .forward || sizes.count == sliding.rank
        else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "needs [batch, spatial..., channels] and [out, kernel..., in / groups] with \(sliding.rank) "
                    + "spatial axes")
        }
        guard groups >= 1 else { throw .invalidAttribute(op: name, reason: "groups \(groups) must be at least 1") }
        let kernel = role == .weightGradient ? sizes : spatial(second)
        try sliding.check(name, kernel: kernel)
        let shapes: Shapes
        switch role {
        case .forward:
            let output = try sliding.output(name, input: spatial(first), kernel: kernel)
            shapes = Shapes(input: first, weights: second, output: [first[0]] + output + [second[0]])
        case .inputGradient:
            let channels = second[second.count - 1] * groups
            shapes = Shapes(input: [first[0]] + sizes + [channels], weights: second, output: first)
        case .weightGradient:
            let (inputs, outputs) = (first[first.count - 1], second[second.count - 1])
            shapes = Shapes(input: first, weights: [outputs] + sizes + [inputs / groups], output: second)
        }
        try check(shapes, operands)
        return shapes
    }

    private func check(_ shapes: Shapes, _ operands: [TensorType]) throws(GraphError) {
        let (input, weights, output) = (shapes.input, shapes.weights, shapes.output)
        let last = input.count - 1
        guard weights[last] * groups == input[last], weights[0] % groups == 0, weights[0] == output[last] else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "\(input[last]) input and \(output[last]) output channels in \(groups) groups do not fit "
                    + "weights \(weights), which are [out, kernel..., in / groups]")
        }
        let expected = try sliding.output(name, input: spatial(input), kernel: spatial(weights))
        guard expected == spatial(output), input[0] == output[0] else {
            throw .shapeMismatch(
                op: name, operands: operands,
                reason: "an input \(input) gives spatial extents \(expected), not those of \(output)")
        }
    }

    public func result(of operands: [TensorType]) throws(GraphError) -> TensorType {
        let shapes = try shapes(of: operands)
        return switch role {
        case .forward: TensorType(shapes.output, operands[0].dtype)
        case .inputGradient: TensorType(shapes.input, operands[0].dtype)
        case .weightGradient: TensorType(shapes.weights, operands[0].dtype)
        }
    }

    public func pullback(_ cotangent: Tensor, operands: [Tensor], result: Tensor) -> [Tensor?] {
        let (a, b) = (operands[0], operands[1])
        return switch role {
        case .forward:
            [
                with(.inputGradient, spatial(a.shape), cotangent, b),
                with(.weightGradient, spatial(b.shape), a, cotangent),
            ]
        case .inputGradient:
            [with(.forward, [], cotangent, b), with(.weightGradient, spatial(b.shape), cotangent, a)]
        case .weightGradient:
            [with(.inputGradient, spatial(a.shape), b, cotangent), with(.forward, [], a, cotangent)]
        }
    }

    /// The same convolution in another role.
    private func with(_ role: Role, _ sizes: [Int], _ a: Tensor, _ b: Tensor) -> Tensor {
        Tensor(Convolve(role, sliding, groups: groups, sizes: sizes), a, b)
    }

    public func reference(_ operands: [[Double]], types: [TensorType], result: TensorType) -> [Double] {
        var values = [Double](repeating: 0, count: result.count)
        let (a, b) = (operands[0], operands[1])
        // Why: the types were checked when the graph was built.
        let shapes = try! shapes(of: types)
        forEachProduct(shapes) { input, weight, output in
            switch role {
            case .forward: values[output] += a[input] * b[weight]
            case .inputGradient: values[input] += a[output] * b[weight]
            case .weightGradient: values[weight] += a[input] * b[output]
            }
        }
        return values
    }

    /// The places, in the memory of input, weights and output, of every product that the convolution sums.
    private func forEachProduct(_ shapes: Shapes, _ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
        let (inputs, outputs) = (shapes.input.last ?? 0, shapes.output.last ?? 0)
        let (inputsInGroup, outputsInGroup) = (inputs / groups, outputs / groups)
        let (input, kernel, output) = (spatial(shapes.input), spatial(shapes.weights), spatial(shapes.output))
        let (inputArea, kernelArea, outputArea) = (
            input.reduce(1, *), kernel.reduce(1, *), output.reduce(1, *)
        )
        for image in 0..<shapes.input[0] {
            sliding.forEachTap(input: input, kernel: kernel, output: output) { source, tap, place in
                for o in 0..<outputs {
                    let from = (image * inputArea + source) * inputs + o / outputsInGroup * inputsInGroup
                    let weight = (o * kernelArea + tap) * inputsInGroup
                    for c in 0..<inputsInGroup {
                        body(from + c, weight + c, (image * outputArea + place) * outputs + o)
                    }
                }
            }
        }
    }

    public static var samples: [Sample] {
        cases.flatMap { x, w, sliding, groups in
            let forward = Convolve(.forward, sliding, groups: groups)
            // Why: a sample that does not fit is a defect of this list, which every test would show.
            let y = try! forward.result(of: [TensorType(x), TensorType(w)]).shape
            let byInput = Convolve(.inputGradient, sliding, groups: groups, sizes: forward.spatial(x))
            let byWeights = Convolve(.weightGradient, sliding, groups: groups, sizes: forward.spatial(w))
            return [
                Sample(forward, [TensorType(x), TensorType(w)]), Sample(byInput, [TensorType(y), TensorType(w)]),
                Sample(byWeights, [TensorType(x), TensorType(y)]),
            ]
        }
    }

    /// Every setting alone and together on small shapes: input, weights, sliding, groups.
    private static var cases: [([Int], [Int], Sliding, Int)] {
        func line(_ stride: Int = 1, _ begin: Int = 0, _ end: Int = 0, _ dilation: Int = 1) -> Sliding {
            Sliding(strides: [stride], begin: [begin], end: [end], dilation: [dilation])
        }
        let lines: [([Int], [Int], Sliding, Int)] = [
            ([1, 1, 1], [1, 1, 1], line(), 1), ([2, 5, 3], [4, 3, 3], line(), 1), ([1, 6, 2], [3, 3, 2], line(2), 1),
            ([1, 7, 1], [1, 2, 1], line(3), 1), ([1, 4, 2], [2, 3, 2], line(1, 1, 1), 1),
            ([1, 4, 1], [2, 3, 1], line(1, 2, 0), 1), ([1, 5, 1], [1, 3, 1], line(2, 1, 1), 1),
            ([1, 7, 2], [1, 3, 2], line(1, 0, 0, 2), 1), ([1, 7, 1], [2, 3, 1], line(2, 2, 1, 2), 1),
            ([1, 5, 4], [4, 3, 2], line(1, 1, 1), 2), ([2, 5, 3], [3, 3, 1], line(2, 1, 1), 3),
            ([1, 5, 2], [6, 2, 1], line(1, 0, 1), 2), ([1, 6, 4], [2, 2, 2], line(2, 1, 2, 2), 2),
            ([1, 2, 1], [1, 4, 1], line(1, 1, 1), 1), ([1, 6, 2], [2, 1, 2], line(2), 1),
            ([0, 4, 2], [3, 2, 2], line(), 1), ([1, 1, 2], [2, 3, 2], line(1, 2, 2), 1),
        ]
        let planes: [([Int], [Int], Sliding, Int)] = [
            ([1, 3, 3, 2], [2, 3, 3, 2], Sliding(rank: 2), 1), ([2, 4, 3, 1], [3, 1, 1, 1], Sliding(rank: 2), 1),
            ([1, 4, 5, 2], [2, 3, 3, 2], Sliding(rank: 2, padding: [(1, 1), (1, 1)]), 1),
            ([1, 5, 4, 1], [2, 3, 2, 1], Sliding(rank: 2, strides: [2, 1], padding: [(0, 1), (2, 0)]), 1),
            ([1, 5, 5, 2], [2, 2, 2, 1], Sliding(rank: 2, strides: [2, 2], dilation: [1, 3]), 2),
            ([1, 4, 4, 4], [4, 3, 3, 1], Sliding(rank: 2, padding: [(1, 1), (1, 1)]), 4),
            ([1, 4, 4, 2], [4, 3, 3, 1], Sliding(rank: 2, strides: [2, 2], padding: [(1, 1), (1, 1)]), 2),
        ]
        let blocks: [([Int], [Int], Sliding, Int)] = [
            ([1, 2, 3, 2, 1], [2, 2, 2, 1, 1], Sliding(rank: 3), 1),
            (
                [1, 3, 2, 3, 2], [2, 2, 1, 2, 1],
                Sliding(rank: 3, strides: [2, 1, 1], padding: [(1, 0), (0, 0), (1, 1)], dilation: [1, 1, 2]), 2
            ),
        ]
        return lines + planes + blocks
    }
}

extension Tensor {
    /// The convolution of `[batch, spatial…, channels]` with `weights` `[out, kernel…, in / groups]`, one to three spatial
    /// axes. `strides`, `padding` (before and after) and `dilation` have one entry per spatial axis; empty means strides
    /// of 1, no padding and no dilation. Along each axis the output has
    /// `(input + begin + end − dilation · (kernel − 1) − 1) / stride + 1` places, rounded down.
    public func convolved(
        with weights: Tensor, strides: [Int] = [], padding: [(begin: Int, end: Int)] = [], dilation: [Int] = [],
        groups: Int = 1
    ) -> Tensor {
        let sliding = Sliding(rank: rank - 2, strides: strides, padding: padding, dilation: dilation)
        return Tensor(Convolve(.forward, sliding, groups: groups), self, weights)
    }

    /// The transposed convolution (a convolution's input gradient) of `[batch, spatial…, channels]` with `weights`
    /// `[out, kernel…, in / groups]`, where `out` counts the channels of this operation's result. Along each axis it has
    /// `(input − 1) · stride − begin − end + dilation · (kernel − 1) + outputPadding + 1` places; `outputPadding`, below
    /// the stride, chooses among the sizes that a convolution with this stride would have mapped to the input's.
    public func transposedConvolved(
        with weights: Tensor, strides: [Int] = [], padding: [(begin: Int, end: Int)] = [], outputPadding: [Int] = [],
        dilation: [Int] = [], groups: Int = 1
    ) -> Tensor {
        let axes = rank - 2
        precondition(
            (1...3).contains(axes) && weights.rank == rank,
            "transposedConvolved: needs [batch, spatial..., channels] and weights [out, kernel..., in / groups] with one "
                + "to three spatial axes, received \(type) and \(weights.type)")
        let sliding = Sliding(rank: axes, strides: strides, padding: padding, dilation: dilation)
        let extra = outputPadding.isEmpty ? [Int](repeating: 0, count: axes) : outputPadding
        precondition(
            sliding.begin.count == axes && sliding.dilation.count == axes && sliding.strides.count == axes
                && extra.count == axes && zip(extra, sliding.strides).allSatisfy { $0 >= 0 && $0 < $1 },
            "transposedConvolved: needs one entry per spatial axis and an output padding from 0 to the stride − 1, "
                + "received \(sliding), output padding \(extra)")
        let (outputs, inputs) = (weights.shape[0], shape[rank - 1])
        precondition(
            groups >= 1 && outputs % groups == 0 && weights.shape[rank - 1] * groups == inputs,
            "transposedConvolved: \(inputs) input channels in \(groups) groups do not fit weights \(weights.type), which "
                + "are [out, kernel..., in / groups]")
        let sizes = (0..<axes).map { axis in
            (shape[axis + 1] - 1) * sliding.strides[axis] - sliding.begin[axis] - sliding.end[axis]
                + sliding.span(weights.shape[axis + 1], axis) + extra[axis]
        }
        // The convolution whose gradient this is maps the result's channels to this tensor's.
        let kernel = Array(weights.shape[1...axes])
        let grouped = weights.reshaped([groups, outputs / groups] + kernel + [inputs / groups])
        let swapped = grouped.permuted([0, axes + 2] + Array(2..<axes + 2) + [1])
            .reshaped([inputs] + kernel + [outputs / groups])
        return Tensor(Convolve(.inputGradient, sliding, groups: groups, sizes: sizes), self, swapped)
    }
}
