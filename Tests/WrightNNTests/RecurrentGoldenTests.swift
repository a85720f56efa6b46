import Testing
import WrightGraph
import WrightNN
import WrightRuntime
import WrightTesting

/// Recurrent layers against PyTorch: outputs, final states and all gradients, stacked, in both directions, with lengths and
/// with given states.
@Suite("Recurrent layers equal PyTorch's")
struct RecurrentGoldenTests {
    /// Catches a gate out of place, a reversed layer that starts at the padding, a state that padding changes.
    @Test(arguments: GoldenFiles.cases("recurrent"), TestedBackend.allCases)
    func equalsPyTorch(_ golden: GoldenCase, _ tested: TestedBackend) throws {
        let setting = golden.config
        let config = RecurrentConfig(
            inputs: setting["inputs"]!.integer!, hidden: setting["hidden"]!.integer!,
            layers: setting["layers"]!.integer!, isBidirectional: setting["bidirectional"]!.bool!,
            hasBias: setting["bias"]!.bool!)
        var source = ParameterSource(seed: 1)
        switch golden.kind {
        case "LSTM":
            let layer = LSTM(config, from: &source)
            try expectEqual(layer, golden, tested) { layer($0, lengths: $1, state: $2) }
        case "GRU":
            let layer = GRU(config, from: &source)
            try expectEqual(layer, golden, tested) { layer($0, lengths: $1, state: $2) }
        default:
            let kind = try #require(setting["nonlinearity"]?.string.flatMap(RNN.Nonlinearity.init))
            let layer = RNN(config, nonlinearity: kind, from: &source)
            try expectEqual(layer, golden, tested) { layer($0, lengths: $1, state: $2) }
        }
    }

    private func expectEqual(
        _ layer: some Module, _ golden: GoldenCase, _ tested: TestedBackend,
        _ run: (Tensor, Tensor?, RecurrentState?) -> RecurrentResult
    ) throws {
        let failures = try golden.failures(on: tested.backend, module: layer) { values in
            func states(_ name: String) -> [Tensor] {
                guard let stacked = values[name] else { return [] }
                return (0..<stacked.shape[0]).map { stacked[$0] }
            }
            let state = RecurrentState(hidden: states("state"), cells: states("cell"))
            let result = run(values["x"]!, values["lengths"], state.hidden.isEmpty ? nil : state)
            let parts = [result.outputs] + result.state.hidden + result.state.cells
            return Tensor.concatenated(parts.map { $0.reshaped([$0.count]) })
        }
        #expect(failures == [])
    }
}
