import Wright
import WrightTasks

/// A finding of the data check as a line of a list.
struct FindingText {
    /// As `data_check.json` has it.
    var finding: JSON
    var say: Language

    var html: HTML {
        let severity = finding["severity"]?.string.flatMap(DataFinding.Severity.init)
        return """
            <li><b>\(severity.map { say($0.word) } ?? "")</b> \(text("text")) <span class="share">\(text("advice"))</span></li>
            """
    }

    /// Folders of older versions hold English only.
    private func text(_ name: String) -> String {
        let english = finding[name]?.string ?? ""
        return say(Phrase(english, finding["\(name)_zh"]?.string ?? english))
    }
}
