import CWrightTile
import Synchronization
import WrightGraph
import WrightRuntime

/// A plan bound to memory: an array of launches over the beginning of the backend's working memory.
final class CPUExecutable: Executable {
    /// Keeps the literals and variables alive whose memory the launches address.
    private let graph: Graph
    private let signature: InputSignature
    private let arena: Storage
    private let arenaByteCount: Int
    private let memory: WorkingMemory
    private let threads: Int
    /// Memory that each input is copied into, so that every launch's pointers stay as they were bound.
    private let inputs: [Buffer?]
    private let outputs: [Buffer]
    private let copies: [(variable: Variable, value: Buffer)]
    /// Values to copy that lie in variables: put aside first, because an earlier copy may overwrite them.
    private let setAside: [(from: Buffer, to: Buffer)]
    // Safety: contexts are read and written only by kernels, which run inside `memory.running`.
    nonisolated(unsafe) private let launches: [BoundLaunch]
    /// The launches whose kernels may fail.
    private let fallible: [Int]
    private let launchTable: Storage
    private let stepOfLaunch: [Int]
    private let steps: [ProfileRow]
    private let isProfiled: Bool
    private let constants: [Storage]
    // Safety: written only inside `memory.running`.
    nonisolated(unsafe) private var nanoseconds: [UInt64]
    // Safety: written only inside `memory.running`.
    nonisolated(unsafe) private var runs = 0

    init(_ lowering: Lowering, _ workingMemory: WorkingMemory, threads: Int, isProfiled: Bool) throws {
        let graph = lowering.graph
        let memory = lowering.memory
        self.memory = workingMemory
        self.threads = threads
        self.graph = graph
        signature = InputSignature(graph)
        self.isProfiled = isProfiled
        constants = memory.constants
        arenaByteCount = memory.byteCount
        let arena = workingMemory.storage(byteCount: memory.byteCount)
        self.arena = arena
        let inputs = signature.types.map { type in type.map { Buffer(zeros: $0) } }
        self.inputs = inputs
        func pointer(_ index: Int) -> UnsafeMutableRawPointer {
            let (place, offset) = memory.place(index)
            return switch place {
            case .arena(let start): arena.pointer + start + offset
            case .input(let slot): inputs[slot]!.pointer + offset
            case .fixed(let pointer): pointer + offset
            }
        }
        func buffer(_ index: Int) -> Buffer {
            let type = graph.instructions[index].type
            return Buffer(
                type, storage: Storage(adopting: pointer(index), byteCount: type.byteCount, release: { _ in }))
        }
        var launches: [BoundLaunch] = []
        var stepOfLaunch: [Int] = []
        for (position, step) in lowering.steps.enumerated() {
            let bound = try step.bind(pointer, arena.pointer + memory.scratch[position])
            launches += bound
            stepOfLaunch += bound.map { _ in position }
        }
        self.launches = launches
        fallible = launches.indices.filter { launches[$0].failure != nil }
        self.stepOfLaunch = stepOfLaunch
        nanoseconds = [UInt64](repeating: 0, count: launches.count)
        launchTable = Storage(byteCount: launches.count * MemoryLayout<wright_launch>.stride)
        let table = launchTable.pointer.bindMemory(to: wright_launch.self, capacity: max(launches.count, 1))
        for (index, launch) in launches.enumerated() {
            table[index] = wright_launch(function: launch.function, context: launch.context)
        }
        outputs = graph.outputs.map(buffer)
        var copies: [(variable: Variable, value: Buffer)] = []
        var setAside: [(from: Buffer, to: Buffer)] = []
        for (variable, value) in memory.copiedAssignments {
            var value = buffer(value)
            if memory.copiedAssignments.contains(where: { $0.variable.buffer.overlaps(value) }) {
                setAside.append((from: value, to: Buffer(zeros: value.type)))
                value = setAside[setAside.count - 1].to
            }
            copies.append((variable, value))
        }
        (self.copies, self.setAside) = (copies, setAside)
        steps = lowering.steps.map { step in
            let touched = Set(step.reads + step.writes)
            return ProfileRow(
                step: step.name, kernel: step.kernel,
                byteCount: touched.reduce(0) { $0 + graph.instructions[$1].type.byteCount },
                operationCount: step.operationCount)
        }
    }

    func run(_ arguments: [Buffer]) throws -> [Buffer] {
        try signature.check(arguments)
        return try memory.running.withLock { _ in
            for (slot, input) in inputs.enumerated() {
                guard let input else { continue }
                input.pointer.copyMemory(from: arguments[slot].pointer, byteCount: input.type.byteCount)
            }
            let table = launchTable.pointer.assumingMemoryBound(to: wright_launch.self)
            usingThreads(threads) {
                if isProfiled {
                    nanoseconds.withUnsafeMutableBufferPointer {
                        wright_run_timed(table, Int64(launches.count), $0.baseAddress)
                    }
                    runs += 1
                } else {
                    wright_run(table, Int64(launches.count))
                }
            }
            for index in fallible {
                guard let reason = launches[index].failure?() else { continue }
                throw RuntimeError.kernelFailed(step: steps[stepOfLaunch[index]].step, reason: reason)
            }
            let results = outputs.map { output in
                let copy = Buffer(zeros: output.type)
                copy.pointer.copyMemory(from: output.pointer, byteCount: output.type.byteCount)
                return copy
            }
            for (from, to) in setAside { to.pointer.copyMemory(from: from.pointer, byteCount: from.type.byteCount) }
            for (variable, value) in copies {
                variable.buffer.pointer.copyMemory(from: value.pointer, byteCount: variable.type.byteCount)
            }
            return results
        }
    }

    var workingByteCount: Int { arenaByteCount + inputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) } }

    var profile: [ProfileRow] {
        memory.running.withLock { _ in
            var rows = steps
            for row in rows.indices { rows[row].runs = runs }
            for (launch, time) in nanoseconds.enumerated() { rows[stepOfLaunch[launch]].seconds += Double(time) * 1e-9 }
            return rows
        }
    }
}

extension Buffer {
    /// Whether two buffers share a byte.
    fileprivate func overlaps(_ other: Buffer) -> Bool {
        pointer < other.pointer + other.type.byteCount && other.pointer < pointer + type.byteCount
    }
}
