import CWrightTile
import Testing

extension CKernelTests {
    @Suite struct Pools {
        struct Axis: Sendable {
            var input: Int, kernel: Int
            var stride = 1, padding = 0, dilation = 1
            /// Places beyond what floor((input + 2 · padding − reach) / stride) + 1 gives.
            var extra = 0

            var output: Int { max(0, (input + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1) + extra }
            static let none = Axis(input: 1, kernel: 1)
        }

        struct Case: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var batch: Int, channels: Int
            var axes: [Axis]

            var inputs: Int { axes.reduce(1) { $0 * $1.input } }
            var outputs: Int { axes.reduce(1) { $0 * $1.output } }

            var window: wright_window {
                func axis(_ a: Axis) -> wright_window_axis {
                    wright_window_axis(
                        input: Int64(a.input), output: Int64(a.output), kernel: Int32(a.kernel),
                        stride: Int32(a.stride), padding: Int32(a.padding), dilation: Int32(a.dilation))
                }
                return wright_window(
                    batch: Int64(batch), channels: Int64(channels), axes: (axis(axes[0]), axis(axes[1]), axis(axes[2])))
            }

            /// The input positions that output position `place` sees, in window order.
            func seen(_ place: Int) -> [Int] {
                let w = place % axes[2].output, h = place / axes[2].output % axes[1].output
                let d = place / axes[2].output / axes[1].output
                func span(_ axis: Axis, _ output: Int) -> [Int] {
                    (0..<axis.kernel).map { output * axis.stride - axis.padding + $0 * axis.dilation }
                        .filter { $0 >= 0 && $0 < axis.input }
                }
                return span(axes[0], d).flatMap { d in
                    span(axes[1], h).flatMap { h in
                        span(axes[2], w).map { (d * axes[1].input + h) * axes[2].input + $0 }
                    }
                }
            }
        }

        static let cases: [Case] = [
            Case(
                testDescription: "2×2 stride 2", batch: 2, channels: 64,
                axes: [.none, Axis(input: 6, kernel: 2, stride: 2), Axis(input: 8, kernel: 2, stride: 2)]),
            Case(
                testDescription: "2×2 stride 2, odd", batch: 3, channels: 5,
                axes: [.none, Axis(input: 7, kernel: 2, stride: 2), Axis(input: 5, kernel: 2, stride: 2)]),
            Case(
                testDescription: "3×3 stride 2 padded", batch: 1, channels: 19,
                axes: [
                    .none, Axis(input: 9, kernel: 3, stride: 2, padding: 1),
                    Axis(input: 8, kernel: 3, stride: 2, padding: 1),
                ]),
            Case(
                testDescription: "3×3 stride 1 padded", batch: 2, channels: 1,
                axes: [.none, Axis(input: 4, kernel: 3, padding: 1), Axis(input: 5, kernel: 3, padding: 1)]),
            Case(
                testDescription: "dilated", batch: 2, channels: 9,
                axes: [
                    .none, Axis(input: 11, kernel: 3, stride: 2, padding: 2, dilation: 2),
                    Axis(input: 12, kernel: 2, stride: 3, padding: 1, dilation: 3),
                ]),
            Case(
                testDescription: "one axis", batch: 2, channels: 8,
                axes: [.none, .none, Axis(input: 13, kernel: 4, stride: 3, padding: 2)]),
            Case(
                testDescription: "three axes", batch: 2, channels: 3,
                axes: [
                    Axis(input: 5, kernel: 2, stride: 2), Axis(input: 4, kernel: 3, padding: 1),
                    Axis(input: 6, kernel: 2, stride: 3),
                ]),
            Case(
                testDescription: "gaps between windows", batch: 1, channels: 10,
                axes: [.none, Axis(input: 9, kernel: 2, stride: 4), Axis(input: 9, kernel: 1, stride: 3)]),
            Case(
                testDescription: "windows in the padding", batch: 1, channels: 9,
                axes: [
                    .none, Axis(input: 3, kernel: 2, stride: 2, padding: 3, extra: 2),
                    Axis(input: 4, kernel: 2, stride: 1, padding: 1),
                ]),
            Case(
                testDescription: "global", batch: 4, channels: 17,
                axes: [.none, Axis(input: 7, kernel: 7), Axis(input: 7, kernel: 7)]),
            Case(
                testDescription: "large", batch: 4, channels: 32,
                axes: [
                    .none, Axis(input: 16, kernel: 3, stride: 2, padding: 1),
                    Axis(input: 16, kernel: 3, stride: 2, padding: 1),
                ]),
        ]

        typealias Kernel = (UnsafeMutableRawPointer?) -> Void

        private func run(
            _ kernel: Kernel, _ test: Case, keys: [Float]?, source: [Float]?, count: Int
        ) -> [Float] {
            let keyArray = keys.map { KernelArray($0) }, sourceArray = source.map { KernelArray($0) }
            let output = KernelArray<Float>(repeating: 9, count: count)
            var arguments = wright_pool_arguments(
                window: test.window, keys: keyArray.map { UnsafePointer($0.pointer) },
                source: sourceArray.map { UnsafePointer($0.pointer) }, destination: output.pointer)
            kernel(&arguments)
            return withExtendedLifetime((keyArray, sourceArray)) { output.values }
        }

        /// The first largest of the keys that a window sees, NaN before all.
        private func winner(_ keys: [Float], _ places: [Int]) -> Int? {
            places.first { keys[$0].isNaN } ?? places.first { place in places.allSatisfy { keys[$0] <= keys[place] } }
        }

        @Test("Windows of every shape, forward and back", arguments: cases)
        func pools(_ test: Case) {
            let c = test.channels
            // Few different values, so that ties are common.
            var keys = Numbers.floats(test.batch * test.inputs * c, in: -3...3, seed: 1).map { $0.rounded() }
            for i in stride(from: 40, to: keys.count, by: 119) { keys[i] = .nan }
            for i in stride(from: 41, to: keys.count, by: 7) { keys[i] = -.infinity }
            let values = Numbers.floats(keys.count, seed: 2)
            let cotangent = Numbers.floats(test.batch * test.outputs * c, seed: 3)

            var maximum = [Double](repeating: -.infinity, count: cotangent.count)
            var selected = [Double](repeating: 0, count: cotangent.count), sums = selected
            var scattered = [Double](repeating: 0, count: keys.count), spread = scattered
            for n in 0..<test.batch {
                for place in 0..<test.outputs {
                    let seen = test.seen(place)
                    for channel in 0..<c {
                        let output = (n * test.outputs + place) * c + channel
                        let inputs = seen.map { (n * test.inputs + $0) * c + channel }
                        if let winner = winner(keys, inputs) {
                            maximum[output] = Double(keys[winner])
                            selected[output] = Double(values[winner])
                            scattered[winner] += Double(cotangent[output])
                        }
                        for input in inputs {
                            sums[output] += Double(values[input])
                            spread[input] += Double(cotangent[output])
                        }
                    }
                }
            }
            withEveryInstructionSet { set in
                withThreads([1, 2]) {
                    let (outputs, inputs) = (cotangent.count, keys.count)
                    expectClose(
                        run(wright_maximum_pool, test, keys: keys, source: nil, count: outputs), maximum,
                        "maximum \(set)")
                    expectClose(
                        run(wright_maximum_pool_select, test, keys: keys, source: values, count: outputs), selected,
                        "select \(set)")
                    expectClose(
                        run(wright_maximum_pool_scatter, test, keys: keys, source: cotangent, count: inputs), scattered,
                        absolute: 1e-5, "scatter \(set)")
                    expectClose(
                        run(wright_sum_pool, test, keys: nil, source: values, count: outputs), sums, absolute: 1e-5,
                        "sum \(set)")
                    expectClose(
                        run(wright_sum_pool_transpose, test, keys: nil, source: cotangent, count: inputs), spread,
                        absolute: 1e-5, "transpose \(set)")
                }
            }
        }
    }
}
