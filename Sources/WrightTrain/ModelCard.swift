import WrightData
import WrightGraph
import WrightRuntime

extension ModelFolder {
    /// The card: what the model is, reads, says and is worth, in Markdown with the head that model hubs read.
    func card(parameterCount: Int) -> String {
        var lines = [
            "---", "library_name: wright", "pipeline_tag: \(pipelineTag)", "tags: [wright]", "---", "", "# \(name)", "",
            "A model for \(task), trained with Wright. It has \(parameterCount.grouped) numbers.", "",
            "## What it reads", "",
            "- input: \(input.dtype.rawValue), shape \(input.shape), before the axis that counts examples",
        ]
        if let normalisation {
            lines.append("- pixels from 0 to 1, less \(normalisation.means), divided by \(normalisation.deviations)")
        }
        if input.shape.count == 3 { lines.append("- images of other sizes are resized (\(resampling.rawValue))") }
        if let labels {
            lines += ["", "## What it answers", "", "One of \(labels.count) classes:", ""]
            lines += labels.names.enumerated().map { "\($0.offset). \($0.element)" }
        }
        if let evaluation {
            lines += [
                "", "## What it is worth", "", "On \(evaluation.examples.grouped) examples:", "", "| metric | value |",
            ]
            lines += ["| --- | --- |"] + evaluation.values.map { "| \($0.name) | \($0.value.short) |" }
        }
        if !notes.isEmpty { lines += ["", "## Notes", ""] + notes.map { "- \($0)" } }
        lines += [
            "", "## Files", "",
            "`config.json` describes the model, `model.safetensors` holds its weights. Reading them runs no code.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var pipelineTag: String {
        task == "classification" && input.shape.count == 3 ? "image-classification" : task
    }
}
