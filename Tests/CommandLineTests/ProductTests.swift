import Foundation
import Testing
import Wright

/// The way from data to prediction, as a user takes it.
struct ProductTests {
    @Test("Train, evaluate with a report, predict")
    func wholeWay() throws {
        let data = try SmallDataSet()
        let model = try data.model()
        let report = data.scratch.path("report.html")
        let evaluated = try WrightProcess.run(
            ["evaluate", model, "--data", data.folder, "--report", report, "--json"])
        #expect(evaluated.status == 0, "\(evaluated.errors)")
        let values = try JSON(parsing: evaluated.output, file: "output")["values"]
        #expect(try #require(values?["accuracy"]?.double) > 0.9)

        let page = String(decoding: try Data(contentsOf: URL(filePath: report)), as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.contains("Confusion matrix") && page.contains("<svg"))
        #expect(!page.contains("http://") && !page.contains("https://"), "the page must load nothing")

        let predicted = try WrightProcess.run(["predict", model, data.scratch.path("one.png"), "--top", "2", "--json"])
        #expect(predicted.status == 0)
        let classes = try JSON(parsing: predicted.output, file: "output").array?.first?["classes"]?.array
        #expect(classes?.count == 2)
        #expect(classes?.first?["label"]?.string == "1")
    }

    @Test("The same seed twice gives the same bytes")
    func reproducible() throws {
        let data = try SmallDataSet()
        func weights(_ name: String) throws -> Data {
            try Data(contentsOf: URL(filePath: data.model(name) + "/model.safetensors"))
        }
        #expect(try weights("one") == weights("two"))
    }

    @Test("Results of training as JSON, asked for by the environment")
    func trainingResult() throws {
        let data = try SmallDataSet()
        let outcome = try WrightProcess.run(
            ["train", data.folder, "--model", "mlp", "--steps", "5", "-o", data.scratch.path("m")],
            environment: ["WRIGHT_JSON": "1", "WRIGHT_QUIET": "1", "WRIGHT_BATCH_SIZE": "16"])
        #expect(outcome.status == 0)
        #expect(try JSON(parsing: outcome.output, file: "output")["steps"]?.integer == 5)
    }

    @Test("Training ends when a value of validation is reached, and says so when it cannot be")
    func goal() throws {
        let data = try SmallDataSet()
        let arguments = [
            "train", data.folder, "--model", "mlp", "-b", "8", "--epochs", "200", "--validation", "test",
            "--validate-every", "2", "--json", "-o", data.scratch.path("m"), "--until",
        ]
        let impossible = try WrightProcess.run(arguments + ["acuracy=0.8"])
        #expect(impossible.status == 2 && impossible.errors.contains("loss, accuracy"), "\(impossible.errors)")
        let outcome = try WrightProcess.run(arguments + ["accuracy=0.8"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let result = try JSON(parsing: outcome.output, file: "output")
        #expect(try #require(result["validation"]?["accuracy"]?.double) >= 0.8)
        #expect(result["end"]?.string?.contains("accuracy is") == true)
    }

    @Test("Ctrl-C writes a checkpoint, says how to go on, and the run goes on")
    func interrupted() throws {
        let data = try SmallDataSet()
        let arguments = ["train", data.folder, "--model", "mlp", "-b", "4", "-o", data.scratch.path("m")]
        let outcome = try WrightProcess.run(arguments + ["--epochs", "100000"], interruptAfter: "epoch 2")
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(outcome.errors.contains("with --resume"))
        let resumed = try WrightProcess.run(arguments + ["--epochs", "3", "--resume", "auto", "--json"])
        #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test("A table trains and predicts")
    func table() throws {
        let scratch = try Scratch()
        let rows = (0..<120).map { "\($0 % 7).5,\($0 % 3 == 0 ? 9 : 1),\($0 % 3 == 0 ? "yes" : "no")" }
        try scratch.write("a,b,kind\n" + rows.joined(separator: "\n") + "\n", to: "t.csv")
        let model = scratch.path("m")
        let trained = try WrightProcess.run(
            [
                "train", scratch.path("t.csv"), "--target", "kind", "--model", "mlp", "-b", "8", "-e", "8", "-q", "-o",
                model,
            ])
        #expect(trained.status == 0, "\(trained.errors)")
        let csv = scratch.path("predictions.csv")
        let predicted = try WrightProcess.run(["predict", model, scratch.path("t.csv"), "-o", csv])
        #expect(predicted.status == 0)
        let lines = String(decoding: try Data(contentsOf: URL(filePath: csv)), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 121)
        #expect(lines[1].contains(",yes,") && lines[2].contains(",no,"))
    }

    @Test("The benchmark prints what scripts read")
    func bench() throws {
        let outcome = try WrightProcess.run(["bench", "train", "mlp1", "--seconds", "0.1", "--json"])
        #expect(outcome.status == 0)
        let result = try JSON(parsing: outcome.output, file: "output")
        for key in ["workload", "milliseconds_per_step", "steps", "threads", "precision", "peak_memory_bytes"] {
            #expect(result[key] != nil, "\(key)")
        }
    }

    @Test("The doctor finds this machine fit")
    func doctor() throws {
        let outcome = try WrightProcess.run(["doctor", "--json"])
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(try JSON(parsing: outcome.output, file: "output").array?.isEmpty == false)
    }
}
