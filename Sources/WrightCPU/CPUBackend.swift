import CWrightDNN
import CWrightTeam
public import WrightGraph
public import WrightRuntime

/// Runs graphs on the CPU: oneDNN for products and convolutions, fused tile kernels for everything elementwise, C kernels
/// for the rest, and the interpreter for what has none.
///
/// Plans made by one value, and its copies, share working memory and so run one after the other.
public struct CPUBackend: Backend {
    private let memory = WorkingMemory()
    /// Threads that its plans run on.
    public let threads: Int

    /// - Parameter threads: threads that all kernels share; every core when nil.
    public init(threads: Int? = nil) {
        self.threads = threads.map { max($0, 1) } ?? Int(wright_threads())
    }

    public var name: String { "cpu" }

    /// The version of oneDNN that is loaded, as major × 10000 + minor × 100 + patch.
    public static var libraryVersion: Int { Int(wright_dnn_version()) }

    /// Whether products of bfloat16 run on instructions of this CPU; otherwise that precision computes in float32.
    public static var hasBFloat16: Bool { wright_dnn_supports(.bfloat16) }

    public func compile(_ graph: Graph, options: CompileOptions) throws -> any Executable {
        try usingThreads(threads) {
            let lowered = try Lowering(graph.applying().withCountsAsLiterals, options: options)
            return try CPUExecutable(lowered, memory, threads: threads, isProfiled: options.isProfiled)
        }
    }
}

/// Plans and runs with this number of threads.
func usingThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    let before = wright_use_threads(Int32(clamping: count))
    defer { _ = wright_use_threads(before) }
    return try body()
}

extension Graph {
    /// Short counts along an axis as stored values: read like any other row, computed never.
    fileprivate var withCountsAsLiterals: Graph {
        rewritten { instruction, operands in
            guard case .iota(let iota) = instruction.op, instruction.type.count <= 4096 else {
                return instruction.rebuilt(operands)
            }
            let values = iota.reference([], types: [], result: instruction.type)
            return Tensor(Buffer(instruction.type, doubles: values))
        }
    }
}
