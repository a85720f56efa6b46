import Foundation
import Testing
import WrightData
import WrightRuntime

/// Tables in JSON, ARFF and SQLite.
struct TableFormatTests {
    private func read(_ path: String, _ options: Records.Options = Records.Options()) throws -> (
        reader: any RecordReader, rows: [Record]
    ) {
        var reader = try Records.open(path, options)
        var rows: [Record] = []
        while let row = try reader.next() { rows.append(row) }
        #expect(try reader.next() == nil, "who asks once more at the end must not be given the rows again")
        return (reader, rows)
    }

    /// Catches brackets and quotes inside of strings taken for the array's, and lines counted wrongly.
    @Test func arraysOfObjectsAreRows() throws {
        let folder = TemporaryFolder()
        let text = """
            [
              {"名": "a]},\\"", "n": 1.50, "list": [1, {"x": 2}]},
              {"n": null,
               "名": ""}, 7,
              {"later": true}
            ]

            """
        let (reader, rows) = try read(folder.write(text, "a.json"))
        #expect(reader.columns == ["名", "n", "list", "later"])
        #expect(
            rows.map(\.fields) == [
                ["a]},\"", "1.5", "[1,{\"x\":2}]", nil], [nil, nil, nil, nil], [nil, nil, nil, "true"],
            ])
        #expect(rows.map(\.line) == [2, 3, 5])
        #expect("\(reader.report)" == "Kept 3 of 4 rows; dropped 1: 1 that is no JSON object (line 4).")
        for (broken, line) in [("[{\"a\": 1},\n{\"a\": ", 2), ("[{\"a\": 1}]\nmore", 2), ("[{\"a\": 1}}]", 1)] {
            let error = fileError { _ = try read(folder.write(broken, "b.json")) }
            #expect(error?.position == .line(line, column: 1), "\(broken)")
        }
    }

    /// Catches members that appear late and are lost, and a file of lines read as one value.
    @Test func linesOfObjectsAreRowsWhateverTheirName() throws {
        let folder = TemporaryFolder()
        let text = "{\"a\": 1}\n\n{\"b\": 2, \"a\": \"x\"}\n{\"a\": \n"
        for name in ["a.jsonl", "a.json", "a.ndjson"] {
            let (reader, rows) = try read(folder.write(text, name))
            #expect(reader.columns == ["a", "b"] && rows.map(\.fields) == [["1", nil], ["x", "2"]])
            #expect(rows.map(\.line) == [1, 3] && reader.report.dropped == 1)
        }
    }

    /// Catches quotes, escapes, comments, missing values and sparse rows read as plain text.
    @Test func arffIsReadAsWekaWritesIt() throws {
        let folder = TemporaryFolder()
        let text = """
            % A comment
            @RELATION 'some people'
            @attribute Age NUMERIC
            @attribute 'home town' {Bern,'New York',\"O'Hare\", '50\\%'}  % nominal
            @attribute born date "yyyy-MM-dd"
            @attribute note string

            @data
            31,'New York',2001-02-03,'it\\'s, well'
            ?, Bern ,?,plain text % why
            1,Paris,?,x
            1,Bern,?
            5	"O'Hare"	?	'?'
            {0 7, 3 'sparse one'}
            {9 7}
            1,'50\\%',?,''
            """
        let (reader, rows) = try read(folder.write(text, "a.arff"))
        #expect(reader.columns == ["Age", "home town", "born", "note"])
        #expect(
            reader.declaredTypes == [
                .number, .category(["Bern", "New York", "O'Hare", "50%"]), .date(format: "yyyy-MM-dd"), .text,
            ])
        #expect(
            rows.map(\.fields) == [
                ["31", "New York", "2001-02-03", "it's, well"], [nil, "Bern", nil, "plain text"],
                ["5", "O'Hare", nil, "?"], ["7", "Bern", nil, "sparse one"], ["1", "50%", nil, nil],
            ])
        #expect(rows.map(\.line) == [9, 10, 13, 14, 16])
        #expect(
            reader.report.reasons.map(\.text) == [
                "with a value of \"home town\" that the header does not list", "with 3 values instead of 4",
                "with a quote that is not closed, or places that are none",
            ])
    }

    @Test(arguments: [
        ("@relation a\n@attribute x numeric\n1\n", 3), ("@relation a\n@attribute x relational\n@data\n", 2),
        ("@attribute x real\n@attribute x real\n@data\n", 2), ("@relation a\n@data\n", 2), ("", 1),
        ("@attribute x {a,b\n@data\n", 1),
    ])
    func arffHeadersThatAreNone(_ text: String, _ line: Int) {
        let folder = TemporaryFolder()
        let error = fileError { _ = try Records.open(folder.write(text, "a.arff")) }
        #expect(error?.position == .line(line, column: 1))
    }

    /// A database of two tables, made by Python's sqlite3 (`Golden/make_tables.py`).
    @Test func sqliteTablesAreRows() throws {
        let path = golden("people.db")
        let (reader, rows) = try read(path, .init(table: "people \"2\""))
        #expect(reader.columns == ["name", "age", "weight", "photo"])
        #expect(rows.map(\.fields) == [["王小明", "31", "70.25", "00FF"], [nil, "-9007199254740993", "0.1", nil]])
        #expect(rows.map(\.line) == [1, 2] && reader.report.kept == 2)
        let several = fileError { _ = try Records.open(path) }
        #expect(several?.remedy == "Name one with the option table: \"cities\", \"people \\\"2\\\"\"")
        let missing = fileError { _ = try Records.open(path, .init(table: "cars")) }
        #expect(missing?.kind == .missing && missing?.position == .entry("cars"))
        let folder = TemporaryFolder()
        let damaged = fileError {
            _ = try read(folder.write(contents(path).prefix(600), "a.db"), .init(table: "cities"))
        }
        #expect(damaged != nil)
    }

    /// Catches an option that is taken and forgotten.
    @Test func optionsWithoutAMeaningAreRefused() {
        let folder = TemporaryFolder()
        let json = folder.write("{\"a\": 1}\n", "a.jsonl")
        #expect(fileError { _ = try Records.open(json, .init(delimiter: ";")) }?.cause.contains("delimiter") == true)
        #expect(fileError { _ = try Records.open(json, .init(columns: ["a"])) }?.cause.contains("columns") == true)
        #expect(fileError { _ = try Records.open(json, .init(table: "a")) }?.cause.contains("table") == true)
        #expect(
            fileError { _ = try Records.open(golden("people.db"), .init(encoding: .utf8, table: "cities")) }?
                .cause.contains("encoding") == true)
    }
}
