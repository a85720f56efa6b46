import Testing
import Wright
import WrightData
@testable import WrightTasks

/// Reading and cleaning: several files, other encodings, rules and what they did, and the gate before training.
struct CleaningTests {
    static let rows = """
        id,age,note,answer
        1,30,write to ann@example.com,Y
        2,,call 13812345678 please,N
        3,200,nothing to say here,Y
        4,40,,是
        1,30,write to ann@example.com,Y
        5,-3,fine,N

        """

    private func config(_ rules: String) throws -> DataConfig {
        try TaskFolder().config(
            """
            data: {path: rows.csv, clean: \(rules)}
            inputs: [{name: age, type: number}]
            outputs: [{name: answer, type: binary}]
            """
        ).data
    }

    @Test("Every rule does what it says, in order, and counts it")
    func rules() throws {
        let folder = try TaskFolder()
        let path = try folder.write(Self.rows, "rows.csv")
        let data = try config(
            "{map: {answer: {Y: yes, 是: yes, N: no}}, redact: [note], drop_missing: [age], "
                + "range: {age: [null, 150]}, drop_duplicates: true}")
        let table = try TaskTable(paths: [path], data, dropsRows: true)
        #expect(table.column("id") == ["1", "4", "5"])
        #expect(table.column("answer") == ["yes", "yes", "no"])
        #expect(table.column("note")?[0] == "write to [e-mail]")
        #expect(
            Set(table.report.reasons.map(\.text)) == [
                "without a value in \"age\"", "with a \"age\" above 150", "that are the same as an earlier one",
            ])
        #expect(table.report.reasons.map(\.count).reduce(0, +) == 3 && table.report.kept == 3)
        #expect(table.changes.map { "\($0.column) \($0.rule) \($0.count)" } == ["answer mapped 6", "note redacted 3"])
    }

    @Test("For predictions fields are changed and every row stays")
    func predictions() throws {
        let folder = try TaskFolder()
        let path = try folder.write(Self.rows, "rows.csv")
        let table = try TaskTable(
            path, config("{map: {answer: {N: \"\"}}, redact: [note], drop_missing: [age], drop_duplicates: true}"))
        #expect(table.count == 6)
        #expect(table.column("answer")?[1] == nil && table.column("note")?[1] == "call [phone] please")
    }

    @Test(
        "Rules that cannot be are named",
        arguments: [
            ("{range: {age: [9, 1]}}", "[low, high]"), ("{range: {age: 5}}", "[low, high]"),
            ("{map: {answer: yes}}", "a map from names"), ("{drop_missing: {a: 1}}", "a list of values"),
            ("{drop_duplicate: true}", "Did you mean 'drop_duplicates'?"),
        ])
    func wrongRules(rules: String, says: String) throws {
        let error = #expect(throws: ConfigProblems.self) { try config(rules) }
        #expect("\(try #require(error))".contains(says))
    }

    @Test("Several files are one table, whatever the order of their columns, and rows are named by file")
    func severalFiles() throws {
        let folder = try TaskFolder()
        let one = try folder.write("a,y\n1,p\n2,q\n", "one.csv")
        let other = try folder.write("y\ta\nq\t3\np\t4\n", "other.tsv")
        let table = try TaskTable(paths: [one, other], DataConfig())
        #expect(table.column("a") == ["1", "2", "3", "4"] && table.column("y") == ["p", "q", "q", "p"])
        #expect(table.place(of: 2) == "\(other), line 2" && table.lines == [2, 3, 5, 6])
        let foreign = try folder.write("a,z\n1,p\n", "foreign.csv")
        let error = #expect(throws: FileError.self) { try TaskTable(paths: [one, foreign], DataConfig()) }
        #expect("\(try #require(error))".contains("\"y\", \"z\" is not in both"))
    }

    @Test("A task says one file or several, and a database which table")
    func sections() throws {
        let folder = try TaskFolder()
        let rest = "\ninputs: [{name: a, type: number}]\noutputs: [{name: y, type: binary}]"
        #expect(try folder.problems("data: {}" + rest)[0].text.contains("'path' is missing"))
        #expect(try folder.problems("data: {path: a, paths: [b]}" + rest)[0].text.contains("put all files"))
        #expect(try folder.problems("data: {path: a, encoding: latin9}" + rest)[0].text.contains("gb18030"))
        let data = try folder.config("data: {paths: [a, b], encoding: gb18030, table: t}" + rest).data
        #expect(data.files == ["a", "b"] && data.options.encoding == .gb18030 && data.options.table == "t")
    }

    static let task = """
        data: {path: rows.csv, strict: true, clean: {drop_duplicates: true}}
        split: {validation: 0.2, test: 0.2}
        inputs: [{name: size, type: number}, {name: copy, type: category}]
        outputs: [{name: big, type: binary}]
        train: {epochs: 1, folds: 1}
        """

    /// 300 rows whose column `copy` is the answer in other words.
    static func leaking() -> String {
        "size,copy,big\n"
            + (0..<300).map { "\($0 * 37 % 101),\($0 * 37 % 101 > 50 ? "high" : "low"),\($0 * 37 % 101 > 50)" }
            .joined(separator: "\n") + "\n1,low,false\n"
    }

    @Test("Strict training is refused by a column that gives the answer away, and a lax one keeps the report")
    func gate() throws {
        let folder = try TaskFolder()
        try folder.write(Self.leaking(), "rows.csv")
        let error = #expect(throws: DataRefused.self) { try folder.run(folder.config(Self.task)) }
        #expect("\(try #require(error))".contains("\"copy\" alone tells 100 %"))
        let model = try folder.run(folder.config(Self.task.replacing("strict: true", with: "strict: false"))).model
        try TaskArtifact.write(model, to: "\(folder.path)/model", writer: "test")
        let check = try #require(try TaskArtifact.read("\(folder.path)/model", on: CPUBackend()).dataCheck)
        #expect(check["findings"]?.array?[0]["kind"] == "leakage")
        #expect(check["parts"]?.object?.keys == ["train", "validation", "test"])
        #expect(check["cleaning"]?["rows"]?["dropped"]?.integer ?? 0 > 0)
    }

    @Test("A check of the task finds rows of a test file among those for training")
    func against() throws {
        let folder = try TaskFolder()
        try folder.write(MadeRows.csv(120), "rows.csv")
        let config = try folder.config(TaskRunTests.task)
        let test = try TaskTable(folder.write(MadeRows.csv(40, from: 100), "test.csv"))
        let run = TaskRun(config, file: "\(folder.path)/run.yaml", on: CPUBackend())
        let report = try run.check(against: [test]).report
        let overlap = try #require(report.findings.first { $0.kind == .overlap })
        #expect(overlap.part == "test" && overlap.count == 20 && overlap.share == 0.5)
    }
}
