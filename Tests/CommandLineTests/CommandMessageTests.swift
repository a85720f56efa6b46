import Foundation
import Testing
import Wright

/// Every code of the command line (WR-4001 to WR-4999) and of its models of texts (WR-3112 and WR-3113), said by the
/// program itself for something that a user does.
struct CommandMessageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var code: MessageCode
        /// A word that starts with `@` is a file or folder of ``MistakeFiles``.
        var words: [String]
        var testDescription: String { "\(code) \(words.joined(separator: " "))" }

        init(_ code: MessageCode, _ words: String) {
            self.code = code
            self.words = words.split(separator: " ").map { $0 == "''" ? "" : String($0) }
        }
    }

    static let typed: [Case] = [
        Case(.unknownCommand, "trian x"), Case(.unknownOption, "train x --epoc 3"), Case(.unknownOption, "doctor -z"),
        Case(.missingValue, "train x -o"), Case(.missingArgument, "train"), Case(.unexpectedValue, "train x --json=1"),
        Case(.unexpectedArgument, "doctor x"), Case(.unexpectedArgument, "doctor x y"),
        Case(.invalidValue, "train x -o m --optimizer sdg"), Case(.invalidValue, "train x -o m --max-time soon"),
        Case(.invalidValue, "bench train mlp"), Case(.numberOutOfBounds, "train x -o m -b 0"),
        Case(.numberOutOfBounds, "train x -o m --lr=-1"), Case(.numberOutOfBounds, "train x -o m --max-memory 1M"),
        Case(.numberOutOfBounds, "generate m --prompt a --top-p 2"), Case(.numberOutOfBounds, "doctor -t 0"),
        Case(.needsRow, "explain m --data x --method shapley"), Case(.eitherOr, "tokenizer encode t"),
        Case(.eitherOr, "train @en.txt --into @de.txt --target y -o m"),
        Case(.drawsWithBeams, "generate m --prompt a --beams 2 --seed 1"), Case(.twoModels, "compare a --data x"),
        Case(.nothingToPredict, "predict m"), Case(.noOutput, "train fashion-mnist"),
        Case(.noTargetColumn, "train @table.csv -o @m"), Case(.noLabelColumn, "train @table.csv --text x -o @m"),
        Case(.noTranslations, "train @en.txt --task translation -o @m"),
        Case(.oneTextColumn, "train @table.csv --task translation --text x --text y --target y -o @m"),
        Case(.saidByTaskFile, "train @run.yaml -o @m --model mlp"),
        Case(.settledForTasks, "train @run.yaml -o @m --clip 1"),
        Case(.resumePath, "train @run.yaml -o @m --resume somewhere"),
        Case(.tableOfTaskFile, "data check @run.yaml --target y"),
        Case(.forTaskFiles, "train @table.csv --target y -o @m --folds 3"),
        Case(.notForImages, "data check @data --target y"),
        Case(.saidByTrainedTask, "evaluate @task --data @table.csv --target y"),
        Case(.forTrainedTasks, "evaluate @images --data @data --slices all"),
        Case(.forTextModels, "predict @images --text a"), Case(.oneTable, "predict @task @table.csv @one.csv"),
        Case(.tableOption, "data check @table.csv --delimiter ab"),
    ]

    static let namedModels: [Case] = [
        Case(.noSuchModel, "predict @no-such x.png"), Case(.unfinishedModel, "predict @nothing x.png"),
        Case(.unknownTask, "predict @summarist --text a"), Case(.otherTokenizer, "predict @swapped --text a"),
        Case(.noTrainedTask, "compare @images @images --data @table.csv"),
        Case(.noLanguageModel, "generate @images --prompt a"), Case(.isTranslator, "generate @translator --prompt a"),
        Case(.isLanguageModel, "predict @poet --text a"),
        Case(.outputHoldsModel, "train @data --model mlp -o @images"),
        Case(.outputHoldsRun, "train @data --model mlp -o @begun"),
        Case(.outputExists, "init @table.csv --target y -o @run.yaml"),
        Case(.outputHoldsSearch, "tune @run.yaml -o @search"),
        Case(.nothingToResume, "train @run.yaml -o @task --resume"),
        Case(.unwritableOutput, "train @data --model mlp -o @en.txt/inside"),
        Case(.unknownNetwork, "train @data --model convnt -o @m"),
        Case(.networkForImages, "train @table.csv --target y --model convnet -o @m"),
        Case(.networkDoesNotFit, "train @tiny.npz --model lenet5 -o @m"),
        Case(.networkSetting, "train @data --model mlp --set dropuot=1 -o @m"),
        Case(.unknownTokenizer, "train @poem.txt --tokenizer wrod -o @m"),
    ]

    static let givenData: [Case] = [
        Case(.noSuchData, "train fashion-mnst -o @m"), Case(.unknownFileKind, "train @file.bin -o @m"),
        Case(.imageFileName, "train @odd-images-idx3-ubyte/images-idx3-ubyte -o @m"),
        Case(.noArrays, "train @alone.npz -o @m"), Case(.arrayCounts, "train @uneven.npz -o @m"),
        Case(.arrayLabels, "train @halves.npz -o @m"), Case(.arrayShape, "train @deep.npz -o @m"),
        Case(.columnNotThere, "train @table.csv --target z -o @m"),
        Case(.columnNotThere, "data check @table.csv --target z"),
        Case(.noUsableRow, "train @words.csv --target y -o @m"),
        Case(.tooManyClasses, "train @many.csv --target y -o @m"),
        Case(.oneClass, "train @one.csv --target y -o @m"),
        Case(.oneClass, "train @same.csv --text x --target y -o @m"),
        Case(.tooFewExamples, "train @few.npz -o @m"),
        Case(.noTestPart, "train @table.csv --target y --validation test -o @m"),
        Case(.rowBeyond, "explain @task --data @table.csv --row 4000"),
        Case(.imagesWithoutClasses, "train @flat -o @m"), Case(.noImage, "predict @images @nothing"),
        Case(.nothingToRead, "train @empty.txt -o @m"), Case(.tooFewTokens, "train @en.txt -o @m"),
        Case(.tooFewPairs, "train @line.txt --into @line.txt -o @m"),
        Case(.foreignLabels, "evaluate @stars --data @foreign.csv"),
        Case(.foreignClass, "evaluate @images --data @other.npz"),
        Case(.unfitInput, "evaluate @images --data @deeper.npz"),
        Case(.noTextList, "tokenizer encode @stars/tokenizer.json --file @object.json"),
        Case(.noTokenNumber, "tokenizer decode @stars/tokenizer.json --file @ids.txt"),
        Case(.emptyPrompt, "generate @poet --prompt ''"),
        Case(.someNotClassified, "predict @images @file.bin @one.png"),
        Case(.someNotTranslated, "predict @translator @no-such.txt"),
        Case(.nothingToExplain, "explain @task --data @table.csv --row 1 --method grad-cam"),
        Case(.goalMissed, "train @goal.yaml -o @missed --epochs 1 --require-goal --overwrite -q"),
        Case(.noGoal, "train @run.yaml -o @no-goal --epochs 1 --require-goal --overwrite -q"),
        Case(.notMemorised, "train @contradicting.yaml --overfit-batches 1 --max-time 1s -q"),
        Case(.seriousFindings, "data check @leak.csv --target y --strict"),
    ]

    @Test("Mistakes with arguments", arguments: typed) func argument(_ mistake: Case) throws { try check(mistake) }
    @Test("Mistakes with models", arguments: namedModels) func model(_ mistake: Case) throws { try check(mistake) }
    @Test("Mistakes with data", arguments: givenData) func data(_ mistake: Case) throws { try check(mistake) }

    private func check(_ mistake: Case) throws {
        let files = try MistakeFiles.made.get()
        let words = mistake.words.map { $0.hasPrefix("@") ? files.scratch.path(String($0.dropFirst())) : $0 }
        for (language, start) in [("en", "error: "), ("zh", "错误：")] {
            let outcome = try WrightProcess.run(words, environment: ["WRIGHT_LANGUAGE": language])
            #expect(outcome.status > 1, "\(outcome.errors)")
            let found = outcome.errors.split(separator: "\n").filter { $0.hasPrefix(start) }
            #expect(found.last?.hasPrefix(start + mistake.code.text + " ") == true, "\(outcome.errors)")
            #expect(found.last?.contains(/\p{Han}/) == (language == "zh"), "\(outcome.errors)")
        }
    }

    @Test("No code of the command line is without a trigger")
    func all() {
        let elsewhere: Set<MessageCode> = [
            // Below, on machines that lack the data set.
            .dataSetNotInstalled,
            // Needs a machine whose codecs or arithmetic are wrong.
            .checkupFailed,
        ]
        let numbers = [3112...3113, 4000...4999]
        let triggered = Set((Self.typed + Self.namedModels + Self.givenData).map(\.code))
        for code in MessageCode.allCases where numbers.contains(where: { $0.contains(code.rawValue) }) {
            #expect(triggered.contains(code) != elsewhere.contains(code), "\(code) is \(code.text)")
        }
    }

    @Test("A data set that is not there is named with its package")
    func missingDataSet() throws {
        guard !FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist") else { return }
        let outcome = try WrightProcess.run(["train", "fashion-mnist", "-o", "m"])
        #expect(outcome.errors.contains("error: \(MessageCode.dataSetNotInstalled.text) "), "\(outcome.errors)")
    }
}

/// Files and models that people make mistakes with, made once.
struct MistakeFiles: Sendable {
    static let made = Result { try MistakeFiles() }

    let pictures: SmallDataSet
    var scratch: Scratch { pictures.scratch }

    private init() throws {
        pictures = try SmallDataSet()
        _ = try pictures.model("images")
        try writeTexts()
        try train()
        try spoilModels()
    }

    private func writeTexts() throws {
        let rows = (0..<80).map { "\($0 % 10),\($0 % 10 > 4 ? "a" : "b")\n" }.joined()
        let reviews = (0..<40).map { "\($0 % 2 == 0 ? "good" : "bad") film \($0),\($0 % 2)\n" }.joined()
        for (name, text) in [
            ("table.csv", "x,y\n" + rows), ("one.csv", "x,y\n1,a\n2,a\n"), ("words.csv", "x,y\n1,\n2,\n"),
            ("many.csv", "x,y\n" + (0..<1002).map { "\($0),v\($0)\n" }.joined()), ("same.csv", "x,y\na b,1\nc d,1\n"),
            ("en.txt", "a\nb\n"), ("de.txt", "c\nd\n"), ("line.txt", "only\n"), ("empty.txt", ""),
            ("file.bin", "hello"),
            ("object.json", "{\"a\": 1}"), ("ids.txt", "1 2 x\n"), ("reviews.csv", "text,label\n" + reviews),
            ("foreign.csv", "text,label\nfilm,7\n"), ("poem.txt", String(repeating: "so it goes on\n", count: 60)),
            ("leak.csv", "x,y\n" + (0..<200).map { "\($0 % 2),\($0 % 2)\n" }.joined()),
            ("contradicting.csv", "x,y\n" + (0..<64).map { "1,\($0 % 2 == 0 ? "a" : "b")\n" }.joined()),
        ] {
            try scratch.write(text, to: name)
        }
        let manager = FileManager.default
        for name in ["alone", "uneven", "halves", "deep", "few", "other", "deeper", "tiny"] {
            let path = HelpTests.golden.appending(path: "arrays-\(name).npz").path
            try manager.copyItem(atPath: path, toPath: scratch.path("\(name).npz"))
        }
        for name in ["nothing", "flat", "odd-images-idx3-ubyte", "begun/checkpoints/last", "search"] {
            try manager.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
        }
        try manager.copyItem(atPath: scratch.path("one.png"), toPath: scratch.path("flat/a.png"))
        try scratch.write("", to: "odd-images-idx3-ubyte/images-idx3-ubyte")
        let goal = "data: {path: table.csv}\ninputs: [{name: x, type: number}]\noutputs: [{name: y, type: binary}]\n"
        try scratch.write(goal + "goal: {metric: accuracy, at_least: 1.5}\n", to: "goal.yaml")
        try scratch.write(goal.replacing("table.csv", with: "contradicting.csv"), to: "contradicting.yaml")
    }

    private func train() throws {
        let path = scratch.path
        for words in [
            ["init", path("table.csv"), "--target", "y", "-o", path("run.yaml")],
            ["train", path("run.yaml"), "-o", path("task"), "--epochs", "1", "-q"],
            ["train", path("poem.txt"), "-o", path("poet"), "--steps", "2", "--context", "8", "-q"],
            [
                "train", path("reviews.csv"), "--text", "text", "--target", "label", "-o", path("stars"), "--steps",
                "2", "-q",
            ],
            [
                "train", path("en.txt"), "--into", path("de.txt"), "-o", path("translator"), "--steps", "1", "-q",
                "--validation", "0",
            ],
            ["tune", path("run.yaml"), "-o", path("search"), "--trials", "1", "--set", "train.epochs=1", "-q"],
        ] {
            let outcome = try WrightProcess.run(words)
            guard outcome.status == 0 else { throw SmallDataSet.TrainingFailed(text: "\(words): \(outcome.errors)") }
        }
    }

    /// Copies of a model of texts, one of a task that nobody knows and one with the tokenizer of another model.
    private func spoilModels() throws {
        let manager = FileManager.default
        for name in ["summarist", "swapped"] {
            try manager.copyItem(atPath: scratch.path("stars"), toPath: scratch.path(name))
        }
        let config = try String(contentsOfFile: scratch.path("stars/config.json"), encoding: .utf8)
        try scratch.write(config.replacing("text-classification", with: "summary"), to: "summarist/config.json")
        try manager.removeItem(atPath: scratch.path("swapped/tokenizer.json"))
        try manager.copyItem(
            atPath: scratch.path("poet/tokenizer.json"), toPath: scratch.path("swapped/tokenizer.json"))
    }
}
