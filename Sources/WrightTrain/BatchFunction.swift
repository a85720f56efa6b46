import Synchronization
import WrightData
import WrightGraph
import WrightRuntime

/// A function over batches, compiled once for each signature of a batch.
final class BatchFunction: Sendable {
    private let backend: any Backend
    private let options: CompileOptions
    private let others: [TensorType]
    private let trace: @Sendable (BatchTensors, [Tensor]) throws -> Trace
    /// By how many inputs and targets a batch has; almost always there is one.
    private let functions = Mutex<[Layout: CompiledFunction]>([:])

    /// `trace` is given the batch and further arguments, of the types `others`.
    init(
        on backend: any Backend, _ options: CompileOptions, others: [TensorType] = [],
        _ trace: @escaping @Sendable (BatchTensors, [Tensor]) throws -> Trace
    ) {
        self.backend = backend
        self.options = options
        self.others = others
        self.trace = trace
    }

    /// The plan for batches of these types, made at its first use.
    func plan(_ samples: Samples) throws -> any Executable {
        let layout = Layout(samples)
        let function = functions.withLock { functions in
            if let function = functions[layout] { return function }
            let trace = trace
            let function = CompiledFunction(on: backend, options: options) { arguments in
                try trace(layout.batch(arguments), Array(arguments[layout.count...]))
            }
            functions[layout] = function
            return function
        }
        return try function.executable(for: samples.arguments.map(\.type) + others)
    }

    /// Of the largest plan so far.
    var workingByteCount: Int {
        functions.withLock { functions in
            functions.values.flatMap(\.executables).map(\.workingByteCount).max() ?? 0
        }
    }

    /// How a batch's buffers lie in the arguments.
    struct Layout: Hashable, Sendable {
        var inputs: Int
        var targets: Int
        var isWeighted: Bool

        init(_ samples: Samples) {
            inputs = samples.inputs.count
            targets = samples.targets.count
            isWeighted = samples.weights != nil
        }

        /// The number of arguments that are the batch's.
        var count: Int { inputs + targets + (isWeighted ? 1 : 0) }

        func batch(_ arguments: [Tensor]) -> BatchTensors {
            BatchTensors(
                inputs: Array(arguments[..<inputs]), targets: Array(arguments[inputs..<inputs + targets]),
                weights: isWeighted ? arguments[inputs + targets] : nil)
        }
    }
}

/// Runs a ``BatchFunction``; remembers the plans it used, so that a step only compares types.
struct BatchRunner {
    private let function: BatchFunction
    private var plans: [(types: [TensorType], plan: any Executable)] = []

    init(_ function: BatchFunction) { self.function = function }

    /// The function's outputs for a batch and the further arguments.
    mutating func run(_ samples: Samples, _ others: [Buffer] = []) throws -> [Buffer] {
        try plan(samples).run(samples.arguments + others)
    }

    private mutating func plan(_ samples: Samples) throws -> any Executable {
        for entry in plans where samples.have(entry.types) { return entry.plan }
        let plan = try function.plan(samples)
        plans.append((samples.arguments.map(\.type), plan))
        return plan
    }
}

extension Samples {
    /// The buffers in the order of ``BatchFunction/Layout``.
    var arguments: [Buffer] { inputs + targets + (weights.map { [$0] } ?? []) }

    /// Graph inputs of the buffers' types.
    var tensors: BatchTensors {
        let arguments = arguments.enumerated().map { Tensor.input($0.offset, $0.element.type) }
        return BatchFunction.Layout(self).batch(arguments)
    }

    /// Whether the buffers are of these types, asked without making a list of them.
    fileprivate func have(_ types: [TensorType]) -> Bool {
        guard types.count == inputs.count + targets.count + (weights == nil ? 0 : 1) else { return false }
        for (index, buffer) in inputs.enumerated() where buffer.type != types[index] { return false }
        for (index, buffer) in targets.enumerated() where buffer.type != types[inputs.count + index] { return false }
        return weights == nil || weights!.type == types[types.count - 1]
    }
}

extension Buffer {
    /// The one number of a float32 scalar.
    var scalar: Double { withExtendedLifetime(storage) { Double(pointer.load(as: Float.self)) } }

    /// Whether all numbers are finite; whole numbers always are.
    var isFinite: Bool {
        switch dtype {
        case .float32:
            withElements(of: Float.self) { values in
                // All exponent bits set means infinite or not a number; without a branch the loop vectorises.
                var bad: UInt32 = 0
                for value in values { bad |= value.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0 }
                return bad == 0
            }
        case .float64: withElements(of: Double.self) { $0.allSatisfy(\.isFinite) }
        case .bfloat16: withElements(of: BFloat16.self) { $0.allSatisfy { $0.float.isFinite } }
        default: true
        }
    }

    /// Writes another buffer's values, of the same type, into this one's memory.
    func copy(_ other: Buffer) {
        precondition(type == other.type, "\(type) cannot take the values of \(other.type)")
        withExtendedLifetime((storage, other.storage)) {
            pointer.copyMemory(from: other.pointer, byteCount: type.byteCount)
        }
    }

    /// A copy in memory of its own.
    var duplicate: Buffer {
        let copy = Buffer(zeros: type)
        copy.copy(self)
        return copy
    }
}
