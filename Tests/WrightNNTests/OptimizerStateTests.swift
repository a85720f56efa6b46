import Testing
import WrightGraph
import WrightNN
import WrightRuntime

@Suite("Optimizer state")
struct OptimizerStateTests {
    let weight = Parameter(Buffer([1, 2] as [Float], shape: [1, 2]))
    let bias = Parameter(Buffer([3] as [Float]))
    let frozen = Parameter(Buffer([4] as [Float]), isTrainable: false)

    private var all: [(path: String, parameter: Parameter)] {
        [("weight", weight), ("bias", bias), ("frozen", frozen)]
    }

    private var loss: Tensor { weight.value.squared().sum() + bias.value.sum() + frozen.value.sum() }

    private func run(_ state: OptimizerState, steps: Int) throws {
        let step = CompiledFunction(on: Interpreter()) { _ in
            Trace([loss], assigning: state.update(try state.gradients(of: loss)))
        }
        for _ in 0..<steps { _ = try step([]) }
    }

    /// Catches a group that updates what is not its own, a rate that is not the group's, a frozen parameter that moves.
    @Test func eachGroupUpdatesItsOwn() throws {
        let state = try OptimizerState(
            all, groups: ParameterGroup.separating(weights: SGD(learningRate: 0.25), rest: SGD(learningRate: 1)))
        try run(state, steps: 2)
        #expect(weight.buffer.array(of: Float.self) == [0.25, 0.5])
        #expect(bias.buffer.array(of: Float.self) == [1])
        #expect(frozen.buffer.array(of: Float.self) == [4])
        #expect(state.step.buffer.array(of: Int32.self) == [2])
    }

    @Test func refusesWhatCannotBeTrained() throws {
        #expect(throws: ParameterGroupError.inNoGroup(paths: ["bias"], groups: ["weights"])) {
            try OptimizerState(all, groups: [ParameterGroup("weights", optimizer: SGD()) { $1.shape.count == 2 }])
        }
        #expect(throws: ParameterGroupError.nothingToTrain) {
            try OptimizerState([("frozen", frozen)], groups: [ParameterGroup(optimizer: SGD())])
        }
        let state = try OptimizerState(all, groups: [ParameterGroup(optimizer: SGD())])
        #expect(throws: ParameterGroupError.unreached(paths: ["bias"])) {
            try state.gradients(of: weight.value.sum())
        }
    }

    /// Catches a checkpoint that would miss a moment or name it wrongly.
    @Test func namesEverythingACheckpointNeeds() throws {
        let state = try OptimizerState(all, groups: [ParameterGroup(optimizer: Adam())])
        #expect(
            state.tensors.map(\.name) == ["mean/weight", "mean/bias", "variance/weight", "variance/bias", "step"])
        try run(state, steps: 1)
        let values = state.tensors[1].buffer.array(of: Float.self)
        #expect(abs(values[0] - 0.1) < 1e-7)
    }

    @Test func clipsByTheNormOfAllGroupsTogether() throws {
        let gradients = [Tensor([3] as [Float]), Tensor([0, 4] as [Float])]
        let (clipped, norm) = GradientClipping.norm(1)(gradients)
        #expect(try norm.evaluate(on: Interpreter()).array(of: Float.self) == [5])
        let second = try clipped[1].evaluate(on: Interpreter()).array(of: Float.self)
        #expect(second[0] == 0 && abs(second[1] - 0.8) < 1e-6)
        let held = GradientClipping.value(2)(gradients).gradients
        #expect(try held[0].evaluate(on: Interpreter()).array(of: Float.self) == [2])
    }
}
