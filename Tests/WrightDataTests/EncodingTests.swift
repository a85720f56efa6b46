import Foundation
import Testing
import WrightData
import WrightRuntime

/// Tables that are not written in UTF-8.
struct EncodingTests {
    private let text = "姓名,城市\r\n王小明,北京\r\nZoë 😀,\"Köln, 𠀀\"\r\n"
    private let expected: [[String?]] = [["王小明", "北京"], ["Zoë 😀", "Köln, 𠀀"]]

    private func bytes(_ text: String, _ encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .gb18030:
            // 王小明 北京 and the rest in the two- and four-byte forms of the standard.
            text.unicodeScalars.flatMap { Self.gb18030[$0] ?? [UInt8(truncatingIfNeeded: $0.value)] }
        }
    }

    /// From the standard's table, as Python's codec writes it.
    private static let gb18030: [Unicode.Scalar: [UInt8]] = [
        "姓": [0xD0, 0xD5], "名": [0xC3, 0xFB], "城": [0xB3, 0xC7], "市": [0xCA, 0xD0], "王": [0xCD, 0xF5],
        "小": [0xD0, 0xA1], "明": [0xC3, 0xF7], "北": [0xB1, 0xB1], "京": [0xBE, 0xA9], "ë": [0x81, 0x30, 0x8A, 0x35],
        "ö": [0x81, 0x30, 0x8B, 0x32], "😀": [0x94, 0x39, 0xFC, 0x36], "𠀀": [0x95, 0x32, 0x82, 0x36],
    ]

    private func rows(_ path: String, _ options: Records.Options = Records.Options()) throws -> [[String?]] {
        var reader = try Records.open(path, options)
        var rows: [[String?]] = []
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }

    /// Catches halves of a character at the end of a chunk, byte order marks in the first column's name, and wrong guesses.
    @Test(arguments: TextEncoding.allCases) func everyEncodingGivesTheSameRows(_ encoding: TextEncoding) throws {
        let folder = TemporaryFolder()
        var options = Records.Options()
        #expect(try rows(folder.write(bytes(text, encoding), "plain.csv")) == expected)
        let guess = try Records.open("\(folder.path)/plain.csv").guessedEncoding
        #expect(guess == (encoding == .utf8 ? nil : encoding), "a guess must be told")
        if encoding == .gb18030 { options.encoding = .gb18030 }
        #expect(
            try rows(folder.write(bytes("\u{FEFF}" + text, encoding == .gb18030 ? .utf8 : encoding), "marked.csv"))
                == expected)
        // Characters of three and four bytes across the reader's chunks.
        let long = "a,b\n" + String(repeating: "王,😀\n", count: 20_000)
        let many = try rows(folder.write(bytes(long, encoding), "long.csv"), options)
        #expect(many.count == 20_000 && many.allSatisfy { $0 == ["王", "😀"] })
    }

    /// Catches an encoding that is guessed for other people's bytes, and an error that helps nobody.
    @Test func wrongBytesAreRefusedWithTheirPlace() throws {
        let folder = TemporaryFolder()
        let chinese = fileError { _ = try rows(folder.write(bytes("姓名,b\n王,1\n", .gb18030), "a.csv")) }
        #expect(chinese?.position == .line(1, column: 1) && chinese?.remedy.contains("encoding gb18030") == true)
        let latin = fileError { _ = try rows(folder.write([0x61, 0x0A, 0x5A, 0x6F, 0xEB, 0x0A], "b.csv")) }
        #expect(latin?.position == .line(2, column: 3) && latin?.remedy.hasPrefix("Save the file as UTF-8") == true)
        var broken = bytes("a,b\n", .gb18030) + [0xFF, 0x2C, 0x31, 0x0A]
        var error = fileError { _ = try rows(folder.write(broken, "c.csv"), .init(encoding: .gb18030)) }
        #expect(error?.position == .byte(4) && error?.kind == .invalid)
        broken = bytes("a,b\n1,", .utf16LittleEndian) + [0x00, 0xDC, 0x0A, 0x00]
        error = fileError { _ = try rows(folder.write(broken, "d.csv")) }
        #expect(error?.position == .byte(12))
        error = fileError { _ = try rows(folder.write(bytes("a,b\n1,2", .utf16BigEndian) + [0x00], "e.csv")) }
        #expect(error?.kind == .truncated)
    }

    /// Bytes as Python's codecs write them: a rule that takes every pair of large bytes for Chinese reads them as nonsense.
    @Test(arguments: [
        // "한국어 문장, 이것은 중국어가 아닙니다" in EUC-KR.
        "c7d1b1b9beee20b9aec0e52c20c0ccb0cdc0ba20c1dfb1b9beeeb0a120bec6b4d5b4cfb4d9",
        // "これは日本語の文章です、中国語ではない" in EUC-JP and in Shift JIS.
        "a4b3a4eca4cfc6fccbdcb8eca4cecab8becfa4c7a4b9a1a2c3e6b9f1b8eca4c7a4cfa4caa4a4",
        "82b182ea82cd93fa967b8cea82cc95b68fcd82c582b7814192868d918cea82c582cd82c882a2",
        // "這是繁體中文的句子，不是簡體中文" in Big5.
        "b36fac4fc163c5e9a4a4a4e5aabaa579a46ca141a4a3ac4fc2b2c5e9a4a4a4e5",
        // "Größe für Äpfel, déjà vu où ça, naïve Šišák" in Windows-1252.
        "4772f6df652066fc7220c47066656c2c2064e96ae0207675206ff920e7612c206e61ef7665208a699ae16b",
    ])
    func otherEncodingsAreNotTakenForChinese(_ text: String) throws {
        let folder = TemporaryFolder()
        let digits = Array(text)
        let line = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
        let file = Array("a,b\n".utf8) + line + Array(",1\n".utf8)
        #expect(fileError { _ = try rows(folder.write(file, "a.csv")) }?.kind == .invalid)
    }

    @Test func encodingsAreKnownByTheirNames() {
        #expect(TextEncoding(name: "GBK") == .gb18030 && TextEncoding(name: "latin1") == nil)
        #expect(TextEncoding.allCases.allSatisfy { TextEncoding(name: $0.rawValue) == $0 })
    }
}
