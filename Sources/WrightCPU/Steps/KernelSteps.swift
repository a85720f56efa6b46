import CWrightTile
import WrightGraph

extension Step {
    /// A stand-alone C kernel for an instruction, or nil if there is none for its shapes and types.
    static func kernel(_ index: Int, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let types = instruction.operands.map { graph.instructions[$0].type }
        guard instruction.type.count > 0, types.allSatisfy({ $0.count > 0 }) else { return nil }
        switch instruction.op {
        case .reduce(let op): return reduce(index, op, graph)
        case .window(let op): return window(index, op, graph)
        case .gather(let op): return gather(index, op, graph)
        case .scatterAdd: return scatterAdd(index, graph)
        case .softmaxCrossEntropy(let op): return crossEntropy(index, op, graph)
        case .updateSlice(let op): return updateSlice(index, op, graph)
        case .argReduce(let op): return argReduce(index, op, graph)
        case .argSort(let op): return argSort(index, op, graph)
        case .cumulativeSum(let op): return cumulativeSum(index, op, graph)
        case .recurrent(let op): return recurrent(index, op, graph)
        case .recurrentGradient(let op): return recurrentGradient(index, op, graph)
        case .attention(let op): return attention(index, op, graph)
        default: return nil
        }
    }

    /// A launch of one kernel with its arguments.
    static func simple<Arguments>(
        _ index: Int, _ graph: Graph, kernel: String, operations: Int? = nil,
        _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
        _ arguments: @escaping (_ pointer: (Int) -> UnsafeMutableRawPointer) -> Arguments
    ) -> Step {
        let instruction = graph.instructions[index]
        return Step(
            name: "\(instruction.op.primitive.name) \(instruction.type.shape)", kernel: kernel,
            reads: instruction.operands, writes: [index], operationCount: operations ?? instruction.type.count
        ) { pointer, _ in [BoundLaunch(function, arguments(pointer))] }
    }

    private static func crossEntropy(_ index: Int, _ op: SoftmaxCrossEntropy, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let operands = instruction.operands
        let logits = graph.instructions[operands[0]].type
        guard logits.dtype == .float32 else { return nil }
        return Step(
            name: "\(op.name) \(logits.shape)", kernel: "cross-entropy", reads: operands, writes: [index],
            inPlace: op.role == .gradient ? [(index, operands[0])] : [], operationCount: 4 * logits.count
        ) { pointer, _ in
            func floats(_ operand: Int) -> UnsafeMutablePointer<Float> {
                pointer(operand).assumingMemoryBound(to: Float.self)
            }
            var arguments = wright_cross_entropy_arguments()
            arguments.logits = UnsafePointer(floats(operands[0]))
            arguments.labels = UnsafePointer(pointer(operands[1]).assumingMemoryBound(to: Int32.self))
            if op.role == .forward {
                arguments.losses = floats(index)
            } else {
                arguments.gradient = floats(index)
                (arguments.upstream, arguments.upstream_stride) = (UnsafePointer(floats(operands[2])), 1)
            }
            (arguments.rows, arguments.columns) = (Int64(logits.shape[0]), Int64(logits.shape[1]))
            (arguments.scale, arguments.smoothing) = (1, Float(op.smoothing))
            arguments.ignored_label = Int32(op.ignored)
            return [BoundLaunch({ wright_cross_entropy($0) }, arguments)]
        }
    }

    /// An array's axes seen as [outer, length, inner] around the axes that disappear; nil if those are not neighbours.
    private static func split(_ shape: [Int], _ axes: [Int]) -> (outer: Int, length: Int, inner: Int)? {
        let wide = axes.filter { shape[$0] != 1 }
        guard let first = wide.first, let last = wide.last else { return (shape.reduce(1, *), 1, 1) }
        guard (first...last).allSatisfy({ shape[$0] == 1 || wide.contains($0) }) else { return nil }
        return (
            shape[..<first].reduce(1, *), shape[first...last].reduce(1, *), shape[(last + 1)...].reduce(1, *)
        )
    }

    static func laneType(_ dtype: DType) -> wright_type? {
        switch dtype {
        case .float32: .float32
        case .int32: .int32
        default: nil
        }
    }

    private static func reduce(_ index: Int, _ op: Reduce, _ graph: Graph) -> Step? {
        let operand = graph.instructions[index].operands[0]
        let type = graph.instructions[operand].type
        guard let lane = laneType(type.dtype), let (outer, length, inner) = split(type.shape, op.axes) else {
            return nil
        }
        return simple(index, graph, kernel: "reduce", operations: type.count, { wright_reduce($0) }) { pointer in
            var arguments = wright_reduce_arguments()
            arguments.source = UnsafeRawPointer(pointer(operand))
            arguments.destination = pointer(index)
            (arguments.outer, arguments.length, arguments.inner) = (Int64(outer), Int64(length), Int64(inner))
            arguments.type = lane
            arguments.reduction =
                switch op.kind {
                case .sum: .sum
                case .product: .product
                case .maximum: .maximum
                case .minimum: .minimum
                }
            return arguments
        }
    }

    private static func window(_ index: Int, _ op: Window, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        guard instruction.type.dtype == .float32 else { return nil }
        let first = graph.instructions[instruction.operands[0]].type.shape
        // The forward window's input and output, whatever the role.
        let (input, output): ([Int], [Int]) =
            switch op.role {
            case .maximum, .select, .sum: (first, instruction.type.shape)
            case .scatter, .sumTranspose: (instruction.type.shape, first)
            }
        var geometry = wright_window()
        geometry.batch = Int64(input[0])
        geometry.channels = Int64(input[input.count - 1])
        var axes: [wright_window_axis] = []
        let rank = op.sliding.rank
        for _ in rank..<3 {
            axes.append(wright_window_axis(input: 1, output: 1, kernel: 1, stride: 1, padding: 0, dilation: 1))
        }
        for axis in 0..<rank {
            axes.append(
                wright_window_axis(
                    input: Int64(input[axis + 1]), output: Int64(output[axis + 1]), kernel: Int32(op.kernel[axis]),
                    stride: Int32(op.sliding.strides[axis]), padding: Int32(op.sliding.begin[axis]),
                    dilation: Int32(op.sliding.dilation[axis])))
        }
        geometry.axes = (axes[0], axes[1], axes[2])
        let function: @convention(c) (UnsafeMutableRawPointer?) -> Void =
            switch op.role {
            case .maximum: { wright_maximum_pool($0) }
            case .select: { wright_maximum_pool_select($0) }
            case .scatter: { wright_maximum_pool_scatter($0) }
            case .sum: { wright_sum_pool($0) }
            case .sumTranspose: { wright_sum_pool_transpose($0) }
            }
        let work = output.reduce(1, *) * op.kernel.reduce(1, *)
        return simple(index, graph, kernel: "window", operations: work, function) { [geometry] pointer in
            var arguments = wright_pool_arguments()
            arguments.window = geometry
            let operands = instruction.operands.map { pointer($0).assumingMemoryBound(to: Float.self) }
            switch op.role {
            case .maximum: arguments.keys = UnsafePointer(operands[0])
            case .sum, .sumTranspose: arguments.source = UnsafePointer(operands[0])
            case .select, .scatter:
                arguments.source = UnsafePointer(operands[0])
                arguments.keys = UnsafePointer(operands[1])
            }
            arguments.destination = pointer(index).assumingMemoryBound(to: Float.self)
            return arguments
        }
    }
}
