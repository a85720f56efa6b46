/// How a kernel or a pooling window slides over the spatial axes of `[batch, spatial…, channels]`: one entry per spatial
/// axis, of which there are one to three.
///
/// Tap `t` of output place `p` lies at input place `p · stride + t · dilation − begin`; places outside are padding.
public struct Sliding: Hashable, Sendable {
    public var strides: [Int]
    /// Padding before the first and after the last place.
    public var begin: [Int]
    public var end: [Int]
    /// Distance between neighbouring taps; 1 is a dense window.
    public var dilation: [Int]

    public init(strides: [Int], begin: [Int], end: [Int], dilation: [Int]) {
        self.strides = strides
        self.begin = begin
        self.end = end
        self.dilation = dilation
    }

    /// For `rank` spatial axes; what is empty gets the default: strides of 1, no padding, no dilation.
    public init(rank: Int, strides: [Int] = [], padding: [(begin: Int, end: Int)] = [], dilation: [Int] = []) {
        self.init(
            strides: strides.isEmpty ? [Int](repeating: 1, count: rank) : strides,
            begin: padding.isEmpty ? [Int](repeating: 0, count: rank) : padding.map(\.begin),
            end: padding.isEmpty ? [Int](repeating: 0, count: rank) : padding.map(\.end),
            dilation: dilation.isEmpty ? [Int](repeating: 1, count: rank) : dilation)
    }

    init(_ attributes: Attributes, of name: String) throws(GraphError) {
        self.init(
            strides: try attributes.ints("strides", of: name), begin: try attributes.ints("begin", of: name),
            end: try attributes.ints("end", of: name), dilation: try attributes.ints("dilation", of: name))
    }

    var attributes: [(key: String, value: Attributes.Value)] {
        [("strides", .ints(strides)), ("begin", .ints(begin)), ("end", .ints(end)), ("dilation", .ints(dilation))]
    }

    /// The number of spatial axes.
    public var rank: Int { strides.count }

    /// How many input places a window of `size` taps spans along `axis`.
    public func span(_ size: Int, _ axis: Int) -> Int { (size - 1) * dilation[axis] + 1 }

    /// Checks the settings themselves, before any operand is looked at.
    func check(_ op: String, kernel: [Int]) throws(GraphError) {
        guard (1...3).contains(rank), begin.count == rank, end.count == rank, dilation.count == rank,
            kernel.count == rank
        else {
            throw .invalidAttribute(
                op: op,
                reason: "needs one size, stride, padding and dilation for each of one to three spatial axes, received "
                    + "size \(kernel), \(self)")
        }
        guard (strides + dilation + kernel).allSatisfy({ $0 >= 1 }), (begin + end).allSatisfy({ $0 >= 0 }) else {
            throw .invalidAttribute(
                op: op,
                reason: "sizes, strides and dilations are at least 1 and padding at least 0, received size \(kernel), "
                    + "\(self)")
        }
    }

    /// The spatial extents of the output for a checked `kernel`.
    func output(_ op: String, input: [Int], kernel: [Int]) throws(GraphError) -> [Int] {
        var output: [Int] = []
        for axis in 0..<rank {
            let room = input[axis] + begin[axis] + end[axis] - span(kernel[axis], axis)
            guard input[axis] >= 0, room >= 0 else {
                throw .invalidAttribute(
                    op: op,
                    reason: "along spatial axis \(axis) the window spans \(span(kernel[axis], axis)) places, more than "
                        + "the padded input's \(input[axis] + begin[axis] + end[axis])")
            }
            output.append(room / strides[axis] + 1)
        }
        return output
    }

    /// Calls `body` with the places, row-major over `input` and `output` extents, and the tap, row-major over `kernel`,
    /// of every tap that lies in the input: output places in order, taps in order within each.
    func forEachTap(
        input: [Int], kernel: [Int], output: [Int], _ body: (_ input: Int, _ tap: Int, _ output: Int) -> Void
    ) {
        let inputStrides = TensorType.strides(of: input)
        let taps = RowMajor.coordinates(kernel)
        for (place, corner) in RowMajor.coordinates(output).enumerated() {
            taps: for (tap, offset) in taps.enumerated() {
                var source = 0
                for axis in 0..<rank {
                    let at = corner[axis] * strides[axis] + offset[axis] * dilation[axis] - begin[axis]
                    guard at >= 0, at < input[axis] else { continue taps }
                    source += at * inputStrides[axis]
                }
                body(source, tap, place)
            }
        }
    }
}

extension Sliding: CustomStringConvertible {
    public var description: String {
        "strides \(strides), padding \(begin) before and \(end) after, dilation \(dilation)"
    }
}
