import WrightGraph

/// A set of instructions that one launch computes: a fused region over rows × columns, or a single instruction.
struct Region {
    /// Instructions computed here, ascending; in a fused region also those that other regions compute again.
    var members: [Int] = []
    var isFused: Bool
    /// Places of the space a fused region runs over.
    var count = 0
    /// Columns of that space, once something asked for a number of them.
    var columns: Int?
    /// Members that have one element per row (they follow a reduction along rows).
    var perRow: Set<Int> = []
}

/// The instructions of a graph divided into launches.
struct Regions {
    let reading: Reading
    private var graph: Graph { reading.graph }
    private(set) var regions: [Region] = []
    /// The region that computes an instruction; -1 for sources, views and recomputed instructions.
    private(set) var owner: [Int]
    /// Instructions that are computed again wherever they are read, because that reads no more memory than loading them.
    let recomputed: Set<Int>
    /// Reshapes, contiguous slices, broadcasts that are only ways of reading: nothing to launch.
    let views: Set<Int>
    private let claimed: Set<Int>
    /// Instructions whose operands ask for different numbers of columns: some must be made in memory first.
    private(set) var inconsistent: [Int] = []
    let users: [[Int]]
    /// What ``predecessors(of:)`` found, until the region changes.
    private var known: [Int: Set<Int>] = [:]
    /// Where the members of regions that are empty now went.
    private var mergedInto: [Int: Int] = [:]

    /// More would not fit the tile program's tables: of its 48 operands, 20 are left for registers and constants.
    private static let maximumMembers = 64
    private static let maximumOperands = 28

    /// - Parameters:
    ///   - views: instructions that need no launch because their users read through them.
    ///   - claimed: instructions that another instruction's epilogue computes, and by which.
    init(_ reading: Reading, views: Set<Int>, epilogues: [Int: Int]) {
        self.reading = reading
        let graph = reading.graph
        self.views = views
        claimed = Set(epilogues.keys)
        owner = Array(repeating: -1, count: graph.instructions.count)
        users = graph.users
        recomputed = Self.recomputed(reading, users: users, claimed: claimed)
        for (index, instruction) in graph.instructions.enumerated() {
            if case .source = instruction.op { continue }
            if views.contains(index) || recomputed.contains(index) { continue }
            if let head = epilogues[index] {
                attach(index, to: owner[head])
            } else if Fusible.allows(instruction, in: graph) {
                place(index)
            } else {
                regions.append(Region(members: [index], isFused: false))
                owner[index] = regions.count - 1
            }
        }
        mergeSiblings()
        for index in regions.indices where regions[index].isFused { addRecomputed(to: index) }
    }

    // MARK: Reading

    /// Every value, read from memory or computed by another member, that `index` depends on, through views and
    /// recomputed instructions.
    func dependencies(of index: Int) -> [Int] {
        var found: [Int] = []
        var pending = graph.instructions[index].operands
        var seen: Set<Int> = []
        while let next = pending.popLast() {
            guard seen.insert(next).inserted else { continue }
            if views.contains(next) || recomputed.contains(next) {
                pending.append(contentsOf: graph.instructions[next].operands)
            } else {
                found.append(next)
            }
        }
        return found
    }

    // MARK: Recomputing

    /// Cheap instructions that read at most one whole tensor: storing one costs a write and a read for every user, computing
    /// it again where it is read only the read. Made beside its operand for a reader far behind, such as a gradient, it
    /// would also be kept all the while: what a GELU keeps for its gradient is its input alone.
    private static func recomputed(_ reading: Reading, users: [[Int]], claimed: Set<Int>) -> Set<Int> {
        let graph = reading.graph
        var chosen: Set<Int> = []
        var leaves: [Int: Set<Int>] = [:]
        var sizes: [Int: Int] = [:]
        let kept = Set(graph.outputs + graph.assignments.map(\.value))
        for (index, instruction) in graph.instructions.enumerated() {
            guard Fusible.allows(instruction, in: graph), Fusible.isCheap(instruction), !claimed.contains(index),
                !kept.contains(index)
            else { continue }
            var whole: Set<Int> = []
            var size = 1
            for operand in instruction.operands {
                let access = reading.access(operand)
                guard access.kind == .full else { continue }
                if chosen.contains(access.base) {
                    whole.formUnion(leaves[access.base]!)
                    size += sizes[access.base]!
                } else if case .iota = graph.instructions[access.base].op {
                    continue
                } else {
                    whole.insert(access.base)
                }
            }
            guard whole.count <= 1, size <= 12, instruction.type.count > 1 else { continue }
            // Everyone who reads it must read it whole, in a fused region.
            var readers = users[index]
            var isReadWhole = true
            var uses = 0
            while let reader = readers.popLast() {
                let user = graph.instructions[reader]
                if case .reshape = user.op {
                    readers.append(contentsOf: users[reader])
                    if kept.contains(reader) { isReadWhole = false }
                    continue
                }
                uses += 1
                isReadWhole = isReadWhole && Fusible.allows(user, in: graph) && !claimed.contains(reader)
            }
            if isReadWhole, uses > 0 {
                chosen.insert(index)
                leaves[index] = whole
                sizes[index] = size
            }
        }
        return chosen
    }

    private mutating func addRecomputed(to region: Int) {
        var members = Set(regions[region].members)
        var pending = regions[region].members
        while let next = pending.popLast() {
            for operand in graph.instructions[next].operands {
                let access = reading.access(operand)
                let base = access.base
                guard recomputed.contains(base), access.kind == .full, members.insert(base).inserted else { continue }
                pending.append(base)
            }
        }
        regions[region].members = members.sorted()
    }

    // MARK: Placing

    private mutating func attach(_ index: Int, to region: Int) {
        known[region] = nil
        regions[region].members.append(index)
        owner[index] = region
    }

    /// What a fused instruction asks of its space: places, and columns if a way of reading fixes them. Nil columns in a
    /// conflict: the instruction then stands alone with its first demand and the other operand is made in memory.
    private func demand(of index: Int) -> (count: Int, columns: Int?, isConsistent: Bool) {
        let instruction = graph.instructions[index]
        var count = instruction.type.count
        var columns: Int?
        var isConsistent = true
        func ask(_ wanted: Int?) {
            guard let wanted else { return }
            if columns == nil { columns = wanted } else if columns != wanted { isConsistent = false }
        }
        if case .reduce(let reduce) = instruction.op {
            let shape = graph.instructions[instruction.operands[0]].type.shape
            count = shape.reduce(1, *)
            if let (direction, wanted) = reduce.direction(over: shape), direction != .everything { ask(wanted) }
        }
        ask(instruction.op.columnsOfIota)
        var pending = instruction.operands
        while let operand = pending.popLast() {
            let access = reading.access(operand)
            ask(access.columns(in: count, graph))
            if access.kind == .full, recomputed.contains(access.base) {
                ask(graph.instructions[access.base].op.columnsOfIota)
                pending.append(contentsOf: graph.instructions[access.base].operands)
            }
        }
        return (count, columns, isConsistent)
    }

    private mutating func place(_ index: Int) {
        let (count, columns, isConsistent) = demand(of: index)
        regions.append(Region(members: [index], isFused: isConsistent, count: count, columns: columns))
        var home = regions.count - 1
        owner[index] = home
        guard isConsistent else {
            inconsistent.append(index)
            return
        }
        // Where its operands are computed, nearest first.
        var candidates: [Int] = []
        for dependency in dependencies(of: index).sorted(by: >) where owner[dependency] >= 0 {
            let region = owner[dependency]
            if regions[region].isFused, !candidates.contains(region) { candidates.append(region) }
        }
        for candidate in candidates where candidate != home && canRead(index, from: candidate) {
            if joinsPerRow(index, candidate, home) {
                regions[home].perRow.insert(index)
                merge(home, into: candidate, perRow: true)
                home = candidate
            } else if fits(home, candidate), !hasIndirectPath(candidate, home), !hasIndirectPath(home, candidate) {
                merge(home, into: candidate, perRow: false)
                home = candidate
            }
        }
    }

    /// Whether every value of `region` that `index` reads is one that can be read while the region still runs: an
    /// element of the same place, or of the same row. Sums over columns are complete only at the end.
    private func canRead(_ index: Int, from region: Int) -> Bool {
        var pending = graph.instructions[index].operands
        while let operand = pending.popLast() {
            let access = reading.access(operand)
            if recomputed.contains(access.base) { pending.append(contentsOf: graph.instructions[access.base].operands) }
            guard owner[access.base] == region else { continue }
            if case .immediate = access.kind { continue }
            if access.kind == .row || access.kind == .scalar { return false }
            guard case .reduce(let reduce) = graph.instructions[access.base].op else {
                if access.kind == .column, !regions[region].perRow.contains(access.base) { return false }
                continue
            }
            let shape = graph.instructions[graph.instructions[access.base].operands[0]].type.shape
            guard reduce.direction(over: shape)?.0 == .alongRows else { return false }
        }
        return true
    }

    /// Whether `index` computes one element per row from a row reduction of `candidate`: it then runs inside it.
    private mutating func joinsPerRow(_ index: Int, _ candidate: Int, _ home: Int) -> Bool {
        let region = regions[candidate]
        guard regions[home].members == [index], let columns = region.columns, columns > 1,
            graph.instructions[index].type.count * columns == region.count, regions[home].columns == nil,
            region.members.count < Self.maximumMembers, !hasIndirectPath(candidate, home)
        else { return false }
        if case .reduce = graph.instructions[index].op { return false }
        if case .random = graph.instructions[index].op { return false }
        // A whole-tensor operand of the region's own space cannot be read one element per row.
        for operand in graph.instructions[index].operands {
            let access = reading.access(operand)
            switch access.kind {
            case .row, .column: return false
            case .full:
                if recomputed.contains(access.base) { return false }
                if owner[access.base] == candidate, !isPerRow(access.base, in: candidate) { return false }
            case .scalar, .immediate: break
            }
        }
        return true
    }

    /// Whether a member of a region has one element per row.
    func isPerRow(_ index: Int, in region: Int) -> Bool {
        if regions[region].perRow.contains(index) { return true }
        guard case .reduce(let reduce) = graph.instructions[index].op else { return false }
        return reduce.direction(over: graph.instructions[graph.instructions[index].operands[0]].type.shape)?.0
            == .alongRows
    }

    private func fits(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (regions[a], regions[b])
        guard x.count == y.count, x.members.count + y.members.count <= Self.maximumMembers else { return false }
        if let c = x.columns, let d = y.columns, c != d { return false }
        return operandCount(x.members + y.members) <= Self.maximumOperands
    }

    private func operandCount(_ members: [Int]) -> Int {
        let inside = Set(members)
        var outside: Set<Int> = []
        for member in members {
            for dependency in dependencies(of: member) where !inside.contains(dependency) { outside.insert(dependency) }
        }
        return outside.count + members.filter { users[$0].contains { !inside.contains($0) } }.count
    }

    private mutating func merge(_ a: Int, into b: Int, perRow: Bool) {
        regions[b].members = (regions[a].members + regions[b].members).sorted()
        if !perRow { regions[b].columns = regions[b].columns ?? regions[a].columns }
        regions[b].perRow.formUnion(regions[a].perRow)
        for member in regions[a].members { owner[member] = b }
        regions[a].members = []
        (known[a], known[b], mergedInto[a]) = (nil, nil, b)
    }

    /// Joins fused regions over the same space that read the same tensor, so that it is read once.
    private mutating func mergeSiblings() {
        var readers: [Int: [Int]] = [:]
        for region in regions.indices where regions[region].isFused && regions[region].count >= 64 {
            let inside = Set(regions[region].members)
            for member in regions[region].members {
                for dependency in dependencies(of: member)
                where !inside.contains(dependency) && graph.instructions[dependency].type.count == regions[region].count
                {
                    readers[dependency, default: []].append(region)
                }
            }
        }
        for dependency in readers.keys.sorted() {
            var list: [Int] = []
            for region in readers[dependency]! where !list.contains(region) { list.append(region) }
            for (position, first) in list.enumerated() where !regions[first].members.isEmpty {
                for second in list[(position + 1)...]
                where second != first && !regions[second].members.isEmpty && fits(first, second)
                    && !reads(first, second) && !reads(second, first)
                    && !hasIndirectPath(first, second) && !hasIndirectPath(second, first)
                {
                    merge(second, into: first, perRow: false)
                }
            }
        }
    }

    private mutating func reads(_ a: Int, _ b: Int) -> Bool { predecessors(of: a).contains(b) }

    /// The regions whose values a region reads.
    private mutating func predecessors(of region: Int) -> Set<Int> {
        if let found = known[region] {
            guard found.contains(where: { mergedInto[$0] != nil }) else { return found }
            var current: Set<Int> = []
            for var before in found {
                while let next = mergedInto[before] { before = next }
                if before != region { current.insert(before) }
            }
            known[region] = current
            return current
        }
        var found: Set<Int> = []
        for member in regions[region].members {
            for dependency in dependencies(of: member) where owner[dependency] >= 0 && owner[dependency] != region {
                found.insert(owner[dependency])
            }
        }
        known[region] = found
        return found
    }

    /// Whether a path leads from `start` to `end` through another region: then the two cannot be one launch.
    ///
    /// Regions have no order to cut the search short by: one that instructions of a gradient have joined comes after regions
    /// whose instructions have lower numbers.
    private mutating func hasIndirectPath(_ start: Int, _ end: Int) -> Bool {
        var seen: Set<Int> = [end, start]
        var pending = predecessors(of: end).filter { $0 != start }
        seen.formUnion(pending)
        while let region = pending.popFirst() {
            let before = predecessors(of: region)
            if before.contains(start) { return true }
            for next in before where seen.insert(next).inserted { pending.insert(next) }
        }
        return false
    }
}

extension Op {
    /// The number of columns that makes a count along one axis a count of rows or columns.
    var columnsOfIota: Int? {
        guard case .iota(let iota) = self, iota.shape.count > 1 else { return nil }
        return iota.shape[max(iota.axis, 1)...].reduce(1, *)
    }
}

extension Graph {
    /// The instructions that read each instruction.
    var users: [[Int]] {
        var users = [[Int]](repeating: [], count: instructions.count)
        for (index, instruction) in instructions.enumerated() {
            for operand in Set(instruction.operands) { users[operand].append(index) }
        }
        return users
    }
}
