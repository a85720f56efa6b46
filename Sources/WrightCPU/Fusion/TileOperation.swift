import CWrightTile
import WrightGraph

/// One instruction of a fused region before its operands have places.
struct TileOperation {
    var opcode: wright_tile_opcode
    var operands: [Access]
    var immediate0: Float = 0
    var immediate1: Float = 0
    var integer: Int32 = 0

    init(_ opcode: wright_tile_opcode, _ operands: [Access], _ immediate0: Float = 0, _ immediate1: Float = 0) {
        self.opcode = opcode
        self.operands = operands
        self.immediate0 = immediate0
        self.immediate1 = immediate1
    }

    /// The operation that computes `instruction`, which ``Fusible`` allowed.
    init(_ instruction: Graph.Instruction, _ reading: Reading) {
        let operands = instruction.operands.map(reading.access)
        let types = instruction.operands.map { reading.graph.instructions[$0].type.dtype }
        switch instruction.op {
        case .unary(let op): self.init(Self.opcode(op, isInteger: instruction.type.dtype.isInteger), operands)
        case .binary(let op):
            self = Self.binary(op, operands, isInteger: instruction.type.dtype.isInteger)
        case .compare(let op): self.init(Self.opcode(op, types[0]), operands)
        case .select: self.init(.select, operands)
        case .cast(let op): self.init(Self.cast(from: types[0], to: op.dtype), operands)
        case .random(let op):
            self.init(op.kind == .bits ? .randomBits : .randomUniform, operands)
            integer = Int32(op.stream)
        case .iota(let op):
            self.init(op.shape.count == 1 ? .iotaLinear : (op.axis == 0 ? .iotaRow : .iotaColumn), [])
        case .reduce(let op):
            let shape = reading.graph.instructions[instruction.operands[0]].type.shape
            self.init(Self.opcode(op, op.direction(over: shape)!.0), operands)
        default: preconditionFailure("\(instruction.op.primitive.name) is no operation of a tile program")
        }
    }

    private static func opcode(_ op: Unary, isInteger: Bool) -> wright_tile_opcode {
        if isInteger { return op == .absolute ? .intAbsolute : .intNegate }
        return switch op {
        case .negate: .negate
        case .absolute: .absolute
        case .sign: .sign
        case .exp: .exp
        case .expm1: .expm1
        case .log: .log
        case .log1p: .log1p
        case .sqrt: .squareRoot
        case .rsqrt: .reciprocalSquareRoot
        case .reciprocal: .reciprocal
        case .square: .square
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .erf: .erf
        case .sine: .sine
        case .cosine: .cosine
        case .floor: .floor
        case .ceiling: .ceiling
        case .round: .round
        case .relu: .relu
        case .stopGradient: .move
        }
    }

    private static func binary(_ op: Binary, _ operands: [Access], isInteger: Bool) -> TileOperation {
        if isInteger {
            let opcode: wright_tile_opcode =
                switch op {
                case .add: .intAdd
                case .subtract: .intSubtract
                case .multiply: .intMultiply
                case .maximum: .intMaximum
                case .minimum: .intMinimum
                default: preconditionFailure("\(op.name) of whole numbers is not fused")
                }
            return TileOperation(opcode, operands)
        }
        let (a, b) = (operands[0], operands[1])
        switch (op, a.kind, b.kind) {
        case (.add, _, .immediate(let value)): return TileOperation(.addImmediate, [a], Float(value))
        case (.add, .immediate(let value), _): return TileOperation(.addImmediate, [b], Float(value))
        case (.subtract, _, .immediate(let value)): return TileOperation(.addImmediate, [a], Float(-value))
        case (.subtract, .immediate(let value), _): return TileOperation(.affine, [b], -1, Float(value))
        case (.multiply, _, .immediate(let value)): return TileOperation(.multiplyImmediate, [a], Float(value))
        case (.multiply, .immediate(let value), _): return TileOperation(.multiplyImmediate, [b], Float(value))
        case (.divide, .immediate(let value), _): return TileOperation(.divideImmediate, [b], Float(value))
        case (.add, _, _): return TileOperation(.add, operands)
        case (.subtract, _, _): return TileOperation(.subtract, operands)
        case (.multiply, _, _): return TileOperation(.multiply, operands)
        case (.divide, _, _): return TileOperation(.divide, operands)
        case (.maximum, _, _): return TileOperation(.maximum, operands)
        case (.minimum, _, _): return TileOperation(.minimum, operands)
        case (.power, _, _): return TileOperation(.power, operands)
        case (.remainder, _, _): return TileOperation(.remainder, operands)
        case (.and, _, _): return TileOperation(.and, operands)
        case (.or, _, _): return TileOperation(.or, operands)
        }
    }

    private static func opcode(_ op: Compare, _ dtype: DType) -> wright_tile_opcode {
        let isFloat = dtype == .float32
        return switch op {
        case .equal: isFloat ? .equal : .intEqual
        case .notEqual: isFloat ? .notEqual : .intNotEqual
        // Masks are 0 and −1, so among them "less" is "greater" of the numbers 0 and 1.
        case .less: isFloat ? .less : (dtype == .bool ? .intGreater : .intLess)
        case .lessOrEqual: isFloat ? .lessOrEqual : (dtype == .bool ? .intGreaterOrEqual : .intLessOrEqual)
        case .greater: isFloat ? .greater : (dtype == .bool ? .intLess : .intGreater)
        case .greaterOrEqual: isFloat ? .greaterOrEqual : (dtype == .bool ? .intLessOrEqual : .intGreaterOrEqual)
        }
    }

    private static func cast(from: DType, to: DType) -> wright_tile_opcode {
        switch (from, to) {
        case (.bool, .float32): .maskToFloat
        case (.bool, .int32): .maskToInt
        case (.float32, .int32), (.bfloat16, .int32): .floatToInt
        case (.int32, .float32), (.uint8, .float32), (.int8, .float32): .intToFloat
        case (.float32, .bool), (.bfloat16, .bool): .notEqual
        case (_, .bool): .intNotEqual
        case (.float32, .bfloat16): .roundBFloat16
        case (.int32, .int8): .wrapInt8
        case (.int32, .uint8): .wrapUInt8
        default: .move
        }
    }

    private static func opcode(_ op: Reduce, _ direction: Reduce.Direction) -> wright_tile_opcode {
        switch (op.kind, direction) {
        case (.sum, .alongRows), (.product, .alongRows): .rowSum
        case (.sum, .alongColumns), (.product, .alongColumns): .columnSum
        case (.sum, .everything), (.product, .everything): .totalSum
        case (.maximum, .alongRows): .rowMaximum
        case (.maximum, .alongColumns): .columnMaximum
        case (.maximum, .everything): .totalMaximum
        case (.minimum, .alongRows): .rowMinimum
        case (.minimum, .alongColumns): .columnMinimum
        case (.minimum, .everything): .totalMinimum
        }
    }
}
