import CWrightTile
import WrightGraph

/// A strided copy: where it starts on both sides, and how it walks.
struct CopyPlan {
    var sizes: [Int]
    var sourceStrides: [Int]
    var destinationStrides: [Int]
    /// Elements from the start of either side to element (0, 0, …).
    var sourceOffset = 0
    var destinationOffset = 0
    var elementByteCount: Int

    /// Axes of length one dropped and neighbours that walk memory together merged; nil if more are left than the kernel
    /// takes.
    var merged: CopyPlan? {
        var plan = self
        plan.sizes = []
        plan.sourceStrides = []
        plan.destinationStrides = []
        for axis in sizes.indices where sizes[axis] != 1 {
            if let last = plan.sizes.indices.last,
                plan.sourceStrides[last] == sourceStrides[axis] * sizes[axis],
                plan.destinationStrides[last] == destinationStrides[axis] * sizes[axis]
            {
                plan.sizes[last] *= sizes[axis]
                plan.sourceStrides[last] = sourceStrides[axis]
                plan.destinationStrides[last] = destinationStrides[axis]
            } else {
                plan.sizes.append(sizes[axis])
                plan.sourceStrides.append(sourceStrides[axis])
                plan.destinationStrides.append(destinationStrides[axis])
            }
        }
        return plan.sizes.count <= Int(WRIGHT_COPY_RANK) ? plan : nil
    }

    func launch(from source: UnsafeMutableRawPointer, to destination: UnsafeMutableRawPointer) -> BoundLaunch {
        var arguments = wright_copy_arguments()
        arguments.source = UnsafeRawPointer(source + sourceOffset * elementByteCount)
        arguments.destination = destination + destinationOffset * elementByteCount
        arguments.rank = Int32(sizes.count)
        arguments.element_bytes = Int32(elementByteCount)
        Self.fill(&arguments.sizes, sizes)
        Self.fill(&arguments.source_strides, sourceStrides)
        Self.fill(&arguments.destination_strides, destinationStrides)
        return BoundLaunch({ wright_copy($0) }, arguments)
    }

    /// Writes `values` into the front of a C array, which Swift sees as a tuple.
    private static func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let slots = bytes.bindMemory(to: Int64.self)
            for (index, value) in values.enumerated() { slots[index] = Int64(value) }
        }
    }
}

extension CopyPlan {
    /// How the instruction moves its operands into its result, one copy per operand; nil if it is no movement.
    static func plans(for instruction: Graph.Instruction, _ graph: Graph) -> [(operand: Int, plan: CopyPlan)]? {
        let type = instruction.type
        let strides = type.strides
        let bytes = type.dtype.byteCount
        func single(sizes: [Int], source: [Int], destination: [Int], from: Int = 0, to: Int = 0)
            -> [(operand: Int, plan: CopyPlan)]
        {
            [
                (
                    instruction.operands[0],
                    CopyPlan(
                        sizes: sizes, sourceStrides: source, destinationStrides: destination, sourceOffset: from,
                        destinationOffset: to, elementByteCount: bytes)
                )
            ]
        }
        switch instruction.op {
        case .broadcast(let op):
            let operand = graph.instructions[instruction.operands[0]].type
            let added = op.shape.count - operand.rank
            var source = [Int](repeating: 0, count: op.shape.count)
            for axis in operand.shape.indices where operand.shape[axis] != 1 {
                source[axis + added] = operand.strides[axis]
            }
            return single(sizes: op.shape, source: source, destination: strides)
        case .permute(let op):
            let operand = graph.instructions[instruction.operands[0]].type
            return single(sizes: type.shape, source: op.order.map { operand.strides[$0] }, destination: strides)
        case .slice(let op):
            let operand = graph.instructions[instruction.operands[0]].type
            return single(
                sizes: op.sizes, source: zip(operand.strides, op.steps).map(*), destination: strides,
                from: zip(operand.strides, op.starts).map(*).reduce(0, +))
        case .flip(let op):
            let operand = graph.instructions[instruction.operands[0]].type
            let source = operand.strides.enumerated().map { op.axes.contains($0.offset) ? -$0.element : $0.element }
            let start = op.axes.reduce(0) { $0 + operand.strides[$1] * (operand.shape[$1] - 1) }
            return single(sizes: type.shape, source: source, destination: strides, from: start)
        case .pad(let op):
            let operand = graph.instructions[instruction.operands[0]].type
            return single(
                sizes: operand.shape, source: operand.strides,
                destination: strides.indices.map { strides[$0] * (op.interior[$0] + 1) },
                to: zip(strides, op.low).map(*).reduce(0, +))
        default: return nil
        }
    }
}

extension Slice {
    /// The first element of a slice whose elements lie one after the other in memory; nil if they don't.
    func contiguousOffset(in operand: TensorType) -> Int? {
        guard !sizes.contains(0) else { return nil }
        // Whole axes, before them one axis that is cut, before that axes of which one element is taken.
        let cut = operand.shape.indices.last { sizes[$0] != operand.shape[$0] } ?? 0
        guard sizes.prefix(cut).allSatisfy({ $0 == 1 }),
            cut == operand.rank || sizes.isEmpty || steps[cut] == 1 || sizes[cut] == 1
        else { return nil }
        return zip(operand.strides, starts).map(*).reduce(0, +)
    }
}

extension Step {
    /// A step that only moves elements, or nil if the instruction does more.
    static func movement(_ index: Int, _ graph: Graph) -> Step? {
        let instruction = graph.instructions[index]
        guard let plans = CopyPlan.plans(for: instruction, graph) else { return nil }
        var merged: [(operand: Int, plan: CopyPlan)] = []
        for (operand, plan) in plans {
            guard let plan = plan.merged else { return nil }
            merged.append((operand, plan))
        }
        var isPadded = false
        if case .pad = instruction.op { isPadded = true }
        return Step(
            name: "\(instruction.op.primitive.name) \(instruction.type.shape)", kernel: "copy",
            reads: instruction.operands, writes: [index]
        ) { pointer, _ in
            let fill = isPadded ? [BoundLaunch.zeros(pointer(index), byteCount: instruction.type.byteCount)] : []
            return fill + merged.map { operand, plan in plan.launch(from: pointer(operand), to: pointer(index)) }
        }
    }

    /// A concatenation: the operands in `parts` are already where they belong, the others are copied.
    static func concatenate(
        _ index: Int, _ graph: Graph, parts: [Int: (host: Int, byteOffset: Int)]
    ) -> Step {
        let instruction = graph.instructions[index]
        guard case .concatenate(let op) = instruction.op else { preconditionFailure("not a concatenation") }
        var copies: [(operand: Int, plan: CopyPlan)] = []
        var start = 0
        for operand in instruction.operands {
            let type = graph.instructions[operand].type
            defer { start += type.shape[op.axis] }
            let root = graph.storageRoot(operand)
            // One value may stand in several places of one concatenation; it lives in the first.
            let place = start * instruction.type.strides[op.axis] * type.dtype.byteCount
            if let part = parts[root], part.host == index, part.byteOffset == place { continue }
            copies.append(
                (
                    operand,
                    CopyPlan(
                        sizes: type.shape, sourceStrides: type.strides, destinationStrides: instruction.type.strides,
                        destinationOffset: start * instruction.type.strides[op.axis],
                        elementByteCount: type.dtype.byteCount)
                ))
        }
        guard copies.allSatisfy({ $0.plan.merged != nil }) else { return .interpreted(index, graph) }
        return Step(
            name: "concatenate \(instruction.type.shape)", kernel: copies.isEmpty ? "view" : "copy",
            reads: instruction.operands, writes: [index]
        ) { pointer, _ in
            copies.map { operand, plan in plan.merged!.launch(from: pointer(operand), to: pointer(index)) }
        }
    }
}

extension BoundLaunch {
    /// Sets memory to zero.
    static func zeros(_ destination: UnsafeMutableRawPointer, byteCount: Int) -> BoundLaunch {
        var arguments = wright_fill_arguments()
        arguments.destination = destination
        arguments.count = Int64(byteCount)
        arguments.element_bytes = 1
        return BoundLaunch({ wright_fill($0) }, arguments)
    }
}
