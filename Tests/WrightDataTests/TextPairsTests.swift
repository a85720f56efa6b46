import Foundation
import Testing
import WrightData
import WrightRuntime

@Suite("Pairs of texts")
struct TextPairsTests {
    private let folder = TemporaryFolder()

    private func file(_ name: String, _ bytes: [UInt8]) -> String { folder.write(bytes, name) }

    private func file(_ name: String, _ text: String) -> String { folder.write(text, name) }

    /// Catches lines that slip against each other when one of them cannot be used.
    @Test func linesStayTogether() throws {
        let source = file("en.txt", Array("one\n\ntwo\n".utf8) + [0xFF, 0x0A] + Array("three\nfour\n".utf8))
        let target = file("zh.txt", "一\n空\n二\n坏\n\n四\n")
        let pairs = try TextPairs(source: source, target: target)
        #expect(pairs.sources == ["one", "two", "four"] && pairs.targets == ["一", "二", "四"])
        #expect(pairs.report.kept == 3 && pairs.report.dropped == 3)
        #expect(pairs.report.description.contains("line 4"))
    }

    @Test func filesOfDifferentLengthsAreRefused() throws {
        let source = file("en.txt", "one\ntwo\n")
        let target = file("de.txt", "eins\n")
        #expect { try TextPairs(source: source, target: target) } throws: { error in
            "\(error)".contains("de.txt") && "\(error)".contains("2") && "\(error)".contains("1 line")
        }
        let table = file("de.csv", "a,b\n1,2\n2,3\n")
        #expect { try TextPairs(source: source, target: table) } throws: { "\($0)".contains("plain text") }
    }

    @Test func columnsOfATable() throws {
        let path = file("pairs.tsv", "id\ten\tde\n1\tgood day\tguten Tag\n2\tthanks\t\n3\tyes\tja\n")
        let pairs = try TextPairs(contentsOf: path, source: nil, target: "de")
        #expect(pairs.columns?.source == "en" && pairs.sources == ["good day", "yes"])
        #expect(pairs.targets == ["guten Tag", "ja"] && pairs.report.dropped == 1)
        #expect { try TextPairs(contentsOf: path, source: "fr", target: "de") } throws: { "\($0)".contains("fr") }
    }
}
