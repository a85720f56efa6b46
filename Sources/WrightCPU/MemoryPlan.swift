import WrightGraph

/// Where every value lies: in the one arena of the plan, in an input, in a literal or in a variable.
struct MemoryPlan {
    enum Place {
        case arena(Int)
        case input(slot: Int)
        case fixed(UnsafeMutableRawPointer)
    }

    let graph: Graph
    /// Bytes of the arena, scratch and inputs included.
    private(set) var byteCount = 0
    /// Where the scratch memory of each step begins.
    private(set) var scratch: [Int] = []
    /// Assignments that need a copy at the end because something still read the variable when its value was made.
    private(set) var copiedAssignments: [(variable: Variable, value: Int)] = []
    /// What keeps constants that kernels read from memory alive.
    private(set) var constants: [Storage] = []
    private var places: [Int: Place] = [:]
    /// Values that live inside another value: slices in their operand, operands in their concatenation.
    private var hosts: [Int: (host: Int, byteOffset: Int)] = [:]

    /// The host of a value and where in it the value begins.
    func home(_ index: Int) -> (root: Int, byteOffset: Int) {
        var (root, offset) = (index, 0)
        while true {
            if let (host, inner) = hosts[root] {
                root = host
                offset += inner
            } else {
                return (root, offset)
            }
        }
    }

    func place(_ index: Int) -> (place: Place, byteOffset: Int) {
        let (root, offset) = home(index)
        return (places[root]!, offset)
    }

    init(
        _ graph: Graph, steps: [Step], parts: [Int: (host: Int, byteOffset: Int)],
        views: [Int: (host: Int, byteOffset: Int)]
    ) {
        self.graph = graph
        hosts = views.merging(parts) { _, part in part }
        placeSources()
        var lifetimes = lifetimes(of: steps)
        assignVariablesInPlace(steps, &lifetimes)
        var blocks: [Block] = []
        var blockOf: [Int: Int] = [:]
        share(steps, lifetimes, &blocks, &blockOf)
        for (position, step) in steps.enumerated() {
            scratch.append(-1)
            guard step.scratchByteCount > 0 else { continue }
            blocks.append(Block(byteCount: step.scratchByteCount, first: position, last: position))
            scratch[position] = blocks.count - 1
        }
        let offsets = pack(blocks)
        for (value, block) in blockOf { places[value] = .arena(offsets[block]) }
        scratch = scratch.map { $0 < 0 ? 0 : offsets[$0] }
    }

    private struct Block {
        var byteCount: Int
        var first: Int
        var last: Int
    }

    private mutating func placeSources() {
        for (index, instruction) in graph.instructions.enumerated() {
            guard case .source(let source) = instruction.op else { continue }
            switch source {
            case .input(let slot, _): places[index] = .input(slot: slot)
            case .literal(let literal): places[index] = .fixed(literal.buffer.pointer)
            case .variable(let variable): places[index] = .fixed(variable.buffer.pointer)
            case .constant(let value, let dtype):
                let constant = Buffer(TensorType([], dtype), doubles: [value])
                constants.append(constant.storage)
                places[index] = .fixed(constant.pointer)
            }
        }
    }

    /// The first step that writes and the last that reads each root that needs memory.
    private func lifetimes(of steps: [Step]) -> [Int: (first: Int, last: Int)] {
        var found: [Int: (first: Int, last: Int)] = [:]
        for (position, step) in steps.enumerated() {
            for value in step.writes + step.reads {
                let root = home(value).root
                guard places[root] == nil else { continue }
                found[root] = (min(found[root]?.first ?? position, position), position)
            }
        }
        for kept in graph.outputs + graph.assignments.map(\.value) {
            let root = home(kept).root
            guard places[root] == nil else { continue }
            found[root] = (found[root]?.first ?? 0, steps.count)
        }
        return found
    }

    /// Lets the step that makes a variable's new value write it straight into the variable, if nothing reads the old one
    /// afterwards and the step itself is done with each element before it writes it.
    private mutating func assignVariablesInPlace(_ steps: [Step], _ lifetimes: inout [Int: (first: Int, last: Int)]) {
        var writers: [Int: Int] = [:]
        for (position, step) in steps.enumerated() { for value in step.writes { writers[value] = position } }
        let outputRoots = Set(graph.outputs.map { home($0).root })
        // Read when everything has run, so their variables must still hold the old values then.
        let finalRoots = outputRoots.union(graph.assignments.map { home($0.value).root })
        for (variable, value) in graph.assignments {
            let (root, offset) = home(value)
            let sources = Set(
                graph.instructions.indices.filter { graph.instructions[$0].op == .source(.variable(variable)) })
            guard offset == 0, places[root] == nil, let writer = writers[root], !outputRoots.contains(root),
                graph.instructions[root].type.byteCount == variable.type.byteCount,
                !finalRoots.contains(where: sources.contains),
                isLastUse(of: sources, at: writer, writing: root, steps)
            else {
                copiedAssignments.append((variable, value))
                continue
            }
            places[root] = .fixed(variable.buffer.pointer)
            lifetimes[root] = nil
        }
    }

    private func isLastUse(of sources: Set<Int>, at writer: Int, writing root: Int, _ steps: [Step]) -> Bool {
        for (position, step) in steps.enumerated() where position >= writer {
            let readers = step.reads.filter { sources.contains(home($0).root) }
            guard !readers.isEmpty else { continue }
            guard position == writer else { return false }
            let allowed = Set(step.inPlace.filter { $0.write == root }.map(\.over))
            if !readers.allSatisfy({ allowed.contains($0) && home($0).byteOffset == 0 }) { return false }
        }
        // Other values that were written into this variable's memory earlier would be lost.
        return true
    }

    /// Gives each root a block, the same as an operand's where a step may overwrite it.
    private func share(
        _ steps: [Step], _ lifetimes: [Int: (first: Int, last: Int)], _ blocks: inout [Block],
        _ blockOf: inout [Int: Int]
    ) {
        let hosted = Set(hosts.values.map(\.host))
        for (position, step) in steps.enumerated() {
            for value in step.writes {
                let root = home(value).root
                guard let life = lifetimes[root], blockOf[root] == nil else { continue }
                let bytes = graph.instructions[root].type.byteCount
                let reusable = step.inPlace.first { write, over in
                    guard write == root, !hosted.contains(root) else { return false }
                    let (other, offset) = home(over)
                    guard offset == 0, let block = blockOf[other], !isPart(of: other) else { return false }
                    return blocks[block].last == position && blocks[block].byteCount == bytes
                        && lifetimes[other]?.last == position
                }
                if let reusable, let block = blockOf[home(reusable.over).root] {
                    blocks[block].last = life.last
                    blockOf[root] = block
                } else {
                    blocks.append(Block(byteCount: bytes, first: life.first, last: life.last))
                    blockOf[root] = blocks.count - 1
                }
            }
        }
    }

    /// Whether another value lives inside this one, or it inside another.
    private func isPart(of root: Int) -> Bool { hosts.values.contains { $0.host == root } }

    /// Offsets for blocks such that no two that live at the same time overlap: largest first, each at the lowest gap
    /// that fits (Pisarchyk & Lee, *Efficient memory management for deep neural net inference*, 2020).
    private mutating func pack(_ blocks: [Block]) -> [Int] {
        var offsets = [Int](repeating: 0, count: blocks.count)
        var placed: [Int] = []
        let order = blocks.indices.sorted {
            (blocks[$0].byteCount, blocks[$1].first) > (blocks[$1].byteCount, blocks[$0].first)
        }
        for index in order {
            let block = blocks[index]
            let size = (block.byteCount + 63) / 64 * 64
            let rivals = placed.filter { blocks[$0].first <= block.last && block.first <= blocks[$0].last }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for rival in rivals {
                if offset + size <= offsets[rival] { break }
                offset = max(offset, offsets[rival] + (blocks[rival].byteCount + 63) / 64 * 64)
            }
            offsets[index] = offset
            placed.append(index)
            byteCount = max(byteCount, offset + size)
        }
        return offsets
    }
}
