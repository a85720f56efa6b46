import Wright

/// The argument parser's own words in Chinese. It has no other way to say them: its texts are fixed.
enum ParserWords {
    /// A line of help, or of what follows a complaint.
    static func chinese(_ line: String) -> String {
        var line = line
        for (english, chinese) in openings where line.hasPrefix(english) {
            line = chinese + line.dropFirst(english.count)
        }
        // The title of a group of flags.
        if line.last == ":", line.first?.isWide == true { line = line.dropLast() + "：" }
        for (english, chinese) in sentences where line.hasSuffix("  " + english) {
            line = line.dropLast(english.count) + chinese
        }
        if let match = line.firstMatch(of: #/^  See '(.+)' for (detailed help|more information)\.$/#) {
            line = "  详见 '\(match.1)'。"
        }
        if let match = line.firstMatch(of: #/ ?\((values|default|default as flag): (.+)\)$/#) {
            let values = match.2.replacing("; default as flag: ", with: "；不带值时：")
                .replacing("; default: ", with: "；默认：").replacing(", ", with: "、")
            let name = match.1 == "values" ? "可选" : match.1 == "default" ? "默认" : "不带值时"
            line.replaceSubrange(match.range, with: "（\(name)：\(values)）")
        }
        return line
    }

    private static let openings = [
        ("OVERVIEW: ", ""), ("USAGE: ", "用法："), ("Usage: ", "用法："), ("Help:  ", "说明："), ("ARGUMENTS:", "参数："),
        ("OPTIONS:", "选项："), ("SUBCOMMANDS:", "子命令："),
    ]
    private static let sentences = [
        ("Show the version.", "显示版本。"), ("Show help information.", "显示帮助。"),
        ("Show subcommand help information.", "显示子命令的帮助。"),
    ]
}
