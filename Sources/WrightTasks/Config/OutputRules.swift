import WrightRuntime

extension TaskConfig {
    /// Outputs that do not go with the inputs: what is wrong with each, and the setting to change.
    var misplacedOutputs: [(setting: String, message: Message)] {
        var found: [(setting: String, message: Message)] = []
        for output in outputs {
            let same = inputs.first { $0.name == output.name }
            switch output.settings {
            case is SequenceOutput.Settings:
                if !inputs.contains(where: { $0.settings is SequenceInput.Settings }) {
                    found.append(("outputs", Message(.sequenceNeedsSequence, output.name.readable)))
                }
                if let same, (same.settings as? SequenceInput.Settings)?.shift ?? 0 == 0 {
                    found.append(("outputs", Message(.sequenceGivenAway, output.name.readable)))
                }
            case is ForecastOutput.Settings:
                if !(same?.settings is SeriesInput.Settings) {
                    found.append(
                        ("outputs", Message(.forecastNeedsSeries, output.name.readable)))
                }
                if split.kind != .time {
                    found.append(("split", Message(.forecastNeedsTime)))
                }
            default:
                if same != nil {
                    found.append(("outputs", Message(.answerGivenAway, output.name.readable)))
                }
            }
        }
        let hasSeries = inputs.contains { $0.settings is SeriesInput.Settings }
        if hasSeries != outputs.contains(where: { $0.settings is ForecastOutput.Settings }) {
            found.append(("inputs", Message(.seriesNeedsForecast)))
        }
        return found
    }
}
