import Wright
import WrightTasks

/// What a data check found, for people.
enum DataFindings {
    /// Rows and files that are named.
    private static let shown = 10

    static func text(_ report: DataReport, _ name: String) -> String {
        var lines = [
            "\(name): "
                + report.parts.map {
                    report.parts.count == 1 ? $0.rows.counted("row") : "\($0.rows.counted("row")) in \($0.name)"
                }.joined(separator: ", ") + ", \(report.columns.counted("column"))"
        ]
        lines.append(
            report.findings.isEmpty
                ? "Nothing was found."
                : "\(report.count(.error)) serious, \(report.count(.warning).counted("warning")), "
                    + report.count(.note).counted("note"))
        for finding in report.findings {
            lines += [
                "", "\(word(finding.severity))  \(finding.kind.rawValue.replacing("_", with: " "))",
                "  \(finding.text)",
            ]
            let names = finding.lines.isEmpty ? finding.paths : finding.lines.map(String.init)
            if !names.isEmpty {
                let more = finding.count > Self.shown ? " …" : ""
                let share = finding.share.map { ", \($0.percent($0 < 0.01 ? 2 : 1))" } ?? ""
                let word = finding.lines.isEmpty ? "file" : "line"
                lines.append(
                    "  \(word)\(finding.count == 1 ? "" : "s") \(names.prefix(Self.shown).joined(separator: ", "))\(more)"
                        + share)
            }
            lines.append("  → \(finding.advice)")
        }
        lines += report.limits.map { "\nnote: \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func word(_ severity: DataFinding.Severity) -> String {
        switch severity {
        case .error: "serious"
        case .warning: "warning"
        case .note: "note   "
        }
    }
}
