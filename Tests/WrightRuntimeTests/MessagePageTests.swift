import Foundation
import Testing

@testable import WrightRuntime

/// The page that a code is looked up on. `WRIGHT_RECORD=1` writes it anew; read the difference before committing it.
struct MessagePageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let page = root.appending(path: "docs/messages.md")

    @Test("docs/messages.md lists every code with when it is said, its texts in both languages and what to do")
    func page() throws {
        let written = try Self.written()
        if ProcessInfo.processInfo.environment["WRIGHT_RECORD"] != nil {
            try Data(written.utf8).write(to: Self.page)
        }
        #expect(
            try String(contentsOf: Self.page, encoding: .utf8) == written,
            "codes changed; if they should, record the page: WRIGHT_RECORD=1 ./test --filter MessagePageTests")
        for code in MessageCode.allCases {
            #expect(written.contains("| \(code.text) | "), "\(code) has no line that says when it comes")
        }
    }

    /// Areas and moments are the comments of the list of codes; texts are the catalogue's.
    private static func written() throws -> String {
        let list = root.appending(path: "Sources/WrightRuntime/Messages/MessageCode.swift")
        var page = """
            # Messages

            What Wright says when something is wrong, in English and in Chinese (`WRIGHT_LANGUAGE=zh`, or a locale that is
            Chinese). A code never changes its meaning and is never used again. Names in braces stand for what the message is
            about.

            """
        var moment = ""
        for line in try String(contentsOf: list, encoding: .utf8).split(separator: "\n") {
            let line = line.trimmingCharacters(in: .whitespaces)
            if let area = line.firstMatch(of: #/^// MARK: (.+)$/#) {
                page +=
                    "\n## \(area.1)\n\n| code | when | English | 中文 | what to do | 处理办法 |\n|---|---|---|---|---|---|\n"
            } else if let text = line.firstMatch(of: #/^/// (.+)$/#) {
                moment += (moment.isEmpty ? "" : " ") + text.1
            } else {
                if let number = line.firstMatch(of: #/^case \w+ = (\d+)$/#),
                    let code = Int(number.1).flatMap(MessageCode.init)
                {
                    page += row(code, moment)
                }
                moment = ""
            }
        }
        return page
    }

    private static func row(_ code: MessageCode, _ moment: String) -> String {
        let pattern = code.pattern
        let cells = [
            code.text, moment, pattern.text.english, pattern.text.chinese, pattern.remedy.english,
            pattern.remedy.chinese,
        ]
        return "| "
            + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ")
            + " |\n"
    }
}
