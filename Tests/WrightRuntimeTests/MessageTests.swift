import Testing
import WrightTesting

@testable import WrightRuntime

struct MessageTests {
    @Test("Both languages of a pattern are about the same", arguments: MessageCode.allCases)
    func places(code: MessageCode) throws {
        let pattern = try #require(MessageCatalogue.patterns[code], "\(code) has no text")
        for phrase in [pattern.text, pattern.remedy] {
            let swapped = MessagePattern(phrase.chinese, phrase.english)
            #expect(
                Set(MessagePattern(phrase.english, "").names) == Set(swapped.names), "\(code): \(phrase)")
            #expect(phrase.english.isEmpty == phrase.chinese.isEmpty, "\(code) says something in one language only")
            let words = phrase.chinese.replacing(#/\{[a-zA-Z]+\}/#, with: "")
            #expect(
                words.isEmpty || words == "：" || words.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) },
                "\(code) is not Chinese: \(phrase.chinese)")
        }
    }

    @Test("Arguments fill the places by name, whichever language says them first, and keep their own braces")
    func arguments() {
        let message = Message(.system, Phrase("{reason}", "甲"), Phrase("b", "乙"), Phrase("", ""))
        #expect(message.text == Phrase("{reason}: b", "甲：乙"))
        #expect(message.phrase == message.text)
        #expect(Message(.isFolder).phrase.english == "is a folder, a file was expected. Name a file inside it")
        let reported = Message(.noReadablePicture, Phrase("There is no image.", "没有任何内容。"))
        #expect(reported.phrase.english.contains("There is no image. Put") && reported.phrase.chinese.contains("内容。请"))
    }

    @Test(
        "The environment's language, as POSIX orders its variables",
        arguments: [
            ([:], Language.english), (["LANG": "zh_CN.UTF-8"], .chinese), (["LC_ALL": "C", "LANG": "zh_CN"], .english),
            (["LC_ALL": "", "LC_MESSAGES": "zh_TW"], .chinese), (["WRIGHT_LANGUAGE": "en", "LANG": "zh"], .english),
            (["WRIGHT_LANGUAGE": "zh", "LC_ALL": "C"], .chinese), (["LC_CTYPE": "zh_CN"], .english),
        ])
    func environment(variables: [String: String], language: Language) {
        #expect(Language.of { variables[$0] } == language)
    }

    @Test("An error says in each language which file, where in it, what, and what to do")
    func fileError() {
        let error = FileError(.unsupported, file: "a.csv", at: .line(3, column: 5), Message(.isFolder))
        #expect(
            error.report(in: .english)
                == "WR-1003 a.csv, line 3, column 5: is a folder, a file was expected. Name a file inside it")
        #expect(error.report(in: .chinese) == "WR-1003 a.csv，第 3 行第 5 列：这是文件夹，此处需要文件。请指定其中的某个文件")
        #expect("\(error)" == error.text(in: .english))
        #expect(FileError(.invalid, file: "x", at: .byte(2), "odd").report(in: .chinese) == "x，第 2 字节：odd")
    }
}
