import CWrightTile
import Testing

extension CKernelTests {
    @Suite struct Reductions {
        static let shapes = [
            (1, 1, 1), (3, 5, 1), (1, 1000, 1), (2, 20_000, 1), (64, 10, 1), (2, 7, 9), (1, 1000, 65), (2, 33, 300),
            (3, 0, 2), (3, 0, 1), (0, 4, 2), (2, 300, 3), (900, 3, 1), (1, 66_000, 1),
        ]

        /// Elements [outer, length, inner] as a list along the axis for each result.
        static func slices<Element>(_ x: [Element], _ outer: Int, _ length: Int, _ inner: Int) -> [[Element]] {
            (0..<outer).flatMap { o in
                (0..<inner).map { i in (0..<length).map { x[(o * length + $0) * inner + i] } }
            }
        }

        @Test("Float reductions", arguments: shapes)
        func floats(_ outer: Int, _ length: Int, _ inner: Int) {
            let x = Numbers.floats(outer * length * inner, in: 0.5...1.5, seed: 2)
            let slices = Self.slices(x.map { Double($0) }, outer, length, inner)
            let table: [(wright_reduction, ([Double]) -> Double)] = [
                (.sum, { $0.reduce(0, +) }), (.maximum, { $0.max() ?? -.infinity }),
                (.minimum, { $0.min() ?? .infinity }), (.product, { $0.reduce(1, *) }),
            ]
            withEveryInstructionSet { set in
                for (reduction, reference) in table where reduction != .product || length <= 300 {
                    var bits: [[UInt32]] = []
                    withThreads([1, 2]) {
                        let input = KernelArray(x), output = KernelArray<Float>(repeating: 9, count: outer * inner)
                        var arguments = wright_reduce_arguments(
                            source: input.pointer, destination: output.pointer, outer: Int64(outer),
                            length: Int64(length), inner: Int64(inner), reduction: reduction, type: .float32)
                        wright_reduce(&arguments)
                        expectClose(
                            output.values, slices.map(reference), relative: 2e-5,
                            "\(reduction) \(set) \(outer)×\(length)×\(inner)")
                        bits.append(output.values.map(\.bitPattern))
                    }
                    expectSame(bits[0], bits[1], "\(reduction) on two threads")
                }
            }
        }

        @Test("Sums of many elements keep their precision")
        func precision() {
            let x = [Float](repeating: 0.1, count: 1 << 20)
            for (length, inner) in [(1 << 20, 1), (1 << 17, 8)] {
                let input = KernelArray(x), output = KernelArray<Float>(repeating: 0, count: inner)
                var arguments = wright_reduce_arguments(
                    source: input.pointer, destination: output.pointer, outer: 1, length: Int64(length),
                    inner: Int64(inner), reduction: .sum, type: .float32)
                wright_reduce(&arguments)
                let expected = Double(Float(0.1)) * Double(length)
                expectClose(output.values, Array(repeating: expected, count: inner), relative: 3e-6, "inner \(inner)")
            }
        }

        @Test("Whole-number reductions wrap", arguments: shapes)
        func integers(_ outer: Int, _ length: Int, _ inner: Int) {
            let x = Numbers.integers(outer * length * inner, in: -1_000_000_000...1_000_000_000, seed: 2)
            let slices = Self.slices(x, outer, length, inner)
            let table: [(wright_reduction, ([Int32]) -> Int32)] = [
                (.sum, { $0.reduce(0, &+) }), (.maximum, { $0.max() ?? .min }), (.minimum, { $0.min() ?? .max }),
                (.product, { $0.reduce(1, &*) }),
            ]
            withEveryInstructionSet { set in
                for (reduction, reference) in table {
                    let input = KernelArray(x), output = KernelArray<Int32>(repeating: 9, count: outer * inner)
                    var arguments = wright_reduce_arguments(
                        source: input.pointer, destination: output.pointer, outer: Int64(outer), length: Int64(length),
                        inner: Int64(inner), reduction: reduction, type: .int32)
                    wright_reduce(&arguments)
                    expectSame(output.values, slices.map(reference), "\(reduction) \(set) \(outer)×\(length)×\(inner)")
                }
            }
        }

        /// The first place that nothing beats; NaN beats every number.
        static func winner(_ x: [Float], largest: Bool) -> Int32 {
            if let place = x.firstIndex(where: \.isNaN) { return Int32(place) }
            return Int32(x.firstIndex(of: largest ? x.max()! : x.min()!)!)
        }

        @Test("The first of the largest wins, and NaN before all", arguments: shapes.filter { $0.1 > 0 })
        func argreduce(_ outer: Int, _ length: Int, _ inner: Int) {
            // Few different values, so that ties are common.
            var x = Numbers.floats(outer * length * inner, in: -4...4, seed: 9).map { $0.rounded() }
            for i in stride(from: 50, to: x.count, by: 97) { x[i] = .nan }
            let whole = x.map { $0.isNaN ? Int32(3) : Int32($0) }
            withEveryInstructionSet { set in
                for reduction in [wright_reduction.maximum, .minimum] {
                    let output = KernelArray<Int32>(repeating: 9, count: outer * inner)
                    let input = KernelArray(x), integers = KernelArray(whole)
                    var arguments = wright_argreduce_arguments(
                        source: input.pointer, destination: output.pointer, outer: Int64(outer), length: Int64(length),
                        inner: Int64(inner), reduction: reduction, type: .float32)
                    wright_argreduce(&arguments)
                    let what = "\(reduction) \(set) \(outer)×\(length)×\(inner)"
                    let largest = reduction == .maximum
                    expectSame(
                        output.values,
                        Self.slices(x, outer, length, inner).map { Self.winner($0, largest: largest) }, what)
                    arguments.source = UnsafeRawPointer(integers.pointer)
                    arguments.type = .int32
                    wright_argreduce(&arguments)
                    expectSame(
                        output.values,
                        Self.slices(whole.map { Float($0) }, outer, length, inner)
                            .map { Self.winner($0, largest: largest) }, "int32 " + what)
                }
            }
        }

        @Test("Running sums, both ways", arguments: [false, true], [false, true])
        func cumulativeSums(exclusive: Bool, reversed: Bool) {
            for (outer, length, inner) in Self.shapes {
                let x = Numbers.integers(outer * length * inner, in: -9...9, seed: 2)
                var expected = x
                for o in 0..<outer {
                    for i in 0..<inner {
                        var sum: Int32 = 0
                        for k in reversed ? Array((0..<length).reversed()) : Array(0..<length) {
                            let place = (o * length + k) * inner + i
                            expected[place] = exclusive ? sum : sum + x[place]
                            sum += x[place]
                        }
                    }
                }
                // In place.
                let integers = KernelArray(x), floats = KernelArray(x.map { Float($0) })
                var arguments = wright_cumulative_sum_arguments(
                    source: integers.pointer, destination: integers.pointer, outer: Int64(outer),
                    length: Int64(length), inner: Int64(inner), type: .int32, exclusive: exclusive, reversed: reversed)
                wright_cumulative_sum(&arguments)
                expectSame(integers.values, expected, "\(outer)×\(length)×\(inner)")
                arguments.source = UnsafeRawPointer(floats.pointer)
                arguments.destination = UnsafeMutableRawPointer(floats.pointer)
                arguments.type = .float32
                wright_cumulative_sum(&arguments)
                expectSame(floats.values, expected.map { Float($0) }, "float \(outer)×\(length)×\(inner)")
            }
        }
    }
}
