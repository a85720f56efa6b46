import WrightData
import WrightGraph
import WrightRuntime

/// Makes the steps of a program, of one batch or several, and adds up what they give. In steady state nothing is built or
/// looked up.
struct Stepper {
    private var step: BatchRunner
    private var accumulate: BatchRunner
    private var apply: BatchRunner
    private let isClipping: Bool
    /// The argument that a schedule sets; written in place before each step.
    private let rateFactor = Buffer(zeros: TensorType([]))
    /// Values times examples of this step.
    private var sums: [Double]
    private(set) var examples = 0
    private(set) var gradientNorm: Double?

    /// Which part of a step a batch is.
    enum Part { case whole, first, last }

    init(_ program: TrainingProgram, measures: Int, isClipping: Bool) {
        step = BatchRunner(program.step)
        accumulate = BatchRunner(program.accumulate)
        apply = BatchRunner(program.apply)
        self.isClipping = isClipping
        sums = Array(repeating: 0, count: measures)
    }

    mutating func begin(rateFactor factor: Double) {
        rateFactor.pointer.storeBytes(of: Float(factor), as: Float.self)
        for index in sums.indices { sums[index] = 0 }
        examples = 0
        gradientNorm = nil
    }

    mutating func run(_ part: Part, _ batch: Batch) throws {
        let outputs =
            switch part {
            case .whole: try step.run(batch.samples, [rateFactor])
            case .first: try accumulate.run(batch.samples, [rateFactor])
            case .last: try apply.run(batch.samples, [rateFactor])
            }
        let weight = Double(batch.count)
        for index in sums.indices { sums[index] += outputs[index].scalar * weight }
        examples += batch.count
        if isClipping, part != .first { gradientNorm = outputs[sums.count].scalar }
    }

    /// The mean over the step's examples.
    var loss: Double { sums[0] / Double(examples) }

    func add(to means: inout RunningMeans) { means.add(sums, weight: Double(examples)) }
}
