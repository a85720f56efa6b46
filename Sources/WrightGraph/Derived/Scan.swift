/// What a recurrence made of a sequence.
public struct ScanResult: Sendable {
    /// What was carried out of the last step.
    public var carry: [Tensor]
    /// What each step gave, one after the other: `[steps, …]` each.
    public var outputs: [Tensor]
}

extension Tensor {
    /// A recurrence of the caller's own: `body` is applied to each step of `sequences` in turn, with what the step before
    /// it carried on.
    ///
    /// ```swift
    /// // A running mean that forgets: y = 0.9 y + 0.1 x.
    /// let means = Tensor.scan(over: [x], from: [start]) { carry, step in
    ///     let mean = carry[0] * 0.9 + step[0] * 0.1
    ///     return ([mean], [mean])
    /// }.outputs[0]
    /// ```
    ///
    /// `body` may use any tensor around it and is called once for each step while the graph is built, so the graph grows with
    /// the number of steps, and its gradient with it. Recurrent cells with kernels of their own (``recurrent(_:weights:bias:state:cellState:lengths:reverse:)``)
    /// are faster.
    ///
    /// - Parameters:
    ///   - sequences: `[steps, …]` each, all with as many steps, of which there is at least one.
    ///   - initial: what the first step is given as carried on.
    ///   - reversed: whether the last step comes first; outputs stay in the order of the sequences.
    ///   - body: gives what is carried on, of the same types as `initial`, and the step's outputs.
    public static func scan(
        over sequences: [Tensor], from initial: [Tensor], reversed: Bool = false,
        _ body: (_ carry: [Tensor], _ step: [Tensor]) -> (carry: [Tensor], outputs: [Tensor])
    ) -> ScanResult {
        let counts = Set(sequences.map { $0.shape.first ?? 0 })
        precondition(
            counts.count == 1 && counts != [0],
            "scan: needs sequences [steps, ...] with as many steps each, received \(sequences.map(\.type))")
        let count = counts.first ?? 0
        var carry = initial
        var rows: [[Tensor]] = []
        for step in reversed ? Array((0..<count).reversed()) : Array(0..<count) {
            let (next, outputs) = body(carry, sequences.map { $0[step] })
            precondition(
                next.map(\.type) == initial.map(\.type),
                "scan: step \(step) carries on \(next.map(\.type)), but was given \(initial.map(\.type))")
            precondition(
                rows.isEmpty || outputs.map(\.type) == rows[0].map(\.type),
                "scan: step \(step) gives \(outputs.map(\.type)), others \(rows.first.map { $0.map(\.type) } ?? [])")
            carry = next
            rows.append(outputs)
        }
        if reversed { rows.reverse() }
        let outputs = rows[0].indices.map { place in
            Tensor.concatenated(rows.map { $0[place].expandedAxis(at: 0) }, along: 0)
        }
        return ScanResult(carry: carry, outputs: outputs)
    }
}
