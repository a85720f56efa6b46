import WrightGraph

/// How a kernel that runs over rows × columns reads one operand.
///
/// Broadcasts and reshapes are not computed: they are ways of reading the value behind them.
struct Access: Hashable {
    enum Kind: Hashable {
        /// One element for each place.
        case full
        /// One element for each column, the same in every row.
        case row
        /// One element for each row, the same in every column.
        case column
        /// One element in memory for all places.
        case scalar
        /// A number known now.
        case immediate(Double)
    }

    var kind: Kind
    /// The instruction whose value is read; for an immediate, the constant.
    var base: Int

    /// The number of columns that this way of reading needs in a space of `count` places; nil if any will do.
    func columns(in count: Int, _ graph: Graph) -> Int? {
        switch kind {
        case .row: graph.instructions[base].type.count
        case .column: count / max(graph.instructions[base].type.count, 1)
        case .full, .scalar, .immediate: nil
        }
    }
}

/// A graph seen by fused kernels: how each instruction's value is read, and which broadcasts must be made in memory
/// because a kernel could not read them otherwise.
struct Reading {
    let graph: Graph
    /// Broadcasts that are copied out.
    let materialized: Set<Int>

    /// The value behind any number of reshapes: the same elements in the same order.
    func behindReshapes(_ index: Int) -> Int {
        var index = index
        while case .reshape = graph.instructions[index].op { index = graph.instructions[index].operands[0] }
        return index
    }

    /// How a kernel over as many places as instruction `index` has elements reads it.
    func access(_ index: Int) -> Access {
        let base = behindReshapes(index)
        let instruction = graph.instructions[base]
        if case .source(.constant(let value, _)) = instruction.op { return Access(kind: .immediate(value), base: base) }
        guard case .broadcast(let broadcast) = instruction.op, !materialized.contains(base) else {
            return Access(kind: .full, base: base)
        }
        let source = behindReshapes(instruction.operands[0])
        let inner = access(source)
        switch inner.kind {
        case .immediate, .scalar: return inner
        case .full, .row, .column: break
        }
        if graph.instructions[source].type.count == 1 { return Access(kind: .scalar, base: source) }
        let repeated = Set(broadcast.repeatedAxes(of: graph.instructions[instruction.operands[0]].type.shape))
        let wide = broadcast.shape.indices.filter { broadcast.shape[$0] != 1 }
        let kept = wide.filter { !repeated.contains($0) }
        let stretched = wide.filter { repeated.contains($0) }
        guard let lastKept = kept.last, let firstStretched = stretched.first, let lastStretched = stretched.last else {
            return Access(kind: .full, base: source)
        }
        if lastStretched < kept[0] { return Access(kind: .row, base: source) }
        if lastKept < firstStretched { return Access(kind: .column, base: source) }
        // Neither whole rows nor whole columns: the broadcast itself is read, from memory.
        return Access(kind: .full, base: base)
    }
}

extension Reduce {
    /// Which way a reduction goes over a space of rows × columns.
    enum Direction: Hashable { case alongRows, alongColumns, everything }

    /// The direction and the number of columns, or nil if the reduced axes are neither the last nor the first.
    func direction(over shape: [Int]) -> (Direction, columns: Int)? {
        let wide = shape.indices.filter { shape[$0] != 1 }
        let reduced = wide.filter(axes.contains)
        let kept = wide.filter { !axes.contains($0) }
        guard let firstKept = kept.first, let lastKept = kept.last else { return (.everything, shape.reduce(1, *)) }
        guard let firstReduced = reduced.first, let lastReduced = reduced.last else { return nil }
        if lastKept < firstReduced { return (.alongRows, reduced.map { shape[$0] }.reduce(1, *)) }
        if lastReduced < firstKept { return (.alongColumns, kept.map { shape[$0] }.reduce(1, *)) }
        return nil
    }
}
