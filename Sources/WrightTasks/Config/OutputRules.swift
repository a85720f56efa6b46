import WrightRuntime

extension TaskConfig {
    /// Outputs that do not go with the inputs: what is wrong with each, and the setting to change.
    var misplacedOutputs: [(setting: String, text: String)] {
        var found: [(setting: String, text: String)] = []
        for output in outputs {
            let same = inputs.first { $0.name == output.name }
            switch output.settings {
            case is SequenceOutput.Settings:
                if !inputs.contains(where: { $0.settings is SequenceInput.Settings }) {
                    found.append(("outputs", "\(output.name.readable) is a sequence, and no input is one"))
                }
                if let same, (same.settings as? SequenceInput.Settings)?.shift ?? 0 == 0 {
                    found.append(
                        (
                            "outputs",
                            "\(output.name.readable) is an input too; with 'shift: 1' there a step knows what came before it"
                        ))
                }
            case is ForecastOutput.Settings:
                if !(same?.settings is SeriesInput.Settings) {
                    found.append(
                        ("outputs", "\(output.name.readable) can be forecast when it is an input of type series too"))
                }
                if split.kind != .time {
                    found.append(("split", "a forecast needs the kind time and the column of time"))
                }
            default:
                if same != nil {
                    found.append(("outputs", "\(output.name.readable) is an input too; the answer cannot be given"))
                }
            }
        }
        let hasSeries = inputs.contains { $0.settings is SeriesInput.Settings }
        if hasSeries != outputs.contains(where: { $0.settings is ForecastOutput.Settings }) {
            found.append(("inputs", "inputs of type series and outputs of type forecast go together"))
        }
        return found
    }
}
