import CWrightTeam
import CWrightTile
import WrightGraph

extension Step {
    /// Attention or its gradient in float32, without a matrix of scores.
    static func attention(_ index: Int, _ op: Attention, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        guard instruction.type.dtype == .float32 else { return nil }
        let operands = instruction.operands
        let extents = op.extents(of: operands.map { graph.instructions[$0].type })
        let maskShape = op.maskIndex.map { graph.instructions[operands[$0]].type.shape }
        let threads = wright_threads()
        let products = op.role == .forward ? 4 : 10
        let pairs = op.visiblePairs(extents) * extents.batch * extents.heads
        let function: @convention(c) (UnsafeMutableRawPointer?) -> Void =
            op.role == .forward ? { wright_attention($0) } : { wright_attention_gradient($0) }
        return Step(
            name: "\(op.name) \(extents.output)·\(extents.keys)", kernel: "attention", reads: operands, writes: [index],
            scratchByteCount: Int(
                wright_attention_scratch_bytes(
                    Int64(extents.batch), Int64(extents.keyHeads), Int64(extents.keys), Int64(extents.headSize), threads
                )
            ),
            operationCount: products * pairs * extents.headSize
        ) { pointer, scratch in
            func floats(_ operand: Int) -> UnsafeMutablePointer<Float> {
                pointer(operand).assumingMemoryBound(to: Float.self)
            }
            var arguments = wright_attention_arguments()
            arguments.batch = Int64(extents.batch)
            (arguments.queries, arguments.keys) = (Int64(extents.queries), Int64(extents.keys))
            (arguments.heads, arguments.key_heads) = (Int64(extents.heads), Int64(extents.keyHeads))
            arguments.head_size = Int64(extents.headSize)
            arguments.window = Int64(op.window)
            arguments.scale = Float(op.scale)
            arguments.causality =
                switch op.causality {
                case .none: .none
                case .end: .end
                case .length: .length
                }
            let places = Places(op, extents)
            let sources = places.starts.enumerated().map { part, start in
                UnsafePointer(floats(operands[op.packedKeyHeads > 0 ? 0 : part]) + start.operand)
            }
            (arguments.query, arguments.key, arguments.value) = (sources[0], sources[1], sources[2])
            (arguments.query_strides, arguments.key_strides, arguments.value_strides) = (
                places.query, places.key, places.key
            )
            if let place = op.lengthsIndex {
                arguments.lengths = UnsafePointer(pointer(operands[place]).assumingMemoryBound(to: Int32.self))
            }
            if let place = op.maskIndex, let shape = maskShape {
                let plane = extents.queries * extents.keys
                arguments.mask = UnsafePointer(floats(operands[place]))
                arguments.mask_head_stride = shape[1] == 1 ? 0 : Int64(plane)
                arguments.mask_batch_stride = shape[0] == 1 ? 0 : Int64(shape[1] * plane)
            }
            let forward = op.role == .forward ? floats(index) : floats(operands[op.forwardCount])
            arguments.output = forward
            arguments.log_sum_exp = forward + extents.outputCount
            if op.role == .gradient {
                arguments.output_gradient = UnsafePointer(floats(operands[op.forwardCount + 1]))
                arguments.log_sum_exp_gradient = UnsafePointer(floats(operands[op.forwardCount + 2]))
                let results = places.starts.map { floats(index) + $0.result }
                (arguments.query_gradient, arguments.key_gradient, arguments.value_gradient) = (
                    results[0], results[1], results[2]
                )
                (
                    arguments.query_gradient_strides, arguments.key_gradient_strides, arguments.value_gradient_strides
                ) = (places.query, places.key, places.key)
            }
            arguments.scratch = scratch
            arguments.scratch_threads = threads
            return [BoundLaunch(function, arguments)]
        }
    }

    /// How queries, keys and values lie, in one operand or in three, and their gradients in one result.
    private struct Places {
        var query, key: wright_attention_strides
        /// Of query, key and value: where they start in their operand, and their gradients in the result.
        var starts: [(operand: Int, result: Int)]

        init(_ op: Attention, _ extents: Attention.Extents) {
            func strides(_ places: Int, _ heads: Int) -> wright_attention_strides {
                let row = heads * extents.headSize
                return wright_attention_strides(
                    batch: Int64(places * row), time: Int64(row), head: Int64(extents.headSize))
            }
            if op.packedKeyHeads > 0 {
                query = strides(extents.queries, extents.heads + 2 * extents.keyHeads)
                key = query
                let (first, next) = (extents.heads * extents.headSize, extents.keyHeads * extents.headSize)
                starts = [(0, 0), (first, first), (first + next, first + next)]
            } else {
                query = strides(extents.queries, extents.heads)
                key = strides(extents.keys, extents.keyHeads)
                starts = [(0, 0), (0, extents.outputCount), (0, extents.outputCount + extents.keyCount)]
            }
        }
    }
}
