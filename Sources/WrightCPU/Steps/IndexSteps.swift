import CWrightTeam
import CWrightTile
import WrightGraph

/// Kernels that read, add or order elements by index.
extension Step {
    private static func indexType(_ dtype: DType) -> wright_type? {
        switch dtype {
        case .int32: .int32
        case .int64: .int64
        default: nil
        }
    }

    /// Every type that only moves.
    private static func movedType(_ dtype: DType) -> wright_type? {
        switch dtype {
        case .float32: .float32
        case .int32: .int32
        case .bfloat16: .bfloat16
        case .uint8: .uint8
        case .int8: .int8
        case .bool: .bool
        case .int64: .int64
        case .float64: nil
        }
    }

    static func gather(_ index: Int, _ op: Gather, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let (table, indices) = (instruction.operands[0], instruction.operands[1])
        let (tableType, indexValues) = (graph.instructions[table].type, graph.instructions[indices].type)
        guard tableType.shape.prefix(op.axis).allSatisfy({ $0 == 1 }), let type = movedType(tableType.dtype),
            let indexType = indexType(indexValues.dtype)
        else { return nil }
        return simple(index, graph, kernel: "gather", { wright_gather_rows($0) }) { pointer in
            var arguments = wright_gather_rows_arguments()
            arguments.table = UnsafeRawPointer(pointer(table))
            arguments.index = UnsafeRawPointer(pointer(indices))
            arguments.destination = pointer(index)
            arguments.table_rows = Int64(tableType.shape[op.axis])
            arguments.columns = Int64(tableType.shape[(op.axis + 1)...].reduce(1, *))
            arguments.count = Int64(indexValues.count)
            arguments.type = type
            arguments.index_type = indexType
            return arguments
        }
    }

    static func scatterAdd(_ index: Int, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let (updates, indices) = (instruction.operands[0], instruction.operands[1])
        let indexValues = graph.instructions[indices].type
        guard instruction.type.dtype == .float32, let indexType = indexType(indexValues.dtype) else { return nil }
        return simple(index, graph, kernel: "scatter", { wright_scatter_add_rows($0) }) { pointer in
            var arguments = wright_scatter_add_rows_arguments()
            arguments.source = UnsafePointer(pointer(updates).assumingMemoryBound(to: Float.self))
            arguments.index = UnsafeRawPointer(pointer(indices))
            arguments.table = pointer(index).assumingMemoryBound(to: Float.self)
            arguments.table_rows = Int64(instruction.type.shape[0])
            arguments.columns = Int64(instruction.type.shape.dropFirst().reduce(1, *))
            arguments.count = Int64(indexValues.count)
            arguments.index_type = indexType
            return arguments
        }
    }

    /// Where the tensor may be written over, nothing but the update is moved.
    static func updateSlice(_ index: Int, _ op: UpdateSlice, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let (type, operands) = (instruction.type, instruction.operands)
        let types = operands.map { graph.instructions[$0].type }
        guard let indexType = indexType(types[2].dtype) else { return nil }
        return Step(
            name: "\(op.name) \(types[1].shape) into \(type.shape)", kernel: "copy", reads: operands, writes: [index],
            inPlace: [(index, operands[0])], operationCount: types[1].count
        ) { pointer, _ in
            var arguments = wright_update_rows_arguments()
            arguments.source = UnsafeRawPointer(pointer(operands[1]))
            arguments.start = UnsafeRawPointer(pointer(operands[2]))
            arguments.destination = pointer(index)
            arguments.outer = Int64(type.shape[..<op.axis].reduce(1, *))
            (arguments.rows, arguments.count) = (Int64(type.shape[op.axis]), Int64(types[1].shape[op.axis]))
            arguments.row_bytes = Int64(type.shape[(op.axis + 1)...].reduce(1, *) * type.dtype.byteCount)
            arguments.start_type = indexType
            let update = BoundLaunch({ wright_update_rows($0) }, arguments)
            guard pointer(operands[0]) != pointer(index) else { return [update] }
            let whole = CopyPlan(
                sizes: [type.count], sourceStrides: [1], destinationStrides: [1], elementByteCount: type.dtype.byteCount
            )
            return [whole.launch(from: pointer(operands[0]), to: pointer(index)), update]
        }
    }

    static func argReduce(_ index: Int, _ op: ArgReduce, _ graph: Graph) -> Step? {
        let operand = graph.instructions[index].operands[0]
        let type = graph.instructions[operand].type
        guard let lane = laneType(type.dtype) else { return nil }
        return simple(index, graph, kernel: "argreduce", operations: type.count, { wright_argreduce($0) }) { pointer in
            var arguments = wright_argreduce_arguments()
            arguments.source = UnsafeRawPointer(pointer(operand))
            arguments.destination = pointer(index).assumingMemoryBound(to: Int32.self)
            arguments.outer = Int64(type.shape[..<op.axis].reduce(1, *))
            arguments.length = Int64(type.shape[op.axis])
            arguments.inner = Int64(type.shape[(op.axis + 1)...].reduce(1, *))
            arguments.reduction = op.kind == .maximum ? .maximum : .minimum
            arguments.type = lane
            return arguments
        }
    }

    static func cumulativeSum(_ index: Int, _ op: CumulativeSum, _ graph: Graph) -> Step? {
        let operand = graph.instructions[index].operands[0]
        let type = graph.instructions[operand].type
        guard let lane = laneType(type.dtype) else { return nil }
        return simple(index, graph, kernel: "cumulative sum", { wright_cumulative_sum($0) }) { pointer in
            var arguments = wright_cumulative_sum_arguments()
            arguments.source = UnsafeRawPointer(pointer(operand))
            arguments.destination = pointer(index)
            arguments.outer = Int64(type.shape[..<op.axis].reduce(1, *))
            arguments.length = Int64(type.shape[op.axis])
            arguments.inner = Int64(type.shape[(op.axis + 1)...].reduce(1, *))
            arguments.type = lane
            arguments.exclusive = op.isExclusive
            arguments.reversed = op.isReversed
            return arguments
        }
    }

    static func argSort(_ index: Int, _ op: ArgSort, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        let operand = instruction.operands[0]
        guard graph.instructions[operand].type.dtype == .float32, let columns = instruction.type.shape.last else {
            return nil
        }
        let rows = instruction.type.count / columns
        let threads = wright_threads()
        return Step(
            name: "arg_sort \(instruction.type.shape)", kernel: "sort", reads: [operand], writes: [index],
            scratchByteCount: wright_sort_scratch_bytes(Int64(columns), threads),
            operationCount: instruction.type.count
        ) { pointer, scratch in
            var arguments = wright_sort_arguments()
            arguments.source = UnsafePointer(pointer(operand).assumingMemoryBound(to: Float.self))
            arguments.indices = pointer(index).assumingMemoryBound(to: Int32.self)
            (arguments.rows, arguments.columns, arguments.picks) = (Int64(rows), Int64(columns), Int64(columns))
            arguments.descending = op.isDescending
            (arguments.scratch, arguments.scratch_threads) = (scratch, threads)
            return [BoundLaunch({ wright_sort($0) }, arguments)]
        }
    }
}
