import Testing
import WrightData
import WrightRuntime

/// Tables as rows of fields, whatever separates them.
struct RecordsTests {
    private func read(_ text: String, as name: String, _ options: Records.Options = Records.Options()) throws -> (
        columns: [String], rows: [Record]
    ) {
        let folder = TemporaryFolder()
        var reader = try Records.open(folder.write(text, name), options)
        var rows: [Record] = []
        while let row = try reader.next() { rows.append(row) }
        return (reader.columns, rows)
    }

    @Test(
        "Every delimiter, line end and a byte order mark give the same rows",
        arguments: [
            "a,b\n1,\n\"x\",y\n", "a;b\r\n1;\r\nx;y", "a\tb\r1\t\rx\ty\r", "\u{FEFF}a|b\n1|\nx|\"y\"\n",
        ])
    func sameRows(text: String) throws {
        let (columns, rows) = try read(text, as: "table.txt")
        #expect(columns == ["a", "b"])
        #expect(rows.map(\.fields) == [["1", nil], ["x", "y"]])
        #expect(rows.map(\.line) == [2, 3])
    }

    @Test("A quoted line end is part of its field and counts as a line")
    func quotedLineEnd() throws {
        let (_, rows) = try read("名,b\n\"1\n2\",\"say \"\"so\"\"\"\n3,4\n", as: "table.csv")
        #expect(rows[0].fields == ["1\n2", "say \"so\""])
        #expect(rows.map(\.line) == [2, 4])
    }

    @Test("A table without a header is given its columns, and all of them")
    func namedColumns() throws {
        let (columns, rows) = try read("1,2\n3,4\n", as: "table.csv", .init(columns: ["甲", "乙"]))
        #expect(columns == ["甲", "乙"])
        #expect(rows.count == 2)
        #expect(throws: FileError.self) { try read("1,2\n", as: "table.csv", .init(columns: ["a"])) }
    }

    @Test("Quotes that are text in a tab-separated file stay, and quotes around fields go")
    func quotesInTabs() throws {
        let plain = try read("l\tt\n0\t\" so \" he said\n1\tx\n", as: "a.tsv")
        #expect(plain.rows.map(\.fields) == [["0", "\" so \" he said"], ["1", "x"]])
        let quoted = try read("l\tt\n0\t\"a\"\"b\"\n1\tx\n", as: "b.tsv")
        #expect(quoted.rows[0].fields == ["0", "a\"b"])
        // The first odd quote may come late, and a quote may hold a line end.
        let late = String(repeating: "1\tx\n", count: 20_000)
        #expect(try read("l\tt\n" + late + "0\t\"he\" said\n", as: "c.csv").rows.last?.fields == ["0", "\"he\" said"])
        #expect(try read("l\tt\n0\t\"a\nb\"\n" + late, as: "d.tsv").rows.first?.fields == ["0", "a\nb"])
        #expect(try read("l\tt\n1\tx\n0\t\"open\n", as: "e.tsv").rows.last?.fields == ["0", "\"open"])
    }

    @Test("An empty file and two columns of one name are refused with their place")
    func refused() throws {
        #expect(throws: FileError.self) { try read("", as: "a.csv") }
        let error = #expect(throws: FileError.self) { try read("a,b,a\n1,2,3\n", as: "a.csv") }
        #expect("\(try #require(error))".contains("two columns are named"))
    }
}
