import Testing
import WrightGraph

/// A mistake in operands or settings is an error that names the rule, in graphs from files and in code alike.
@Suite struct MisuseTests {
    private static let f23 = TensorType([2, 3])
    private static let image = TensorType([1, 5, 5, 4])
    private static let plane = Sliding(rank: 2)

    @Test(
        arguments: [
            (Binary.add, [f23, TensorType([3, 2])], "shapes differ"),
            (Binary.add, [f23, TensorType([2, 3], .int32)], "element types differ"),
            (Binary.and, [f23, f23], "bool"),
            (Binary.add, [TensorType([1], .bool), TensorType([1], .bool)], "numbers"),
            (Unary.exp, [TensorType([2], .int32)], "floating-point"),
            (Compare.less, [f23, TensorType([2])], "shapes differ"),
            (Select(), [f23, f23, f23], "mask"),
            (Select(), [TensorType([2, 3], .bool), f23, TensorType([3])], "one shape"),
            (Broadcast(to: [3, 3]), [f23], "stretch"), (Broadcast(to: [3]), [f23], "stretch"),
            (Reduce(.sum, axes: [1, 0]), [f23], "ascending"), (Reduce(.sum, axes: [2]), [f23], "axes of"),
            (Reduce(.sum, axes: [0]), [TensorType([2], .bool)], "cast"),
            (Reduce(.maximum, axes: [0]), [TensorType([0, 2])], "empty"),
            (Reshape([4]), [f23], "6 elements"), (Permute([0, 0]), [f23], "each axis"),
            (Permute([0]), [f23], "each axis"),
            (MatrixMultiply(), [f23, f23], "equal k"),
            (MatrixMultiply(), [f23, TensorType([3, 2], .int32)], "floating"),
            (Iota([2], axis: 1), [], "axis 1"), (Iota([-1], axis: 0), [], "negative"),
            (Random(.bits, shape: [2], stream: 0), [f23], "int32[4]"),
            (Random(.bits, shape: [2], stream: 1 << 24), [TensorType([4], .int32)], "2^24"),
            (Random(.uniform, shape: [-2], stream: 0), [TensorType([4], .int32)], "negative"),
            (Slice(starts: [0], sizes: [2], steps: [1]), [f23], "one start"),
            (Slice(starts: [0, 1], sizes: [2, 3], steps: [1, 1]), [f23], "axis 1"),
            (Slice(starts: [0, 0], sizes: [2, 2], steps: [1, 0]), [f23], "at least 1"),
            (Slice(starts: [-1, 0], sizes: [1, 1], steps: [1, 1]), [f23], "axis 0"),
            (Slice(starts: [0, 0], sizes: [2, 2], steps: [1, 3]), [f23], "axis 1"),
            (Pad(low: [0, -1], high: [0, 0], interior: [0, 0]), [f23], "slice"),
            (Pad(low: [0], high: [0], interior: [0]), [f23], "each of the 2 axes"),
            (Concatenate(axis: 0), [], "expects 1"), (Concatenate(axis: 2), [f23], "axis 2"),
            (Concatenate(axis: 0), [f23, TensorType([2, 4])], "axis 0 only"),
            (Concatenate(axis: 0), [f23, TensorType([2])], "axis 0 only"),
            (Concatenate(axis: 0), [f23, TensorType([2, 3], .int8)], "element types"),
            (Flip(axes: [1, 1]), [f23], "distinct"), (ArgReduce(.maximum, axis: 2), [f23], "axis 2"),
            (ArgReduce(.maximum, axis: 0), [TensorType([0])], "empty"),
            (ArgReduce(.maximum, axis: 0), [TensorType([2], .bool)], "cast"),
            (Gather(axis: 2), [f23, TensorType([1], .int32)], "axis 2"), (Gather(axis: 0), [f23, f23], "int32"),
            (ScatterAdd(rows: 3), [f23, TensorType([3], .int32)], "begin"),
            (ScatterAdd(rows: -3), [f23, TensorType([2], .int32)], "at least 0"),
            (ScatterAdd(rows: 3), [TensorType([2], .bool), TensorType([2], .int32)], "numbers"),
            (SoftmaxCrossEntropy(), [f23, TensorType([3], .int32)], "for each row"),
            (SoftmaxCrossEntropy(.gradient), [f23, TensorType([2], .int32), f23], "for each row"),
            (SoftmaxCrossEntropy(), [f23, TensorType([2], .int64)], "int32 labels"),
            (SoftmaxCrossEntropy(smoothing: 2), [f23, TensorType([2], .int32)], "0 ... 1"),
            (SoftmaxCrossEntropy(ignored: 1 << 40), [f23, TensorType([2], .int32)], "int32"),
            (UpdateSlice(axis: 2), [f23, f23, TensorType([], .int32)], "axis 2"),
            (UpdateSlice(axis: 0), [f23, TensorType([3, 3]), TensorType([], .int32)], "shorter"),
            (UpdateSlice(axis: 0), [f23, TensorType([3]), TensorType([], .int32)], "shorter"),
            (UpdateSlice(axis: 0), [f23, f23, TensorType([1], .int32)], "no axes"),
            (UpdateSlice(axis: 0), [f23, TensorType([1, 3], .int32), TensorType([], .int32)], "equal"),
            (ArgSort(descending: true), [TensorType([])], "scalar"), (CumulativeSum(axis: 2), [f23], "axis 2"),
            (CumulativeSum(axis: 0), [TensorType([2], .bool)], "cast"),
            (Convolve(.forward, plane), [image, TensorType([2, 3, 3, 3])], "4 input"),
            (Convolve(.forward, plane, groups: 3), [image, TensorType([2, 3, 3, 1])], "3 groups"),
            (Convolve(.forward, plane, groups: 0), [image, TensorType([2, 3, 3, 4])], "at least 1"),
            (Convolve(.forward, plane), [image, TensorType([2, 6, 3, 4])], "spans 6"),
            (Convolve(.forward, plane), [TensorType([1, 5, 4]), TensorType([2, 3, 4])], "2 spatial axes"),
            (Convolve(.forward, plane), [image, TensorType([2, 0, 3, 4])], "at least 1"),
            (
                Convolve(.forward, Sliding(rank: 4)),
                [TensorType([1, 2, 2, 2, 2, 1]), TensorType([1, 1, 1, 1, 1, 1])], "three"
            ),
            (
                Convolve(.forward, Sliding(strides: [1, 1], begin: [0], end: [0, 0], dilation: [1, 1])),
                [image, TensorType([2, 3, 3, 4])], "each of"
            ),
            (
                Convolve(.forward, Sliding(strides: [1, 0], begin: [0, 0], end: [0, 0], dilation: [1, 1])),
                [image, TensorType([2, 3, 3, 4])], "at least 1"
            ),
            (
                Convolve(.inputGradient, plane, sizes: [6, 5]),
                [TensorType([1, 3, 3, 2]), TensorType([2, 3, 3, 4])], "spatial extents"
            ),
            (Convolve(.weightGradient, plane, sizes: [3]), [image, TensorType([1, 3, 3, 2])], "2 spatial axes"),
            (Convolve(.forward, plane), [image, TensorType([2, 3, 3, 4], .bfloat16)], "one type"),
            (Window(.maximum, kernel: [6, 2], plane), [image], "spans 6"),
            (Window(.maximum, kernel: [2], plane), [image], "one size"),
            (Window(.sum, kernel: [2, 2], plane), [TensorType([1, 5, 5, 4], .int32)], "floating"),
            (Window(.select, kernel: [2, 2], plane), [image, TensorType([1, 5, 4, 4])], "one shape"),
            (Window(.scatter, kernel: [2, 2], plane), [image, image], "windows"),
            (Window(.sumTranspose, kernel: [2, 2], plane, sizes: [5]), [image], "2 spatial axes"),
        ] as [(any Primitive, [TensorType], String)])
    func mistakesAreNamed(_ op: any Primitive, _ operands: [TensorType], _ rule: String) {
        let error = #expect(throws: GraphError.self) { try op.result(of: operands) }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
        #expect(error?.description.contains(op.name) == true)
    }

    #if DEBUG
        /// In code a mistake ends the process, and the text that teaches goes to the terminal.
        @Test func trapsTeach() async {
            let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor.input(0, TensorType([2, 3])) + Tensor.input(1, TensorType([2]))
            }
            #expect(text(shapes).contains("shapes [2, 3] and [2] do not stretch to one"))
            let place = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor.input(0, TensorType([2, 3]))[0, 3]
            }
            #expect(text(place).contains("3 lies outside axis 1"))
            let letters = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor.einsum("ij,jk->ik", .input(0, TensorType([2, 3])), .input(1, TensorType([2, 3])))
            }
            #expect(text(letters).contains("different extents"))
            let vector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor.input(0, TensorType([2])).gradients(of: [])
            }
            #expect(text(vector).contains("only a floating-point scalar has a gradient"))
        }

        private func text(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }
    #endif
}
