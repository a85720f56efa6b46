import Foundation
import Testing
import Wright
@testable import WrightTasks

/// From rows to a model and back from its folder; and what goes wrong on the way.
struct TaskRunTests {
    static let task = """
        data: {path: rows.csv}
        \(MadeRows.columns)
        model: {hidden: 32, frequencies: 4, word_dimension: 16, filters: 8}
        train: {epochs: 12, folds: 2, batch_size: 16, learning_rate: 0.005, patience: 12}
        """

    @Test("Several inputs teach several outputs, and a saved model predicts as before")
    func wholeJob() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(), "rows.csv")
        let result = try folder.run(folder.config(Self.task))
        let test = try TaskTable(folder.write(MadeRows.csv(60, from: 1000), "test.csv"))
        let measured = try result.model.evaluate(test)
        let values = measured.json["outputs"]
        #expect(values?["big"]?["roc_auc"]?.double ?? 0 > 0.95, "\(measured.json.text())")
        #expect(values?["price"]?["r2"]?.double ?? 0 > 0.8, "\(measured.json.text())")
        #expect(measured.examples == 60)
        #expect(result.validation?.examples == 240, "every row is held out by one of the networks")

        try TaskArtifact.write(result.model, to: "\(folder.path)/model", writer: "test")
        #expect(try TaskArtifact.exists(in: "\(folder.path)/model"))
        let loaded = try TaskArtifact.read("\(folder.path)/model", on: CPUBackend())
        let (one, other) = (try result.model.predict(test), try loaded.predict(test))
        #expect(one.map(\.name) == ["big", "big_probability", "big_probability_no", "big_probability_yes", "price"])
        #expect(one.map(\.fields) == other.map(\.fields))
    }

    @Test("Fields that say nothing to a model are counted by column, and what is missing or new is none")
    func unread() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(80), "rows.csv")
        let model = try folder.run(folder.config(Self.task.replacing("epochs: 12", with: "epochs: 1"))).model
        let rows = try TaskTable("\(folder.path)/rows.csv")
        #expect(model.unread(rows).isEmpty)
        let lines = MadeRows.csv(80).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let (size, color, day) = (
            lines[0].firstIndex(of: "size")!, lines[0].firstIndex(of: "color")!, lines[0].firstIndex(of: "day")!
        )
        let spoilt = lines.enumerated().map { number, fields in
            var fields = fields
            guard number > 0 else { return fields }
            fields[size] = number == 1 ? "" : number <= 11 ? "large" : fields[size]
            fields[day] = number == 5 ? "soon" : fields[day]
            fields[color] = number <= 20 ? "ultraviolet" : fields[color]
            return fields
        }
        let table = try TaskTable(
            folder.write(spoilt.map { $0.joined(separator: ",") }.joined(separator: "\n"), "x.csv"))
        var unread = model.unread(table)
        #expect(UnreadFields.json(unread) == ["size": 10, "day": 1])
        #expect(unread[0].phrase.english.contains("10 of 77 fields of \"size\""), "\(unread[0].phrase)")
        UnreadFields.add(model.unread(table), to: &unread)
        #expect(UnreadFields.json(unread) == ["size": 20, "day": 2])
    }

    @Test("The same seed gives the same model, another seed another one")
    func seeds() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(80), "rows.csv")
        let text = Self.task.replacing("epochs: 12", with: "epochs: 1")
        func prediction(_ seed: Int) throws -> [[String]] {
            let model = try folder.run(folder.config(text.replacing("patience: 12", with: "seed: \(seed)"))).model
            return try model.predict(TaskTable("\(folder.path)/rows.csv")).map(\.fields)
        }
        let first = try prediction(1)
        #expect(try prediction(1) == first)
        #expect(try prediction(2) != first)
    }

    @Test("Missing columns are named with their lines and near names, all at once")
    func missingColumns() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(30), "rows.csv")
        let text = Self.task.replacing("name: color", with: "name: colour").replacing("name: big", with: "name: bigg")
        let found = try folder.problems(text, trains: true)
        #expect(found.map(\.place) == [.line(4), .line(9)])
        #expect(found[0].text.contains("Did you mean 'color'?") && found[1].text.contains("Did you mean 'big'?"))
    }

    @Test("Columns that are not what they should be are named, all at once")
    func wrongColumns() throws {
        let folder = try TaskFolder()
        try folder.write("a,b,c,y\n1,x,,p\n2,y,,q\n3,z,,p\n4,w,,q\n", "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs:
              - {name: a, type: number}
              - {name: b, type: number}
              - {name: c, type: text}
            outputs:
              - {name: y, type: binary}
            """
        let found = try folder.problems(text, trains: true)
        #expect(found.map(\.setting) == ["inputs.b", "inputs.c"])
        #expect(found[0].text.contains("no numbers"))
    }

    @Test("A constant target, a table of a header only, an empty one and one that is not there are refused in words")
    func nothingToLearnFrom() throws {
        let folder = try TaskFolder()
        let text = """
            data: {path: rows.csv}
            inputs: [{name: a, type: number}]
            outputs: [{name: y, type: category}]
            """
        let config = try folder.config(text)
        #expect(throws: FileError.self) { try folder.run(config) }
        for (content, says) in [("a,y\n", "no row below"), ("", "no rows")] {
            try folder.write(content, "rows.csv")
            let error = #expect(throws: FileError.self) { try folder.run(config) }
            #expect("\(try #require(error))".contains(says))
        }
        try folder.write("a,y\n1,p\n2,p\n", "rows.csv")
        #expect(try folder.problems(text, trains: true)[0].text.contains("every row has the same value"))
    }

    @Test("Rows without an answer are counted, a class of one row is learned, columns with nothing in them do no harm")
    func strangeRows() throws {
        let folder = try TaskFolder()
        var csv = "名字,空,值,类\n"
        for row in 0..<60 {
            csv += "\(["甲", "乙"][row % 2]),,\(row),\(row == 7 ? "" : row == 9 ? "罕见" : ["好", "坏"][row % 2])\n"
        }
        try folder.write(csv, "rows.csv")
        let text = """
            data: {path: rows.csv}
            inputs:
              - {name: 名字, type: category}
              - {name: 空, type: number}
              - {name: 值, type: number}
            outputs: [{name: 类, type: category}]
            train: {epochs: 2, folds: 3}
            """
        var said: [String] = []
        var run = TaskRun(try folder.config(text), file: "\(folder.path)/run.yaml", on: CPUBackend())
        run.say = { said.append($0.english) }
        let result = try run.run()
        #expect(said.contains { $0.contains("1 without a value in \"类\" (line 9)") }, "\(said)")
        #expect(result.validation?.examples == 59)
    }

    @Test("Splits keep what they promise", arguments: ["group", "time", "column", "stratified", "random"])
    func splits(kind: String) throws {
        let rows = Array(0..<100)
        var config = SplitConfig()
        config.kind = try #require(SplitConfig.Kind(rawValue: kind))
        config.test = 0.2
        let column: [String?] = rows.map { row in
            switch kind {
            case "group": "person \(row / 5)"
            case "time": "2024-01-01 00:\(row * 7 % 100 < 50 ? 1 : 2):\(row * 7 % 50 + 10)"
            default: ["train", "train", "validation", "Test"][row % 4]
            }
        }
        let strata = rows.map { Int32($0 < 10 ? 1 : 0) }
        let folds = ["group", "stratified", "random"].contains(kind) ? 4 : 1
        let split = try TaskSplit(config, rows: rows, strata: strata, column: column, folds: folds, seed: 3)
        for member in split.members {
            #expect((member.training + member.validation + split.test).sorted() == rows, "each row in one part")
        }
        switch kind {
        case "group":
            for member in split.members {
                let parts = [member.training, member.validation, split.test].map { Set($0.map { $0 / 5 }) }
                #expect(parts[0].isDisjoint(with: parts[1]) && parts[0].isDisjoint(with: parts[2]))
            }
        case "time":
            let latest = split.members[0].training.map { column[$0]! }.max()!
            #expect(split.test.allSatisfy { column[$0]! > latest })
        case "column": #expect(split.test == rows.filter { $0 % 4 == 3 })
        case "stratified": #expect(split.test.count { $0 < 10 } == 2)
        default: #expect(split.test.count == 20)
        }
    }

    @Test("A damaged folder is refused with what is wrong")
    func damaged() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(40), "rows.csv")
        let model = try folder.run(folder.config(Self.task.replacing("epochs: 12", with: "epochs: 1"))).model
        let path = "\(folder.path)/model"
        func damage(_ file: String, _ change: (String) -> String) throws -> String {
            try TaskArtifact.write(model, to: path, writer: "test")
            let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
            try change(text).write(toFile: "\(path)/\(file)", atomically: true, encoding: .utf8)
            let error = #expect(throws: (any Error).self) { try TaskArtifact.read(path, on: CPUBackend()) }
            return "\(try #require(error))"
        }
        #expect(
            try damage("config.json") {
                $0.replacing("\"format_version\": \(TaskArtifact.formatVersion)", with: "\"format_version\": 9")
            }.contains(
                "newer"))
        #expect(
            try damage("features.json") { $0.replacing("\"flags_missing\"", with: "\"x\"") }.contains("flags_missing"))
        #expect(try damage("features.json") { $0.replacing("\"price\": {", with: "\"prise\": {") }.contains("price"))
        #expect(
            try damage("config.json") { $0.replacing("\"hidden\": 32", with: "\"hidden\": 31") }.contains("tensors"))
    }

    @Test("A task made from the data trains, and says what it saw")
    func initialTask() throws {
        let folder = try TaskFolder()
        let lines = MadeRows.csv(200).split(separator: "\n").enumerated().map { index, line in
            index == 0 ? "id,same,empty,\(line)" : "\(index),x,,\(line)"
        }
        let table = try TaskTable(folder.write(lines.joined(separator: "\n"), "rows.csv"))
        let text = try InitialTask.text(table, path: "rows.csv", targets: ["big"], data: DataConfig())
        let config = try folder.config(text)
        #expect(
            config.inputs.map { "\($0.name) \($0.type)" } == [
                "size number", "color category", "day date", "note category", "tags set", "price number",
            ])
        for left in ["id", "same", "empty"] { #expect(text.contains("# left out: \(left), ")) }
        #expect(config.outputs.map(\.type) == ["binary"])
        let error = #expect(throws: ConfigProblems.self) {
            try InitialTask.text(table, path: "rows.csv", targets: ["same", "prise"], data: DataConfig())
        }
        #expect("\(try #require(error))".contains("Did you mean 'price'?"))
    }
}
