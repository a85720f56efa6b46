import Foundation
import Testing
import WrightData
import WrightRuntime

@Suite("Rows of texts")
struct TextRowsTests {
    private let folder = TemporaryFolder()

    /// A file of this name in a folder of its own.
    private func file(_ name: String, _ content: Data) -> String {
        folder.write(content, "\(UUID().uuidString)/\(name)")
    }

    /// Catches a label column taken for the text, and rows dropped without being counted.
    @Test func tablesHaveTextsAndLabels() throws {
        let path = file("reviews.csv", Data("label,review\n1,\"很好, 下次再来\"\n0,\n,no label\n0,bad\n".utf8))
        let rows = try TextRows(contentsOf: path, label: "label")
        #expect(rows.texts == [["很好, 下次再来"], ["bad"]])
        #expect(rows.labels == ["1", "0"] && rows.lines == [2, 5] && rows.columns == ["review"])
        #expect(rows.report.kept == 2 && rows.report.dropped == 2)
        #expect("\(rows.report)".contains("without a text"))
        #expect(throws: FileError.self) { try TextRows(contentsOf: path, columns: ["text"], label: "label") }
    }

    /// Catches quotes in tab-separated texts that swallow the lines after them.
    @Test func tabsNeedNoQuotes() throws {
        let path = file("a.tsv", Data("label\ttext\n1\t\"odd\n0\tit 's \" here\n".utf8))
        #expect(try TextRows(contentsOf: path, label: "label").texts == [["\"odd"], ["it 's \" here"]])
    }

    /// Catches members that move to other rows, and lines that are lost without a word.
    @Test func jsonLinesAreRows() throws {
        let lines = """
            {"text": "one", "label": 1, "more": [1, 2]}

            {"label": true, "text": "two\\n2"}
            [1, 2]
            {"text": "broken
            {"text": null, "label": 0}
            """
        let rows = try TextRows(contentsOf: file("a.jsonl", Data(lines.utf8)), columns: ["text"], label: "label")
        #expect(rows.texts == [["one"], ["two\n2"]] && rows.labels == ["1", "true"] && rows.lines == [1, 3])
        #expect(rows.report.dropped == 3)
        #expect(throws: FileError.self) { try TextRows(contentsOf: file("b.jsonl", Data("[]\n".utf8))) }
    }

    /// Catches other separators of Unicode taken for line ends, and bytes that are not UTF-8 taken for text.
    @Test func linesEndWithLineFeeds() throws {
        let content =
            Data("\u{FEFF}one\u{85}still\r\n\ntwo\u{2028}\n".utf8) + Data([0x61, 0xFF, 0x0A]) + Data("last".utf8)
        let rows = try TextRows(contentsOf: file("a.txt", content))
        #expect(rows.texts == [["one\u{85}still"], [""], ["two\u{2028}"], ["last"]])
        #expect(rows.lines == [1, 2, 3, 5] && rows.report.dropped == 1)
    }
}
