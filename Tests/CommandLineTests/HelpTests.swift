import Foundation
import Testing

/// What a stranger reads first. `WRIGHT_RECORD=1` writes the texts anew; read the difference before committing it.
struct HelpTests {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test(
        "Help says what it said",
        arguments: [
            "", "init", "config", "config check", "config show", "config schema", "data", "data check", "train", "tune",
            "evaluate", "predict", "explain", "compare",
            "generate", "tokenizer", "tokenizer train", "tokenizer encode",
            "tokenizer decode",
            "bench", "bench train", "bench predict", "bench attention", "bench tokenizer", "doctor",
        ])
    func help(command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let outcome = try WrightProcess.run(words + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let name = (["help"] + words).joined(separator: "-") + ".txt"
        let file = Self.golden.appending(path: name)
        if ProcessInfo.processInfo.environment["WRIGHT_RECORD"] != nil {
            try Data(outcome.output.utf8).write(to: file)
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(
            outcome.output == expected,
            "help changed; if it should, record it: WRIGHT_RECORD=1 ./test --filter HelpTests")
    }

    @Test("The version is a result, not a message")
    func version() throws {
        let outcome = try WrightProcess.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: ".").count == 3)
    }
}
