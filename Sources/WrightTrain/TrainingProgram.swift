import WrightData
import WrightGraph
import WrightNN
import WrightRuntime

/// A model, its optimizer and its random numbers, with the compiled functions that change them: everything a step touches
/// lives here and is changed in place.
struct TrainingProgram: Sendable {
    let optimizer: OptimizerState
    let random: RandomState
    /// Weights and what modules keep beside them, by path.
    let weights: [(name: String, buffer: Buffer)]
    let trainableCount: Int
    let frozenCount: Int
    let backend: any Backend
    let options: CompileOptions
    let objective: @Sendable (BatchTensors) throws -> Objective
    /// Forward, backward, update.
    let step: BatchFunction
    /// Forward and backward; the gradients are kept.
    let accumulate: BatchFunction
    /// Forward, backward, update with the kept gradients as well.
    let apply: BatchFunction
    /// Where gradients are kept between the batches of one step; zero between steps.
    private let accumulators: [Variable]

    init(
        model: some Module, groups: [ParameterGroup], config: Trainer.Config, on backend: any Backend,
        objective: @escaping @Sendable (BatchTensors) throws -> Objective
    ) throws {
        let parameters = model.parameters
        optimizer = try OptimizerState(parameters, groups: groups)
        random = RandomState(seed: config.seed)
        weights = model.weights
        trainableCount = parameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.count : 0) }
        frozenCount = parameters.reduce(0) { $0 + ($1.parameter.isTrainable ? 0 : $1.parameter.count) }
        self.backend = backend
        self.objective = objective
        let options = CompileOptions(precision: config.precision)
        self.options = options
        let tracer = StepTracer(
            objective: objective, optimizer: optimizer, random: random, clipping: config.clipping,
            isAccumulating: config.accumulation > 1)
        func function(_ kind: StepTracer.Kind) -> BatchFunction {
            BatchFunction(on: backend, options, others: [TensorType([])]) {
                try tracer.trace(kind, $0, rateFactor: $1[0])
            }
        }
        accumulators = tracer.accumulators
        step = function(.step)
        accumulate = function(.accumulate)
        apply = function(.apply)
    }

    /// Everything that a run changes: what a snapshot must hold.
    var buffers: [Buffer] {
        weights.map(\.buffer) + optimizer.tensors.map(\.buffer) + [random.key.buffer]
    }

    /// Forgets the batches of a step that was not finished.
    func clearAccumulators() {
        for variable in accumulators {
            variable.buffer.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: variable.type.byteCount)
        }
    }

    /// Paths of parameters and states that hold numbers that are not finite.
    var nonFinite: [String] { weights.filter { !$0.buffer.isFinite }.map(\.name) }
}

/// Writes the graph of a step: its outputs are the loss, the measures and, when gradients are clipped, their norm before.
private struct StepTracer: Sendable {
    enum Kind: Sendable { case step, accumulate, apply }

    let objective: @Sendable (BatchTensors) throws -> Objective
    let optimizer: OptimizerState
    let random: RandomState
    let clipping: GradientClipping
    /// Sums of gradients times examples of the batches so far, one for each group, and those examples' number.
    private let sums: [Variable]
    private let examples: Variable

    init(
        objective: @escaping @Sendable (BatchTensors) throws -> Objective, optimizer: OptimizerState,
        random: RandomState, clipping: GradientClipping, isAccumulating: Bool
    ) {
        self.objective = objective
        self.optimizer = optimizer
        self.random = random
        self.clipping = clipping
        let groups = isAccumulating ? optimizer.groups : []
        sums = groups.map { $0.arena.sibling("\($0.name) gradient sum") }
        examples = Variable("accumulated examples", Buffer(zeros: TensorType([])))
    }

    var accumulators: [Variable] { sums + [examples] }

    func trace(_ kind: Kind, _ batch: BatchTensors, rateFactor: Tensor) throws -> Trace {
        let pass = Pass(isTraining: true, randomKey: Tensor(random.key))
        let objective = try pass { try self.objective(batch) }
        var gradients = try optimizer.gradients(of: objective.loss)
        var outputs = objective.values
        var assignments = pass.assignments + [random.advance]
        let count = Double(batch.count)
        switch kind {
        case .step: break
        case .accumulate:
            for (sum, gradient) in zip(sums, gradients) {
                assignments.append(Assignment(sum, Tensor(sum) + gradient * count))
            }
            assignments.append(Assignment(examples, Tensor(examples) + count))
            return Trace(outputs, assigning: assignments)
        case .apply:
            let total = Tensor(examples) + count
            gradients = zip(sums, gradients).map { (Tensor($0) + $1 * count) / total }
            for variable in sums + [examples] {
                let zero = Tensor.constant(0, variable.type.dtype)
                assignments.append(Assignment(variable, zero.broadcast(to: variable.type.shape)))
            }
        }
        if clipping != .none {
            let clipped = clipping(gradients)
            gradients = clipped.gradients
            outputs.append(clipped.norm)
        }
        assignments += optimizer.update(gradients, rateFactor: rateFactor)
        return Trace(outputs, assigning: assignments)
    }
}

extension Objective {
    /// The loss and the measures, as a compiled function gives them.
    var values: [Tensor] { ([loss] + measures.map(\.value)).map { $0.cast(to: .float32) } }

    /// Their names.
    var names: [String] { ["loss"] + measures.map(\.name) }
}
