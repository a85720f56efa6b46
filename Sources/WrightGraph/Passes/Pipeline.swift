/// A rewrite of a graph that keeps what the graph computes.
public struct GraphPass: Sendable {
    public let name: String
    public let run: @Sendable (Graph) -> Graph

    public init(_ name: String, _ run: @escaping @Sendable (Graph) -> Graph) {
        self.name = name
        self.run = run
    }
}

/// The passes that every backend profits from, in the order they run.
public enum Passes {
    public static let standard: [GraphPass] = [.simplify, .foldConstants, .simplify]
}

extension Graph {
    /// This graph after `passes`, in order. Debug builds verify the graph after each: a pass that breaks it is a defect in
    /// that pass and traps with its name.
    public func applying(_ passes: [GraphPass] = Passes.standard) -> Graph {
        passes.reduce(self) { graph, pass in
            let result = pass.run(graph)
            #if DEBUG
                do throws(GraphError) {
                    try result.verify(after: pass.name)
                    precondition(
                        result.outputs.map { result.instructions[$0].type }
                            == graph.outputs.map { graph.instructions[$0].type }
                            && result.assignments.map(\.variable) == graph.assignments.map(\.variable),
                        "pass \(pass.name) changed what the graph gives back")
                } catch {
                    preconditionFailure(error.description)
                }
            #endif
            return result
        }
    }
}
