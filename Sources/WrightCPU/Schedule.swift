import WrightGraph

/// The order in which the launches run.
///
/// Every launch comes after those whose values it reads. A launch that overwrites a variable comes, where that is
/// possible, after all others that read the variable, so that no copy is needed. Among the launches that could come next
/// the one that frees the most memory does: it puts each weight gradient right after the cotangent that it needs.
struct Schedule {
    private(set) var order: [Int] = []

    /// - Parameter parts: values that lie inside another's memory, and so take none of their own.
    init(regions: Regions, graph: Graph, parts: Set<Int>) {
        let live = regions.regions.indices.filter { !regions.regions[$0].members.isEmpty }
        var predecessors = [Set<Int>](repeating: [], count: regions.regions.count)
        var reads = [[Int]](repeating: [], count: regions.regions.count)
        for region in live {
            let inside = Set(regions.regions[region].members)
            var values: Set<Int> = []
            for member in inside {
                for dependency in regions.dependencies(of: member) where regions.owner[dependency] != region {
                    values.insert(dependency)
                    if regions.owner[dependency] >= 0 { predecessors[region].insert(regions.owner[dependency]) }
                }
            }
            reads[region] = values.sorted()
        }
        Self.addOverwriteOrder(&predecessors, reads: reads, live: live, regions: regions, graph: graph)

        var successors = [[Int]](repeating: [], count: regions.regions.count)
        var waiting = [Int](repeating: 0, count: regions.regions.count)
        for region in live {
            waiting[region] = predecessors[region].count
            for before in predecessors[region] { successors[before].append(region) }
        }
        var readersLeft = [Int](repeating: 0, count: graph.instructions.count)
        for region in live { for value in reads[region] { readersLeft[value] += 1 } }
        for kept in graph.outputs + graph.assignments.map(\.value) { readersLeft[kept] += 1 }
        func size(_ value: Int) -> Int { parts.contains(value) ? 0 : graph.instructions[value].type.byteCount }
        var ready = live.filter { waiting[$0] == 0 }
        while !ready.isEmpty {
            var best = 0
            var bestScore = (growth: Int.max, first: Int.max)
            for (position, region) in ready.enumerated() {
                let made = regions.regions[region].members.reduce(0) { $0 + (readersLeft[$1] > 0 ? size($1) : 0) }
                let freed = reads[region].reduce(0) {
                    $0 + (readersLeft[$1] == 1 && regions.owner[$1] >= 0 ? size($1) : 0)
                }
                let score = (growth: made - freed, first: regions.regions[region].members[0])
                if score < bestScore {
                    bestScore = score
                    best = position
                }
            }
            let region = ready.remove(at: best)
            order.append(region)
            for value in reads[region] { readersLeft[value] -= 1 }
            for next in successors[region] {
                waiting[next] -= 1
                if waiting[next] == 0 { ready.append(next) }
            }
        }
        precondition(order.count == live.count, "the fused regions depend on each other in a circle")
    }

    /// Readers of a variable before the launch that computes its new value, unless that launch must come first.
    private static func addOverwriteOrder(
        _ predecessors: inout [Set<Int>], reads: [[Int]], live: [Int], regions: Regions, graph: Graph
    ) {
        for (variable, value) in graph.assignments {
            let writer = regions.owner[graph.storageRoot(value)]
            guard writer >= 0 else { continue }
            let sources = Set(
                graph.instructions.indices.filter { graph.instructions[$0].op == .source(.variable(variable)) })
            guard !sources.isEmpty else { continue }
            for reader in live where reader != writer && reads[reader].contains(where: sources.contains) {
                if !isReachable(reader, from: writer, predecessors) { predecessors[writer].insert(reader) }
            }
        }
    }

    /// Whether `region` comes after `start` anyway.
    private static func isReachable(_ region: Int, from start: Int, _ predecessors: [Set<Int>]) -> Bool {
        var pending = [region]
        var seen: Set<Int> = [region]
        while let next = pending.popLast() {
            if next == start { return true }
            for before in predecessors[next] where seen.insert(before).inserted { pending.append(before) }
        }
        return false
    }
}

extension Graph {
    /// The instruction whose memory holds the value of `index`: reshapes share their operand's.
    func storageRoot(_ index: Int) -> Int {
        var index = index
        while case .reshape = instructions[index].op { index = instructions[index].operands[0] }
        return index
    }
}
