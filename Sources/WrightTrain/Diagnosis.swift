import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

/// Finds what first stops being finite in a step: a graph that counts the finite elements of every value of the forward
/// pass and of every gradient, run once on the batch in question.
struct Diagnosis {
    /// `matmul [64, 512] in layers.2`; nil when the forward pass is finite.
    var activation: String?
    /// The parameter nearest to the loss whose gradient is not finite; nil when all are.
    var gradient: String?

    init(_ program: TrainingProgram, _ samples: Samples) throws {
        let batch = samples.tensors
        let pass = Pass(isTraining: true, randomKey: Tensor(program.random.key))
        let loss = try pass { try program.objective(batch) }.loss
        let parameters = program.optimizer.groups.flatMap { group in
            zip(group.arena.layout, group.arena.parameters).map { (path: $0.path, value: $1.value) }
        }
        let places = Dictionary(parameters.enumerated().map { ($1.value, $0) }, uniquingKeysWith: { first, _ in first })
        var regions: [Tensor: Int] = [:]
        var activations: [(tensor: Tensor, region: Int?)] = []
        for tensor in Self.ordered(loss) {
            let region = places[tensor] ?? tensor.operands.compactMap { regions[$0] }.max()
            regions[tensor] = region
            if tensor.dtype.isFloatingPoint { activations.append((tensor, region)) }
        }
        let gradients = zip(parameters, loss.reachableGradients(of: parameters.map(\.value))).compactMap { pair in
            pair.1.map { (path: pair.0.path, tensor: $0) }
        }
        let watched = activations.map(\.tensor) + gradients.map(\.tensor)
        let function = BatchFunction(on: program.backend, program.options) { _, _ in
            Trace([.concatenated(watched.map { $0.finiteCount.reshaped([1]) })])
        }
        var runner = BatchRunner(function)
        let counts = try runner.run(samples)[0].array(of: Int32.self).map(Int.init)
        let broken = Set(
            activations.indices.filter { counts[$0] < activations[$0].tensor.count }.map { activations[$0].tensor })
        let reaching = Self.reaching(loss, through: broken)
        if let (tensor, region) = activations.first(where: { reaching.contains($0.tensor) }) {
            let place = region.map { " in \(Self.layer(parameters[$0].path))" } ?? ""
            activation = "\(tensor.op.primitive.name) \(tensor.shape)\(place)"
        }
        let last = gradients.indices.last { counts[activations.count + $0] < gradients[$0].tensor.count }
        gradient = last.map { gradients[$0].path }
    }

    /// Those of `broken` that lead to `root` through nothing but others: a mask of −∞ that a softmax takes in stride does
    /// not. Constants are as they were written.
    private static func reaching(_ root: Tensor, through broken: Set<Tensor>) -> Set<Tensor> {
        var (found, pending) = (Set<Tensor>(), [root])
        while let tensor = pending.popLast() {
            if case .source(let source) = tensor.op, source.isWritten { continue }
            guard broken.contains(tensor), found.insert(tensor).inserted else { continue }
            pending.append(contentsOf: tensor.operands)
        }
        return found
    }

    /// `layers.2` of `layers.2.weight`.
    private static func layer(_ path: String) -> String {
        path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
    }

    /// The values that `root` is computed from, operands first, and `root`; without recursion.
    private static func ordered(_ root: Tensor) -> [Tensor] {
        var (order, done) = ([Tensor](), Set<Tensor>())
        var stack: [(tensor: Tensor, isExpanded: Bool)] = [(root, false)]
        while let (tensor, isExpanded) = stack.popLast() {
            guard !done.contains(tensor) else { continue }
            if isExpanded || tensor.operands.isEmpty {
                done.insert(tensor)
                order.append(tensor)
            } else {
                stack.append((tensor, true))
                for operand in tensor.operands.reversed() { stack.append((operand, false)) }
            }
        }
        return order
    }
}

extension Tensor {
    /// How many elements are finite, int32.
    fileprivate var finiteCount: Tensor {
        cast(to: .float32).absolute().isLessOrEqual(to: Double(Float.greatestFiniteMagnitude)).cast(to: .int32).sum()
    }
}

extension Source {
    /// Whether the values stand in the graph itself.
    fileprivate var isWritten: Bool {
        switch self {
        case .constant, .literal: true
        case .input, .variable: false
        }
    }
}
