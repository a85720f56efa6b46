import CWrightTile
import Testing

/// A tile program put together by hand. Memory lives as long as the program.
final class TileHarness {
    let rows, columns: Int
    var tileRows: Int32 = 0, tileColumns: Int32 = 0
    private(set) var operands: [wright_tile_operand] = []
    private(set) var instructions: [wright_tile_instruction] = []
    private var owned: [AnyObject] = []

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    func operand(
        _ kind: wright_operand_kind, _ pointer: UnsafeMutableRawPointer? = nil, type: wright_type = .float32,
        rowStride: Int = 0, divisor: Int = 0, period: Int = 0, constant: UInt32 = 0, index: UInt8 = 0
    ) -> UInt8 {
        operands.append(
            wright_tile_operand(
                pointer: pointer, row_stride: Int64(rowStride), row_divisor: Int64(divisor), row_period: Int64(period),
                constant: constant, kind: kind, type: type, register_index: index))
        return UInt8(operands.count - 1)
    }

    func memory<Element: BitwiseCopyable>(
        _ kind: wright_operand_kind, _ array: KernelArray<Element>, type: wright_type = .float32, rowStride: Int? = nil,
        divisor: Int = 0, period: Int = 0
    ) -> UInt8 {
        owned.append(array)
        let stride = kind == .full ? rowStride ?? columns : 0
        return operand(kind, array.pointer, type: type, rowStride: stride, divisor: divisor, period: period)
    }

    func constant(_ value: Float) -> UInt8 { operand(.constant, constant: value.bitPattern) }
    func constant(_ value: Int32) -> UInt8 { operand(.constant, constant: UInt32(bitPattern: value)) }

    private var registerCounts: [wright_operand_kind: UInt8] = [:]
    func register(_ kind: wright_operand_kind = .register) -> UInt8 {
        let index = registerCounts[kind, default: 0]
        registerCounts[kind] = index + 1
        return operand(kind, index: index)
    }

    func append(
        _ opcode: wright_tile_opcode, _ result: UInt8, _ a: UInt8 = 0, _ b: UInt8 = 0, _ c: UInt8 = 0, i0: Float = 0,
        i1: Float = 0, n: Int32 = 0
    ) {
        instructions.append(
            wright_tile_instruction(
                opcode: opcode, result: result, a: a, b: b, c: c, immediate0: i0, immediate1: i1, integer: n))
    }

    /// What preparing says of the program, and the instruction it blames.
    func check() -> (wright_tile_problem, Int32) {
        withProgram { program in
            var instruction: Int32 = 0
            return (wright_tile_prepare(&program, &instruction), instruction)
        }
    }

    func run(sourceLocation: SourceLocation = #_sourceLocation) {
        withProgram { program in
            var instruction: Int32 = 0
            let problem = wright_tile_prepare(&program, &instruction)
            #expect(problem == .ok, "instruction \(instruction)", sourceLocation: sourceLocation)
            guard problem == .ok else { return }
            let scratch = KernelArray<UInt8>(repeating: 0xFF, count: wright_tile_scratch_bytes(&program))
            program.scratch = UnsafeMutableRawPointer(scratch.pointer)
            wright_tile_run(&program)
        }
    }

    private func withProgram<Result>(_ body: (inout wright_tile_program) -> Result) -> Result {
        operands.withUnsafeBufferPointer { operands in
            instructions.withUnsafeBufferPointer { instructions in
                var program = wright_tile_program(
                    operands: operands.baseAddress, instructions: instructions.baseAddress,
                    operand_count: Int32(operands.count), instruction_count: Int32(instructions.count),
                    rows: Int64(rows), columns: Int64(columns), tile_rows: tileRows, tile_columns: tileColumns,
                    scratch: nil, plan: wright_tile_plan())
                return body(&program)
            }
        }
    }
}
