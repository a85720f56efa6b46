import CWrightTile
import WrightGraph
import WrightRuntime

/// The operand and instruction lists of a tile program while they grow, with registers given out and taken back.
struct TileProgram {
    enum Shape: Hashable { case full, column }

    private let rows: Int
    private let columns: Int
    private var operands: [wright_tile_operand] = []
    private var instructions: [wright_tile_instruction] = []
    /// Which value's memory each operand addresses.
    private var addresses: [Int: Int] = [:]
    /// The operand that holds a member's value, or that it was loaded into.
    private var places: [Int: UInt8] = [:]
    private var shared: [OperandKey: UInt8] = [:]
    private var free: [Shape: [UInt8]] = [:]
    private var used: [wright_operand_kind: UInt8] = [:]
    private var registerOf: [Int: (Shape, UInt8)] = [:]

    /// What makes two operands the same entry of the list.
    private struct OperandKey: Hashable {
        var kind: wright_operand_kind
        var value: Int
    }

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// Whether values of this type lie in memory as the lanes of a register do.
    static func isLane(_ dtype: DType) -> Bool { dtype == .float32 || dtype == .int32 }

    private static func type(_ dtype: DType) -> wright_type {
        switch dtype {
        case .float32: .float32
        case .int32: .int32
        case .bfloat16: .bfloat16
        case .uint8: .uint8
        case .int8: .int8
        case .bool: .bool
        case .int64: .int64
        case .float64: preconditionFailure("float64 runs on the interpreter")
        }
    }

    func place(of value: Int) -> UInt8? { places[value] }

    // MARK: Operands

    private mutating func add(_ operand: wright_tile_operand) -> UInt8 {
        operands.append(operand)
        return UInt8(operands.count - 1)
    }

    mutating func constant(_ value: Double, _ dtype: DType) -> UInt8 {
        let bits: UInt32 =
            switch dtype {
            case .bool: value == 0 ? 0 : UInt32.max
            case .float32, .bfloat16, .float64: Float(value).bitPattern
            default: UInt32(truncatingIfNeeded: Int64(dtype.normalized(value)))
            }
        if let same = operands.firstIndex(where: { $0.kind == .constant && $0.constant == bits }) { return UInt8(same) }
        var operand = wright_tile_operand()
        operand.kind = .constant
        operand.constant = bits
        return add(operand)
    }

    /// A value in memory, read (or, for a result, written) in place.
    mutating func memory(
        _ value: Int, _ kind: wright_operand_kind, _ dtype: DType, isResult: Bool = false
    ) -> UInt8 {
        let key = OperandKey(kind: kind, value: value)
        if let same = shared[key] { return same }
        var operand = wright_tile_operand()
        operand.kind = kind
        operand.type = Self.type(dtype)
        operand.row_stride = Int64(columns)
        let index = add(operand)
        addresses[Int(index)] = value
        shared[key] = index
        if isResult { places[value] = index }
        return index
    }

    mutating func memory(_ value: Int, accumulator: wright_operand_kind) -> UInt8 {
        memory(value, accumulator, .float32, isResult: true)
    }

    /// A value from outside the region: in place if its type is a lane's, through a register otherwise.
    mutating func loaded(_ value: Int, _ kind: Access.Kind, _ dtype: DType) -> UInt8 {
        let memoryKind: wright_operand_kind =
            switch kind {
            case .full: .full
            case .row: .row
            case .column: .column
            case .scalar: .scalar
            case .immediate: preconditionFailure("an immediate is not in memory")
            }
        if Self.isLane(dtype) { return memory(value, memoryKind, dtype) }
        let registerKind: wright_operand_kind =
            switch kind {
            case .full: .register
            case .row: .rowRegister
            case .column: .columnRegister
            case .scalar, .immediate: .scalarRegister
            }
        let key = OperandKey(kind: registerKind, value: value)
        if let same = shared[key] { return same }
        let source = memory(value, memoryKind, dtype)
        let target = fresh(registerKind)
        shared[key] = target
        var instruction = wright_tile_instruction()
        instruction.opcode = .load
        instruction.result = target
        instruction.a = source
        instructions.append(instruction)
        return target
    }

    private mutating func fresh(_ kind: wright_operand_kind) -> UInt8 {
        var operand = wright_tile_operand()
        operand.kind = kind
        operand.register_index = used[kind, default: 0]
        used[kind, default: 0] += 1
        return add(operand)
    }

    /// A register for a member's value, given back by ``release(_:)``.
    mutating func register(_ member: Int, _ shape: Shape) -> UInt8 {
        let register = free[shape]?.popLast() ?? fresh(shape == .full ? .register : .columnRegister)
        places[member] = register
        registerOf[member] = (shape, register)
        return register
    }

    mutating func release(_ member: Int) {
        guard let (shape, register) = registerOf.removeValue(forKey: member) else { return }
        free[shape, default: []].append(register)
    }

    // MARK: Instructions

    mutating func append(_ operation: TileOperation, _ operands: [UInt8], result: UInt8) {
        var instruction = wright_tile_instruction()
        instruction.opcode = operation.opcode
        instruction.result = result
        if operands.count > 0 { instruction.a = operands[0] }
        if operands.count > 1 { instruction.b = operands[1] }
        if operands.count > 2 { instruction.c = operands[2] }
        instruction.immediate0 = operation.immediate0
        instruction.immediate1 = operation.immediate1
        instruction.integer = operation.integer
        instructions.append(instruction)
    }

    mutating func store(_ member: Int, _ shape: Shape, _ dtype: DType) {
        var instruction = wright_tile_instruction()
        instruction.opcode = .store
        instruction.a = places[member]!
        instruction.result = memory(member, shape == .column ? .column : .full, dtype)
        instructions.append(instruction)
    }

    // MARK: Preparing

    /// A checked program, still without addresses.
    func prepared(name: String) throws -> PreparedTileProgram {
        let program = PreparedTileProgram(operands, instructions, addresses)
        var culprit: Int32 = -1
        program.context.pointer.pointee.rows = Int64(rows)
        program.context.pointer.pointee.columns = Int64(columns)
        let problem = wright_tile_prepare(program.context.pointer, &culprit)
        guard problem == .ok else {
            throw RuntimeError.kernelFailed(
                step: name, reason: "the tile program is refused: \(problem), instruction \(culprit) of \(instructions)"
            )
        }
        return program
    }
}

/// A tile program with lists of its own, at a fixed place.
final class PreparedTileProgram {
    let context: Context<wright_tile_program>
    private let operands: UnsafeMutableBufferPointer<wright_tile_operand>
    private let instructions: UnsafeMutableBufferPointer<wright_tile_instruction>
    private let addresses: [Int: Int]

    init(_ operands: [wright_tile_operand], _ instructions: [wright_tile_instruction], _ addresses: [Int: Int]) {
        self.operands = .allocate(capacity: operands.count)
        _ = self.operands.initialize(from: operands)
        self.instructions = .allocate(capacity: instructions.count)
        _ = self.instructions.initialize(from: instructions)
        self.addresses = addresses
        var program = wright_tile_program()
        program.operands = UnsafePointer(self.operands.baseAddress)
        program.instructions = UnsafePointer(self.instructions.baseAddress)
        program.operand_count = Int32(operands.count)
        program.instruction_count = Int32(instructions.count)
        context = Context(program)
    }

    deinit {
        operands.deallocate()
        instructions.deallocate()
    }

    var scratchByteCount: Int { wright_tile_scratch_bytes(context.pointer) }

    func launch(
        _ pointer: (Int) -> UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer
    ) -> BoundLaunch {
        for (operand, value) in addresses { operands[operand].pointer = pointer(value) }
        context.pointer.pointee.scratch = scratch
        return BoundLaunch(
            function: { wright_tile_run($0) }, context: UnsafeMutableRawPointer(context.pointer), owner: self)
    }
}

extension BoundLaunch {
    /// Rounds float32 values to bfloat16.
    static func rounding(
        _ source: UnsafeMutableRawPointer, to destination: UnsafeMutableRawPointer, count: Int
    ) throws -> BoundLaunch {
        var program = TileProgram(rows: 1, columns: count)
        let value = program.memory(0, .full, .float32)
        _ = value
        program.append(TileOperation(.roundBFloat16, []), [value], result: program.register(1, .full))
        program.store(1, .full, .bfloat16)
        return try program.prepared(name: "round to bfloat16").launch({ $0 == 0 ? source : destination }, source)
    }
}
