import Foundation
import Testing

/// What a stranger reads first. `WRIGHT_RECORD=1` writes the texts anew; read the difference before committing it.
struct HelpTests {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static let commands = [
        "", "init", "config", "config check", "config show", "config schema", "data", "data check", "train", "tune",
        "evaluate", "predict", "explain", "compare",
        "generate", "tokenizer", "tokenizer train", "tokenizer encode",
        "tokenizer decode",
        "bench", "bench train", "bench predict", "bench attention", "bench tokenizer", "doctor",
    ]

    @Test("Help says what it said", arguments: commands, ["en", "zh"])
    func help(command: String, language: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let outcome = try WrightProcess.run(words + ["--help"], environment: ["WRIGHT_LANGUAGE": language])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let name = (["help"] + words).joined(separator: "-") + (language == "en" ? ".txt" : ".\(language).txt")
        let file = Self.golden.appending(path: name)
        if ProcessInfo.processInfo.environment["WRIGHT_RECORD"] != nil {
            try Data(outcome.output.utf8).write(to: file)
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(
            outcome.output == expected,
            "help changed; if it should, record it: WRIGHT_RECORD=1 ./test --filter HelpTests")
    }

    @Test("Every text of the Chinese help is Chinese", arguments: commands)
    func chinese(command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        // Two blanks and more stand between an argument and its text, also where the text starts on the next line.
        let help = try WrightProcess.run(words + ["--help", "--language", "zh"], environment: ["COLUMNS": "4000"])
        for entry in help.output.matches(of: /(?m)^  (-|<|[a-z]+  )[^\n]*(\n {26}[^\n]*)*/) {
            #expect(entry.0.contains(/\p{Han}/), "\(entry.0)")
        }
        #expect(!help.output.contains(/OVERVIEW|USAGE|OPTIONS|ARGUMENTS|SUBCOMMANDS|default|values:|See '/))
    }

    @Test("No line of help is wider than the terminal", arguments: commands)
    func width(command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try WrightProcess.run(words + ["--help"], environment: ["WRIGHT_LANGUAGE": "zh"])
        for line in help.output.split(separator: "\n") where line.contains(/\p{Han}/) {
            let cells = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
            // The list of augmentations is one word that nothing may part.
            #expect(cells <= 80 || line.contains("flip[=0.5]"), "\(line)")
        }
    }

    @Test(
        "The language is the flag's, else the environment's, else English",
        arguments: [
            ([:], [], false), (["LANG": "zh_CN.UTF-8"], [], true), (["LC_ALL": "C", "LANG": "zh_CN.UTF-8"], [], false),
            (["WRIGHT_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"], [], false),
            (["WRIGHT_LANGUAGE": "en"], ["--language", "zh"], true),
            (["WRIGHT_LANGUAGE": "zh"], ["--language=en"], false),
        ] as [([String: String], [String], Bool)])
    func language(environment: [String: String], flags: [String], isChinese: Bool) throws {
        let help = try WrightProcess.run(["doctor"] + flags + ["--help"], environment: environment)
        #expect(help.output.contains("选项：") == isChinese, "\(help.output)")
    }

    @Test("The version is a result, not a message")
    func version() throws {
        let outcome = try WrightProcess.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: ".").count == 3)
    }
}
