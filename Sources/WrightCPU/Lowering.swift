import WrightGraph
import WrightRuntime

/// A graph divided into steps, in the order in which they run, with a place for every value.
struct Lowering {
    let graph: Graph
    private(set) var steps: [Step] = []
    let memory: MemoryPlan

    init(_ graph: Graph, options: CompileOptions) throws {
        self.graph = graph
        var reading = Reading(graph: graph, materialized: Self.broadcastsInMemory(graph))
        var epilogues = Epilogues(reading)
        var regions = Regions(
            reading, views: Self.views(reading), epilogues: epilogues.heads)
        // Operands that ask one kernel for different numbers of columns are copied out, and the regions made again.
        while !regions.inconsistent.isEmpty {
            let broadcasts = Self.broadcasts(behind: regions.inconsistent, reading, regions.recomputed)
            guard !broadcasts.isSubset(of: reading.materialized) else { break }
            reading = Reading(graph: graph, materialized: reading.materialized.union(broadcasts))
            epilogues = Epilogues(reading)
            regions = Regions(reading, views: Self.views(reading), epilogues: epilogues.heads)
        }
        let aliases = Self.aliases(graph)
        let parts = Self.concatenationParts(graph, regions, aliases)
        let schedule = Schedule(regions: regions, graph: graph, parts: Set(parts.keys))
        for region in schedule.order {
            steps.append(
                try Self.step(
                    regions.regions[region], region, regions, epilogues, parts: parts, options: options))
        }
        memory = MemoryPlan(graph, steps: steps, parts: parts, views: aliases)
    }

    // MARK: Views

    /// Values that are another value's memory: reshapes, and slices of consecutive elements.
    private static func aliases(_ graph: Graph) -> [Int: (host: Int, byteOffset: Int)] {
        var aliases: [Int: (host: Int, byteOffset: Int)] = [:]
        for (index, instruction) in graph.instructions.enumerated() {
            switch instruction.op {
            case .reshape: aliases[index] = (instruction.operands[0], 0)
            case .slice(let slice):
                let operand = graph.instructions[instruction.operands[0]].type
                guard let offset = slice.contiguousOffset(in: operand) else { continue }
                aliases[index] = (instruction.operands[0], offset * operand.dtype.byteCount)
            default: continue
            }
        }
        return aliases
    }

    /// Instructions that need no launch of their own because their users read through them.
    private static func views(_ reading: Reading) -> Set<Int> {
        let graph = reading.graph
        let users = graph.users
        let kept = Set(graph.outputs + graph.assignments.map(\.value))
        var views: Set<Int> = []
        for (index, instruction) in graph.instructions.enumerated() {
            switch instruction.op {
            case .reshape: views.insert(index)
            case .broadcast: if !reading.materialized.contains(index) { views.insert(index) }
            case .slice(let slice):
                // A slice of stored values; one of computed values is a step of its own, so that it comes after them.
                let operand = instruction.operands[0]
                if case .source = graph.instructions[graph.storageRoot(operand)].op,
                    slice.contiguousOffset(in: graph.instructions[operand].type) != nil
                {
                    views.insert(index)
                }
            case .permute:
                let isRead = users[index].allSatisfy { user in
                    Step.canMultiply(graph.instructions[user], graph) && MatrixOperand.readsThrough(index, graph)
                }
                if isRead, !kept.contains(index) { views.insert(index) }
            default: continue
            }
        }
        return views
    }

    /// Broadcasts that something other than a fused kernel reads, or that no kernel could read through.
    private static func broadcastsInMemory(_ graph: Graph) -> Set<Int> {
        let reading = Reading(graph: graph, materialized: [])
        let users = graph.users
        let kept = Set(graph.outputs + graph.assignments.map(\.value))
        var found: Set<Int> = []
        for (index, instruction) in graph.instructions.enumerated() {
            guard case .broadcast = instruction.op else { continue }
            var isRead = reading.access(index).base != index
            var pending = [index]
            while let next = pending.popLast(), isRead {
                if kept.contains(next) { isRead = false }
                for user in users[next] {
                    switch graph.instructions[user].op {
                    case .reshape: pending.append(user)
                    case .broadcast: continue
                    default: if !Fusible.allows(graph.instructions[user], in: graph) { isRead = false }
                    }
                }
            }
            if !isRead { found.insert(index) }
        }
        return found
    }

    private static func broadcasts(behind instructions: [Int], _ reading: Reading, _ recomputed: Set<Int>) -> Set<Int> {
        var found: Set<Int> = []
        var pending = instructions
        while let next = pending.popLast() {
            for operand in reading.graph.instructions[next].operands {
                let base = reading.behindReshapes(operand)
                if case .broadcast = reading.graph.instructions[base].op { found.insert(base) }
                if recomputed.contains(base) { pending.append(base) }
            }
        }
        return found
    }

    /// Operands of concatenations that are written straight into their place in the result.
    private static func concatenationParts(
        _ graph: Graph, _ regions: Regions, _ aliases: [Int: (host: Int, byteOffset: Int)]
    ) -> [Int: (host: Int, byteOffset: Int)] {
        var parts: [Int: (host: Int, byteOffset: Int)] = [:]
        for (index, instruction) in graph.instructions.enumerated() {
            guard case .concatenate(let concatenate) = instruction.op,
                instruction.type.shape.prefix(concatenate.axis).allSatisfy({ $0 == 1 })
            else { continue }
            var offset = 0
            for operand in instruction.operands {
                defer { offset += graph.instructions[operand].type.byteCount }
                let root = graph.storageRoot(operand)
                guard regions.owner[root] >= 0, parts[root] == nil, aliases[root] == nil else { continue }
                switch graph.instructions[root].op {
                case .concatenate: continue
                case .broadcast: break
                // oneDNN writes to whole cache lines.
                default: if offset % Storage.alignment != 0 { continue }
                }
                parts[root] = (index, offset)
            }
        }
        return parts
    }

    // MARK: Steps

    private static func step(
        _ region: Region, _ number: Int, _ regions: Regions, _ epilogues: Epilogues,
        parts: [Int: (host: Int, byteOffset: Int)], options: CompileOptions
    ) throws -> Step {
        let graph = regions.reading.graph
        if region.isFused {
            let stored = TileLowering.stored(region, number, regions)
            if let update = AdamUpdate(region, stored: stored, regions.reading) { return update.step }
            return try TileLowering(region, number, regions, stored: stored).step()
        }
        let index = region.members[0]
        let instruction = graph.instructions[index]
        switch instruction.op {
        case .matrixMultiply:
            let epilogue = epilogues.epilogues[index] ?? Epilogue(result: index)
            if let step = try Step.matmul(index, epilogue: epilogue, graph, options) { return step }
        case .convolution:
            let epilogue = epilogues.epilogues[index] ?? Epilogue(result: index)
            if let step = try Step.convolution(index, epilogue: epilogue, graph, options) { return step }
        case .slice(let slice):
            let operand = instruction.operands[0]
            if slice.contiguousOffset(in: graph.instructions[operand].type) != nil {
                return Step(name: "slice", kernel: "view", reads: [operand], writes: []) { _, _ in [] }
            }
        case .concatenate: return .concatenate(index, graph, parts: parts)
        default: break
        }
        if let step = Step.kernel(index, graph) ?? Step.movement(index, graph) { return step }
        return .interpreted(index, graph)
    }
}
