import WrightGraph

/// What the tile kernels can compute, told instruction by instruction.
enum Fusible {
    /// Whether an instruction can be part of a fused region.
    static func allows(_ instruction: Graph.Instruction, in graph: Graph) -> Bool {
        let operandTypes = instruction.operands.map { graph.instructions[$0].type.dtype }
        let type = instruction.type.dtype
        switch instruction.op {
        case .unary(let op): return type == .float32 || (type == .int32 && (op == .negate || op == .absolute))
        case .binary(let op):
            switch op {
            case .add, .subtract, .multiply, .maximum, .minimum: return type == .float32 || type == .int32
            case .divide, .power, .remainder: return type == .float32
            case .and, .or: return true
            }
        case .compare: return [.float32, .int32, .bool].contains(operandTypes[0])
        case .select: return [.float32, .int32, .bool].contains(type)
        case .cast: return canCast(from: operandTypes[0], to: type)
        case .random: return true
        case .iota(let iota): return iota.axis == 0 || iota.axis == iota.shape.count - 1
        case .reduce(let op):
            guard type == .float32, op.kind != .product, instruction.operands.count == 1 else { return false }
            let shape = graph.instructions[instruction.operands[0]].type.shape
            guard let (direction, columns) = op.direction(over: shape), !shape.contains(0) else { return false }
            return direction != .alongRows || columns <= maximumColumnsOfRowReduction
        default: return false
        }
    }

    /// A row that is reduced and used again must fit in a tile.
    static let maximumColumnsOfRowReduction = 4096

    private static func canCast(from: DType, to: DType) -> Bool {
        let computed: Set<DType> = [.float32, .int32, .bool]
        let loaded: Set<DType> = computed.union([.uint8, .int8, .bfloat16])
        return (loaded.contains(from) && computed.contains(to)) || (from == .float32 && to == .bfloat16)
            || (from == .int32 && (to == .int8 || to == .uint8))
    }

    /// Whether computing it again costs no more than a round trip through memory: tanh costs about as much.
    static func isCheap(_ instruction: Graph.Instruction) -> Bool {
        switch instruction.op {
        case .unary(let op):
            switch op {
            case .negate, .absolute, .sign, .square, .relu, .tanh: return true
            default: return false
            }
        case .binary(let op): return op != .power && op != .remainder && op != .divide
        case .compare, .select, .iota: return true
        case .cast: return instruction.type.dtype != .bfloat16
        default: return false
        }
    }
}
