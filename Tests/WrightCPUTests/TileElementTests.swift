import CWrightTile
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CKernelTests {
    @Suite struct TileElements {
        struct Function: Sendable, CustomTestStringConvertible {
            var opcode: wright_tile_opcode
            var domain: ClosedRange<Float> = -10...10
            var tolerance = 5e-7
            /// Errors this small do not count: for functions whose float formula cancels.
            var absolute = 1e-38
            var immediates: (Float, Float) = (0, 0)
            var reference: @Sendable (Double) -> Double
            var testDescription: String { "\(opcode)" }
        }

        static let functions: [Function] = [
            Function(opcode: .move, tolerance: 0) { $0 },
            Function(opcode: .affine, tolerance: 2e-7, absolute: 1e-6, immediates: (1.5, -2)) { $0 * 1.5 - 2 },
            Function(opcode: .addImmediate, tolerance: 1e-7, immediates: (3, 0)) { $0 + 3 },
            Function(opcode: .multiplyImmediate, tolerance: 1e-7, immediates: (-3, 0)) { $0 * -3 },
            Function(opcode: .divideImmediate, tolerance: 1e-7, immediates: (2, 0)) { 2 / $0 },
            Function(opcode: .clamp, tolerance: 0, immediates: (-1, 2)) { min(max($0, -1), 2) },
            Function(opcode: .negate, tolerance: 0) { -$0 },
            Function(opcode: .absolute, tolerance: 0) { abs($0) },
            Function(opcode: .square, tolerance: 1e-7) { $0 * $0 },
            Function(opcode: .squareRoot, domain: 0...100, tolerance: 1e-7) { $0.squareRoot() },
            Function(opcode: .reciprocalSquareRoot, domain: 1e-6...100, tolerance: 2e-7) { 1 / $0.squareRoot() },
            Function(opcode: .reciprocal, tolerance: 1e-7) { 1 / $0 },
            Function(opcode: .exp, domain: -87...88) { exp($0) },
            Function(opcode: .expm1, domain: -20...80) { expm1($0) },
            Function(opcode: .expm1, domain: -1e-3...1e-3) { expm1($0) },
            Function(opcode: .log, domain: 1e-30...10) { log($0) },
            Function(opcode: .log, domain: 0.9...1.1) { log($0) },
            Function(opcode: .log1p, domain: -0.99...10) { log1p($0) },
            Function(opcode: .log1p, domain: -1e-4...1e-4) { log1p($0) },
            Function(opcode: .tanh) { tanh($0) },
            Function(opcode: .sigmoid, domain: -80...40) { 1 / (1 + exp(-$0)) },
            Function(opcode: .erf, domain: -5...5) { erf($0) },
            Function(opcode: .sine, domain: -10_000...10_000) { sin($0) },
            Function(opcode: .cosine, domain: -10_000...10_000) { cos($0) },
            Function(opcode: .sine, domain: -1e6...1e6) { sin($0) },
            Function(opcode: .cosine, domain: -1e6...1e6) { cos($0) },
            Function(opcode: .floor, tolerance: 0) { $0.rounded(.down) },
            Function(opcode: .ceiling, tolerance: 0) { $0.rounded(.up) },
            Function(opcode: .round, tolerance: 0) { $0.rounded(.toNearestOrEven) },
            Function(opcode: .sign, tolerance: 0) { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) },
            Function(opcode: .relu, tolerance: 0) { max($0, 0) },
            Function(opcode: .gelu, absolute: 1e-6) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 },
            Function(opcode: .roundBFloat16, tolerance: 0) {
                Double(Float(bitPattern: (Float($0).bitPattern + 0x7FFF + (Float($0).bitPattern >> 16 & 1)) & ~0xFFFF))
            },
        ]

        @Test("A function of one operand agrees with its reference", arguments: functions)
        func unary(_ function: Function) {
            withEveryInstructionSet { set in
                for size in awkwardSizes {
                    let x = Numbers.floats(size, in: function.domain, seed: size)
                    let result = KernelArray<Float>(repeating: 0, count: size)
                    let program = TileHarness(rows: 1, columns: size)
                    program.append(
                        function.opcode, program.memory(.full, result), program.memory(.full, KernelArray(x)),
                        i0: function.immediates.0, i1: function.immediates.1)
                    program.run()
                    expectClose(
                        result.values, x.map { function.reference(Double($0)) }, relative: function.tolerance,
                        absolute: function.absolute, "\(function.opcode) \(set) of \(size)")
                }
            }
        }

        @Test("Infinities, zeros and NaN follow the C library")
        func limits() {
            let x: [Float] = [
                0, -0.0, .infinity, -.infinity, .nan, 89, -104, -200, 1e30, -1e30, -1, 1, Float(bitPattern: 71_362),
            ]
            let table: [(wright_tile_opcode, (Double) -> Double)] = [
                (.exp, exp), (.expm1, expm1), (.log, log), (.log1p, log1p), (.tanh, tanh), (.erf, erf), (.sine, sin),
                (.cosine, cos), (.sigmoid, { 1 / (1 + exp(-$0)) }), (.relu, { $0.isNaN ? $0 : max($0, 0) }),
                (.squareRoot, { $0.squareRoot() }), (.sign, { $0.isNaN ? $0 : ($0 > 0 ? 1 : $0 < 0 ? -1 : 0) }),
            ]
            withEveryInstructionSet { set in
                for (opcode, reference) in table {
                    let result = KernelArray<Float>(repeating: 0, count: x.count)
                    let program = TileHarness(rows: 1, columns: x.count)
                    program.append(opcode, program.memory(.full, result), program.memory(.full, KernelArray(x)))
                    program.run()
                    expectClose(
                        result.values, x.map { reference(Double($0)) }, relative: 5e-7, absolute: 2e-38,
                        "\(opcode) \(set)")
                }
            }
        }

        struct Operation: Sendable, CustomTestStringConvertible {
            var opcode: wright_tile_opcode
            var tolerance = 1e-7
            var isMask = false
            var immediates: (Float, Float) = (0, 0)
            var reference: @Sendable (Double, Double) -> Double
            var testDescription: String { "\(opcode)" }
        }

        static func geluSlope(_ x: Double) -> Double {
            erfc(-x / 2.0.squareRoot()) / 2 + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        }

        static let operations: [Operation] = [
            Operation(opcode: .add) { $0 + $1 }, Operation(opcode: .subtract) { $0 - $1 },
            Operation(opcode: .multiply) { $0 * $1 }, Operation(opcode: .divide) { $0 / $1 },
            Operation(opcode: .maximum) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) },
            Operation(opcode: .minimum) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) },
            Operation(opcode: .power) { pow($0, $1) },
            Operation(opcode: .remainder, tolerance: 1e-6) { $0 - ($0 / $1).rounded(.down) * $1 },
            Operation(opcode: .reluGradient) { $1 > 0 ? $0 : 0 },
            Operation(opcode: .geluGradient, tolerance: 2e-6) { $0 * geluSlope($1) },
            Operation(opcode: .blend, tolerance: 1e-6, immediates: (0.9, 0.25)) { $0 * 0.9 + $1 * 0.25 },
            Operation(opcode: .equal, isMask: true) { $0 == $1 ? 1 : 0 },
            Operation(opcode: .notEqual, isMask: true) { $0 != $1 ? 1 : 0 },
            Operation(opcode: .less, isMask: true) { $0 < $1 ? 1 : 0 },
            Operation(opcode: .lessOrEqual, isMask: true) { $0 <= $1 ? 1 : 0 },
            Operation(opcode: .greater, isMask: true) { $0 > $1 ? 1 : 0 },
            Operation(opcode: .greaterOrEqual, isMask: true) { $0 >= $1 ? 1 : 0 },
        ]

        static let kinds: [wright_operand_kind] = [.full, .row, .column, .scalar, .constant]

        /// An operand of a kind, and the element it shows at each row and column.
        static func operand(
            _ kind: wright_operand_kind, _ program: TileHarness, _ rows: Int, _ columns: Int, seed: Int
        ) -> (UInt8, (Int, Int) -> Double) {
            // Halves, so that equal values turn up; some NaN.
            func values(_ count: Int) -> [Float] {
                Numbers.floats(count, in: -3...3, seed: seed).enumerated().map { index, x in
                    index % 97 == 96 ? .nan : (x * 2).rounded() / 2
                }
            }
            switch kind {
            case .full:
                // Rows further apart than they are long.
                let pitch = columns + 3
                let x = values(rows * pitch)
                return (
                    program.memory(.full, KernelArray(x), rowStride: pitch),
                    { row, column in Double(x[row * pitch + column]) }
                )
            case .row:
                let x = values(columns)
                return (program.memory(.row, KernelArray(x)), { Double(x[$1]) })
            case .column:
                let x = values(rows)
                return (program.memory(.column, KernelArray(x)), { row, _ in Double(x[row]) })
            case .scalar:
                let x = values(1)
                return (program.memory(.scalar, KernelArray(x)), { _, _ in Double(x[0]) })
            default:
                let x = values(1)[0]
                return (program.constant(x), { _, _ in Double(x) })
            }
        }

        @Test("Two operands of any kinds", arguments: operations)
        func binary(_ operation: Operation) {
            for (rows, columns) in [(1, 1), (5, 7), (4, 9), (70, 10), (2, 150), (0, 9), (9, 0)] {
                for kindA in Self.kinds {
                    for kindB in Self.kinds {
                        let program = TileHarness(rows: rows, columns: columns)
                        let (a, valueA) = Self.operand(kindA, program, rows, columns, seed: 1)
                        let (b, valueB) = Self.operand(kindB, program, rows, columns, seed: 2)
                        let result = KernelArray<Float>(repeating: 0, count: rows * columns)
                        let target = program.memory(.full, result)
                        let (i0, i1) = operation.immediates
                        program.append(operation.opcode, target, a, b, i0: i0, i1: i1)
                        if operation.isMask { program.append(.maskToFloat, target, target) }
                        let expected = (0..<rows).flatMap { r in
                            (0..<columns).map { c in operation.reference(valueA(r, c), valueB(r, c)) }
                        }
                        withEveryInstructionSet { set in
                            program.run()
                            expectClose(
                                result.values, expected, relative: operation.tolerance, absolute: 1e-6,
                                "\(operation.opcode) \(set) \(kindA) \(kindB) \(rows)×\(columns)")
                        }
                    }
                }
            }
        }

        @Test("Three operands of any kinds")
        func ternary() {
            withEveryInstructionSet { set in
                for kinds in [
                    [wright_operand_kind.full, .full, .full], [.full, .row, .column], [.column, .full, .constant],
                ] {
                    for (rows, columns) in [(3, 9), (64, 10), (2, 500)] {
                        let program = TileHarness(rows: rows, columns: columns)
                        let operands = kinds.enumerated().map {
                            Self.operand($1, program, rows, columns, seed: $0 + 3)
                        }
                        let (a, b, c) = (operands[0].0, operands[1].0, operands[2].0)
                        let results = (0..<3).map { _ in KernelArray<Float>(repeating: 0, count: rows * columns) }
                        program.append(.multiplyAdd, program.memory(.full, results[0]), a, b, c)
                        program.append(.negatedMultiplyAdd, program.memory(.full, results[1]), a, b, c)
                        let mask = program.register()
                        program.append(.greater, mask, a, program.constant(Float(0)))
                        program.append(.select, program.memory(.full, results[2]), mask, b, c)
                        program.run()
                        let functions: [(Double, Double, Double) -> Double] = [
                            { $0 * $1 + $2 }, { $2 - $0 * $1 }, { $0 > 0 ? $1 : $2 },
                        ]
                        for (result, function) in zip(results, functions) {
                            let expected = (0..<rows).flatMap { r in
                                (0..<columns).map {
                                    function(operands[0].1(r, $0), operands[1].1(r, $0), operands[2].1(r, $0))
                                }
                            }
                            expectClose(
                                result.values, expected, relative: 1e-6, absolute: 1e-6,
                                "\(set) \(kinds) \(rows)×\(columns)")
                        }
                    }
                }
            }
        }
    }
}
