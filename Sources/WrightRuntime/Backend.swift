public import WrightGraph

/// Something that can run graphs: the interpreter, the CPU, later a GPU.
public protocol Backend: Sendable {
    var name: String { get }
    /// Plans `graph` once, so that running it builds nothing.
    func compile(_ graph: Graph, options: CompileOptions) throws -> any Executable
}

extension Backend {
    public func compile(_ graph: Graph) throws -> any Executable { try compile(graph, options: CompileOptions()) }
}

/// How a graph is planned.
public struct CompileOptions: Hashable, Sendable {
    /// The element type that matrix products round their operands to, where the processor has instructions for it; sums,
    /// and convolutions, stay in float32.
    public enum Precision: String, Hashable, Sendable, CaseIterable { case float32, bfloat16 }

    /// How convolutions are computed.
    public enum ConvolutionMethod: String, Hashable, Sendable, CaseIterable {
        /// Whichever is fastest; Winograd's transforms may round six times more coarsely than plain sums.
        case fastest
        /// Plain sums of products, for comparing with another library digit by digit.
        case direct
    }

    public var precision: Precision = .float32
    public var convolutionMethod: ConvolutionMethod = .fastest
    /// Whether the executable keeps the time of each launch (``Executable/profile``).
    public var isProfiled = false

    public init(
        precision: Precision = .float32, convolutionMethod: ConvolutionMethod = .fastest, isProfiled: Bool = false
    ) {
        self.precision = precision
        self.convolutionMethod = convolutionMethod
        self.isProfiled = isProfiled
    }
}

/// A planned graph. Runs are one after the other: a run that is asked for while another goes on waits.
public protocol Executable: AnyObject, Sendable {
    /// Computes the graph's outputs from `inputs`, by slot, and then writes the assigned variables in place.
    ///
    /// - Throws: ``RuntimeError`` if an input is missing or has another type than the graph's.
    func run(_ inputs: [Buffer]) throws -> [Buffer]
    /// Bytes of working memory, inputs and outputs included, variables not.
    var workingByteCount: Int { get }
    /// What each launch did and, when profiled, how long it took.
    var profile: [ProfileRow] { get }
}

/// One launch of a planned graph.
public struct ProfileRow: Sendable, Hashable {
    /// What is computed, in the graph's words: `matmul+bias+relu [64, 512]`.
    public var step: String
    /// Which kernel does it: `oneDNN brgemm:avx2`, `tile`, `interpreter` …
    public var kernel: String
    /// Bytes read and written, each operand once.
    public var byteCount: Int
    /// Floating-point operations.
    public var operationCount: Int
    /// How often it was run and the time of all runs, in seconds.
    public var runs = 0
    public var seconds = 0.0

    public init(step: String, kernel: String, byteCount: Int, operationCount: Int) {
        self.step = step
        self.kernel = kernel
        self.byteCount = byteCount
        self.operationCount = operationCount
    }
}

/// Why a planned graph could not be run.
public enum RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    case inputCount(expected: Int, received: Int)
    case inputType(slot: Int, expected: TensorType, received: TensorType)
    /// A kernel refused its work while planning or running.
    case kernelFailed(step: String, reason: String)

    public var description: String {
        switch self {
        case .inputCount(let expected, let received):
            "the graph reads \(expected) input\(expected == 1 ? "" : "s"), \(received) were given"
        case .inputType(let slot, let expected, let received):
            "input \(slot) must be \(expected), received \(received)"
        case .kernelFailed(let step, let reason): "\(step): \(reason)"
        }
    }
}

/// What a graph expects of its arguments; nil for a slot that nothing reads.
public struct InputSignature: Sendable {
    public let types: [TensorType?]

    public init(_ graph: Graph) { types = graph.inputs }

    /// Checks that `buffers` are what the input slots expect.
    public func check(_ buffers: [Buffer]) throws(RuntimeError) {
        guard buffers.count >= types.count else {
            throw .inputCount(expected: types.count, received: buffers.count)
        }
        for (slot, type) in types.enumerated() {
            guard let type, buffers[slot].type != type else { continue }
            throw .inputType(slot: slot, expected: type, received: buffers[slot].type)
        }
    }
}
