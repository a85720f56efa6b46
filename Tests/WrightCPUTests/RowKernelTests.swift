import CWrightTile
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CKernelTests {
    @Suite struct Rows {
        @Test("Gathered rows, and NaN where an index is out of range")
        func gatherRows() {
            for (tableRows, columns, count) in [
                (1, 1, 1), (10, 7, 33), (50, 64, 200), (5, 0, 3), (5, 3, 0), (3, 1000, 20),
            ] {
                let table = Numbers.floats(tableRows * columns, seed: 1)
                var index = Numbers.integers(count, in: 0...tableRows - 1, seed: 2)
                if count > 5 { (index[1], index[3], index[5]) = (-1, Int32(tableRows), .min) }
                let bad = index.filter { $0 < 0 || $0 >= tableRows }.count
                let expected = index.flatMap { row -> [Double] in
                    (0..<columns).map { row < 0 || row >= tableRows ? .nan : Double(table[Int(row) * columns + $0]) }
                }
                let input = KernelArray(table), output = KernelArray<Float>(repeating: 9, count: count * columns)
                let narrow = KernelArray(index), wide = KernelArray(index.map { Int64($0) })
                var arguments = wright_gather_rows_arguments(
                    table: input.pointer, index: narrow.pointer, destination: output.pointer,
                    table_rows: Int64(tableRows), columns: Int64(columns), count: Int64(count), type: .float32,
                    index_type: .int32, out_of_range: 99)
                wright_gather_rows(&arguments)
                expectClose(output.values, expected, "gather of \(count)")
                #expect(arguments.out_of_range == bad)
                arguments.index = UnsafeRawPointer(wide.pointer)
                arguments.index_type = .int64
                wright_gather_rows(&arguments)
                expectClose(output.values, expected, "gather of \(count) by int64")
                #expect(arguments.out_of_range == bad)
            }
        }

        @Test("Gathered rows of other types become zero or NaN out of range")
        func gatherTypes() {
            let table = KernelArray<UInt16>([1, 2, 3, 4]), index = KernelArray<Int32>([1, 7, 0])
            let output = KernelArray<UInt16>(repeating: 9, count: 6)
            var arguments = wright_gather_rows_arguments(
                table: table.pointer, index: index.pointer, destination: output.pointer, table_rows: 2, columns: 2,
                count: 3, type: .bfloat16, index_type: .int32, out_of_range: 0)
            wright_gather_rows(&arguments)
            #expect(output.values == [3, 4, 0x7FC0, 0x7FC0, 1, 2])
            let bytes = KernelArray<UInt8>([5, 6]), byteOutput = KernelArray<UInt8>(repeating: 9, count: 3)
            arguments = wright_gather_rows_arguments(
                table: bytes.pointer, index: index.pointer, destination: byteOutput.pointer, table_rows: 2, columns: 1,
                count: 3, type: .uint8, index_type: .int32, out_of_range: 0)
            wright_gather_rows(&arguments)
            #expect(byteOutput.values == [6, 0, 5])
        }

        @Test("Rows added by index, the same bits on any number of threads", arguments: [false, true])
        func scatterAddRows(accumulate: Bool) {
            for (tableRows, columns, count) in [(1, 1, 1), (10, 7, 3000), (50, 64, 2000), (7, 100, 300), (5, 3, 0)] {
                let source = Numbers.floats(count * columns, seed: 1),
                    start = Numbers.floats(tableRows * columns, seed: 3)
                var index = Numbers.integers(count, in: 0...tableRows - 1, seed: 2)
                if count > 5 { (index[1], index[3]) = (-1, Int32(tableRows)) }
                var expected = start.map { accumulate ? Double($0) : 0 }
                for (i, row) in index.enumerated() where row >= 0 && row < tableRows {
                    for c in 0..<columns { expected[Int(row) * columns + c] += Double(source[i * columns + c]) }
                }
                var bits: [[UInt32]] = []
                withThreads([1, 2, 3]) {
                    let input = KernelArray(source), places = KernelArray(index), table = KernelArray(start)
                    var arguments = wright_scatter_add_rows_arguments(
                        source: input.pointer, index: places.pointer, table: table.pointer,
                        table_rows: Int64(tableRows),
                        columns: Int64(columns), count: Int64(count), index_type: .int32, accumulate: accumulate,
                        out_of_range: 99)
                    wright_scatter_add_rows(&arguments)
                    expectClose(table.values, expected, relative: 1e-4, absolute: 1e-3, "\(tableRows)×\(columns)")
                    #expect(arguments.out_of_range == (count > 5 ? 2 : 0))
                    bits.append(table.values.map(\.bitPattern))
                }
                expectSame(bits[0], bits[1], "two threads")
                expectSame(bits[0], bits[2], "three threads")
            }
        }

        @Test("Elements picked from each row, and put back")
        func alongRows() {
            for (rows, columns, picks) in [(1, 1, 1), (9, 10, 1), (40, 7, 13), (3, 5, 0), (300, 65, 40)] {
                let source = Numbers.floats(rows * columns, seed: 1), cotangent = Numbers.floats(rows * picks, seed: 3)
                var index = Numbers.integers(rows * picks, in: 0...columns - 1, seed: 2)
                if index.count > 5 { index[4] = Int32(columns) }
                let bad = index.count > 5 ? 1 : 0
                var picked = [Double](repeating: .nan, count: rows * picks)
                var put = [Double](repeating: 0, count: rows * columns)
                for (i, place) in index.enumerated() where place < columns {
                    picked[i] = Double(source[i / picks * columns + Int(place)])
                    put[i / picks * columns + Int(place)] += Double(cotangent[i])
                }
                let input = KernelArray(source), places = KernelArray(index), back = KernelArray(cotangent)
                let output = KernelArray<Float>(repeating: 9, count: rows * picks)
                let table = KernelArray<Float>(repeating: 9, count: rows * columns)
                var arguments = wright_along_rows_arguments(
                    source: input.pointer, index: places.pointer, destination: output.pointer, rows: Int64(rows),
                    columns: Int64(columns), picks: Int64(picks), type: .float32, index_type: .int32, out_of_range: 99)
                wright_gather_along_rows(&arguments)
                expectClose(output.values, picked, "gather \(rows)×\(columns)")
                #expect(arguments.out_of_range == bad)
                arguments.source = UnsafeRawPointer(back.pointer)
                arguments.destination = UnsafeMutableRawPointer(table.pointer)
                wright_scatter_add_along_rows(&arguments)
                expectClose(table.values, put, absolute: 1e-5, "scatter \(rows)×\(columns)")
                #expect(arguments.out_of_range == bad)
            }
        }

        @Test("Cross-entropy: loss and gradient", arguments: [Float(0), 0.1])
        func crossEntropy(smoothing: Float) {
            for (rows, columns) in [(1, 1), (64, 10), (5, 7), (3, 8), (2, 65), (9, 1000)] {
                let logits = Numbers.floats(rows * columns, in: -30...30, seed: 1)
                let upstream = Numbers.floats(rows, seed: 2)
                var labels = Numbers.integers(rows, in: 0...columns - 1, seed: 3)
                if rows > 4 { (labels[1], labels[3]) = (-100, Int32(columns)) }
                let scale: Float = 0.25
                var losses: [Double] = [], gradient: [Double] = []
                for r in 0..<rows {
                    let row = logits[r * columns..<(r + 1) * columns].map { Double($0) }
                    let top = row.max()!
                    let logSum = log(row.reduce(0) { $0 + exp($1 - top) }) + top
                    var loss = 0.0
                    for c in 0..<columns {
                        let hit = Int(labels[r]) == c ? 1.0 : 0
                        let target = (1 - Double(smoothing)) * hit + Double(smoothing) / Double(columns)
                        loss -= target * (row[c] - logSum)
                        let slope = (exp(row[c] - logSum) - target) * Double(scale) * Double(upstream[r])
                        gradient.append(labels[r] == -100 ? 0 : labels[r] >= columns ? .nan : slope)
                    }
                    losses.append(labels[r] == -100 ? 0 : labels[r] >= columns ? .nan : loss)
                }
                withEveryInstructionSet { set in
                    // The gradient overwrites the logits.
                    let array = KernelArray(logits), labelArray = KernelArray(labels), up = KernelArray(upstream)
                    let lossArray = KernelArray<Float>(repeating: 9, count: rows)
                    var arguments = wright_cross_entropy_arguments(
                        logits: array.pointer, labels: labelArray.pointer, losses: lossArray.pointer, gradient: nil,
                        upstream: up.pointer, upstream_stride: 1, rows: Int64(rows), columns: Int64(columns),
                        scale: scale, smoothing: smoothing, ignored_label: -100, out_of_range: 99)
                    wright_cross_entropy(&arguments)
                    let what = "\(set) \(rows)×\(columns)"
                    expectClose(lossArray.values, losses, relative: 1e-5, absolute: 1e-5, "loss alone \(what)")
                    arguments.gradient = array.pointer
                    wright_cross_entropy(&arguments)
                    expectClose(lossArray.values, losses, relative: 1e-5, absolute: 1e-5, "loss \(what)")
                    expectClose(array.values, gradient, relative: 1e-5, absolute: 1e-6, "gradient \(what)")
                    #expect(arguments.out_of_range == (rows > 4 ? 1 : 0))
                }
            }
        }

        @Test("Sorting is stable, and NaN is the largest", arguments: [false, true])
        func sort(descending: Bool) {
            for (rows, columns) in [(1, 1), (4, 7), (3, 48), (3, 49), (5, 100), (2, 3000), (200, 64)] {
                // Few different values, so that ties are common; both zeros.
                var x = Numbers.floats(rows * columns, in: -9...9, seed: 4).map { ($0 * 4).rounded() / 4 }
                for i in stride(from: 3, to: x.count, by: 31) { x[i] = [.nan, -0.0, 0, .infinity, -.infinity][i % 5] }
                func isBefore(_ a: Float, _ b: Float) -> Bool {
                    if a.isNaN || b.isNaN { return descending ? a.isNaN && !b.isNaN : b.isNaN && !a.isNaN }
                    return descending ? a > b : a < b
                }
                for picks in Set([1, min(5, columns), min(40, columns), columns]) {
                    let expected = (0..<rows).flatMap { r in
                        (0..<columns).sorted {
                            let (a, b) = (x[r * columns + $0], x[r * columns + $1])
                            return isBefore(a, b) || (!isBefore(b, a) && $0 < $1)
                        }.prefix(picks).map { Int32($0) }
                    }
                    let input = KernelArray(x)
                    let values = KernelArray<Float>(repeating: 9, count: rows * picks)
                    let indices = KernelArray<Int32>(repeating: 9, count: rows * picks)
                    let scratch = KernelArray<UInt8>(
                        repeating: 0, count: wright_sort_scratch_bytes(Int64(columns), 2))
                    var arguments = wright_sort_arguments(
                        source: input.pointer, values: values.pointer, indices: indices.pointer, rows: Int64(rows),
                        columns: Int64(columns), picks: Int64(picks), descending: descending, scratch: scratch.pointer,
                        scratch_threads: 2)
                    wright_sort(&arguments)
                    expectSame(indices.values, expected, "\(picks) of \(rows)×\(columns)")
                    let sorted = expected.enumerated().map { Double(x[$0 / picks * columns + Int($1)]) }
                    expectClose(values.values, sorted, "values \(picks) of \(rows)×\(columns)")
                }
            }
        }

        @Test("A plan runs its launches in order and can time each")
        func launches() {
            let array = KernelArray<Float>(repeating: 0, count: 10)
            func fill(_ value: Float, _ count: Int) -> wright_fill_arguments {
                wright_fill_arguments(
                    destination: array.pointer, count: Int64(count), value: UInt64(value.bitPattern), element_bytes: 4)
            }
            var (first, second) = (fill(1, 10), fill(2, 5))
            var times: [UInt64] = [0, 0, 0]
            withUnsafeMutablePointer(to: &first) { first in
                withUnsafeMutablePointer(to: &second) { second in
                    let launches = [
                        wright_launch(function: wright_fill, context: first),
                        wright_launch(function: wright_no_operation, context: nil),
                        wright_launch(function: wright_fill, context: second),
                    ]
                    wright_run(launches, 3)
                    wright_run_timed(launches, 3, &times)
                }
            }
            #expect(array.values == [2, 2, 2, 2, 2, 1, 1, 1, 1, 1])
        }
    }
}
