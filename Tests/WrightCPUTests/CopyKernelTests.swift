import CWrightTile
import Testing

extension CKernelTests {
    @Suite struct Copies {
        struct Case: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var sizes: [Int]
            var source: [Int]
            var destination: [Int]
        }

        /// Strides of a contiguous array.
        static func contiguous(_ sizes: [Int]) -> [Int] {
            var strides = [Int](repeating: 1, count: sizes.count)
            for i in sizes.indices.dropLast().reversed() { strides[i] = strides[i + 1] * sizes[i + 1] }
            return strides
        }

        /// The copy that makes a permuted array contiguous.
        static func permute(_ sizes: [Int], _ order: [Int]) -> Case {
            let strides = contiguous(sizes), permuted = order.map { sizes[$0] }
            return Case(
                testDescription: "permute \(sizes) by \(order)", sizes: permuted, source: order.map { strides[$0] },
                destination: contiguous(permuted))
        }

        static let cases: [Case] = [
            Case(testDescription: "one element", sizes: [], source: [], destination: []),
            Case(testDescription: "nothing", sizes: [3, 0, 2], source: [0, 1, 1], destination: [0, 2, 1]),
            Case(testDescription: "contiguous", sizes: [1000], source: [1], destination: [1]),
            permute([7, 9], [1, 0]), permute([64, 65], [1, 0]), permute([130, 100], [1, 0]), permute([1, 8], [1, 0]),
            permute([2, 5, 7, 3], [0, 3, 1, 2]), permute([2, 3, 5, 70], [0, 2, 3, 1]),
            permute([3, 8, 16, 9], [0, 2, 1, 3]),
            permute([2, 3, 4, 5], [3, 2, 1, 0]), permute([2, 2, 2, 2, 2, 2, 2, 3], [7, 0, 6, 1, 5, 2, 4, 3]),
            Case(testDescription: "broadcast scalar", sizes: [4, 9], source: [0, 0], destination: [9, 1]),
            Case(testDescription: "broadcast rows", sizes: [40, 33], source: [0, 1], destination: [33, 1]),
            Case(testDescription: "broadcast columns", sizes: [40, 33], source: [1, 0], destination: [33, 1]),
            Case(testDescription: "every third", sizes: [5, 11], source: [40, 3], destination: [11, 1]),
            Case(testDescription: "into every second", sizes: [5, 11], source: [11, 1], destination: [22, 2]),
            Case(
                testDescription: "into columns of a wider array", sizes: [20, 8], source: [8, 1], destination: [30, 1]),
            Case(testDescription: "flip both", sizes: [6, 10], source: [-10, -1], destination: [10, 1]),
            Case(testDescription: "flip rows", sizes: [6, 70], source: [-70, 1], destination: [70, 1]),
            Case(testDescription: "transposed flip", sizes: [17, 9], source: [-1, 17], destination: [9, 1]),
            Case(testDescription: "windows", sizes: [10, 3], source: [1, 1], destination: [3, 1]),
            Case(testDescription: "large transpose", sizes: [150, 200], source: [1, 150], destination: [200, 1]),
        ]

        private func check<Element: FixedWidthInteger & BitwiseCopyable>(_ test: Case, _: Element.Type) {
            // The lowest place either side touches, so that pointers can be put there.
            func reach(_ strides: [Int]) -> (low: Int, high: Int) {
                zip(strides, test.sizes).reduce((0, 0)) { reach, axis in
                    let far = axis.0 * max(axis.1 - 1, 0)
                    return (reach.0 + min(far, 0), reach.1 + max(far, 0))
                }
            }
            let from = reach(test.source), to = reach(test.destination)
            let source = (0...from.high - from.low).map { Element(truncatingIfNeeded: $0 &* 0x9E37_79B9 &+ 12_345) }
            var expected = [Element](repeating: 99, count: to.high - to.low + 1)
            for place in 0..<test.sizes.reduce(1, *) {
                var (rest, a, b) = (place, -from.low, -to.low)
                for i in test.sizes.indices.reversed() {
                    a += rest % test.sizes[i] * test.source[i]
                    b += rest % test.sizes[i] * test.destination[i]
                    rest /= test.sizes[i]
                }
                expected[b] = source[a]
            }
            withEveryInstructionSet { set in
                let input = KernelArray(source), output = KernelArray<Element>(repeating: 99, count: expected.count)
                var arguments = wright_copy_arguments()
                arguments.source = UnsafeRawPointer(input.pointer - from.low)
                arguments.destination = UnsafeMutableRawPointer(output.pointer - to.low)
                arguments.rank = Int32(test.sizes.count)
                arguments.element_bytes = Int32(MemoryLayout<Element>.size)
                for i in test.sizes.indices {
                    withUnsafeMutableBytes(of: &arguments.sizes) {
                        $0.bindMemory(to: Int64.self)[i] = Int64(test.sizes[i])
                    }
                    withUnsafeMutableBytes(of: &arguments.source_strides) {
                        $0.bindMemory(to: Int64.self)[i] = Int64(test.source[i])
                    }
                    withUnsafeMutableBytes(of: &arguments.destination_strides) {
                        $0.bindMemory(to: Int64.self)[i] = Int64(test.destination[i])
                    }
                }
                wright_copy(&arguments)
                expectSame(output.values, expected, "\(test.testDescription) \(Element.self) \(set)")
            }
        }

        @Test("A strided copy puts every element in its place", arguments: cases)
        func copies(_ test: Case) {
            check(test, UInt8.self)
            check(test, UInt16.self)
            check(test, UInt32.self)
            check(test, UInt64.self)
        }

        private func checkFill<Element: FixedWidthInteger & BitwiseCopyable>(_ value: Element) {
            for size in awkwardSizes + [50_000] {
                let output = KernelArray<Element>(repeating: 99, count: size)
                var arguments = wright_fill_arguments(
                    destination: output.pointer, count: Int64(size), value: UInt64(truncatingIfNeeded: value),
                    element_bytes: Int32(MemoryLayout<Element>.size))
                wright_fill(&arguments)
                expectSame(output.values, Array(repeating: value, count: size), "\(Element.self) of \(size)")
            }
        }

        @Test("A fill writes one value everywhere")
        func fills() {
            checkFill(UInt8(7))
            checkFill(UInt16(0xABCD))
            checkFill(UInt32(0x3F80_0001))
            checkFill(UInt64(0x0123_4567_89AB_CDEF))
            checkFill(UInt32(0))
        }
    }
}
