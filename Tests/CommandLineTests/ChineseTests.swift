import Foundation
import Testing
import Wright

@testable import wright_cli

/// What the program says in Chinese where the environment or `--language` asks for it; files for programs never change.
struct ChineseTests {
    private static let chinese = ["LANG": "zh_CN.UTF-8"]

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

    @Test("Progress and results of a task")
    func task() throws {
        let scratch = try Scratch()
        let rows = (0..<200).map { "\($0 % 10),\($0 % 7),\($0 % 10 > 4 ? "a" : "b")\n" }.joined()
        try scratch.write("x,z,y\n" + rows + ",,\n", to: "t.csv")
        let (data, file, model) = (scratch.path("t.csv"), scratch.path("run.yaml"), scratch.path("m"))
        let written = try WrightProcess.run(["init", data, "--target", "y", "-o", file], environment: Self.chinese)
        #expect(written.status == 0 && lines(written.errors).allSatisfy { $0.contains(/\p{Han}/) }, "\(written.errors)")
        let comments = try String(contentsOfFile: file, encoding: .utf8).matches(of: /#.*/)
        #expect(comments.count > 5 && comments.allSatisfy { $0.0.contains(/\p{Han}/) })
        let trained = try WrightProcess.run(
            ["train", file, "-o", model, "--epochs", "2", "--folds", "2"], environment: Self.chinese)
        #expect(trained.status == 0)
        for line in lines(trained.errors) + lines(trained.output) {
            #expect(line.contains(/\p{Han}/) && !line.contains(/note:|epoch|warning|serious/), "\(line)")
        }
        for (words, count) in [
            (["evaluate", model, "--data", data, "--slices", "all"], 4), (["explain", model, "--data", data], 1),
            (["explain", model, "--data", data, "--row", "1", "--rows", "20"], 2), (["data", "check", data], 4),
            (["compare", model, model, "--data", data], 1), (["doctor"], 10),
        ] {
            let outcome = try WrightProcess.run(words, environment: Self.chinese)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(lines(outcome.output).count { $0.contains(/\p{Han}/) } >= count, "\(outcome.output)")
            #expect(
                !outcome.output.contains(/(?i)\b(rows|columns|examples|serious|better|parts|average)\b/),
                "\(outcome.output)")
        }
        let words = ["evaluate", model, "--data", data, "--json"]
        let chinese = try JSON(parsing: WrightProcess.run(words, environment: Self.chinese).output)
        let english = try JSON(parsing: WrightProcess.run(words).output)
        #expect(chinese == english, "what programs read is the same in every language")
    }

    @Test("Progress and results of other models")
    func network() throws {
        let data = try SmallDataSet()
        let model = data.scratch.path("m")
        let trained = try WrightProcess.run(
            ["train", data.folder, "--model", "mlp", "--epochs", "2", "-o", model], environment: Self.chinese)
        for line in lines(trained.errors) + lines(trained.output) {
            #expect(line.contains(/\p{Han}/) && !line.contains(/note:|epoch|trained/), "\(line)")
        }
        let page = data.scratch.path("r.html")
        let measured = try WrightProcess.run(
            ["evaluate", model, "--data", data.folder, "--report", page], environment: Self.chinese)
        #expect(measured.output.contains("准确率") && measured.output.contains("样本数"), "\(measured.output)")
        let text = try String(contentsOfFile: page, encoding: .utf8)
        #expect(text.contains("<html lang=\"zh\">") && text.contains("学习率"))
        #expect(!text.contains("learning rate") && !text.contains("Calibration error") && !text.contains("measured"))
    }

    @Test("Help is wrapped by the cells of a terminal, and no line starts with what ends a sentence")
    func layout() {
        let layout = HelpLayout(language: .chinese, width: 40)
        let text = "USAGE: wright\n\nOPTIONS:\n  --name <n>              " + String(repeating: "学习率的说明，", count: 6)
        let lines = layout(text).split(separator: "\n")
        #expect(lines.contains("选项：") && lines.allSatisfy { $0.cells <= 40 }, "\(lines)")
        #expect(lines.dropFirst(3).allSatisfy { $0.hasPrefix(String(repeating: " ", count: 26)) })
        #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("，") })
        #expect("学习 a".cells == 6 && "学习率".prefix(cells: 5) == "学习")
    }

    @Test("A table's columns stand below each other")
    func table() {
        #expect(Output.table([["训练集", "1"], ["a", "2"]]) == "训练集  1\na       2")
    }
}
