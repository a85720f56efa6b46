public import WrightGraph
import Synchronization

/// Runs a graph slowly and obviously, in double precision, one instruction after the other.
public struct Interpreter: Backend {
    public init() {}

    public var name: String { "interpreter" }

    public func compile(_ graph: Graph, options: CompileOptions) throws -> any Executable {
        InterpretedGraph(graph)
    }

    /// The values of every output; variables keep their values.
    public static func evaluate(_ graph: Graph, inputs: [[Double]]) -> [[Double]] {
        let values = allValues(graph, inputs: inputs)
        return graph.outputs.map { values[$0] }
    }

    static func allValues(_ graph: Graph, inputs: [[Double]]) -> [[Double]] {
        var values: [[Double]] = []
        values.reserveCapacity(graph.instructions.count)
        for instruction in graph.instructions {
            if case .source(.input(let slot, _)) = instruction.op {
                values.append(inputs[slot])
            } else {
                values.append(evaluate(instruction, operands: instruction.operands.map { values[$0] }, in: graph))
            }
        }
        return values
    }

    /// One instruction; whole numbers, masks and bfloat16 are rounded to their type.
    public static func evaluate(
        _ instruction: Graph.Instruction, operands: [[Double]], in graph: Graph
    ) -> [Double] {
        let result = instruction.op.primitive.reference(
            operands, types: instruction.operands.map { graph.instructions[$0].type }, result: instruction.type)
        let dtype = instruction.type.dtype
        return dtype == .float32 || dtype == .float64 ? result : result.map(dtype.normalized)
    }
}

private final class InterpretedGraph: Executable {
    private let graph: Graph
    private let running = Mutex(())

    init(_ graph: Graph) { self.graph = graph }

    func run(_ inputs: [Buffer]) throws -> [Buffer] {
        try InputSignature(graph).check(inputs)
        return running.withLock { _ in
            let values = Interpreter.allValues(graph, inputs: inputs.map(\.doubles))
            let outputs = graph.outputs.map { Buffer(graph.instructions[$0].type, doubles: values[$0]) }
            for (variable, value) in graph.assignments {
                let result = Buffer(variable.type, doubles: values[value])
                variable.buffer.pointer.copyMemory(from: result.pointer, byteCount: variable.type.byteCount)
            }
            return outputs
        }
    }

    var workingByteCount: Int { graph.instructions.reduce(0) { $0 + $1.type.count * 8 } }

    var profile: [ProfileRow] {
        graph.instructions.map {
            ProfileRow(
                step: "\($0.op.primitive.name) \($0.type.shape)", kernel: "interpreter", byteCount: $0.type.byteCount,
                operationCount: $0.type.count)
        }
    }
}
