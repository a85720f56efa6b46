import CWrightTile
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CKernelTests {
    @Suite struct TileReductions {
        static let shapes = [(1, 1), (3, 7), (8, 8), (5, 9), (64, 10), (70, 65), (3, 1000), (300, 130), (0, 5), (5, 0)]

        @Test("Row reductions give a value per row, usable in the same tile", arguments: shapes)
        func rows(_ rows: Int, _ columns: Int) {
            let x = Numbers.floats(rows * columns, seed: 3), y = Numbers.floats(rows * columns, seed: 4)
            withEveryInstructionSet { set in
                let results = (0..<5).map { _ in KernelArray<Float>(repeating: 9, count: rows) }
                let centred = KernelArray<Float>(repeating: 9, count: rows * columns)
                let program = TileHarness(rows: rows, columns: columns)
                let a = program.memory(.full, KernelArray(x)), b = program.memory(.full, KernelArray(y))
                program.append(.rowSum, program.memory(.column, results[0]), a)
                program.append(.rowMaximum, program.memory(.column, results[1]), a)
                program.append(.rowMinimum, program.memory(.column, results[2]), a)
                program.append(.rowDot, program.memory(.column, results[3]), a, b)
                let sum = program.register(.columnRegister)
                program.append(.rowSum, sum, a)
                program.append(.addImmediate, sum, sum, i0: 1)
                program.append(.move, program.memory(.column, results[4]), sum)
                program.append(.subtract, program.memory(.full, centred), a, sum)
                program.run()

                func reduce(_ f: ([Double], [Double]) -> Double) -> [Double] {
                    (0..<rows).map { r in
                        let span = r * columns..<(r + 1) * columns
                        return f(x[span].map { Double($0) }, y[span].map { Double($0) })
                    }
                }
                let sums = reduce { x, _ in x.reduce(0, +) }
                let what = "\(set) \(rows)×\(columns)"
                expectClose(results[0].values, sums, absolute: 2e-4, "sum \(what)")
                expectClose(results[1].values, reduce { x, _ in x.max() ?? -.infinity }, "maximum \(what)")
                expectClose(results[2].values, reduce { x, _ in x.min() ?? .infinity }, "minimum \(what)")
                expectClose(
                    results[3].values, reduce { zip($0, $1).reduce(0) { $0 + $1.0 * $1.1 } }, absolute: 2e-4,
                    "dot \(what)")
                expectClose(results[4].values, sums.map { $0 + 1 }, absolute: 2e-4, "column register \(what)")
                let expected = (0..<rows * columns).map { Double(x[$0]) - sums[$0 / columns] - 1 }
                expectClose(centred.values, expected, absolute: 2e-4, "centred \(what)")
            }
        }

        @Test("Column and total reductions give the same bits on any number of threads", arguments: shapes)
        func accumulators(_ rows: Int, _ columns: Int) {
            let x = Numbers.floats(rows * columns, seed: 3), y = Numbers.floats(rows * columns, seed: 4)
            let w = Numbers.floats(rows, seed: 5)
            withEveryInstructionSet { set in
                var bits: [[UInt32]] = []
                withThreads([1, 2, 3]) {
                    let columnResults = (0..<5).map { _ in KernelArray<Float>(repeating: 9, count: columns) }
                    let totals = KernelArray<Float>(repeating: 9, count: 5)
                    let program = TileHarness(rows: rows, columns: columns)
                    let a = program.memory(.full, KernelArray(x)), b = program.memory(.full, KernelArray(y))
                    let weight = program.memory(.column, KernelArray(w))
                    let columnOpcodes: [wright_tile_opcode] = [.columnSum, .columnMaximum, .columnMinimum, .columnDot]
                    for (opcode, result) in zip(columnOpcodes, columnResults) {
                        program.append(opcode, program.memory(.columnAccumulator, result), a, b)
                    }
                    program.append(.columnDot, program.memory(.columnAccumulator, columnResults[4]), a, weight)
                    let totalOpcodes: [wright_tile_opcode] = [.totalSum, .totalMaximum, .totalMinimum, .totalDot]
                    for (index, opcode) in totalOpcodes.enumerated() {
                        program.append(opcode, program.operand(.totalAccumulator, totals.pointer + index), a, b)
                    }
                    // A total of one value per row counts each row once.
                    program.append(.totalSum, program.operand(.totalAccumulator, totals.pointer + 4), weight)
                    program.run()

                    func columnwise(_ f: ([Double], [Double]) -> Double) -> [Double] {
                        (0..<columns).map { c in
                            f(
                                (0..<rows).map { Double(x[$0 * columns + c]) },
                                (0..<rows).map { Double(y[$0 * columns + c]) })
                        }
                    }
                    let what = "\(set) \(rows)×\(columns)"
                    let dot: ([Double], [Double]) -> Double = { zip($0, $1).reduce(0) { $0 + $1.0 * $1.1 } }
                    expectClose(
                        columnResults[0].values, columnwise { x, _ in x.reduce(0, +) }, absolute: 2e-4, "sum \(what)")
                    expectClose(
                        columnResults[1].values, columnwise { x, _ in x.max() ?? -.infinity }, "maximum \(what)")
                    expectClose(columnResults[2].values, columnwise { x, _ in x.min() ?? .infinity }, "minimum \(what)")
                    expectClose(columnResults[3].values, columnwise(dot), absolute: 2e-4, "dot \(what)")
                    expectClose(
                        columnResults[4].values, columnwise { x, _ in dot(x, w.map { Double($0) }) }, absolute: 2e-4,
                        "weighted \(what)")
                    let all = x.map { Double($0) }
                    expectClose(
                        totals.values,
                        [
                            all.reduce(0, +), all.max() ?? -.infinity, all.min() ?? .infinity,
                            dot(all, y.map { Double($0) }), w.reduce(0) { $0 + Double($1) },
                        ], absolute: 2e-3, "totals \(what)")
                    bits.append((columnResults.flatMap(\.values) + totals.values).map(\.bitPattern))
                }
                expectSame(bits[0], bits[1], "two threads \(set)")
                expectSame(bits[0], bits[2], "three threads \(set)")
            }
        }

        @Test("NaN spreads through maxima")
        func nan() {
            withEveryInstructionSet { set in
                for size in [1, 7, 9, 65, 1000] {
                    for place in Set([0, size / 2, size - 1]) {
                        var x = Numbers.floats(size, seed: 3)
                        x[place] = .nan
                        let totals = KernelArray<Float>(repeating: 9, count: 4)
                        let program = TileHarness(rows: 1, columns: size)
                        let a = program.memory(.full, KernelArray(x))
                        program.append(.totalMaximum, program.operand(.totalAccumulator, totals.pointer), a)
                        program.append(.totalMinimum, program.operand(.totalAccumulator, totals.pointer + 1), a)
                        program.append(.rowMaximum, program.operand(.column, totals.pointer + 2), a)
                        program.append(.rowMinimum, program.operand(.column, totals.pointer + 3), a)
                        program.run()
                        let areNaN = totals.values.map(\.isNaN)
                        #expect(areNaN == [true, true, true, true], "\(set) \(size) \(place)")
                    }
                }
            }
        }

        @Test("Softmax in one program", arguments: [(64, 10), (3, 1000), (300, 7), (2, 20_000)])
        func softmax(_ rows: Int, _ columns: Int) {
            let x = Numbers.floats(rows * columns, in: -20...20, seed: 8)
            withEveryInstructionSet { set in
                let result = KernelArray<Float>(repeating: 9, count: rows * columns)
                let program = TileHarness(rows: rows, columns: columns)
                let a = program.memory(.full, KernelArray(x)), y = program.memory(.full, result)
                let largest = program.register(.columnRegister), sum = program.register(.columnRegister)
                let e = program.register()
                program.append(.rowMaximum, largest, a)
                program.append(.subtract, e, a, largest)
                program.append(.exp, e, e)
                program.append(.rowSum, sum, e)
                program.append(.divide, y, e, sum)
                program.run()
                let expected = (0..<rows).flatMap { r in
                    let row = x[r * columns..<(r + 1) * columns].map { Double($0) }
                    let top = row.max()!
                    let sum = row.reduce(0) { $0 + exp($1 - top) }
                    return row.map { exp($0 - top) / sum }
                }
                expectClose(result.values, expected, relative: 3e-6, absolute: 1e-37, "\(set)")
            }
        }

        @Test("Operands mapped by divisor and period show the right rows")
        func maps() {
            let (images, pixels, columns) = (5, 12, 9)
            let rows = images * pixels
            let x = Numbers.floats(rows * columns, seed: 1)
            let perImage = Numbers.floats(images * columns, seed: 2)
            let perPixel = Numbers.floats(pixels * columns, seed: 3)
            let imageScale = Numbers.floats(images, seed: 4), pixelScale = Numbers.floats(pixels, seed: 5)
            let group = Numbers.floats(2, seed: 6)
            withEveryInstructionSet { set in
                for tileRows in [0, 1, 5, 60] as [Int32] {
                    let result = KernelArray<Float>(repeating: 9, count: rows * columns)
                    let program = TileHarness(rows: rows, columns: columns)
                    program.tileRows = tileRows
                    let y = program.memory(.full, result)
                    program.append(
                        .add, y, program.memory(.full, KernelArray(x)),
                        program.memory(.full, KernelArray(perImage), divisor: pixels))
                    program.append(.add, y, y, program.memory(.full, KernelArray(perPixel), period: pixels))
                    program.append(.multiply, y, y, program.memory(.column, KernelArray(imageScale), divisor: pixels))
                    program.append(.multiply, y, y, program.memory(.column, KernelArray(pixelScale), period: pixels))
                    // Groups of six rows take turns with two values.
                    program.append(.add, y, y, program.memory(.column, KernelArray(group), divisor: 6, period: 2))
                    let perRow = program.register(.columnRegister)
                    program.append(.move, perRow, program.memory(.column, KernelArray(imageScale), divisor: pixels))
                    program.append(.add, y, y, perRow)
                    program.run()
                    let expected = (0..<rows * columns).map { place -> Double in
                        let (r, c) = (place / columns, place % columns)
                        let (image, pixel) = (r / pixels, r % pixels)
                        var v = Double(x[place]) + Double(perImage[image * columns + c])
                        v = (v + Double(perPixel[pixel * columns + c])) * Double(imageScale[image])
                        return v * Double(pixelScale[pixel]) + Double(group[r / 6 % 2]) + Double(imageScale[image])
                    }
                    expectClose(result.values, expected, relative: 1e-5, absolute: 1e-5, "\(set) \(tileRows)")
                }
            }
        }

        @Test("Programs in place, of any tile shape, agree")
        func tileShapes() {
            let (rows, columns) = (37, 53)
            let x = Numbers.floats(rows * columns, seed: 1), bias = Numbers.floats(columns, seed: 2)
            withEveryInstructionSet { set in
                for (tileRows, tileColumns) in [(0, 0), (1, 1), (1, 16), (5, 7), (37, 53), (100, 100)]
                    as [(Int32, Int32)]
                {
                    let array = KernelArray(x)
                    let sums = KernelArray<Float>(repeating: 9, count: columns)
                    let program = TileHarness(rows: rows, columns: columns)
                    (program.tileRows, program.tileColumns) = (tileRows, tileColumns)
                    let y = program.memory(.full, array), doubled = program.register(.rowRegister)
                    program.append(.multiplyImmediate, doubled, program.memory(.row, KernelArray(bias)), i0: 2)
                    program.append(.add, y, y, doubled)
                    program.append(.relu, y, y)
                    program.append(.columnSum, program.memory(.columnAccumulator, sums), y)
                    program.run()
                    let expected = (0..<rows * columns).map { max(0, Double(x[$0]) + 2 * Double(bias[$0 % columns])) }
                    expectClose(
                        array.values, expected, relative: 1e-6, absolute: 1e-6, "\(set) \(tileRows)×\(tileColumns)")
                    let totals = (0..<columns).map { c in (0..<rows).reduce(0) { $0 + expected[$1 * columns + c] } }
                    expectClose(sums.values, totals, absolute: 1e-4, "sums \(set) \(tileRows)×\(tileColumns)")
                }
            }
        }

        @Test("Preparing names what is wrong with a program")
        func problems() {
            func check(
                _ expected: wright_tile_problem, sourceLocation: SourceLocation = #_sourceLocation,
                _ build: (TileHarness) -> Void
            ) {
                let program = TileHarness(rows: 4, columns: 6)
                build(program)
                let problem = program.check().0
                #expect(problem == expected, sourceLocation: sourceLocation)
            }
            let floats = KernelArray<Float>(repeating: 0, count: 24),
                bytes = KernelArray<UInt8>(repeating: 0, count: 24)
            check(.noSuchOperand) { $0.append(.add, 3, 4, 5) }
            check(.wrongDirection) { $0.append(.relu, $0.memory(.row, floats), $0.memory(.full, floats)) }
            check(.wrongShape) { $0.append(.relu, $0.register(.columnRegister), $0.memory(.full, floats)) }
            check(.wrongShape) { $0.append(.rowSum, $0.register(), $0.memory(.full, floats)) }
            check(.wrongType) { $0.append(.relu, $0.register(), $0.memory(.full, bytes, type: .uint8)) }
            check(.ok) { $0.append(.load, $0.register(), $0.memory(.full, bytes, type: .uint8)) }
            check(.narrowTile) {
                $0.tileColumns = 4
                $0.append(.rowSum, $0.register(.columnRegister), $0.memory(.full, floats))
            }
            check(.tooLarge) { program in (0..<97).forEach { _ in program.append(.iotaRow, 0) } }
        }
    }
}
