public import WrightGraph
import Synchronization

/// What tracing a function gave: the values it returns and the variables it changes.
public struct Trace: Sendable {
    public var outputs: [Tensor]
    public var assignments: [Assignment]

    public init(_ outputs: [Tensor], assigning assignments: [Assignment] = []) {
        self.outputs = outputs
        self.assignments = assignments
    }
}

/// A function over tensors that is traced and planned once per signature of its arguments and then replayed: in steady
/// state no node is built.
public final class CompiledFunction: Sendable {
    private let backend: any Backend
    private let options: CompileOptions
    private let body: @Sendable ([Tensor]) throws -> Trace
    private let plans = Mutex<[[TensorType]: any Executable]>([:])

    public init(
        on backend: any Backend, options: CompileOptions = CompileOptions(),
        _ body: @escaping @Sendable ([Tensor]) throws -> Trace
    ) {
        self.backend = backend
        self.options = options
        self.body = body
    }

    public func callAsFunction(_ arguments: [Buffer]) throws -> [Buffer] {
        try executable(for: arguments.map(\.type)).run(arguments)
    }

    /// The plan for arguments of these types, made at its first use.
    public func executable(for types: [TensorType]) throws -> any Executable {
        // Planning happens under the lock on purpose: two callers with one new signature must not plan twice.
        try plans.withLock { plans in
            if let plan = plans[types] { return plan }
            let trace = try body(types.enumerated().map { Tensor.input($0.offset, $0.element) })
            let plan = try backend.compile(Graph(trace.outputs, assigning: trace.assignments), options: options)
            plans[types] = plan
            return plan
        }
    }

    /// Every plan made so far.
    public var executables: [any Executable] { plans.withLock { Array($0.values) } }
}
