import Foundation
import Testing
import Wright

/// The shortest way from a table to predictions, as a newcomer types it.
struct TaskTests {
    private func csv(_ count: Int, from start: Int, _ separator: String = ",") -> String {
        var lines = [["年龄", "city", "joined", "answer"]]
        for row in start..<(start + count) {
            let age = 18 + row * 31 % 60
            lines.append(
                [
                    "\(age)", ["Wien", "Graz", "\"Linz\(separator) Land\""][row % 3],
                    "\(row % 28 + 1).\(row % 12 + 1).2023", age > 45 ? "yes" : "no",
                ])
        }
        return lines.map { $0.joined(separator: separator) }.joined(separator: "\r\n") + "\r\n"
    }

    private func run(_ arguments: [String]) throws -> WrightProcess.Outcome {
        let outcome = try WrightProcess.run(arguments)
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome
    }

    @Test("init, check, train, evaluate, predict", arguments: [",", ";"])
    func shortestWay(separator: String) throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("data"), withIntermediateDirectories: true)
        try scratch.write(csv(300, from: 0, separator), to: "data/train.csv")
        try scratch.write(csv(60, from: 7, separator), to: "test.csv")
        let (task, model) = (scratch.path("run.yaml"), scratch.path("model"))
        _ = try run(["init", scratch.path("data/train.csv"), "--target", "answer", "-o", task])
        let text = try String(contentsOfFile: task, encoding: .utf8)
        for wanted in ["name: 年龄", "type: number", "name: city", "type: category", "name: joined", "type: date"] {
            #expect(text.contains(wanted), "\(text)")
        }
        #expect(try run(["config", "check", task]).output.contains("3 inputs, 1 output"))
        #expect(try run(["config", "show", task, "--set", "train.seed=5"]).output.contains("seed: 5"))
        _ = try run(["train", task, "--output", model, "--set", "train.folds=2", "--epochs", "15", "-q"])
        let measured = try JSON(parsing: run(["evaluate", model, "--data", scratch.path("test.csv"), "--json"]).output)
        #expect(measured["outputs"]?["answer"]?["roc_auc"]?.double ?? 0 > 0.95, "\(measured.text())")
        #expect(measured["intervals"]?["answer"]?["accuracy"]?.array?.count == 2)
        try look(model, scratch)
        let words = csv(60, from: 7, separator).split(separator: "\r\n").enumerated().map { line, text in
            line == 0 ? text : "old" + text.drop { $0 != separator.first }
        }
        try scratch.write(words.joined(separator: "\n") + "\n", to: "words.csv")
        let spoilt = try run(["evaluate", model, "--data", scratch.path("words.csv"), "--json"])
        #expect(try JSON(parsing: spoilt.output)["unread"] == ["年龄": 60] && spoilt.errors.contains("60 of 60 fields"))
        #expect(
            try run(["predict", model, "--data", scratch.path("words.csv"), "-o", scratch.path("w.csv")]).errors
                .contains(
                    "60 of 60 fields of \"年龄\""), "a prediction from nothing must not look like any other")
        let predictions = scratch.path("predictions.csv")
        _ = try run(["predict", model, "--data", scratch.path("test.csv"), "-o", predictions])
        let lines = try String(contentsOfFile: predictions, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 61)
        #expect(lines[0] == "line,answer,answer_probability,answer_probability_no,answer_probability_yes")

        let again = try WrightProcess.run(["train", task, "--output", model])
        #expect(again.status == 2 && again.errors.contains("--overwrite"), "a model must not be lost")
    }

    /// What people look at: pages in two languages, slices, explanations, a comparison.
    private func look(_ model: String, _ scratch: Scratch) throws {
        let (test, page) = (scratch.path("test.csv"), scratch.path("report.html"))
        let written = try String(contentsOfFile: "\(model)/report.html", encoding: .utf8)
        for wanted in ["<html lang=\"en\">", "How it learned", "Confusion matrix", "Weakest slices: answer", "年龄"] {
            #expect(written.contains(wanted), "the report lacks \(wanted)")
        }
        for foreign in ["<script", "http://", "https://", "<link"] {
            #expect(!written.contains(foreign), "a report loads nothing, and has \(foreign)")
        }
        let measured = try run([
            "evaluate", model, "--data", test, "--slices", "city", "--sensitive", "city", "--report", page,
            "--language", "zh",
        ])
        #expect(measured.output.contains("answer: accuracy") && measured.output.contains("各 city 组"))
        let chinese = try String(contentsOfFile: page, encoding: .utf8)
        #expect(chinese.contains("<html lang=\"zh\">") && chinese.contains("混淆矩阵"))
        let allPage = scratch.path("all.html")
        let explained = try JSON(
            parsing: run([
                "explain", model, "--data", test, "--rows", "40", "--report", allPage, "--language", "zh", "--json",
            ]).output)
        let all = try String(contentsOfFile: allPage, encoding: .utf8)
        #expect(all.contains("它依据什么") && all.contains("“yes”的概率：年龄") && all.contains("<svg") && !all.contains("http"))
        let columns = explained["outputs"]?["answer"]?["importance"]?["columns"]?.array
        #expect(columns?.first?["column"]?.string == "年龄", "\(explained.text())")
        let row = try JSON(
            parsing: run(["explain", model, "--data", test, "--row", "2", "--rows", "20", "--json"]).output)
        #expect(abs(row["shapley"]?.array?.first?["additivity_error"]?.double ?? 1) < 1e-4)
        let rowPage = scratch.path("row.html")
        let shown = try JSON(
            parsing: run([
                "explain", model, "--data", test, "--row", "2", "--method", "integrated-gradients", "--report", rowPage,
                "--language", "zh", "--json",
            ]).output)
        #expect(shown["integrated_gradients"]?.array?.first?["completeness_error"]?.double != nil)
        #expect(shown["shapley"]?.array?.isEmpty == true, "only what was asked for")
        let explanation = try String(contentsOfFile: rowPage, encoding: .utf8)
        #expect(explanation.contains("积分梯度") && explanation.contains("年龄") && !explanation.contains("http"))
        let timed = try JSON(
            parsing: run(["bench", "predict", model, "--data", test, "--count", "20", "--json"]).output)
        #expect(timed["predictions"]?.integer == 20 && timed["milliseconds_median"]?.double ?? 0 > 0)
        #expect(try run(["compare", model, model, "--data", test]).output.contains("No significant difference"))
        let predicted = try JSON(parsing: run(["predict", model, "--data", test, "--json"]).output)
        #expect(predicted.array?.first?["answer_probability"]?.double != nil, "numbers must be numbers in JSON")
        #expect(predicted.array?.first?["answer"]?.string != nil)
    }

    @Test("Relative paths in a file are relative to the file, and init writes them so")
    func relativePaths() throws {
        let scratch = try Scratch()
        for name in ["data", "tasks"] {
            try FileManager.default.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
        }
        try scratch.write(csv(60, from: 0), to: "data/train.csv")
        _ = try run([
            "init", scratch.path("data/train.csv"), "--target", "answer", "-o", scratch.path("tasks/run.yaml"),
        ])
        let task = scratch.path("tasks/run.yaml")
        let text = try String(contentsOfFile: task, encoding: .utf8)
            .replacing("\"\(scratch.path("data/train.csv"))\"", with: "../data/train.csv")
        try text.write(toFile: task, atomically: true, encoding: .utf8)
        #expect(text.contains("path: ../data/train.csv"))
        let trial = try run(["train", task, "--fast-dev-run", "-q"])
        #expect(trial.output.contains("nothing: this was a trial"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("tasks/model")))
    }

    @Test("All mistakes of a file come at once, with their lines, and nothing is written")
    func mistakes() throws {
        let scratch = try Scratch()
        try scratch.write("data: {path: x.csv}\ninputs:\n  - {name: a, type: numbr}\noutput: 3\n", to: "run.yaml")
        let outcome = try WrightProcess.run(["train", scratch.path("run.yaml"), "-o", scratch.path("model")])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("3 problems"))
        #expect(
            outcome.errors.contains("line 3: inputs.a.type: there is no input type \"numbr\". Did you mean 'number'?"))
        #expect(outcome.errors.contains("line 4: output: there is no such key. Did you mean 'outputs'?"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("model")))
    }

    @Test("A table without a header is given its columns")
    func headless() throws {
        let scratch = try Scratch()
        let rows = csv(80, from: 0).split(separator: "\r\n").dropFirst().joined(separator: "\n")
        try scratch.write(rows, to: "rows.csv")
        let task = scratch.path("run.yaml")
        _ = try run(["init", scratch.path("rows.csv"), "--target", "y", "--columns", "a,b,c,y", "-o", task])
        _ = try run(["train", task, "--output", scratch.path("model"), "--set", "train.folds=2", "--epochs", "2", "-q"])
        _ = try run(["evaluate", scratch.path("model"), "--data", scratch.path("rows.csv")])
    }

    @Test("data check tells people and programs the same, and strictness is a status")
    func dataCheck() throws {
        let scratch = try Scratch()
        let rows = csv(120, from: 0).split(separator: "\r\n")
        let leaking = rows.enumerated().map { "\($1),\($0 == 0 ? "result" : $1.hasSuffix("yes") ? "A" : "B")" }
        try scratch.write(leaking.joined(separator: "\n") + "\n", to: "rows.csv")
        let command = ["data", "check", scratch.path("rows.csv"), "--target", "answer"]
        let text = try run(command).output
        #expect(text.contains("120 rows, 5 columns") && text.contains("serious  leakage"), "\(text)")
        #expect(text.contains("\"result\" alone tells 100 %") && text.contains("→ Ask whether"))
        let document = try JSON(parsing: run(command + ["--json"]).output)
        let columns = document["findings"]?.array?.filter { $0["kind"] == "leakage" }.map { $0["column"] }
        #expect(columns == ["年龄", "result"], "the age decides too")
        let strict = try WrightProcess.run(command + ["--strict"])
        #expect(strict.status == 5 && strict.output == text && strict.errors.contains("2 serious findings"))
        let (task, model) = (scratch.path("run.yaml"), scratch.path("new/model"))
        _ = try run(["init", scratch.path("rows.csv"), "--target", "answer", "-o", task])
        let refused = try WrightProcess.run(["train", task, "--output", model, "--set", "data.strict=true"])
        #expect(
            refused.status == 5 && !FileManager.default.fileExists(atPath: scratch.path("new")), "\(refused.errors)")
    }

    @Test("Ctrl-C keeps what is trained, and --resume goes on; a finished run has nothing to resume")
    func interrupted() throws {
        let scratch = try Scratch()
        try scratch.write(csv(600, from: 0), to: "rows.csv")
        let (task, model) = (scratch.path("run.yaml"), scratch.path("model"))
        _ = try run(["init", scratch.path("rows.csv"), "--target", "answer", "-o", task])
        let command = [
            "train", task, "--output", model, "--folds", "3", "--epochs", "40", "--set", "train.patience=40",
        ]
        let outcome = try WrightProcess.run(command, interruptAfter: "network 1 of 3")
        #expect(outcome.status == 130 && outcome.errors.contains("--resume"), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(model)/config.json"))
        let again = try WrightProcess.run(command)
        #expect(again.status == 2 && again.errors.contains("--resume"), "an unfinished run must not be lost")
        let other = try WrightProcess.run(
            command + ["--resume", "--lr", "0.1", "-b", "64", "--weight-decay", "0.3", "--seed", "7"])
        for setting in ["learning_rate", "batch_size", "weight_decay", "seed"] {
            #expect(other.status == 2 && other.errors.contains("train.\(setting)"), "\(other.errors)")
        }
        let resumed = try run(command + ["--resume"])
        #expect(resumed.errors.contains("network 1 of 3: trained before"))
        #expect(resumed.output.contains("each of 3, answer") && resumed.output.contains(" ± "))
        #expect(!FileManager.default.fileExists(atPath: "\(model)/training"))
        #expect(try WrightProcess.run(command + ["--resume"]).errors.contains("nothing to resume"))
        let page = try String(contentsOfFile: "\(model)/report.html", encoding: .utf8)
        #expect(page.contains("Fold by fold: answer"))
    }

    @Test("A missed goal, refused data and a failed look have statuses of their own; measuring writes nothing")
    func statuses() throws {
        let scratch = try Scratch()
        try scratch.write(csv(80, from: 0), to: "rows.csv")
        let task = scratch.path("run.yaml")
        _ = try run(["init", scratch.path("rows.csv"), "--target", "answer", "-o", task])
        let short = ["train", task, "--folds", "2", "--epochs", "1", "-q"]
        let goal = short + ["--set", "goal.metric=accuracy", "--set", "goal.at_least=2", "--require-goal"]
        #expect(try WrightProcess.run(goal).status == 4)
        #expect(try WrightProcess.run(short + ["--set", "data.strict=true"]).status == 5, "the age decides alone")
        let measured = try run(short)
        #expect(measured.output.contains("nothing: there is no --output"))
        let look = ["train", task, "--overfit-batches", "1", "-q", "--json"]
        #expect(try JSON(parsing: run(look).output)["reached"]?.bool == true)
        #expect(try WrightProcess.run(look + ["--max-time", "0.001"]).status == 4)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).sorted() == ["rows.csv", "run.yaml"])
    }

    @Test("tune finds settings, tells people and programs, and its best file trains to its score")
    func tune() throws {
        let scratch = try Scratch()
        try scratch.write(csv(120, from: 0), to: "rows.csv")
        let (task, search) = (scratch.path("run.yaml"), scratch.path("search"))
        _ = try run(["init", scratch.path("rows.csv"), "--target", "answer", "-o", task])
        let command = ["tune", task, "--output", search, "--set", "train.folds=2", "--set", "train.epochs=3"]
        let text = try run(command + ["--trials", "2"])
        #expect(text.output.contains(" ± "))
        #expect(text.errors.contains("trial 2 of 2, 11 % of the epochs") && text.output.contains("as written"))
        #expect(try WrightProcess.run(command).status == 2, "a search must not be lost")
        let found = try JSON(parsing: run(command + ["--resume", "--trials", "3", "--json", "-q"]).output)
        #expect(found["trials"]?.array?.count == 3 && found["metric"] == "roc_auc", "\(found.text())")
        let trained = try JSON(parsing: run(["train", "\(search)/best.yaml", "--folds", "2", "--json", "-q"]).output)
        let score = trained["cross_validation"]?["outputs"]?["answer"]?["roc_auc"]
        #expect(score == found["best"]?["score"], "\(trained.text())")
    }
}
