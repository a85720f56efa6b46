import CWrightTile
import Testing

extension CKernelTests {
    @Suite struct TileIntegers {
        struct Operation: Sendable, CustomTestStringConvertible {
            var opcode: wright_tile_opcode
            var n: Int32 = 0
            var reference: @Sendable (Int32, Int32) -> Int32
            var testDescription: String { "\(opcode)" }
        }

        static func mask(_ condition: Bool) -> Int32 { condition ? -1 : 0 }

        static let operations: [Operation] = [
            Operation(opcode: .intAdd) { $0 &+ $1 }, Operation(opcode: .intSubtract) { $0 &- $1 },
            Operation(opcode: .intMultiply) { $0 &* $1 },
            Operation(opcode: .intDivide) { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue },
            Operation(opcode: .intRemainder) { a, b in
                guard b != 0, b != -1 else { return 0 }
                let rest = a % b
                return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
            },
            Operation(opcode: .intMaximum) { max($0, $1) }, Operation(opcode: .intMinimum) { min($0, $1) },
            Operation(opcode: .intNegate) { a, _ in 0 &- a },
            Operation(opcode: .intAbsolute) { a, _ in a < 0 ? 0 &- a : a },
            Operation(opcode: .intSign) { a, _ in a.signum() },
            Operation(opcode: .shiftLeft, n: 5) { a, _ in a << 5 },
            Operation(opcode: .shiftRight, n: 7) { a, _ in Int32(bitPattern: UInt32(bitPattern: a) >> 7) },
            Operation(opcode: .shiftRightSigned, n: 7) { a, _ in a >> 7 },
            Operation(opcode: .intEqual) { mask($0 == $1) }, Operation(opcode: .intNotEqual) { mask($0 != $1) },
            Operation(opcode: .intLess) { mask($0 < $1) }, Operation(opcode: .intLessOrEqual) { mask($0 <= $1) },
            Operation(opcode: .intGreater) { mask($0 > $1) }, Operation(opcode: .intGreaterOrEqual) { mask($0 >= $1) },
            Operation(opcode: .and) { $0 & $1 }, Operation(opcode: .or) { $0 | $1 },
            Operation(opcode: .xor) { $0 ^ $1 },
            Operation(opcode: .not) { a, _ in ~a }, Operation(opcode: .maskToInt) { a, _ in a & 1 },
            Operation(opcode: .wrapInt8) { a, _ in Int32(Int8(truncatingIfNeeded: a)) },
            Operation(opcode: .wrapUInt8) { a, _ in Int32(UInt8(truncatingIfNeeded: a)) },
        ]

        @Test("An instruction on whole numbers agrees with its reference", arguments: operations)
        func integers(_ operation: Operation) {
            withEveryInstructionSet { set in
                for size in awkwardSizes {
                    var a = Numbers.integers(size, in: -40...40, seed: 5),
                        b = Numbers.integers(size, in: -3...3, seed: 6)
                    if size > 8 {
                        (a[0], b[0]) = (.min, -1)
                        (a[1], b[1]) = (.max, .max)
                        (a[2], b[2]) = (.min, .min)
                    }
                    let result = KernelArray<Int32>(repeating: 7, count: size)
                    let program = TileHarness(rows: 1, columns: size)
                    program.append(
                        operation.opcode, program.memory(.full, result, type: .int32),
                        program.memory(.full, KernelArray(a), type: .int32),
                        program.memory(.full, KernelArray(b), type: .int32), n: operation.n)
                    program.run()
                    expectSame(
                        result.values, zip(a, b).map(operation.reference), "\(operation.opcode) \(set) of \(size)")
                }
            }
        }

        @Test("Floats become whole numbers toward zero, and saturate")
        func truncation() {
            let x: [Float] = [0, -0.5, 1.9, -1.9, 2e9, 2_147_483_520, 3e9, -3e9, .infinity, -.infinity, .nan]
            let expected: [Int32] = [
                0, 0, 1, -1, 2_000_000_000, 2_147_483_520, .max, .min, .max, .min, 0,
            ]
            withEveryInstructionSet { set in
                let result = KernelArray<Int32>(repeating: 7, count: x.count)
                let back = KernelArray<Float>(repeating: 7, count: x.count)
                let program = TileHarness(rows: 1, columns: x.count)
                let whole = program.memory(.full, result, type: .int32)
                program.append(.floatToInt, whole, program.memory(.full, KernelArray(x)))
                program.append(.intToFloat, program.memory(.full, back), whole)
                program.run()
                expectSame(result.values, expected, "\(set)")
                expectSame(back.values, expected.map { Float($0) }, "\(set)")
            }
        }

        /// Loads `values` of a type, full, per row, per column or alone, and stores them as 32-bit lanes.
        private func checkLoad<Element: BitwiseCopyable>(
            _ values: [Element], _ type: wright_type, lanes: (Element) -> Int32
        ) {
            withEveryInstructionSet { set in
                for (rows, columns) in [(1, 1), (3, 9), (2, 40), (20, 3)] {
                    for kind in [wright_operand_kind.full, .row, .column, .scalar] {
                        let count = [.full: rows * columns, .row: columns, .column: rows][kind] ?? 1
                        let source = (0..<count).map { values[$0 % values.count] }
                        let result = KernelArray<Int32>(repeating: 7, count: rows * columns)
                        let program = TileHarness(rows: rows, columns: columns)
                        program.append(
                            .load, program.memory(.full, result, type: .int32),
                            program.memory(kind, KernelArray(source), type: type))
                        program.run()
                        let expected = (0..<rows * columns).map { place in
                            let (row, column) = (place / columns, place % columns)
                            let index = [.full: place, .row: column, .column: row][kind] ?? 0
                            return lanes(source[index])
                        }
                        expectSame(result.values, expected, "load \(type) \(kind) \(set) \(rows)×\(columns)")
                    }
                }
            }
        }

        /// Stores lanes as a type, full and per row.
        private func checkStore<Element: BitwiseCopyable & Equatable>(
            _ lanes: [Int32], _ type: wright_type, zero: Element, element: (Int32) -> Element
        ) {
            withEveryInstructionSet { set in
                for (rows, columns) in [(1, 1), (3, 9), (2, 40), (20, 3)] {
                    let source = (0..<rows * columns).map { lanes[$0 % lanes.count] }
                    let full = KernelArray<Element>(repeating: zero, count: rows * columns)
                    let column = KernelArray<Element>(repeating: zero, count: rows)
                    let program = TileHarness(rows: rows, columns: columns)
                    let a = program.memory(.full, KernelArray(source), type: .int32)
                    program.append(.store, program.memory(.full, full, type: type), a)
                    let perRow = KernelArray((0..<rows).map { source[$0] })
                    program.append(
                        .store, program.memory(.column, column, type: type),
                        program.memory(.column, perRow, type: .int32))
                    program.run()
                    expectSame(full.values, source.map(element), "store \(type) \(set) \(rows)×\(columns)")
                    expectSame(column.values, source.prefix(rows).map(element), "store \(type) column \(set)")
                }
            }
        }

        @Test("Values spread over a tile keep all their bits")
        func spreading() {
            // −0, a signalling NaN and a denormal, which arithmetic would change.
            let bits: [UInt32] = [0x8000_0000, 0x7FA0_0001, 0x0000_0003, 0xFFFF_FFFF, 0x7FFF_FFFF]
            withEveryInstructionSet { set in
                for columns in [3, 9, 40] {
                    let result = KernelArray<UInt32>(repeating: 7, count: bits.count * columns)
                    let program = TileHarness(rows: bits.count, columns: columns)
                    program.append(
                        .move, program.memory(.full, result, type: .int32),
                        program.memory(.column, KernelArray(bits), type: .int32))
                    program.run()
                    expectSame(
                        result.values, bits.flatMap { Array(repeating: $0, count: columns) }, "\(set) \(columns)")
                }
            }
        }

        @Test("Every element type loads into lanes")
        func loads() {
            checkLoad([UInt8(0), 1, 127, 128, 255], .uint8) { Int32($0) }
            checkLoad([Int8(0), 1, 127, -128, -1], .int8) { Int32($0) }
            checkLoad([UInt8(0), 1, 0, 1, 1, 7], .bool) { Self.mask($0 != 0) }
            checkLoad([Int64(5), -5, 1 << 40 | 3, .max], .int64) { Int32(truncatingIfNeeded: $0) }
            checkLoad([UInt16(0), 0x3F80, 0xC000, 0x7FC0, 0x7F80], .bfloat16) { Int32(bitPattern: UInt32($0) << 16) }
            checkLoad([Int32(3), -3, .max], .int32) { $0 }
        }

        @Test("Lanes store as every element type")
        func stores() {
            let lanes: [Int32] = [0, 1, -1, 127, 128, 255, 256, -129, .max, .min]
            checkStore(lanes, .uint8, zero: UInt8(9)) { UInt8(truncatingIfNeeded: $0) }
            checkStore(lanes, .int8, zero: Int8(9)) { Int8(truncatingIfNeeded: $0) }
            checkStore(lanes, .bool, zero: UInt8(9)) { $0 == 0 ? 0 : 1 }
            checkStore(lanes, .int64, zero: Int64(9)) { Int64($0) }
            let floats: [Float] = [0, 1, -1.5, 3.14159, 1e30, 65_504, .infinity, .nan, 1.00390625, 1.01171875]
            checkStore(floats.map { Int32(bitPattern: $0.bitPattern) }, .bfloat16, zero: UInt16(9)) { lane in
                let bits = UInt32(bitPattern: lane)
                if Float(bitPattern: bits).isNaN { return UInt16(bits >> 16) | 0x40 }
                return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
            }
        }

        @Test("Indices count rows, columns and elements")
        func iotas() {
            withEveryInstructionSet { set in
                for (rows, columns) in [(1, 1), (3, 9), (40, 65)] {
                    let results = (0..<4).map { _ in KernelArray<Int32>(repeating: 7, count: rows * columns) }
                    let perRow = KernelArray<Int32>(repeating: 7, count: rows)
                    let program = TileHarness(rows: rows, columns: columns)
                    program.append(.iotaRow, program.memory(.full, results[0], type: .int32))
                    program.append(.iotaColumn, program.memory(.full, results[1], type: .int32))
                    program.append(.iotaLinear, program.memory(.full, results[2], type: .int32))
                    program.append(.iotaRow, program.memory(.column, perRow, type: .int32))
                    let byColumn = program.register(.rowRegister)
                    program.append(.iotaColumn, byColumn)
                    program.append(.intNegate, program.memory(.full, results[3], type: .int32), byColumn)
                    program.run()
                    let places = 0..<Int32(rows * columns)
                    expectSame(results[0].values, places.map { $0 / Int32(columns) }, "row \(set)")
                    expectSame(results[1].values, places.map { $0 % Int32(columns) }, "column \(set)")
                    expectSame(results[2].values, Array(places), "linear \(set)")
                    expectSame(results[3].values, places.map { -($0 % Int32(columns)) }, "row register \(set)")
                    expectSame(perRow.values, Array(0..<Int32(rows)), "per row \(set)")
                }
            }
        }
    }
}
