import CWrightDNN
import WrightGraph
import WrightRuntime

extension Step {
    /// Whether there is a kernel for this convolution: float32, nothing empty.
    static func canConvolve(_ instruction: Graph.Instruction, _ graph: Graph) -> Bool {
        guard case .convolution = instruction.op else { return false }
        return instruction.type.dtype == .float32 && instruction.type.count > 0
            && instruction.operands.allSatisfy { graph.instructions[$0].type.count > 0 }
    }

    /// A convolution or one of its gradients by ``CWrightDNN``; nil where it has no kernel for it.
    static func convolution(
        _ index: Int, epilogue: Epilogue, _ graph: Graph, _ options: CompileOptions
    ) throws -> Step? {
        let instruction = graph.instructions[index]
        guard canConvolve(instruction, graph), case .convolution(let op) = instruction.op else { return nil }
        let geometry = Geometry(op, instruction, graph)
        var description = geometry.description
        description.algorithm = options.convolutionMethod == .direct ? .direct : .automatic
        description.epilogue = op.role == .forward ? epilogue.operation : wright_dnn_epilogue()
        let result = op.role == .forward ? epilogue.result : index
        let name = epilogue.description(op.name) + " \(geometry.input)·\(geometry.weights)"
        let create: (UnsafeMutablePointer<OpaquePointer?>) -> wright_dnn_status =
            switch op.role {
            case .forward: { wright_dnn_convolution_forward(&description, $0) }
            case .inputGradient: { wright_dnn_convolution_input_gradient(&description, $0) }
            case .weightGradient: { wright_dnn_convolution_weight_gradient(&description, $0) }
            }
        let primitive = try DNNPrimitive.make(name, create)
        let (first, second): (wright_dnn_argument, wright_dnn_argument) =
            switch op.role {
            case .forward: (.input, .weights)
            case .inputGradient: (.outputGradient, .weights)
            case .weightGradient: (.input, .outputGradient)
            }
        let output: wright_dnn_argument =
            switch op.role {
            case .forward: .output
            case .inputGradient: .inputGradient
            case .weightGradient: .weightGradient
            }
        var scratch = ScratchLayout()
        let work = scratch.add(primitive.scratchByteCount)
        // The weights, or their gradient, in the layout the kernel wants.
        let packed: wright_dnn_argument = op.role == .weightGradient ? .weightGradient : .weights
        var packing: DNNPrimitive?
        var place = 0
        if !primitive.isPlain(packed) {
            packing = try DNNPrimitive.make(name) {
                op.role == .weightGradient
                    ? wright_dnn_unpack(primitive.handle, packed, $0) : wright_dnn_pack(primitive.handle, packed, $0)
            }
            place = scratch.add(primitive.byteCount(packed))
        }
        let packingWork = scratch.add(packing?.scratchByteCount ?? 0)
        return Step(
            name: name, kernel: primitive.implementation,
            reads: instruction.operands + [epilogue.bias, epilogue.residual].compactMap(\.self), writes: [result],
            scratchByteCount: scratch.byteCount, operationCount: Int(wright_dnn_operations(primitive.handle))
        ) { [packing] pointer, base in
            try primitive.bind(first, pointer(instruction.operands[0]))
            try primitive.bind(second, pointer(instruction.operands[1]))
            try primitive.bind(output, pointer(result))
            if let bias = epilogue.bias { try primitive.bind(.bias, pointer(bias)) }
            if let residual = epilogue.residual { try primitive.bind(.residual, pointer(residual)) }
            if primitive.scratchByteCount > 0 { try primitive.bind(.scratch, base + work) }
            guard let packing else { return [primitive.launch] }
            if packing.scratchByteCount > 0 { try packing.bind(.scratch, base + packingWork) }
            try primitive.bind(packed, base + place)
            if op.role == .weightGradient {
                try packing.bind(.source, base + place)
                try packing.bind(.destination, pointer(result))
                return [primitive.launch, packing.launch]
            }
            try packing.bind(.source, pointer(instruction.operands[1]))
            try packing.bind(.destination, base + place)
            return [packing.launch, primitive.launch]
        }
    }
}

/// The shapes of the forward convolution behind any of its three roles.
private struct Geometry {
    var op: Convolve
    var input: [Int]
    var weights: [Int]

    init(_ op: Convolve, _ instruction: Graph.Instruction, _ graph: Graph) {
        let shapes = instruction.operands.map { graph.instructions[$0].type.shape }
        self.op = op
        switch op.role {
        case .forward: (input, weights) = (shapes[0], shapes[1])
        case .inputGradient: (input, weights) = (instruction.type.shape, shapes[1])
        case .weightGradient: (input, weights) = (shapes[0], instruction.type.shape)
        }
    }

    var description: wright_dnn_convolution_description {
        let rank = op.sliding.rank
        var description = wright_dnn_convolution_description()
        description.spatial_rank = Int32(rank)
        description.batch = Int64(input[0])
        description.in_channels = Int64(input[rank + 1])
        description.out_channels = Int64(weights[0])
        description.groups = Int64(op.groups)
        Self.fill(&description.input_size, Array(input[1...rank]))
        Self.fill(&description.kernel_size, Array(weights[1...rank]))
        Self.fill(&description.stride, op.sliding.strides)
        Self.fill(&description.dilation, op.sliding.dilation)
        Self.fill(&description.padding_begin, op.sliding.begin)
        Self.fill(&description.padding_end, op.sliding.end)
        description.type = .float32
        return description
    }

    private static func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let slots = bytes.bindMemory(to: Int64.self)
            for (index, value) in values.enumerated() { slots[index] = Int64(value) }
        }
    }
}
