public import WrightGraph

/// What training keeps beside the model: its trainable parameters in arenas, one for each group, the optimizers' moments
/// in arenas of the same layout, and the number of steps done.
///
/// ```swift
/// let state = try OptimizerState(model.parameters, groups: [ParameterGroup(optimizer: Adam())])
/// let step = CompiledFunction(on: backend) { arguments in
///     let loss = Loss.crossEntropy(model(arguments[0]), classes: arguments[1])
///     return Trace([loss], assigning: state.update(try state.gradients(of: loss)))
/// }
/// ```
public struct OptimizerState: Sendable {
    /// One group of parameters with its optimizer, in memory of their own.
    public struct Group: Sendable {
        public let name: String
        public let optimizer: any Optimizer
        public let arena: ParameterArena
        /// In the order of the optimizer's ``Optimizer/momentNames``.
        public let moments: [Variable]
    }

    public let groups: [Group]
    /// How many steps were done: an int32 scalar.
    public let step: Variable

    /// Moves the trainable ones of `parameters` into arenas; frozen ones are left alone.
    public init(
        _ parameters: [(path: String, parameter: Parameter)], groups: [ParameterGroup]
    ) throws(ParameterGroupError) {
        var members = [[(path: String, parameter: Parameter)]](repeating: [], count: groups.count)
        var homeless: [String] = []
        for (path, parameter) in parameters where parameter.isTrainable {
            if let place = groups.firstIndex(where: { $0.includes(path, parameter) }) {
                members[place].append((path, parameter))
            } else {
                homeless.append(path)
            }
        }
        guard homeless.isEmpty else { throw .inNoGroup(paths: homeless, groups: groups.map(\.name)) }
        guard members.contains(where: { !$0.isEmpty }) else { throw .nothingToTrain }
        self.groups = zip(groups, members).filter { !$1.isEmpty }.map { group, members in
            let arena = ParameterArena(members, name: "\(group.name) parameters")
            let moments = group.optimizer.momentNames.map { arena.sibling("\(group.name) \($0)") }
            return Group(name: group.name, optimizer: group.optimizer, arena: arena, moments: moments)
        }
        step = Variable("step", Buffer(zeros: TensorType([], .int32)))
    }

    /// The gradients of a scalar, one vector for each group.
    ///
    /// - Throws: ``ParameterGroupError/unreached(paths:)`` if the loss does not depend on a trainable parameter.
    public func gradients(of loss: Tensor) throws(ParameterGroupError) -> [Tensor] {
        let parameters = groups.flatMap { group in zip(group.arena.layout, group.arena.parameters).map { ($0, $1) } }
        let found = loss.reachableGradients(of: parameters.map { $0.1.value })
        let unreached = zip(parameters, found).filter { $1 == nil }.map { $0.0.0.path }
        guard unreached.isEmpty else { throw .unreached(paths: unreached) }
        var rest = found.compactMap { $0 }[...]
        return groups.map { group in
            defer { rest = rest.dropFirst(group.arena.layout.count) }
            return group.arena.flattened(Array(rest.prefix(group.arena.layout.count)))
        }
    }

    /// One step of every group's optimizer, as what parameters, moments and the step become. `factor`, a float32 scalar,
    /// multiplies the optimizers' learning rates; a ``Schedule`` gives it.
    public func update(_ gradients: [Tensor], rateFactor factor: Tensor = .constant(1)) -> [Assignment] {
        precondition(gradients.count == groups.count, "\(gradients.count) gradients for \(groups.count) groups")
        let next = Tensor(step) + 1
        var assignments = [Assignment(step, next)]
        for (group, gradient) in zip(groups, gradients) {
            let (parameters, moments) = group.optimizer.update(
                parameters: group.arena.value, gradient: gradient, moments: group.moments.map { Tensor($0) },
                step: next.cast(to: .float32), learningRate: factor * group.optimizer.learningRate)
            assignments.append(Assignment(group.arena.variable, parameters))
            assignments += zip(group.moments, moments).map { Assignment($0, $1) }
        }
        return assignments
    }

    /// Everything kept, for a checkpoint: each moment of each parameter as `mean/layers.0.weight`, and `step`. The buffers
    /// share the memory that training reads and writes.
    public var tensors: [(name: String, buffer: Buffer)] {
        groups.flatMap { group in
            zip(group.optimizer.momentNames, group.moments).flatMap { name, moment in
                group.arena.layout.map { (name: "\(name)/\($0.path)", buffer: group.arena.view($0, of: moment)) }
            }
        } + [(name: "step", buffer: step.buffer)]
    }
}
