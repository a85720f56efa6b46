import Testing
import WrightData
import WrightGraph
import WrightRuntime

private func rows(_ text: String, _ change: (inout CSVFormat) -> Void = { _ in }) throws -> [[String]] {
    let folder = TemporaryFolder()
    var format = CSVFormat()
    change(&format)
    let reader = try CSVReader(folder.write(text, "x.csv"), format)
    var rows = [reader.names]
    while let row = try reader.next() { rows.append(row.fields) }
    return rows
}

@Suite struct CSVTests {
    @Test func readsTheOrdinary() throws {
        #expect(try rows("a,b\n1,2\n3,4\n") == [["a", "b"], ["1", "2"], ["3", "4"]])
        #expect(try rows("a,b\n1,2\n3,4") == [["a", "b"], ["1", "2"], ["3", "4"]])
        #expect(try rows("a,b\n1,\n,\n") == [["a", "b"], ["1", ""], ["", ""]])
        #expect(try rows("a\n1\n") == [["a"], ["1"]])
    }

    @Test func anyLineEndWillDo() throws {
        let expected = [["a", "b"], ["1", "2"], ["3", "4"]]
        for end in ["\n", "\r\n", "\r"] {
            #expect(try rows(["a,b", "1,2", "3,4", ""].joined(separator: end)) == expected)
            #expect(try rows(["a,b", "", "1,2", "", "3,4"].joined(separator: end)) == expected)
        }
        // U+0085 and U+2028 are text, not line ends.
        #expect(try rows("a,b\n1\u{85}x,2\u{2028}\n")[1] == ["1\u{85}x", "2\u{2028}"])
    }

    @Test func quotesHoldWhatLiesBetweenThem() throws {
        #expect(
            try rows("a,b\n\"1,\"\"x\"\"\n2\",\" y \"\n \"q\" , \"\"\n") == [
                ["a", "b"], ["1,\"x\"\n2", " y "], ["q", ""],
            ])
        #expect(try rows("a\n\"x\r\ny\rz\"\nw\n") == [["a"], ["x\r\ny\rz"], ["w"]])
        #expect(try rows("a,b\n5\" pipe,2\n")[1] == ["5\" pipe", "2"])
        #expect(
            try rows("a\tb\n\"x\ty\n") {
                $0.hasQuotes = false; $0.delimiter = "\t"
            }[1] == ["\"x", "y"])
        #expect(try rows("a\n\"\"\n") == [["a"], [""]])
    }

    @Test func linesAreCountedThroughQuotesAndChunks() throws {
        let folder = TemporaryFolder()
        var text = "a,b\r\n\"one\r\ntwo\nthree\rfour\",x\r\n"
        for row in 0..<60_000 { text += "\(row),\"v\(row)\"\r\n" }
        let reader = try CSVReader(folder.write(text, "x.csv"))
        let first = try #require(try reader.next())
        #expect(first.line == 2 && first.fields[0] == "one\r\ntwo\nthree\rfour")
        for row in 0..<60_000 {
            let next = try #require(try reader.next())
            if next.line != row + 6 || next.fields != ["\(row)", "v\(row)"] {
                Issue.record("row \(row): \(next)")
                break
            }
        }
        #expect(try reader.next() == nil)
        #expect(reader.report.kept == 60_001)
    }

    @Test func blanksAroundFieldsAreTrimmedOrKept() throws {
        #expect(try rows("a, b\n 1 ,  x y \n") == [["a", "b"], ["1", "x y"]])
        #expect(try rows("a, b\n 1 , x\n") { $0.trims = false } == [["a", " b"], [" 1 ", " x"]])
    }

    @Test(
        arguments: [
            (",", "a,b\n1;2,3\n"), ("\t", "a\tb\n1\t2,3\n"), (";", "a;b\n1,5;2,5\n3,1;4,1\n"),
            ("|", "a|b|c\n1|2,3|4\n"),
            (",", "a\n1\n"), (",", "\"x;y;z\",b\n1,2\n"), (";", "a;b\n\"1,2,3,4\";5\n"),
        ] as [(Unicode.Scalar, String)]) func findsTheDelimiter(_ delimiter: Unicode.Scalar, _ text: String) throws
    {
        let folder = TemporaryFolder()
        let reader = try CSVReader(folder.write(text, "x.txt"))
        #expect(reader.delimiter == delimiter)
        while try reader.next() != nil {}
        #expect(reader.report.dropped == 0, "\(reader.report)")
    }

    @Test func readsByteOrderMarksAndGzip() throws {
        let folder = TemporaryFolder()
        #expect(try CSVReader(folder.write([0xEF, 0xBB, 0xBF] + "a,b\n".utf8, "x.csv")).names == ["a", "b"])
        #expect(try CSVReader(folder.write(gzipped(Array("a\tb\n".utf8)), "x.tsv.gz")).names == ["a", "b"])
        #expect(try CSVReader(folder.write([0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x62, 0], "x.csv")).names == ["a", "b"])
    }

    @Test func raggedRowsAreCountedOrRefused() throws {
        let folder = TemporaryFolder()
        let path = folder.write("a,b\n1,2\n3\n4,5,6\n\"7\"x,8\n9,10\n", "x.csv")
        let reader = try CSVReader(path)
        var kept: [[String]] = []
        while let row = try reader.next() { kept.append(row.fields) }
        #expect(kept == [["1", "2"], ["9", "10"]])
        #expect(reader.report.kept == 2)
        #expect(
            reader.report.reasons.map { "\($0.text): \($0.places)" } == [
                "with 1 field instead of 2: [\"line 3\"]", "with 3 fields instead of 2: [\"line 4\"]",
                "with text after a closing quote: [\"line 5\"]",
            ])
        var strict = CSVFormat()
        strict.isStrict = true
        let error = fileError {
            let reader = try CSVReader(path, strict)
            while try reader.next() != nil {}
        }
        #expect(error?.position == .line(3, column: 1))
    }

    @Test func brokenTextIsNamedWithItsPlace() {
        let folder = TemporaryFolder()
        let invalid = folder.write(Array("a,b\n1,2\nx,y".utf8) + [0xFF, 0x0A], "x.csv")
        let error = fileError {
            let reader = try CSVReader(invalid)
            while try reader.next() != nil {}
        }
        #expect(error?.position == .line(3, column: 4))
        // Two halves of one character on both sides of a comma.
        let split = folder.write(Array("a,b\n".utf8) + [0xC3, 0x2C, 0xA9, 0x0A], "y.csv")
        #expect(fileError { _ = try CSVReader(split).next() }?.cause.contains("UTF-8") == true)
        let open = folder.write("a,b\n1,2\n3,\"4\n5,6\n", "z.csv")
        let unclosed = fileError {
            let reader = try CSVReader(open)
            while try reader.next() != nil {}
        }
        #expect(unclosed?.position == .line(3, column: 1))
        #expect(unclosed?.cause.contains("never closed") == true)
        #expect(fileError { _ = try CSVReader(folder.write("", "e.csv")) }?.kind == .truncated)
        #expect(fileError { _ = try CSVReader(folder.write("\n\n", "e.csv")) }?.kind == .truncated)
        #expect(fileError { _ = try CSVReader(folder.write("a,a\n", "e.csv")) }?.cause.contains("two columns") == true)
    }

    @Test func fieldsAreBounded() {
        let folder = TemporaryFolder()
        var format = CSVFormat()
        format.maximumFieldBytes = 100_000
        let path = folder.write("a\n\"" + String(repeating: "x", count: 100_001) + "\"\n", "x.csv")
        #expect(fileError { _ = try CSVReader(path, format).next() }?.kind == .tooLarge)
        format.maximumFieldBytes = 100_001
        #expect(throws: Never.self) { try CSVReader(path, format).next() }
    }

    @Test func noHeaderMeansNumberedColumns() throws {
        #expect(
            try rows("1,2\n3,4\n") { $0.hasHeader = false } == [["column 1", "column 2"], ["1", "2"], ["3", "4"]])
        #expect(try rows(",b\n1,2\n")[0] == ["column 1", "b"])
    }
}

@Suite struct TableTests {
    private let folder = TemporaryFolder()

    private func table(_ text: String) throws -> Table { try Table(contentsOf: folder.write(text, "t.csv")) }

    @Test func numbersAndLabelsBecomeBuffers() throws {
        let table = try table("x,name,y,class\n1,a,2.5,cat\n-3e2,b,0,dog\n4,c,1,cat\n")
        let numbers = try table.numbers(target: "class")
        #expect(numbers.features == ["x", "y"])
        #expect(numbers.dataset.arrays.inputs[0].type == TensorType([3, 2], .float32))
        #expect(numbers.dataset.arrays.inputs[0].doubles == [1, 2.5, -300, 0, 4, 1])
        #expect(numbers.dataset.labels == [0, 1, 0])
        #expect(numbers.labels?.names == ["cat", "dog"])
        let regression = try table.numbers(features: ["x"], target: "y", isRegression: true)
        #expect(regression.dataset.arrays.targets[0].array(of: Float.self) == [2.5, 0, 1])
        #expect(regression.labels == nil)
    }

    @Test func rowsWithoutValuesAreDroppedAndCounted() throws {
        let table = try table("x,class\n1,a\n?,a\n2,\n3,b\nzzz,b\n4\n1e39,a\n")
        let numbers = try table.numbers(features: ["x"], target: "class")
        #expect(numbers.dataset.labels == [0, 1])
        #expect(numbers.report.kept == 2)
        #expect(
            numbers.report.reasons.map { "\($0.count) \($0.text) \($0.places)" } == [
                "1 with 1 field instead of 2 [\"line 7\"]",
                "3 without a number in \"x\" [\"line 3\", \"line 6\", \"line 8\"]", "1 without a label [\"line 4\"]",
            ])
    }

    @Test func classesKeepTheirNumbersInAnotherTable() throws {
        let names = try #require(LabelNames(["dog", "cat"]))
        let numbers = try table("x,c\n1,cat\n2,bird\n3,dog\n").numbers(target: "c", labels: names)
        #expect(numbers.dataset.labels == [1, 0])
        #expect(numbers.report.reasons.map(\.text) == ["of a class that is not known"])
    }

    @Test func unknownColumnsAndTextAreNamed() throws {
        let table = try table("x,c\n1,a\n")
        #expect(fileError { _ = try table.numbers(target: "z") }?.remedy.contains("\"x\", \"c\"") == true)
        #expect(fileError { _ = try self.table("n,c\nq,a\n").numbers(target: "c") }?.kind == .unsupported)
        #expect(try table.isNumeric("x") && !table.isNumeric("c"))
    }

    @Test(arguments: [("1", 1.0), (" -2.5e-1 ", -0.25), ("+3", 3), (".5", 0.5), ("1e5", 100_000)])
    func readsDecimalNumbers(_ text: String, _ value: Double) { #expect(Double(decimal: text) == value) }

    @Test(arguments: ["", " ", "inf", "nan", "0x10", "1,5", "1 2", "e5", "--1", "1e999", "٣"])
    func otherTextIsNoNumber(_ text: String) { #expect(Double(decimal: text) == nil) }
}
