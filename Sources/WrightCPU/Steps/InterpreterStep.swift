import WrightGraph
import WrightRuntime

/// An instruction that no fast kernel takes: its reference implementation, slow and reported as such.
private final class InterpretedInstruction {
    let graph: Graph
    let index: Int
    let operands: [Buffer]
    let result: Buffer

    init(_ graph: Graph, _ index: Int, operands: [Buffer], result: Buffer) {
        self.graph = graph
        self.index = index
        self.operands = operands
        self.result = result
    }

    func run() {
        let instruction = graph.instructions[index]
        let values = Interpreter.evaluate(instruction, operands: operands.map(\.doubles), in: graph)
        let stored = Buffer(instruction.type, doubles: values)
        result.pointer.copyMemory(from: stored.pointer, byteCount: instruction.type.byteCount)
    }
}

extension Step {
    /// The slow way for anything.
    static func interpreted(_ index: Int, _ graph: Graph) -> Step {
        let instruction = graph.instructions[index]
        return Step(
            name: "\(instruction.op.primitive.name) \(instruction.type)", kernel: "interpreter",
            reads: instruction.operands, writes: [index], operationCount: instruction.type.count
        ) { pointer, _ in
            let work = InterpretedInstruction(
                graph, index, operands: instruction.operands.map { view(graph.instructions[$0].type, pointer($0)) },
                result: view(instruction.type, pointer(index)))
            return [
                BoundLaunch(
                    function: { Unmanaged<InterpretedInstruction>.fromOpaque($0!).takeUnretainedValue().run() },
                    context: Unmanaged.passUnretained(work).toOpaque(), owner: work)
            ]
        }
    }

    /// A buffer over memory that the plan owns and that outlives it.
    private static func view(_ type: TensorType, _ pointer: UnsafeMutableRawPointer) -> Buffer {
        Buffer(type, storage: Storage(adopting: pointer, byteCount: type.byteCount, release: { _ in }))
    }
}
