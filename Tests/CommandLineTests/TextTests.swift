import Foundation
import Testing
import Wright

/// Texts, from a file to an answer.
struct TextTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func path(_ name: String) -> String { scratch.path(name) }

    private func write(_ text: String, to name: String) throws -> String {
        try scratch.write(text, to: name)
        return path(name)
    }

    /// What must be on a page, and nothing that is loaded.
    private func check(report: String, holds texts: [String]) throws {
        let page = try String(contentsOfFile: report, encoding: .utf8)
        for text in texts { #expect(page.contains(text), "\(text) is missing in \(report)") }
        #expect(!page.contains("http") && !page.contains("<script"))
    }

    private static let good = ["好", "wonderful", "a joy 😀"]
    private static let bad = ["差", "dreadful", "a bore"]

    /// Reviews that one word decides, with rows that cannot be used.
    private var reviews: String {
        let rows = (0..<120).map { row in
            let word = (row % 2 == 0 ? Self.good : Self.bad)[row / 2 % 3]
            return "\"film \(row % 7), it was \(word) \(row % 5)\",\(row % 2 == 0 ? "good" : "bad")"
        }
        return "review,stars\n" + rows.joined(separator: "\n") + "\n,good\nno label,\n"
    }

    @Test("Train on texts, evaluate, predict; what cannot be used is counted")
    func classification() throws {
        let data = try write(reviews, to: "reviews.csv")
        let model = path("model")
        let trained = try WrightProcess.run([
            "train", data, "--text", "review", "--target", "stars", "-o", model, "--epochs", "12", "-b", "16", "--lr",
            "0.01",
            "--set", "embedding=16", "--set", "filters=8", "--json",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("dropped 2") && trained.errors.contains("padding"))
        let mistaken = try write("review,stars\n\"it was wonderful\",bad\n\"it was a bore\",bad\n", to: "mistaken.csv")
        let page = path("reviews.html")
        let reported = try WrightProcess.run([
            "evaluate", model, "--data", mistaken, "--report", page, "--language", "zh",
        ])
        #expect(reported.status == 0, "\(reported.errors)")
        try check(report: page, holds: ["混淆矩阵", "it was wonderful", "mistaken.csv:2", "准确率", "50.0%"])
        let evaluated = try WrightProcess.run(["evaluate", model, "--data", data, "--json"])
        let values = try JSON(parsing: evaluated.output, file: "output")["values"]
        #expect(try #require(values?["accuracy"]?.double) > 0.95, "\(evaluated.errors)")
        let long = String(repeating: "long ", count: 20_000) + "dreadful"
        let predicted = try WrightProcess.run([
            "predict", model, "--text", "it was wonderful", "--text", "it was dreadful", "--text", "", "--text", long,
            "--json",
        ])
        #expect(predicted.status == 0, "\(predicted.errors)")
        let answers = try JSON(parsing: predicted.output, file: "output").array ?? []
        #expect(answers.count == 4)
        #expect(answers.prefix(2).map { $0["classes"]?.array?.first?["label"]?.string } == ["good", "bad"])
        let wrong = try WrightProcess.run(["train", data, "--text", "reviw", "--target", "stars", "-o", path("other")])
        #expect(
            wrong.status == 3 && wrong.errors.contains("reviw") && wrong.errors.contains("review"), "\(wrong.errors)")
    }

    /// Catches a translator that is saved or loaded wrong, lines that lose their places, and scores of other texts.
    @Test("Train a translator, evaluate it, translate files and texts")
    func translation() throws {
        let words = [("one", "一"), ("two", "二"), ("three", "三"), ("red", "红"), ("car", "车")]
        let pairs = (0..<125).map { row in [row / 25, row / 5 % 5, row % 5].map { words[$0] } }
        let source = try write(
            pairs.map { $0.map(\.0).joined(separator: " ") }.joined(separator: "\n") + "\n", to: "en.txt")
        let target = try write(
            pairs.map { $0.reversed().map(\.1).joined() }.joined(separator: "\n") + "\n", to: "zh.txt")
        let model = path("translator")
        let small = ["dimension=32", "heads=2", "hidden=64", "layers=1", "dropout=0"].flatMap { ["--set", $0] }
        let trained = try WrightProcess.run(
            ["train", source, "--into", target, "-o", model, "--epochs", "40", "-b", "16", "--lr", "0.005", "--json"]
                + ["--tokenizer", "character", "--max-length", "24", "--validation", "0"] + small)
        #expect(trained.status == 0 && trained.errors.contains("padding"), "\(trained.errors)")
        let page = path("translator.html")
        let evaluated = try WrightProcess.run([
            "evaluate", model, "--data", source, "--into", target, "--json", "--report", page,
        ])
        let values = try JSON(parsing: evaluated.output, file: "output")["values"]
        for name in ["rougeL", "exact_match", "token_f1"] {
            #expect(try #require(values?[name]?.double) > 0.9, "\(name): \(evaluated.output)")
        }
        try check(report: page, holds: ["BLEU", "chrF", "Curves"])
        #expect(try #require(values?["chrf"]?.double) > 95, "\(evaluated.output)\(evaluated.errors)")
        let lines = try write("two red car\n\ncar one three\n", to: "lines.txt")
        let written = path("lines.zh.txt")
        let predicted = try WrightProcess.run(["predict", model, lines, "--text", "red red one", "-o", written])
        #expect(predicted.status == 0, "\(predicted.errors)")
        #expect(try String(contentsOfFile: written, encoding: .utf8) == "车红二\n\n三一车\n一红红\n")
        let missing = try WrightProcess.run(["train", source, "--task", "translation", "-o", path("other")])
        #expect(missing.status == 2 && missing.errors.contains("--into"), "\(missing.errors)")
        let uneven = try WrightProcess.run(["train", source, "--into", lines, "-o", path("other")])
        #expect(uneven.status == 3 && uneven.errors.contains("lines.txt"), "\(uneven.errors)")
        let asked = try WrightProcess.run(["generate", model, "--prompt", "one"])
        #expect(asked.status == 2 && asked.errors.contains("predict"), "\(asked.errors)")
    }

    /// As Chinese programs write it; only the characters of the test are known here.
    private func gb18030(of text: String) -> Data {
        let pairs: [Character: [UInt8]] = [
            "天": [0xCC, 0xEC], "地": [0xB5, 0xD8], "玄": [0xD0, 0xFE], "黄": [0xBB, 0xC6],
        ]
        return Data(text.flatMap { pairs[$0] ?? Array(String($0).utf8) })
    }

    @Test("A language model learns a text by heart and goes on with it")
    func languageModel() throws {
        let text = String(repeating: "天地玄黄 abc def.\n", count: 150)
        let data = try write(text, to: "poem.txt")
        let model = path("poet")
        let trained = try WrightProcess.run([
            "train", data, "-o", model, "--context", "32", "--epochs", "8", "-b", "8", "--lr", "0.003", "--json",
            "--set", "layers=2", "--set", "dimension=32", "--set", "heads=2", "--set", "keyHeads=2", "--set",
            "hidden=64",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        let arguments = ["generate", model, "--prompt", "天地", "--tokens", "40", "--temperature", "0"]
        let made = try WrightProcess.run(arguments)
        #expect(made.output.hasPrefix("天地玄黄 abc def.\n天地玄黄 abc"), "\(made.output) \(made.errors)")
        let stopped = try WrightProcess.run(arguments + ["--stop", "de", "--json"])
        let result = try JSON(parsing: stopped.output, file: "output")["results"]?.array?.first
        #expect(result?["text"]?.string == "玄黄 abc " && result?["end"]?.string == "stop")
        let searched = try WrightProcess.run([
            "generate", model, "--prompt", "天地", "--prompt", "天地玄黄 abc", "--tokens", "20", "--beams", "3", "--json",
        ])
        let found = try JSON(parsing: searched.output, file: "output")["results"]?.array ?? []
        #expect(
            found.map { $0["text"]?.string } == ["玄黄 abc def.\n天地玄黄 abc", " def.\n天地玄黄 abc def.\n"],
            "\(searched.output) \(searched.errors)")
        // The context of 32 tokens bounds a search.
        let long = try WrightProcess.run(["generate", model, "--prompt", "天地", "--tokens", "50", "--beams", "2"])
        #expect(long.status == 0 && long.errors.contains("32 tokens"), "\(long.errors)")
        let page = path("poet.html")
        let encoded = path("poem-gbk.txt")
        try gb18030(of: text).write(to: URL(filePath: encoded))
        let guessed = try WrightProcess.run(["evaluate", model, "--data", encoded])
        #expect(guessed.status == 0 && guessed.errors.contains("read as gb18030"), "\(guessed.errors)")
        let evaluated = try WrightProcess.run([
            "evaluate", model, "--data", encoded, "--encoding", "gb18030", "--json", "--report", page,
        ])
        try check(report: page, holds: ["perplexity", "bits per byte", "150 texts"])
        let values = try JSON(parsing: evaluated.output, file: "output")["values"]
        #expect(try #require(values?["bits_per_character"]?.double) < 0.5, "\(evaluated.errors)")
        #expect(!made.errors.contains("unknown"))
        let strange = try WrightProcess.run(["generate", model, "--prompt", "天Ω", "--tokens", "1"])
        #expect(strange.status == 0 && strange.errors.contains("1 of the 2 tokens"), "\(strange.errors)")
        let wrong = try WrightProcess.run(["predict", model, "--text", "x"])
        #expect(wrong.status == 2 && wrong.errors.contains("wright generate"))
    }

    @Test(
        "Files without anything to learn are named, and leave no folder behind",
        arguments: [
            ("a.txt", ""), ("a.txt", "short"), ("a.csv", "text,label\n"), ("a.csv", "text,label\na,1\nb,1\n"),
            ("a.jsonl", ""),
        ])
    func nothingToLearn(name: String, content: String) throws {
        let data = try write(content, to: name)
        let arguments = name.hasSuffix("txt") ? [] : ["--text", "text", "--target", "label"]
        let outcome = try WrightProcess.run(["train", data, "-o", path("none")] + arguments)
        #expect(outcome.status == 3 && outcome.errors.contains(name), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("none")))
    }

    @Test("Training on texts that was interrupted ends with the bits of training that was not")
    func resumes() throws {
        let data = try write(reviews, to: "reviews.csv")
        func arguments(_ model: String) -> [String] {
            [
                "train", data, "--text", "review", "--target", "stars", "-o", path(model), "-b", "8", "--set",
                "embedding=8",
                "--set", "filters=4",
            ]
        }
        let stopped = try WrightProcess.run(arguments("one") + ["--epochs", "100000"], interruptAfter: "epoch 2")
        #expect(stopped.status == 130, "\(stopped.errors)")
        let steps = try #require(stopped.errors.firstMatch(of: /after step (\d+)/).flatMap { Int($0.output.1) })
        let more = ["--epochs", "\(steps / 14 + 3)"]
        let resumed = try WrightProcess.run(arguments("one") + more + ["--resume", "auto"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        let whole = try WrightProcess.run(arguments("two") + more)
        #expect(whole.status == 0, "\(whole.errors)")
        func weights(_ model: String) throws -> Data {
            try Data(contentsOf: URL(filePath: path(model) + "/model.safetensors"))
        }
        #expect(try weights("one") == weights("two"))
    }
}
