import Wright
import WrightTasks

/// What a data check found, for people.
enum DataFindings {
    /// Rows and files that are named.
    private static let shown = 10

    static func text(_ report: DataReport, _ name: String) -> String {
        let spoken = Language.spoken
        let parts = report.parts.map { part in
            let rows = Phrase.counted(part.rows, "row", "行")
            return report.parts.count == 1
                ? rows : Phrase("\(rows.english) in \(part.name)", "\(part.name) \(rows.chinese)")
        }
        let columns = Phrase.counted(report.columns, "column", "列")
        var lines = [
            spoken(Phrase("\(name): ", "\(name)：") + (parts + [columns]).joined(Phrase(", ", "，"))),
            report.findings.isEmpty
                ? say("Nothing was found.", "没有发现问题。")
                : say(
                    "\(report.count(.error)) serious, \(report.count(.warning).counted("warning")), "
                        + report.count(.note).counted("note"),
                    "严重 \(report.count(.error)) 条，警告 \(report.count(.warning)) 条，提示 \(report.count(.note)) 条"),
        ]
        for finding in report.findings {
            let word = spoken(finding.severity.word)
            lines += [
                "", "\(word)\(String(repeating: " ", count: max(0, 7 - word.cells)))  \(spoken(finding.kind.name))",
                "  \(spoken(finding.phrase))",
            ]
            let names = finding.lines.isEmpty ? finding.paths : finding.lines.map(String.init)
            if !names.isEmpty {
                let more = finding.count > Self.shown ? " …" : ""
                let share = finding.share.map { $0.percent($0 < 0.01 ? 2 : 1) }
                let shown = names.prefix(Self.shown)
                let word = finding.lines.isEmpty ? "file" : "line"
                let places = say(
                    "\(word)\(finding.count == 1 ? "" : "s") \(shown.joined(separator: ", "))\(more)",
                    (finding.lines.isEmpty ? "文件：" : "行号：") + shown.joined(separator: "、") + more)
                lines.append("  \(places)\(share.map { say(", ", "，") + $0 } ?? "")")
            }
            lines.append("  → \(spoken(finding.advicePhrase))")
        }
        lines += report.limits.map { "\n" + spoken(.note($0)) }
        return lines.joined(separator: "\n")
    }
}
