import Foundation
import Testing
import Wright

/// What people type wrong, and what is wrong with their files: clear words, the right status, nothing lost.
struct WrongInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var arguments: [String]
        var status: Int32
        var says: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let typed: [Case] = [
        Case(arguments: ["trian", "x"], status: 2, says: "Did you mean 'train'?"),
        Case(arguments: ["train"], status: 2, says: "<data>"),
        Case(arguments: ["train", "fashion-mnist"], status: 2, says: "--output"),
        Case(arguments: ["train", "run.yaml", "--outptu", "x"], status: 2, says: "Did you mean '--output'?"),
        Case(arguments: ["train", "x", "-o", "m", "--folds", "1"], status: 2, says: "--folds must be at least 2"),
        Case(arguments: ["train", "fashion-mnist", "-o", "m", "--folds", "3"], status: 2, says: "task files"),
        Case(arguments: ["train", "x", "-o", "m", "--epoch", "3"], status: 2, says: "--epochs"),
        Case(arguments: ["train", "x", "-o", "m", "--model", "convnt"], status: 2, says: "Did you mean 'convnet'?"),
        Case(arguments: ["train", "x", "-o", "m", "--set", "dropuot=1"], status: 2, says: "dropout"),
        Case(arguments: ["train", "x", "-o", "m", "--augment", "flop"], status: 2, says: "flip"),
        Case(arguments: ["train", "x", "-o", "m", "--max-time", "soon"], status: 2, says: "90s"),
        Case(arguments: ["train", "x", "-o", "m", "-b", "0"], status: 2, says: "--batch-size must be from 1"),
        Case(arguments: ["train", "x", "-o", "m", "--lr", "-1"], status: 2, says: "--lr"),
        Case(arguments: ["train", "fashion-mnst", "-o", "m"], status: 3, says: "Did you mean 'fashion-mnist'?"),
        Case(arguments: ["evaluate", "no-such-model", "--data", "x"], status: 2, says: "there is no such model"),
        Case(arguments: ["predict", "no-such-model", "x.png"], status: 2, says: "there is no such model"),
        Case(arguments: ["train", "x.csv", "--text", "t", "-o", "m"], status: 2, says: "--target"),
        Case(
            arguments: ["train", "x.txt", "-o", "m", "--model", "convnet"], status: 2,
            says: "no model 'convnet' for texts"),
        Case(
            arguments: ["train", "x.csv", "--text", "t", "--target", "l", "-o", "m", "--model", "text-cn"], status: 2,
            says: "Did you mean 'text-cnn'?"),
        Case(arguments: ["generate", "no-such-model", "--prompt", "a"], status: 2, says: "no language model"),
        Case(arguments: ["generate", "m", "--prompt", "a", "--beams", "0"], status: 2, says: "from 1 to 1024"),
        Case(
            arguments: ["generate", "m", "--prompt", "a", "--beams", "2", "--seed", "1"], status: 2,
            says: "--seed is for draws"),
        Case(arguments: ["generate", "m", "--prompt", "a", "--top-p", "2"], status: 2, says: "top-p must be above 0"),
        Case(arguments: ["predict", "m"], status: 2, says: "--text"),
        Case(arguments: ["init", "no-such.csv", "--target", "y"], status: 3, says: "no such file"),
        Case(arguments: ["train", "no-such.yaml", "-o", "m"], status: 3, says: "wright init"),
        Case(arguments: ["train", "x.yaml", "-o", "m", "--model", "mlp"], status: 2, says: "not for task files"),
        Case(arguments: ["train", "x.yaml", "-o", "m", "--optimizer", "adam"], status: 2, says: "learn with AdamW"),
        Case(arguments: ["train", "x.yaml", "-o", "m", "--schedule", "linear"], status: 2, says: "along a cosine"),
        Case(
            arguments: ["train", "x.yaml", "-o", "m", "--label-smoothing", "0"], status: 2,
            says: "--set outputs.NAME.label_smoothing"),
        Case(arguments: ["train", "x.yaml", "-o", "m", "--validation", "test"], status: 2, says: "split.column"),
        Case(arguments: ["train", "x.yaml", "-o", "m", "--precision", "bfloat16"], status: 2, says: "float32"),
        Case(arguments: ["predict", "m", "--data", "x.csv"], status: 2, says: "no such model"),
        Case(arguments: ["config", "check", "no-such.yaml"], status: 3, says: "no such file"),
        Case(arguments: ["data", "check", "no-such.csv"], status: 3, says: "no such file"),
        Case(arguments: ["data", "check", "x.csv", "--encoding", "gb"], status: 2, says: "gb18030"),
        Case(arguments: ["data", "check", "x.yaml", "--target", "y"], status: 2, says: "says itself"),
        Case(arguments: ["bench", "train", "mlp"], status: 2, says: "mlp1"),
        Case(arguments: ["doctor", "--jsn"], status: 2, says: "--json"),
    ]

    @Test("Typing mistakes", arguments: typed)
    func typingMistake(_ mistake: Case) throws {
        let outcome = try WrightProcess.run(mistake.arguments)
        #expect(outcome.status == mistake.status)
        #expect(outcome.output.isEmpty, "errors belong on standard error")
        #expect(outcome.errors.contains(mistake.says), "\(outcome.errors)")
    }

    @Test("A truncated or corrupt IDX file is named", arguments: ["half", "empty", "noise"])
    func corruptIDX(kind: String) throws {
        let data = try SmallDataSet()
        let path = "\(data.folder)/train-images-idx3-ubyte.gz"
        let whole = try Data(contentsOf: URL(filePath: path))
        let broken: Data =
            switch kind {
            case "half": whole.prefix(whole.count / 2)
            case "empty": Data()
            default: Data((0..<500).map { UInt8(truncatingIfNeeded: $0 &* 193 &+ 7) })
            }
        try broken.write(to: URL(filePath: path))
        let outcome = try WrightProcess.run(["train", data.folder, "--model", "mlp", "-o", data.scratch.path("m")])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("train-images-idx3-ubyte.gz"), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: data.scratch.path("m")), "nothing may be left behind")
    }

    @Test("Images of another size than the model's")
    func wrongShape() throws {
        let (small, large) = (try SmallDataSet(), try SmallDataSet(side: 12))
        let outcome = try WrightProcess.run(["evaluate", try small.model(), "--data", large.folder])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("8 × 8 × 1") && outcome.errors.contains("12 × 12 × 1"), "\(outcome.errors)")
    }

    @Test("Files that are no images are named, and the others are classified")
    func brokenImages() throws {
        let data = try SmallDataSet()
        let model = try data.model()
        try data.scratch.write("hello", to: "text.png")
        try data.scratch.write("", to: "empty.png")
        let files = ["text.png", "empty.png", "missing.png", "one.png"].map(data.scratch.path)
        let outcome = try WrightProcess.run(["predict", model] + files)
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("one.png"))
        for file in files.dropLast() { #expect(outcome.errors.contains(file)) }
    }

    @Test("A folder that cannot be written is found out before training")
    func unwritableOutput() throws {
        let data = try SmallDataSet()
        try data.scratch.write("a file", to: "taken")
        let outcome = try WrightProcess.run(
            ["train", data.folder, "--model", "mlp", "-o", data.scratch.path("taken/inside")])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--output"), "\(outcome.errors)")
    }

    @Test("A model is not overwritten unless that is asked for")
    func existingModel() throws {
        let data = try SmallDataSet()
        let model = try data.model()
        let again = ["train", data.folder, "--model", "mlp", "--steps", "2", "-q", "-o", model]
        let refused = try WrightProcess.run(again)
        #expect(refused.status == 2)
        #expect(refused.errors.contains("--overwrite"))
        #expect(try WrightProcess.run(again + ["--overwrite"]).status == 0)
    }

    @Test("A model folder that was damaged is refused in words", arguments: ["config.json", "model.safetensors"])
    func damagedModel(file: String) throws {
        let data = try SmallDataSet()
        let model = try data.model()
        let path = URL(filePath: "\(model)/\(file)")
        try Data(contentsOf: path).prefix(100).write(to: path)
        let outcome = try WrightProcess.run(["predict", model, data.scratch.path("one.png")])
        #expect([1, 2, 3].contains(outcome.status))
        #expect(outcome.errors.contains(file), "\(outcome.errors)")
    }

    @Test("A table needs to know its target")
    func tableTarget() throws {
        let scratch = try Scratch()
        try scratch.write("size,kind\n1,a\n2,b\n", to: "t.csv")
        let missing = try WrightProcess.run(["train", scratch.path("t.csv"), "-o", scratch.path("m")])
        #expect(missing.status == 2 && missing.errors.contains("size, kind"))
        let typo = try WrightProcess.run(["train", scratch.path("t.csv"), "--target", "knd", "-o", scratch.path("m")])
        #expect(typo.status == 2 && typo.errors.contains("Did you mean 'kind'?"), "\(typo.errors)")
    }
}
