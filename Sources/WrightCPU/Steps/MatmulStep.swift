import CWrightDNN
import CWrightTile
import WrightGraph
import WrightRuntime

/// A oneDNN primitive that is destroyed with the plan.
final class DNNPrimitive {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { wright_dnn_destroy(handle) }

    /// Creates a primitive or says why the library cannot.
    static func make(
        _ name: String, _ create: (UnsafeMutablePointer<OpaquePointer?>) -> wright_dnn_status
    ) throws -> DNNPrimitive {
        var handle: OpaquePointer?
        guard create(&handle) == .ok, let handle else {
            throw RuntimeError.kernelFailed(step: name, reason: String(cString: wright_dnn_message()))
        }
        return DNNPrimitive(handle)
    }

    var implementation: String { String(cString: wright_dnn_implementation(handle)) }
    var scratchByteCount: Int { wright_dnn_scratch_bytes(handle) }
    func byteCount(_ argument: wright_dnn_argument) -> Int { wright_dnn_argument_bytes(handle, argument) }
    func isPlain(_ argument: wright_dnn_argument) -> Bool { wright_dnn_is_plain(handle, argument) }

    func bind(_ argument: wright_dnn_argument, _ pointer: UnsafeMutableRawPointer) throws {
        guard wright_dnn_bind(handle, argument, pointer) == .ok else {
            throw RuntimeError.kernelFailed(step: implementation, reason: String(cString: wright_dnn_message()))
        }
    }

    var launch: BoundLaunch {
        BoundLaunch(
            function: { wright_dnn_run($0) }, context: UnsafeMutableRawPointer(handle), owner: self,
            failure: { [self] in
                wright_dnn_run_status(handle) == .ok ? nil : "\(implementation) failed"
            })
    }
}

/// The work that a product or convolution does on its result before storing it.
struct Epilogue: Hashable {
    /// The value added to every row, as an instruction of one element per column.
    var bias: Int?
    /// A value of the result's own shape that is added.
    var residual: Int?
    var isRelu = false
    /// The instruction whose value is stored in the end.
    var result: Int

    func description(_ op: String) -> String {
        op + (bias == nil ? "" : "+bias") + (residual == nil ? "" : "+residual") + (isRelu ? "+relu" : "")
    }

    var operation: wright_dnn_epilogue {
        wright_dnn_epilogue(
            bias: bias != nil, accumulate: false, residual: residual != nil, activation: isRelu ? .relu : .none)
    }
}

/// A matrix operand as it lies in memory: transposes are strides, not copies.
struct MatrixOperand {
    /// The instruction whose memory is read.
    var source: Int
    var strides: [Int]

    init(_ index: Int, _ graph: Graph) {
        let instruction = graph.instructions[index]
        if case .permute(let permute) = instruction.op {
            let operand = graph.instructions[instruction.operands[0]].type
            let strides = permute.order.map { operand.strides[$0] }
            if Self.isMatrix(strides, instruction.type.shape) {
                source = instruction.operands[0]
                self.strides = strides
                return
            }
        }
        source = index
        strides = instruction.type.strides
    }

    /// Whether rows or columns are contiguous, as the product's kernels need.
    private static func isMatrix(_ strides: [Int], _ shape: [Int]) -> Bool {
        let rank = shape.count
        return rank >= 2 && rank <= 5 && (strides[rank - 1] == 1 || strides[rank - 2] == 1)
    }

    /// Whether this operand reads through the permute at `index`.
    static func readsThrough(_ index: Int, _ graph: Graph) -> Bool { MatrixOperand(index, graph).source != index }

    func description(shape: [Int], type: wright_dnn_type) -> wright_dnn_matrix {
        let rank = shape.count
        var matrix = wright_dnn_matrix()
        matrix.type = type
        matrix.row_stride = Int64(strides[rank - 2])
        matrix.column_stride = Int64(strides[rank - 1])
        // A single row or column has a stride that nothing walks: give the one that the library expects.
        if shape[rank - 1] == 1, matrix.row_stride != 1 { matrix.column_stride = 1 }
        if shape[rank - 2] == 1, matrix.column_stride != 1 { matrix.row_stride = 1 }
        if shape[rank - 2] == 1, matrix.column_stride == 1 { matrix.row_stride = Int64(max(shape[rank - 1], 1)) }
        withUnsafeMutableBytes(of: &matrix.batch_stride) { bytes in
            let slots = bytes.bindMemory(to: Int64.self)
            for axis in 0..<(rank - 2) { slots[axis] = Int64(strides[axis]) }
        }
        return matrix
    }
}

extension Step {
    /// Whether oneDNN multiplies these matrices: float32, at most three batch axes, nothing empty.
    static func canMultiply(_ instruction: Graph.Instruction, _ graph: Graph) -> Bool {
        guard case .matrixMultiply = instruction.op else { return false }
        let inner = graph.instructions[instruction.operands[0]].type.shape.last ?? 0
        return instruction.type.dtype == .float32 && instruction.type.rank <= 5 && instruction.type.count > 0
            && inner > 0
    }

    /// A matrix product with its epilogue by oneDNN; nil where it has no kernel for it.
    static func matmul(_ index: Int, epilogue: Epilogue, _ graph: Graph, _ options: CompileOptions) throws
        -> Step?
    {
        let instruction = graph.instructions[index]
        let shape = instruction.type.shape
        let rank = shape.count
        let (left, right) = (instruction.operands[0], instruction.operands[1])
        let (leftShape, rightShape) = (graph.instructions[left].type.shape, graph.instructions[right].type.shape)
        guard canMultiply(instruction, graph) else { return nil }
        let (a, b) = (MatrixOperand(left, graph), MatrixOperand(right, graph))
        let rounds = options.precision == .bfloat16 && wright_dnn_supports(.bfloat16)
        var description = wright_dnn_matmul_description()
        description.batch_rank = Int32(rank - 2)
        withUnsafeMutableBytes(of: &description.batch) { bytes in
            let slots = bytes.bindMemory(to: Int64.self)
            for axis in 0..<(rank - 2) { slots[axis] = Int64(shape[axis]) }
        }
        (description.m, description.k, description.n) = (
            Int64(shape[rank - 2]), Int64(leftShape[rank - 1]), Int64(shape[rank - 1])
        )
        let operandType: wright_dnn_type = rounds ? .bfloat16 : .float32
        description.a = a.description(shape: leftShape, type: operandType)
        description.b = b.description(shape: rightShape, type: operandType)
        description.c = MatrixOperand(index, graph).description(shape: shape, type: .float32)
        description.epilogue = epilogue.operation
        let name = epilogue.description("matmul") + " \(leftShape)·\(rightShape)"
        let primitive = try DNNPrimitive.make(name) { wright_dnn_matmul(&description, $0) }
        var scratch = ScratchLayout()
        let work = scratch.add(primitive.scratchByteCount)
        let roundedA = rounds ? scratch.add(graph.instructions[a.source].type.count * 2) : 0
        let roundedB = rounds ? scratch.add(graph.instructions[b.source].type.count * 2) : 0
        return Step(
            name: name, kernel: "oneDNN \(primitive.implementation)",
            reads: [a.source, b.source] + [epilogue.bias, epilogue.residual].compactMap(\.self),
            writes: [epilogue.result], scratchByteCount: scratch.byteCount,
            operationCount: 2 * instruction.type.count * leftShape[rank - 1]
        ) { pointer, base in
            var launches: [BoundLaunch] = []
            if rounds {
                for (source, offset) in [(a.source, roundedA), (b.source, roundedB)] {
                    launches.append(
                        try .rounding(pointer(source), to: base + offset, count: graph.instructions[source].type.count))
                }
            }
            try primitive.bind(.a, rounds ? base + roundedA : pointer(a.source))
            try primitive.bind(.b, rounds ? base + roundedB : pointer(b.source))
            try primitive.bind(.c, pointer(epilogue.result))
            if let bias = epilogue.bias { try primitive.bind(.bias, pointer(bias)) }
            if let residual = epilogue.residual { try primitive.bind(.residual, pointer(residual)) }
            if primitive.scratchByteCount > 0 { try primitive.bind(.scratch, base + work) }
            return launches + [primitive.launch]
        }
    }
}

/// Places inside a step's scratch memory, each at a cache line.
struct ScratchLayout {
    private(set) var byteCount = 0

    mutating func add(_ bytes: Int) -> Int {
        defer { byteCount += (bytes + 63) / 64 * 64 }
        return byteCount
    }
}
